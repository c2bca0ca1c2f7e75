"""Quantities of tables bound to properties, conditions and samples, whichever way the table is turned.

Every number is a value cell; what names it stands to its left, above it, or in both: one side says the property (with
its unit and condition), the other the sample. Headers of continued tables come from `Grid.header`.
"""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sluicegate.document import Passage
from sluicegate.tag.binding import BARE_UNITS, Binder
from sluicegate.tag.bound import Bound, Context
from sluicegate.tag.cell import CONDITION_FAMILIES, Cell, cell_of
from sluicegate.tag.label import heads_samples, table_sample
from sluicegate.tag.properties import Mention
from sluicegate.tag.units import Unit
from sluicegate.verdict import Quantity

_NUMBERED = re.compile(r"\d{1,6}[A-Za-z]?#?|#\d{1,4}")
_MIN = re.compile(r"min(?:imum)?\.?|最小值?|下限|≥", re.I)
_MAX = re.compile(r"max(?:imum)?\.?|最大值?|上限|≤", re.I)
_CONDITION_HEADS = re.compile(r"条件|方法|备注|condition|method|remark|note", re.I)
_TEST_FAMILIES = {"pressure": "pressure", "rate": "c_rate", "voltage": "voltage_window", "force": "press_force"}


@dataclass(frozen=True, slots=True)
class _Placed:
    """A bound value with its row and column, and whether its property stands to its left."""

    bound: Bound
    row: int
    column: int
    sideways: bool


def bind_table(passage: Passage, binder: Binder, context: Context) -> list[Bound]:
    """The bound quantities of a table passage; offsets count in the passage's original text."""
    assert passage.grid is not None
    rows = [[cell_of(text, -1, binder) for text in passage.grid.header]] if passage.grid.header else []
    for spans in passage.grid.rows:
        rows.append([cell_of(passage.text[start:end], start, binder) for start, end in spans])
    heads = _head_rows(rows)
    if rows and heads_samples(rows[0][0].text.text.strip()):
        rows[0] = [rows[0][0], *(_numbered(cell) for cell in rows[0][1:])]
    placed: list[_Placed] = []
    noted: list[Bound] = []
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell.start < 0 or not (cell.value or cell.found):
                continue
            if i >= heads and _of_conditions(rows, i, j):
                noted.extend(_tests(cell))
            elif cell.value is not None:
                found = _value(rows, i, j, heads, binder)
                if found is not None:
                    placed.append(found)
            elif len(cell.text.text) > 60 or _states(cell) or (i >= heads and _alone(row)):
                noted.extend(_within(cell, binder, context))
    bound = [*_with_pressures(placed, noted), *noted]
    return sorted(bound, key=lambda item: item.start)


def _numbered(cell: Cell) -> Cell:
    """A header that is a number: under "Sample" or "Batch" it names one and measures nothing."""
    if cell.value is None or not _NUMBERED.fullmatch(cell.text.text.strip()):
        return cell
    return replace(cell, value=None, found=(), mentions=(), units=())


def _head_rows(rows: list[list[Cell]]) -> int:
    """How many rows at the top are headers: more than one when those below begin with an empty cell and name only."""
    heads = 1
    while heads + 1 < len(rows) and not rows[heads][0].text.text.strip() and _only_names(rows[heads]):
        heads += 1
    return heads


def _only_names(row: list[Cell]) -> bool:
    filled = [cell for cell in row if cell.text.text.strip()]
    return len(filled) > 1 and all(cell.label or cell.condition for cell in filled)


def _alone(row: list[Cell]) -> bool:
    """Whether a row is a note: one cell with text, the others empty."""
    return sum(bool(cell.text.text.strip()) for cell in row) == 1


def _tests(cell: Cell) -> list[Bound]:
    """The pressures, rates and voltage windows of a cell in a column of test conditions."""
    tests = []
    for found in cell.found:
        name = _TEST_FAMILIES.get(found.family)
        if name is not None and (name != "voltage_window" or found.quantity.high is not None):
            start, end = cell.text.origin(found.start, found.end)
            tests.append(Bound(name, found.quantity, start + cell.start, end + cell.start))
    return tests


