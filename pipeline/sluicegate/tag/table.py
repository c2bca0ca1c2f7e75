"""Quantities of tables bound to properties, conditions and samples, whichever way the table is turned.

Every number is a value cell; what names it stands to its left, above it, or in both: one side says the property (with
its unit and condition), the other the sample. Headers of continued tables come from `Grid.header`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sluicegate.document import Passage
from sluicegate.tag.beside import CONSTITUENT
from sluicegate.tag.binding import Binder
from sluicegate.tag.bound import Bound, Context
from sluicegate.tag.carry import SPENT
from sluicegate.tag.cell import CONDITION_FAMILIES, Cell, cell_of
from sluicegate.tag.cell_value import cell_quantity
from sluicegate.tag.properties import Mention
from sluicegate.tag.quantity import find_quantities
from sluicegate.tag.record import Placed, with_tests
from sluicegate.tag.remark import die_in, heads_remarks, heads_tests, states, tests_of, within
from sluicegate.tag.retention import is_reference
from sluicegate.tag.table_name import element_of, family_of, fits, in_stated_unit, measures, mentioned, naming, of_rate
from sluicegate.tag.table_sample import Samples, numbered_heads
from sluicegate.tag.table_shape import (
    Rows,
    alone,
    group_of,
    head_rows,
    numbered_groups,
    one_head,
    spanning,
    text_of,
    titles,
    unfolded,
)
from sluicegate.tag.table_topic import about, is_dopant, is_recipe, name_of, of_test, topic_of
from sluicegate.verdict import Quantity

_SENTENCE = 60


@dataclass(frozen=True, slots=True)
class _Table:
    """The cells of a table from its header on, how many rows are headers, where its samples are named, and the columns
    of test conditions and of remarks; `topic` is the title or note that alone says what is measured."""

    rows: Rows
    heads: int
    samples: Samples
    binder: Binder
    topic: Cell | None
    about: str
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
    titled, rows = titles(unfolded(rows))
    rows = numbered_groups(rows)
    heads = head_rows(rows)
    rows = one_head(rows, heads)
    if rows:
        rows[0] = numbered_heads(rows)
    table = _Table(
        rows,
        heads,
        Samples.of(titled, rows, heads),
        binder,
        topic_of(titled, rows),
        about(titled, rows),
        *_noting(rows),
    )
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
                    placed.extend(_parts(table, found))
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
    if above and above[0].condition:  # "Pressing pressure" over "150 MPa" names no value below it
        above = [above[0], *(label for label in above[1:] if not of_test(label, above[0]))]
    assert cell.value is not None
    if j and not text_of(rows[i][0]) and (group := group_of(rows, i, heads)) is not None:
        left.append(group)
    element = element_of(rows[i], j, rows[0][0]) if not cell.value.family else None
    named = naming(cell, left, above, rows[0][0], heads_values=j > 0 and measures(rows[i][0]))
    if element is not None and (named is None or (named[2] and not in_stated_unit(named[0], rows[0][0]))):
        named = [element], above, True
    if named is None and table.topic is not None and fits(table.topic, cell.value.family):
        sideways = any(label.condition for label in left) and not any(label.condition for label in above)
        labels, others = (left, above) if sideways else (above, left)
        named = [table.topic, *labels], others, sideways
    if named is None:
        family, sideways = family_of(cell, left, above)
        name = binder.properties.default.get(family, "")
        if not family and of_rate(cell, left, above):
            family, name, sideways = "specific capacity", "specific_capacity", bool(left and left[0].condition)
        if family == "density" and any(label.condition for label in (*left, *above)):
            name, sideways = "compaction_density", any(label.condition for label in left)  # 100 MPa | 2.38
        if not name or not (left or above):
            return None
        mention = Mention(name, frozenset((family,)), 0, 0)
        labels, others = (left, above) if sideways else (above, left)
    else:
        labels, others, sideways = named
        mention = mentioned(cell, labels)
    quantity = cell_quantity(cell, labels, others, [*rows[i], rows[0][0]], mention)
    if quantity is None or (mention.name == "impurity" and quantity.unit == "%" and quantity.value > CONSTITUENT):
        return None
    start, end = cell.text.origin(cell.value.start, cell.value.end)
    conditions = _conditions([cell, *labels, *others, *_condition_cells(table, i, j)], quantity)
    name = name_of(mention, labels, table.about)
    if name == "impurity" and is_dopant(labels) and is_recipe(rows):
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


def _parts(table: _Table, first: Placed) -> Iterator[Placed]:
    """The other values of a cell that lists as many as its label: "D10 / D50 / D90" beside "0.4 / 1.2 / 6.8"."""
    i, j = first.row, first.column
    cell = table.rows[i][j]
    body = cell.text.text
    if "/" not in body or cell.value is None:
        return
    label = table.rows[i][0] if first.sideways else table.rows[0][j]
    names = _NAMES_PARTED.split(text_of(label))
    numbers = find_quantities(body, table.binder.units, bare=True)
    if len(numbers) < _TWO or len(numbers) != len(names) or body.count("/") != len(numbers) - 1:
        return
    for number in numbers[1:]:
        value = number.quantity._replace(unit=first.bound.quantity.unit)
        start, end = cell.text.origin(number.start, number.end)
        yield replace(first, bound=first.bound._replace(quantity=value, start=start + cell.start, end=end + cell.start))


_NAMES_PARTED = re.compile(r"\s?/\s?(?=[A-Za-z]\(?v?,?0?\.?\d)")  # between D10, D50, d(0.9), not in "µm/h"
_TWO = 2


def _condition_cells(table: _Table, i: int, j: int) -> list[Cell]:
    """Cells of the row that stand under "test condition", "method" or "remarks"."""
    row = table.rows[i]
    if j > 1 and row[0].mentions and row[j - 1].condition and not of_test(row[0], row[j - 1]) and i >= table.heads:
        return [row[j - 1]]  # "Press density | 220 MPa | 2.58 g/cm3"
    return [row[k] for k in range(len(row)) if k != j and (table.of_tests(i, k) or table.of_remarks(i, k))]


def _noting(rows: Rows) -> tuple[frozenset[int], frozenset[int]]:
    """The columns of test conditions and those of remarks."""
    heads = rows[0] if rows else []
    tests = frozenset(k for k, head in enumerate(heads) if k and heads_tests(head))
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
