"""What a cell of a worksheet states in, its text as displayed out; and the cells of a parsed sheet, one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sluicegate.extract.office.serials import shown_number
from sluicegate.extract.office.sheet_xml import column_number, plain_characters

if TYPE_CHECKING:
    from lxml.etree import _Element

_LETTERS = re.compile(r"[A-Z]{1,3}")
_ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"))


@dataclass(frozen=True, slots=True)
class Values:
    """What the cells of a workbook refer to: its shared strings, and number formats that tell something, by style.

    `shown` collects the texts that stand in cells.
    """

    strings: Sequence[str]
    formats: Mapping[int, str]
    epoch_1904: bool = False
    shown: set[str] = field(default_factory=set)

    def showing(self, texts: list[str]) -> list[str]:
        """These texts, which stand in cells."""
        self.shown.update(texts)
        return texts

    def text(self, kind: str, style: str, value: str) -> str:
        """The text of one cell as displayed; what cannot be understood is given as it stands."""
        if kind == "s":
            return self.strings[int(value)] if value.isdigit() and int(value) < len(self.strings) else ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        if kind == "e":
            return "" if value in _ERRORS else value
        if kind != "n":
            return value
        code = self.formats.get(int(style), "") if style.isdigit() else ""
        return shown_number(value, code, epoch_1904=self.epoch_1904)


def sheet_cells(root: _Element, values: Values, *, after: int = 0) -> dict[tuple[int, int], str]:
    """(row, column) from 1 → text, for every cell with one; rows without a number follow on the row `after`."""
    found: dict[tuple[int, int], str] = {}
    number = after
    for row in root.iter("{*}row"):
        stated = str(row.get("r", ""))
        number = int(stated) if stated.isdigit() and len(stated) < 8 else number + 1
        column = 0
        for cell in row.iter("{*}c"):
            letters = _LETTERS.match(str(cell.get("r", "")))
            column = column_number(letters[0]) if letters else column + 1
            text = _cell_text(cell, values)
            if text:
                values.shown.add(text)
                here = (number, column)
                found[here] = f"{found[here]} {text}" if here in found else text
    return found


def _cell_text(cell: _Element, values: Values) -> str:
    kind = str(cell.get("t", "n"))
    inline = "".join("".join(node.itertext()) for node in cell.iter("{*}t"))
    stored = values.text(kind, str(cell.get("s", "")), " ".join("".join(node.itertext()) for node in cell.iter("{*}v")))
    return f"{plain_characters(inline)} {stored if kind == 's' else plain_characters(stored)}".strip()
