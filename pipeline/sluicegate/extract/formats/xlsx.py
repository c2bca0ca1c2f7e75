"""XLSX and XLSM in, tables of every sheet out; comments, text boxes, charts, headers, hidden rows and stores beside.

Cells are found in the bytes of a sheet where it is written as most are; else through calamine, and cell by cell where
calamine cannot read a sheet or would fill memory with its grid. The rest comes by passes over the bytes of the parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sluicegate.document import Passage
from sluicegate.extract.frame import Context, Find, Note, Source
from sluicegate.extract.office import sheet_xml
from sluicegate.extract.office.calamine import grid_of, open_workbook
from sluicegate.extract.office.cells import row_texts, scattered, sheet_passages
from sluicegate.extract.office.leftovers import attribute_finds, leftover_finds
from sluicegate.extract.office.ooxml import Package, missing_main
from sluicegate.extract.office.sheet_rows import sheet_rows, stretches
from sluicegate.extract.office.sheet_values import Values, sheet_cells
from sluicegate.extract.office.workbook import (
    Sheet,
    beside_finds,
    hidden_stores,
    sheets_of,
    starts_in_1904,
    workbook_finds,
)

MEDIA_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
    "application/vnd.ms-excel.sheet.macroenabled.12",
    "application/vnd.ms-excel.template.macroenabled.12",
    "application/vnd.ms-excel.addin.macroenabled.12",
)
_STRINGS = "xl/sharedStrings.xml"


@dataclass
class _Book:
    """The package of a workbook with what its sheets share; calamine opens it when a sheet needs that."""

    package: Package
    source: Source
    values: Values

    @cached_property
    def opened(self) -> Any | None:
        """calamine's workbook; None when it cannot open the file."""
        return open_workbook(self.source.data)


def read(source: Source, context: Context) -> Iterator[Find]:
    """Sheets in workbook order, each with what hangs on it; then names, unused strings, caches, the rest."""
    package = Package(source, context)
    main = next(package.related("", "officeDocument"), "xl/workbook.xml")
    if main not in package:
        yield missing_main(context, "workbook")
    sheets = sheets_of(package, main)
    styles = next(package.related(main, "styles"), None)
    formats = sheet_xml.telling_formats(package.root(styles) if styles else None)
    strings = next(package.related(main, "sharedStrings"), _STRINGS)
    package.handled.add(strings)
    values = Values(sheet_xml.shared_strings(package.data(strings)), formats, starts_in_1904(package, main))
    book = _Book(package, source, values)
    for sheet in sheets:
        yield from _sheet(book, sheet)
        yield from beside_finds(package, sheet)
    yield from workbook_finds(package, main)
    yield from _unused(book, strings)
    yield from hidden_stores(package, book.values.shown)
    yield from leftover_finds(package)


def _sheet(book: _Book, sheet: Sheet) -> Iterator[Find]:
    package = book.package
    if "macrosheets/" in sheet.part.lower():
        yield Note("contains an Excel 4 macro sheet; its formulas were read as text")
    else:
        package.handled.add(sheet.part)
    package.swept.add(sheet.part)
    data = package.data(sheet.part)
    place = package.context.place(sheet=sheet.name)
    hidden = sheet_xml.hidden_rows(data)
    for first_row, rows in _stretches(book, sheet, data):
        yield from sheet_passages(rows, place, first_row=first_row, hidden_rows=hidden, flags=sheet.flags)
    yield from _notes(sheet, hidden, data)
    yield from _frame(package, sheet, data)
    package.forget(sheet.part)


def _stretches(book: _Book, sheet: Sheet, data: bytes) -> Iterator[tuple[int, Iterable[Sequence[str]]]]:
    """(first row, rows) of a sheet, by the fastest way that can read all of it."""
    rows = sheet_rows(data, book.values, lambda piece: book.package.parsed(piece, sheet.part))
    if rows is not None:
        yield from stretches(rows)
        return
    whole = data and not sheet_xml.too_scattered(data) and book.opened is not None
    grid = grid_of(book.opened, sheet.name) if whole else None
    if grid is not None:
        values, (row, column) = grid
        shown = sheet_xml.cell_formats(data, book.values.formats, column)
        yield row + 1, map(book.values.showing, row_texts(values, row + 1, shown))
        return
    root = book.package.root(sheet.part)
    if root is not None:
        yield from scattered(sheet_cells(root, book.values))


def _notes(sheet: Sheet, hidden: frozenset[int], data: bytes) -> Iterator[Find]:
    columns = sheet_xml.hidden_columns(data[: data.find(b"sheetData")])
    if sheet.hidden:
        yield Note(f"sheet {sheet.name} is hidden")
    if hidden:
        yield Note(f"sheet {sheet.name}: {len(hidden)} rows are hidden")
    if columns:
        yield Note(f"sheet {sheet.name}: columns {', '.join(columns)} are hidden")


def _frame(package: Package, sheet: Sheet, data: bytes) -> Iterator[Find]:
    frame = sheet_xml.sheet_frame(data)
    context = package.context
    for kind, text in sheet_xml.headers(frame):
        yield Passage(text, context.place(sheet=sheet.name, channel=kind), None, sheet.flags)
    for channel, lines in (("formula", sheet_xml.formula_texts(data)), ("validation", sheet_xml.frame_texts(frame))):
        if lines:
            where = context.place(sheet=sheet.name, channel=channel)
            yield Passage("\n".join(lines), where, None, sheet.flags | {"hidden"})
    yield from attribute_finds(package, frame, sheet=sheet.name)


def _unused(book: _Book, strings: str) -> Iterator[Find]:
    """Shared strings that no cell shows: what was deleted in a cell may still be in the file."""
    package, seen = book.package, book.values.shown
    hints = sheet_xml.phonetic_hints(package.data(strings))
    for channel, texts in (("unused string", book.values.strings), ("phonetic hint", hints)):
        if seen.issuperset(texts):
            continue
        unused = dict.fromkeys(text.strip() for text in texts if text not in seen)
        lines = [line for line in unused if line not in seen and any(char.isalnum() for char in line)]
        for start in range(0, len(lines), 100):
            where = package.context.place(channel=channel)
            yield Passage("\n".join(lines[start : start + 100]), where, None, frozenset({"hidden"}))
    package.swept.add(strings)
