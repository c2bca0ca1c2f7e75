"""The sample that a value of a table belongs to: named by its row, by its column, by a row above or by the title.

Whatever is headed "Batch" or "样品" names samples, in any column or row; so does what looks like a code. A lot says
more than its product, and both more than a serial number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sluicegate.tag.cell import Cell
from sluicegate.tag.label import (
    HASHED,
    STEMS,
    heads_samples,
    is_chemistry,
    is_code,
    is_generic,
    kind_over,
    names_kind,
    of_code,
    of_kind,
    plain,
    table_sample,
    word_of,
)
from sluicegate.tag.normalise import normalise
from sluicegate.tag.remark import heads_remarks, heads_tests
from sluicegate.tag.sample import sample_name
from sluicegate.tag.sample_code import all_samples
from sluicegate.tag.table_shape import LOTS, Rows, alone, named_once, spanning, text_of

_NUMBERED = re.compile(r"\d{1,6}(?:-\d{1,6}){0,2}[A-Za-z]?#?|#\d{1,4}")
_LIMITS = re.compile(r"limit|spec|standard|require|target|\bmin\b|\bmax\b|要求|标准|指标|限值|内控", re.I)
_EQUIPMENT = re.compile(
    r"[槽炉釜窑塔柱罐机]号|\b(?:cell|kiln|furnace|reactor|column|tank|bath|line|zone)(?: (?:no\b|number|#)|$)", re.I
)
_SEVERAL = 2
_SINGLE = ("run", "example")  # what is one of many of a product, as a lot is


@dataclass(frozen=True, slots=True)
class Samples:
    """Where a table names its samples: what its title or corner names for all of it, the columns and rows that are
    headed by a kind of sample, whether what heads the columns or the rows looks like codes, and whether it counts what
    was measured, since the other side names results of powders."""

    rows: Rows
    own: str | None
    columns: tuple[tuple[int, str], ...]
    lines: tuple[tuple[int, str], ...]
    coded: tuple[bool, bool]
    counted: tuple[bool, bool]
    heads: int

    @classmethod
    def of(cls, titled: Rows, rows: Rows, heads: int) -> Samples:
        """The samples of a table with these title cells and rows."""
        tops = rows[0] if rows else []
        columns = [
            (k, kind) for k, head in enumerate(tops)
            if k and (kind := kind_over(text_of(head))) and not any(_measures(row, k) for row in rows[heads:])
        ]  # fmt: skip
        upright = any(cell.mentions or cell.units for cell in tops[1:])  # columns of properties: no row names samples
        headed = [] if upright else [(k, row[0]) for k, row in enumerate(rows) if k and len(row) > 1]
        lines = [(k, kind) for k, head in headed if (kind := kind_over(text_of(head))) and named_once(rows[k]) is None]
        coded = (
            any(_coded(row[1:]) for row in rows[:heads]),
            _coded([row[0] for row in rows[heads:] if not alone(row)]),
        )
        counted = (
            _results(row[0] for row in rows[heads:]) and _counted(tops[1:], tops[0]),
            _results(cell for row in rows[:heads] for cell in row[1:])
            and _counted([row[0] for row in rows[heads:] if not alone(row)], tops[0]),
        ) if tops else (False, False)  # fmt: skip
        return cls(rows, _own(titled, rows), tuple(columns), tuple(lines), coded, counted, heads)

    def of_value(self, i: int, j: int, others: Sequence[Cell], above: Sequence[Cell], *, sideways: bool) -> str | None:
        """The sample of the value in row i and column j, given the labels on the side that names no property."""
        named = self._named(i, j, others, sideways=sideways)
        if named is None and sideways:
            named = self._before_property(i)
        if named is not None and is_chemistry(named):
            named = _section(self.rows, i) or self._titled(above) or named  # what "Example 4" is made of
        named = named or self._headed(i, j) or _section(self.rows, i) or self._titled(above)
        if named is not None:
            return named
        label = text_of(self.rows[0][j] if sideways else self.rows[i][0])
        if self.counted[0 if sideways else 1] and label.isdigit():
            return of_code(label, text_of(self.rows[0][0]))
        return f"sample {label}" if len(label) == 1 and label in STEMS else None

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
        upper = text_of(spanning(rows[0], j) or rows[0][0]) if sideways and rows[0] and self.heads > 1 else ""
        return table_sample(
            [text_of(label) for label in labels
             if label is not rows[i][j] and (not label.units or sample_name(label.text.text)) and not label.condition],
            upper if kind_over(upper) else text_of(rows[0][0]),
            coded=self.coded[0 if sideways else 1],
        )  # fmt: skip

    def _before_property(self, i: int) -> str | None:
        """The sample that a row begins with before it names the property: "LFP-A | Tap density | 1.01 g/cm3"."""
        first = next((row[0] for row in reversed(self.rows[1 : i + 1]) if row and text_of(row[0])), None)
        if first is None or first.mentions or first.units or not first.label:
            return None
        return table_sample([text_of(first)], text_of(self.rows[0][0]), coded=self.coded[1])

    def _headed(self, i: int, j: int) -> str | None:
        """What stands in the value's row below a kind of sample, else in its column beside one; a lot before others."""
        rows = self.rows
        found = [(kind, _filled(rows, i, k)) for k, kind in self.columns if k != j]
        corner = kind_over(text_of(rows[0][0])) if found else None
        if corner in _SINGLE:
            found.insert(0, (corner, text_of(rows[i][0])))
        found = found or [(kind, text_of(rows[k][j])) for k, kind in self.lines if k != i and j < len(rows[k])]
        stated = [(kind, text) for kind, text in found if any(char.isalnum() for char in text)]
        if not stated:
            return None
        kind, text = next((entry for entry in stated if entry[0] in (*LOTS, *_SINGLE)), stated[0])
        return sample_name(text) or of_kind(text, kind)

    def _titled(self, above: Sequence[Cell]) -> str | None:
        """The sample of the table's title; a lot has no limits, only its product has."""
        limits = any(_LIMITS.search(label.text.text) for label in above)
        return None if limits and (self.own or "").startswith(LOTS) else self.own