def _with_pressures(placed: list[_Placed], noted: list[Bound]) -> list[Bound]:
    """Densities with the pressure that a row, a column or a note of their own states for them."""
    pressed = [one for one in placed if one.bound.property == "pressure" and _pressing(one.bound)]
    notes = {note.quantity for note in noted if note.property == "pressure" and _pressing(note)}
    bound = []
    for one in placed:
        item = one.bound
        if item.property == "compaction_density" and all(name != "pressure" for name, _ in item.conditions):
            own = [
                other.bound.quantity for other in pressed
                if other.sideways == one.sideways and (other.column == one.column if one.sideways else other.row == one.row)
            ]  # fmt: skip
            stated = own or (list(notes) if len(notes) == 1 else [])
            if stated:
                item = item.under((*item.conditions, ("pressure", stated[0])))
        bound.append(item)
    return bound


def _pressing(item: Bound) -> bool:
    return item.quantity.unit == "MPa" and item.quantity.value >= 20 and item.quantity.high is None


def _states(cell: Cell) -> bool:
    """Whether a cell gives a property and its value by itself, and is not a header with a test condition."""
    return any(quantity.family in mention.families for quantity in cell.found for mention in cell.mentions)


def _within(cell: Cell, binder: Binder, context: Context) -> list[Bound]:
    placed = []
    for item in binder.bind(cell.text.text, cell.found, Context(context.sample, context.pressures)):
        start, end = cell.text.origin(item.start, item.end)
        placed.append(item.at(start + cell.start, end + cell.start))
    return placed


def _value(rows: list[list[Cell]], i: int, j: int, heads: int, binder: Binder) -> _Placed | None:
    cell = rows[i][j]
    if i < heads and cell.condition:
        return None
    left = [
        rows[i][k]
        for k in range(j - 1, -1, -1)
        if (rows[i][k].label or (k == 0 and rows[i][k].condition)) and not _of_conditions(rows, i, k)
    ]
    above = []
    for k in range(i - 1, -1, -1):
        head = _spread(rows[k], j) if k < heads - 1 else rows[k][j] if j < len(rows[k]) else None
        if head is not None and (head.label or (k < heads and head.condition)):
            above.append(head)
    assert cell.value is not None
    named = _named(cell, left, above, rows[0][0])
    if named is None:
        name = binder.properties.default.get(cell.value.family, "")
        if not name or not (left or above):
            return None
        mention = Mention(name, frozenset((cell.value.family,)), 0, 0)
        labels, others, sideways = above, left, False
    else:
        labels, others, sideways = named
        mention = _mentioned(cell, labels)
    quantity = _quantity(cell, labels, others, rows, i, j, mention, binder)
    if quantity is None:
        return None
    start, end = cell.text.origin(cell.value.start, cell.value.end)
    conditions = _conditions([cell, *labels, *others, *_condition_cells(rows, i, j)], quantity)
    sample = table_sample(
        [label.text.text.strip() for label in (reversed(others) if sideways else [rows[i][0], *reversed(others)])
         if label is not cell and not label.units and not label.condition],
        rows[0][0].text.text.strip(),
    )  # fmt: skip
    name = _name(mention, labels)
    return _Placed(Bound(name, quantity, start + cell.start, end + cell.start, conditions, sample), i, j, sideways)


def _spread(row: list[Cell], j: int) -> Cell | None:
    """The header over a column in an upper header row, where one header stands over several columns."""
    for k in range(min(j, len(row) - 1), 0, -1):
        if row[k].text.text.strip():
            return row[k]
    return None


def _mentioned(cell: Cell, labels: list[Cell]) -> Mention:
    """The mention that names the property: the last one that fits the unit of the cell or of its label."""
    assert cell.value is not None
    label = next(label for label in labels if label.mentions)
    families = {cell.value.family} if cell.value.family else {unit.family for unit, _ in label.units}
    fitting = [mention for mention in label.mentions if families & mention.families]
    return (fitting or label.mentions)[-1]


