"""A table of a Word file in, its rows and cells out with their marks and spans (ECMA-376-1, 17.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sluicegate.extract.office.marks import HIDDEN, MARKS
from sluicegate.extract.office.ooxml import own
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element


def rows_of(table: _Element, marks: int) -> Iterator[tuple[_Element, int]]:
    """The rows of a table, each with its marks: a row may be inserted, deleted or hidden."""
    for row, row_marks in wrapped(table, "tr", marks):
        for properties in row:
            if local_name(properties) == "trPr":
                for child in properties:
                    row_marks |= MARKS.get(local_name(child), 0)
                    row_marks |= HIDDEN if local_name(child) == "hidden" else 0
        yield row, row_marks


def wrapped(parent: _Element, wanted: str, marks: int) -> Iterator[tuple[_Element, int]]:
    """Rows or cells, also inside content controls, custom XML and tracked changes."""
    for child in parent:
        kind = local_name(child)
        if kind == wanted:
            yield child, marks
        elif kind in ("sdt", "sdtContent", "customXml", "ins", "del", "moveTo", "moveFrom", "smartTag"):
            yield from wrapped(child, wanted, marks | MARKS.get(kind, 0))


def cell_property(cell: _Element, name: str) -> str | None:
    """The value of a property of a cell or row; empty when it stands there without one."""
    for properties in cell:
        if local_name(properties) in ("tcPr", "trPr"):
            for child in properties:
                if local_name(child) == name:
                    return own(child, "val") or ""
    return None


def span_of(cell: _Element) -> int:
    """How many columns of the grid a cell takes."""
    value = cell_property(cell, "gridSpan") or "1"
    return min(int(value), 200) if value.isdigit() else 1


def skipped_before(row: _Element) -> int:
    """How many columns of the grid stay empty before a row's first cell."""
    value = cell_property(row, "gridBefore") or "0"
    return min(int(value), 200) if value.isdigit() else 0