def numbered_heads(rows: Rows) -> list[Cell]:
    """A header row of which the numbers name samples ("Batch | 412 | 413", "项目 | 1# | 2#") and measure nothing."""
    row = rows[0]
    corner, texts = text_of(row[0]), [text_of(cell) for cell in row[1:]]
    serial = sum(HASHED.fullmatch(text) is not None for text in texts) >= _SEVERAL
    counted = [text for text in texts if text] == [str(k + 1) for k in range(len(list(filter(None, texts))))]
    unsaid = not corner or is_generic(corner)
    if (
        heads_samples(corner)
        or (serial and unsaid)
        or (counted and unsaid and len(texts) > 1 and _results(line[0] for line in rows[1:]))
    ):
        return [row[0], *(_numbered(cell) for cell in row[1:])]
    return row


def _numbered(cell: Cell) -> Cell:
    if cell.value is None or cell.value.family == "rate" or not _NUMBERED.fullmatch(plain(text_of(cell))):
        return cell  # 1C is a test
    return replace(cell, value=None, found=(), mentions=(), units=())


def _own(titled: Rows, rows: Rows) -> str | None:
    """The sample of a whole table: "Lot no. | 2503" in a row, else what the title or the corner names ("FePO4, grade
    S"), else the only sample of the notes of a table that names none."""
    stated = [pair for row in (*titled, *rows) if (pair := named_once(row)) is not None]
    if stated:
        kind, text = next((pair for pair in stated if pair[0] in LOTS), stated[0])
        return sample_name(text) or of_kind(text, kind)
    texts = [cell.text.text for row in titled for cell in row if text_of(cell)]
    if rows and rows[0][0].label and len(rows[0]) > 1:
        texts.append(rows[0][0].text.text)
    if named := _named_in(texts):
        return named[0]
    notes = [text for row in rows[1:] if len(row) > 1 and alone(row) for cell in row if (text := text_of(cell))]
    named = _named_in(notes)
    if len(set(named)) != 1:
        return None
    labels = [*rows[0], *(row[0] for row in rows if not alone(row))]
    return None if any(sample_name(text_of(cell)) for cell in labels) else named[0]


def _named_in(texts: Iterable[str]) -> list[str]:
    return [sample.name for text in texts for sample in all_samples(text) if not sample.reference]


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


def _measures(row: list[Cell], k: int) -> bool:
    """Whether a cell holds a measured number and no lot's."""
    return k < len(row) and row[k].value is not None and _NUMBERED.fullmatch(text_of(row[k])) is None


def _results(cells: Iterable[Cell]) -> bool:
    """Whether labels name what is measured of a powder, once it is made."""
    return any(
        mention.name in _OF_POWDERS
        for cell in cells for mention in cell.mentions
        if not cell.units or any(unit.family in mention.families for unit, _ in cell.units)
    )  # fmt: skip


_OF_POWDERS = frozenset({
    "compaction_density", "tap_density", "specific_capacity", "first_cycle_efficiency", "mean_voltage",
    "capacity_retention", "magnetic_impurities",
})  # fmt: skip


def _counted(cells: Sequence[Cell], corner: Cell) -> bool:
    """Whether labels are the running numbers of samples: nothing else stands there, and no step or time is counted."""
    head = text_of(corner)
    if corner.mentions or corner.units or _NO_SAMPLES.search(head) or _EQUIPMENT.search(head):
        return False
    texts = [text for cell in cells if (text := text_of(cell)) and not (is_generic(text) or _LIMITS.search(text))]
    if len(texts) < _SEVERAL or not all(text.isdigit() and len(text) < _LONG for text in texts):
        return False
    return [int(text) for text in texts] == list(range(int(texts[0]), int(texts[0]) + len(texts)))


_NO_SAMPLES = re.compile(
    r"step|stage|phase|month|date|day|week|year|shift|time|cycle|pass|stream|place|position|zone|point|condition|temperature|rate\b|pressure|equipment|"
    r"日期|月|步骤|工序|阶段|工段|班|时间|周期|循环|位置|部位|区|条件|温度|倍率|压力|设备",
    re.I,
)
_LONG = 4  # digits that a running number never has


def _coded(cells: Sequence[Cell]) -> bool:
    """Whether the labels that stand for samples all look like codes: "A", "B", "C" or "F3", "F4"; limits, methods and
    remarks may stand beside them."""
    labels = [
        cell for cell in cells
        if (text := text_of(cell)) and any(map(str.isalnum, text))
        and not (is_generic(text) or _LIMITS.search(text) or heads_tests(cell) or heads_remarks(cell))
    ]  # fmt: skip
    words = [word_of(text_of(cell)) for cell in labels]
    if len(words) > 1 and words[0] and len(set(words)) == 1:
        return True  # "Resin A", "Resin B"
    codes = [cell for cell in labels if is_code(text_of(cell))]
    if len({text_of(cell) for cell in codes}) < max(_SEVERAL, len(codes)):
        return False
    plain = all(any(map(str.isdigit, text_of(cell))) and not cell.mentions for cell in codes)
    return len(codes) == len(labels) or (plain and 2 * len(codes) > len(labels))  # "P-1", "P-2", "average"
