"""Quantities of tables bound to properties, conditions and samples, whichever way the table is turned.

Every number is a value cell; what names it stands to its left, above it, or in both: one side says the property (with
its unit and condition), the other the sample. Headers of continued tables come from `Grid.header`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sluicegate.document import Passage
from sluicegate.tag.beside import CONSTITUENT, DOPANT_SIGNS
from sluicegate.tag.binding import Binder
from sluicegate.tag.bound import Bound, Context
from sluicegate.tag.carry import SPENT
from sluicegate.tag.cell import CONDITION_FAMILIES, Cell, cell_of
from sluicegate.tag.cell_value import cell_quantity
from sluicegate.tag.condition import is_reference
from sluicegate.tag.label import is_generic, share_of
from sluicegate.tag.properties import Mention
from sluicegate.tag.record import Placed, with_tests
from sluicegate.tag.remark import die_in, heads_remarks, heads_tests, states, tests_of, within
from sluicegate.tag.sample import sample_name
from sluicegate.tag.table_sample import Samples, numbered_heads
from sluicegate.tag.table_shape import Rows, alone, group_of, head_rows, spanning, text_of, titles
from sluicegate.verdict import Quantity

_SENTENCE = 60


@dataclass(frozen=True, slots=True)
class _Table:
    """The cells of a table from its header on, how many rows are headers, where its samples are named, and the columns
    of test conditions and of remarks."""

    rows: Rows
    heads: int
    samples: Samples
    binder: Binder
    tests: frozenset[int]
    remarks: frozenset[int]

    def of_tests(self, i: int, k: int) -> bool:
        """Whether a cell stands in a column of test conditions or methods."""
        return i > 0 and k in self.tests

    def of_remarks(self, i: int, k: int) -> bool:
        """Whether a cell stands in a column of remarks."""
        return i > 0 and k in self.remarks


def bind_table(passage: Passage, binder: Binder, context: Context) -> list[Bound]:
    """The bound quantities of a table passage; offsets count in the passage's original text."""
    assert passage.grid is not None
    rows: Rows = [[cell_of(text, -1, binder) for text in passage.grid.header]] if passage.grid.header else []
    for spans in filter(None, passage.grid.rows):  # a blank line has no cells
        rows.append([cell_of(passage.text[start:end], start, binder) for start, end in spans])
    titled, rows = titles(rows)
    heads = head_rows(rows)
    if rows:
        rows[0] = numbered_heads(rows[0])
    table = _Table(rows, heads, Samples.of(titled, rows, heads), binder, *_noting(rows))
    placed: list[Placed] = []
    noted: list[Bound] = []
    title = [test for row in titled for cell in row for test in tests_of(cell)]
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell.start < 0 or not (cell.value or cell.found):
                continue
            if i >= heads and table.of_tests(i, j):
                noted.extend(tests_of(cell))
            elif cell.value is not None:
                found = _value(table, i, j)
                if found is not None:
                    placed.append(found)
                    placed.extend(_further(found, cell, binder))
                elif i >= heads and table.of_remarks(i, j):
                    noted.extend(tests_of(cell) or within(cell, binder, context))
            elif len(cell.text.text) > _SENTENCE or (states(cell) and i >= heads) or (i >= heads and alone(row)):
                noted.extend(within(cell, binder, context))
            elif i >= heads and j and not cell.mentions:
                noted.extend(item.of(table.samples.of_cell(i, j)) for item in within(cell, binder, context))
    die = die_in(cell for row in (*titled, *(row for row in rows if alone(row))) for cell in row)
    bound = [*with_tests(placed, [*title, *noted], die), *noted]
    return sorted(bound, key=lambda item: item.start)


def _value(table: _Table, i: int, j: int) -> Placed | None:
    rows, heads, binder = table.rows, table.heads, table.binder
    cell = rows[i][j]
    if i < heads and cell.condition:
        return None
    left = [
        rows[i][k]
        for k in range(j - 1, -1, -1)
        if (rows[i][k].label or (k == 0 and rows[i][k].condition))
        and not table.of_tests(i, k)
        and not table.of_remarks(i, k)
    ]
    above = []
    for k in range(i - 1, -1, -1):
        head = spanning(rows[k], j) if k < heads - 1 else rows[k][j] if j < len(rows[k]) else None
        if head is not None and (head.label or (k < heads and head.condition)):
            above.append(head)
    assert cell.value is not None
    if j and not text_of(rows[i][0]) and (group := group_of(rows, i, heads)) is not None:
        left.append(group)
    element = _element(rows[i], j, rows[0][0]) if not cell.value.family else None
    named = _named(cell, left, above, rows[0][0])
    if element is not None and (named is None or (named[2] and not _in_stated_unit(named[0], rows[0][0]))):
        named = [element], above, True
    if named is None:
        family, sideways = _family(cell, left, above)
        name = binder.properties.default.get(family, "")
        if family == "density" and any(label.condition for label in (*left, *above)):
            name, sideways = "compaction_density", any(label.condition for label in left)  # 100 MPa | 2.38
        if not name or not (left or above):
            return None
        mention = Mention(name, frozenset((family,)), 0, 0)
        labels, others = (left, above) if sideways else (above, left)
    else:
        labels, others, sideways = named
        mention = _mentioned(cell, labels)
    quantity = cell_quantity(cell, labels, others, [*rows[i], rows[0][0]], mention)
    if quantity is None or (mention.name == "impurity" and quantity.unit == "%" and quantity.value > CONSTITUENT):
        return None
    start, end = cell.text.origin(cell.value.start, cell.value.end)
    conditions = _conditions([cell, *labels, *others, *_condition_cells(table, i, j)], quantity)
    name = _name(mention, labels)
    if name == "impurity" and _is_dopant(labels) and _is_recipe(rows):
        name = "doping_amount"
    if quantity.unit == "Wh/kg" and (name == "power_consumption" or quantity.value >= SPENT):
        name, quantity = "power_consumption", quantity._replace(unit="kWh/t")
    sample = table.samples.of_value(i, j, others, above, sideways=sideways)
    return Placed(
        Bound(name, quantity, start + cell.start, end + cell.start, conditions, sample), i, j, sideways, i < heads
    )


