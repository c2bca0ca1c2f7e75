"""The sample that a value of a table belongs to: named by its row, by its column, by a row above or by the title.

Whatever is headed "Batch" or "样品" names samples, in any column or row; so does what looks like a code. A lot says
more than its product, and both more than a serial number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sluicegate.tag.cell import Cell
from sluicegate.tag.label import (
    HASHED,
    heads_samples,
    is_code,
    is_generic,
    kind_over,
    names_kind,
    of_kind,
    table_sample,
)
from sluicegate.tag.normalise import normalise
from sluicegate.tag.remark import heads_remarks, heads_tests
from sluicegate.tag.sample import find_samples, sample_name
from sluicegate.tag.table_shape import Rows, alone, text_of

_NUMBERED = re.compile(r"\d{1,6}[A-Za-z]?#?|#\d{1,4}")
_LIMITS = re.compile(r"limit|spec|standard|require|target|\bmin\b|\bmax\b|要求|标准|指标|限值|内控", re.I)
_EQUIPMENT = re.compile(
    r"[槽炉釜窑塔柱罐机]号|\b(?:cell|kiln|furnace|reactor|column|tank|bath|line) (?:no\b|number|#)", re.I
)
_LOTS = ("batch", "lot", "sample")
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Samples:
    """Where a table names its samples: what its title or corner names for all of it, the columns and rows that are
    headed by a kind of sample, and whether what heads the columns or the rows looks like codes."""

    rows: Rows
    own: str | None
    columns: tuple[tuple[int, str], ...]
    lines: tuple[tuple[int, str], ...]
    coded: tuple[bool, bool]

    @classmethod
    def of(cls, titled: Sequence[Cell], rows: Rows, heads: int) -> Samples:
        """The samples of a table with these title cells and rows."""
        tops = rows[0] if rows else []
        columns = [(k, kind) for k, head in enumerate(tops) if k and (kind := kind_over(text_of(head)))]
        upright = any(cell.mentions or cell.units for cell in tops[1:])  # columns of properties: no row names samples
        headed = [] if upright else [(k, row[0]) for k, row in enumerate(rows) if k and len(row) > 1]
        lines = [(k, kind) for k, head in headed if (kind := kind_over(text_of(head)))]
        coded = (_coded(tops[1:]), _coded([row[0] for row in rows[heads:]]))
        return cls(rows, _own(titled, rows), tuple(columns), tuple(lines), coded)

    def of_value(self, i: int, j: int, others: Sequence[Cell], above: Sequence[Cell], *, sideways: bool) -> str | None:
        """The sample of the value in row i and column j, given the labels on the side that names no property."""
        named = self._named(i, j, others, sideways=sideways)
        return named or self._headed(i, j) or _section(self.rows, i) or self._titled(above)

    def of_cell(self, i: int, j: int) -> str | None:
        """The sample of a cell that holds several values: its row's, else its column's."""
        head = [self.rows[0][j]] if j < len(self.rows[0]) else []
        beside = self._named(i, j, [], sideways=False) or self._headed(i, j)
        return beside or self._named(i, j, head, sideways=True) or self.own

    def _named(self, i: int, j: int, others: Sequence[Cell], *, sideways: bool) -> str | None:
        rows = self.rows
        if _EQUIPMENT.search(text_of(rows[0][0])):
            return None  # the number of a furnace is no sample
        labels = list(reversed(others)) if sideways else _row_labels(rows, i, j, others)
        if not sideways and (named := self._headed(i, j)) is not None and sample_name(text_of(rows[i][0])) is None:
            return named
        return table_sample(
            [text_of(label) for label in labels
             if label is not rows[i][j] and (not label.units or sample_name(label.text.text)) and not label.condition],
            text_of(rows[0][0]),
            coded=self.coded[0 if sideways else 1],
        )  # fmt: skip

    def _headed(self, i: int, j: int) -> str | None:
        """What stands in the value's row below a kind of sample, else in its column beside one; a lot before others."""
        rows = self.rows
        found = [(kind, _filled(rows, i, k)) for k, kind in self.columns if k != j]
        found = found or [(kind, text_of(rows[k][j])) for k, kind in self.lines if k != i and j < len(rows[k])]
        stated = [(kind, text) for kind, text in found if any(char.isalnum() for char in text)]
        if not stated:
            return None
        kind, text = next((entry for entry in stated if entry[0] in _LOTS), stated[0])
        return sample_name(text) or of_kind(text, kind)

    def _titled(self, above: Sequence[Cell]) -> str | None:
        """The sample of the table's title; a lot has no limits, only its product has."""
        limits = any(_LIMITS.search(label.text.text) for label in above)
        return None if limits and (self.own or "").startswith(_LOTS) else self.own


def numbered_heads(row: list[Cell]) -> list[Cell]:
    """A header row of which the numbers name samples ("Batch | 412 | 413", "项目 | 1# | 2#") and measure nothing."""
    corner, texts = text_of(row[0]), [text_of(cell) for cell in row[1:]]
    serial = sum(HASHED.fullmatch(text) is not None for text in texts) >= _SEVERAL
    if heads_samples(corner) or (serial and (not corner or is_generic(corner))):
        return [row[0], *(_numbered(cell) for cell in row[1:])]
    return row


def _numbered(cell: Cell) -> Cell:
    if cell.value is None or not _NUMBERED.fullmatch(text_of(cell)):
        return cell
    return replace(cell, value=None, found=(), mentions=(), units=())


def _own(titled: Sequence[Cell], rows: Rows) -> str | None:
    """The sample that the title or the corner of a table names for all of it: "FePO4, grade S"."""
    texts = [cell.text.text for cell in titled]
    if rows and rows[0][0].label and len(rows[0]) > 1:
        texts.append(rows[0][0].text.text)
    return next((sample.name for text in texts for sample in find_samples(text)), None)


def _section(rows: Rows, i: int) -> str | None:
    """The sample that a row of its own above names: "Example 2" over its values."""
    for k in range(i - 1, -1, -1):
        if len(rows[k]) > 1 and alone(rows[k]):
            return next((sample_name(cell.text.text) for cell in rows[k] if text_of(cell)), None)
    return None


def _filled(rows: Rows, i: int, k: int) -> str:
    """The text of a cell, or where it is empty (a cell over several rows) the one above it."""
    for row in reversed(rows[1 : i + 1]):
        if k < len(row) and (text := text_of(row[k])):
            return text
    return ""


def _row_labels(rows: Rows, i: int, j: int, others: Sequence[Cell]) -> list[Cell]:
    """The labels of a row from the left, a numbered group ("Example" | "1") as one."""
    first = rows[i][0] if text_of(rows[i][0]) else next(iter(reversed(others)), rows[i][0])
    number = rows[i][1] if j > 1 and len(rows[i]) > 1 else None
    if number is not None and _NUMBERED.fullmatch(text_of(number)) and names_kind(text_of(first)):
        return [replace(first, text=normalise(f"{text_of(first)} {text_of(number)}"))]
    return [first, *reversed(others)]


def _coded(cells: Sequence[Cell]) -> bool:
    """Whether the labels that stand for samples all look like codes: "A", "B", "C" or "F3", "F4"; limits, methods and
    remarks may stand beside them."""
    labels = [
        text for cell in cells
        if (text := text_of(cell)) and any(map(str.isalnum, text))
        and not (is_generic(text) or _LIMITS.search(text) or heads_tests(cell) or heads_remarks(cell))
    ]  # fmt: skip
    return len(labels) > 1 and len(set(labels)) == len(labels) and all(is_code(text) for text in labels)
