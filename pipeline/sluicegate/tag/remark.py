"""Cells of a table that hold more than a value: test conditions, remarks, "600 °C / 4 h"; bound quantities come out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluicegate.tag.binding import Binder
from sluicegate.tag.bound import Bound, Context
from sluicegate.tag.cell import Cell

_TEST_FAMILIES = {
    "pressure": "pressure",
    "rate": "c_rate",
    "voltage": "voltage_window",
    "force": "press_force",
    "temperature": "temperature",
}
_TESTED = re.compile(r"条件|方法|condition|method", re.I)
_REMARKED = re.compile(r"备注|说明|remark|\bnotes?\b|comment", re.I)
_DIE = re.compile(r"\bdie\b|mou?ld|模", re.I)


def tests_of(cell: Cell) -> list[Bound]:
    """The pressures, rates, temperatures and voltage windows of a cell in a column of test conditions."""
    tests = []
    for found in cell.found:
        name = _TEST_FAMILIES.get(found.family)
        if name is not None and (name != "voltage_window" or found.quantity.high is not None):
            start, end = cell.text.origin(found.start, found.end)
            tests.append(Bound(name, found.quantity, start + cell.start, end + cell.start))
    return tests


def states(cell: Cell) -> bool:
    """Whether a cell gives a property and its value by itself, and is not a header with a test condition."""
    return any(quantity.family in mention.families for quantity in cell.found for mention in cell.mentions)


def heads_tests(head: Cell) -> bool:
    """Whether a header says that test conditions or methods stand below it."""
    return _TESTED.search(head.text.text) is not None


def heads_remarks(head: Cell) -> bool:
    """Whether a header says that remarks stand below it, which may state anything."""
    return _REMARKED.search(head.text.text) is not None


def die_in(cells: Iterator[Cell]) -> float | None:
    """The diameter in millimetres of the press's die that a title or note states."""
    for cell in cells:
        for found in cell.found if _DIE.search(cell.text.text) else ():
            if found.quantity.unit == "mm" and found.quantity.high is None:
                return found.quantity.value
    return None


def within(cell: Cell, binder: Binder, context: Context) -> list[Bound]:
    """What a cell states in words, bound as a sentence is."""
    placed = []
    for item in binder.bind(cell.text.text, cell.found, Context(context.sample, context.pressures)):
        start, end = cell.text.origin(item.start, item.end)
        placed.append(item.at(start + cell.start, end + cell.start))
    return placed