def _named(cell: Cell, left: list[Cell], above: list[Cell], corner: Cell) -> tuple[list[Cell], list[Cell], bool] | None:
    """The labels that name the property (and units, conditions), the labels of the other side, and whether the
    property stands to the left. A property in the corner holds for the whole table."""
    assert cell.value is not None
    family = cell.value.family
    from_left = next((label for label in left if _fits(label, family)), None)
    from_above = next((label for label in above if _fits(label, family)), None)
    if from_left is None and from_above is None:
        fits = corner.label and corner is not cell and _fits(corner, family)
        return ([corner, *above], left, False) if fits else None
    if from_above is not None and (from_left is None or _stronger(from_above, from_left)):
        return [from_above, *[label for label in above if label is not from_above]], left, False
    assert from_left is not None
    return [from_left, *[label for label in left if label is not from_left and label.condition]], above, True


def _fits(label: Cell, family: str) -> bool:
    return any(not family or family in mention.families for mention in label.mentions)


def _stronger(above: Cell, left: Cell) -> bool:
    """When both sides name a property: the one with a unit, else the header above."""
    if bool(left.units) != bool(above.units):
        return bool(above.units)
    return len(left.text.text) > len(above.text.text) + 30


def _quantity(
    cell: Cell,
    labels: list[Cell],
    others: list[Cell],
    rows: list[list[Cell]],
    i: int,
    j: int,
    mention: Mention,
    binder: Binder,
) -> Quantity | None:
    assert cell.value is not None
    quantity = cell.value.quantity
    if not cell.value.family:
        unit = _stated_unit([*labels, *others, *rows[i]], mention)
        if unit is not None:
            high = quantity.high * unit[1] if quantity.high is not None else None
            quantity = replace(quantity, value=float(f"{quantity.value * unit[1]:.10g}"), high=high, unit=unit[0].name)
            if unit[0].family == "time":
                factor = unit[0].base
                quantity = replace(
                    quantity, value=quantity.value * factor, high=high * factor if high is not None else None, unit="h"
                )
        elif mention.name in BARE_UNITS:
            name, low, top = BARE_UNITS[mention.name]
            if low <= quantity.value <= top:
                quantity = replace(quantity, unit=name)
            elif name == "%" and 0.2 <= quantity.value <= 1.1:
                quantity = replace(quantity, value=quantity.value * 100, unit="%")
            else:
                return None
        elif mention.families:
            return None
    heading = next((label.text.text.strip() for label in others), "") if others else ""
    if quantity.comparator == "=" and quantity.high is None:
        if _MIN.fullmatch(heading):
            quantity = replace(quantity, comparator=">=")
        elif _MAX.fullmatch(heading):
            quantity = replace(quantity, comparator="<=")
    return quantity


def _stated_unit(labels: list[Cell], mention: Mention) -> tuple[Unit, float] | None:
    for label in labels:
        for unit in label.units:
            if unit[0].family in mention.families:
                return unit
    return None


def _condition_cells(rows: list[list[Cell]], i: int, j: int) -> list[Cell]:
    """Cells of the row that stand under "test condition", "method" or "remarks"."""
    return [rows[i][k] for k in range(len(rows[i])) if k != j and _of_conditions(rows, i, k)]


def _of_conditions(rows: list[list[Cell]], i: int, k: int) -> bool:
    """Whether a cell stands in a column of test conditions, methods or remarks."""
    return i > 0 and k < len(rows[0]) and _CONDITION_HEADS.search(rows[0][k].text.text) is not None


def _conditions(labels: list[Cell], quantity: Quantity) -> tuple[tuple[str, Quantity], ...]:
    stated: dict[str, Quantity] = {}
    for label in labels:
        for found in label.found:
            name = CONDITION_FAMILIES.get(found.family)
            if found.family == "voltage" and found.quantity.high is not None and quantity.unit != "V":
                name = "voltage_window"
            if name is not None and found.quantity.unit != quantity.unit:
                stated.setdefault(name, found.quantity)
    return tuple(stated.items())


def _name(mention: Mention, labels: list[Cell]) -> str:
    text = labels[0].text.text if labels else ""
    if (
        mention.name == "specific_capacity"
        and re.search(r"充电(?!放)|(?<![a-z])charge", text, re.I)
        and not re.search(r"放电|discharg", text, re.I)
    ):
        return "charge_capacity"
    if mention.name == "density" and re.search("压实|compact|press", text, re.I):
        return "compaction_density"
    return mention.name