def _further(first: Placed, cell: Cell, binder: Binder) -> Iterator[Placed]:
    """The other settings of a step in the same cell: "600 °C / 4 h"."""
    assert cell.value is not None
    if cell.value.family not in _SETTINGS:
        return
    for found in cell.found:
        if found.start >= cell.value.end and found.family in _SETTINGS:
            start, end = cell.text.origin(found.start, found.end)
            name = binder.properties.default.get(found.family, found.family)
            bound = Bound(name, found.quantity, start + cell.start, end + cell.start, (), first.bound.sample)
            yield replace(first, bound=bound)


_SETTINGS = frozenset({"temperature", "time"})


def _in_stated_unit(labels: list[Cell], corner: Cell) -> bool:
    """Whether what names a value can have the unit that the table's corner states for all: "mg/L | Feed | Product"."""
    families = {unit.family for unit, _ in corner.units}
    return not families or any(families & mention.families for label in labels for mention in label.mentions)


def _is_dopant(labels: list[Cell]) -> bool:
    return any(_DOPANTS.match(text_of(label)) for label in labels)


def _is_recipe(rows: Rows) -> bool:
    """Whether a table tells how powders were made: a sintering step heads one of its rows or columns."""
    return any(_SINTERED.search(label.text.text) for label in (*rows[0], *(row[0] for row in rows)))


_DOPANTS = re.compile(rf"(?:{DOPANT_SIGNS})(?:\d?O\d)?(?=$|[\s(,/:])|[钛铌钒锆钨钼镁]")
_SINTERED = re.compile(r"sinter|calcin|firing|烧|焙", re.I)


def _family(cell: Cell, left: list[Cell], above: list[Cell]) -> tuple[str, bool]:
    """The family of a value that no label names: of its own unit, else of a unit above it or to its left."""
    assert cell.value is not None
    if cell.value.family:
        return cell.value.family, any(sample_name(text_of(label)) is not None for label in above)
    for labels, sideways in ((above, False), (left, True)):
        for label in labels:
            if label.units:
                return label.units[0][0].family, sideways or sample_name(text_of(label)) is not None
    return "", False


def _element(row: list[Cell], j: int, corner: Cell) -> Cell | None:
    """The first label of a row that is an element's sign and nothing else, where the row or the table's corner states
    the unit of a share or a concentration."""
    label = row[0]
    stated = [unit.family for cell in (*row, corner) for unit, _ in cell.units]
    family = next((name for name in stated if name in ("fraction", "mass concentration")), None)
    mention = share_of(text_of(label), family) if j and family is not None else None
    return replace(label, mentions=(mention,)) if mention is not None else None


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
    headed = next(
        (label.units[0][0].family for label in above if label.units and not is_generic(text_of(label))), ""
    )  # "Min." is no minute
    from_left = next((label for label in left if _fits(label, family or ("" if label.units else headed))), None)
    from_above = next((label for label in above if _fits(label, family)), None)
    if from_left is None and from_above is None:
        fits = corner.label and corner is not cell and _fits(corner, family or headed)
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


def _condition_cells(table: _Table, i: int, j: int) -> list[Cell]:
    """Cells of the row that stand under "test condition", "method" or "remarks"."""
    row = table.rows[i]
    return [row[k] for k in range(len(row)) if k != j and (table.of_tests(i, k) or table.of_remarks(i, k))]


def _noting(rows: Rows) -> tuple[frozenset[int], frozenset[int]]:
    """The columns of test conditions and those of remarks."""
    heads = rows[0] if rows else []
    tests = frozenset(k for k, head in enumerate(heads) if heads_tests(head))
    return tests, frozenset(k for k, head in enumerate(heads) if heads_remarks(head))


def _conditions(labels: list[Cell], quantity: Quantity) -> tuple[tuple[str, Quantity], ...]:
    stated: dict[str, Quantity] = {}
    for label in labels:
        for found in label.found:
            name = CONDITION_FAMILIES.get(found.family)
            if found.family == "voltage" and found.quantity.high is not None and quantity.unit != "V":
                name = "voltage_window"
            if name == "c_rate" and quantity.unit == "%" and is_reference(label.text.text[: found.start]):
                continue  # "retention vs. 0.1C"
            if name is not None and found.quantity.unit != quantity.unit:
                stated.setdefault(name, found.quantity)
    return tuple(stated.items())


def _name(mention: Mention, labels: list[Cell]) -> str:
    text = " ".join(label.text.text for label in labels)
    if (
        mention.name == "specific_capacity"
        and re.search(r"充电(?!放)|(?<![a-z])charge", text, re.I)
        and not re.search(r"放电|discharg", text, re.I)
    ):
        return "charge_capacity"
    if mention.name == "density" and re.search("压实|compact|press", text, re.I):
        return "compaction_density"
    return mention.name
