"""XLS and XLSB in, tables of every sheet out; comments, text boxes, headers, hidden rows, macros beside."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Child, Context, Find, Note, Source
from sluicegate.extract.office.biff import SheetExtras, drawn_parts, read_biff, records
from sluicegate.extract.office.calamine import grid_of, open_workbook
from sluicegate.extract.office.cells import row_texts, sheet_passages
from sluicegate.extract.office.crypt import decrypted
from sluicegate.extract.office.ole import embedded_finds, opened_ole, stream
from sluicegate.extract.office.pictures import pictures_in
from sluicegate.extract.office.properties import ole_properties
from sluicegate.extract.office.vba import ole_macros

MEDIA_TYPES = ("application/vnd.ms-excel",)
_FILEPASS, _MACRO_SHEET = 0x002F, 0x0040


def read(source: Source, context: Context) -> Iterator[Find]:
    """Sheets in order with what hangs on them; then unused strings, pictures, objects, macros, properties."""
    data = source.data
    book = _book(data)
    if any(kind == _FILEPASS for kind, _, _ in _first(book)):
        data, built_in = decrypted(data, context.extraction.passwords)
        yield Note(f"opened with {'a built-in password' if built_in else 'a password from the settings'}")
        book = _book(data)
    extras, strings = read_biff(book)
    workbook = open_workbook(data)
    if workbook is None:
        yield context.problem(ProblemKind.DAMAGED, "the cells of the workbook cannot be read")
    seen: set[str] = set()
    yield from sheet_finds(workbook, context, extras, seen)
    yield from _unused(strings, seen, context)
    for number, picture in enumerate(dict.fromkeys(chain.from_iterable(map(pictures_in, drawn_parts(book)))), 1):
        yield Child(f"picture {number}", picture)
    with opened_ole(data) as opened:
        storages = {entry[0] for entry in opened.listdir() if len(entry) > 1 and entry[0] != "_VBA_PROJECT_CUR"}
        yield from embedded_finds(opened, context, below=storages or {""})
        yield from ole_macros(opened, context)
        yield from ole_properties(opened, context)


def sheet_finds(workbook: Any, context: Context, extras: list[SheetExtras], seen: set[str]) -> Iterator[Find]:
    """The sheets of a workbook that calamine opened, and the extras of all substreams."""
    if workbook is not None and workbook.sheet_names:
        yield Passage("\n".join(workbook.sheet_names), context.place(channel="sheet names"))
    by_name = {extra.name: extra for extra in extras if extra.name}
    for entry in workbook.sheets_metadata if workbook is not None else ():
        hidden = not str(entry.visible).endswith(".Visible")
        flags = frozenset({"hidden"}) if hidden else frozenset()
        if hidden:
            yield Note(f"sheet {entry.name} is hidden")
        grid = grid_of(workbook, entry.name)
        extra = by_name.get(entry.name, SheetExtras(entry.name))
        if grid is not None:
            values, (row, column) = grid
            formats = {
                number: {at - column: code for at, code in cells.items() if at >= column}
                for number, cells in extra.formats.items()
            }
            yield from sheet_passages(
                row_texts(values, row + 1, formats), context.place(sheet=entry.name), first_row=row + 1,
                hidden_rows=frozenset(extra.hidden_rows), flags=flags, seen=seen,
            )  # fmt: skip
        elif str(entry.typ).endswith("WorkSheet"):
            yield context.problem(ProblemKind.DAMAGED, "the sheet's cells cannot be read", sheet=entry.name)
    for extra in extras:
        yield from _beside(extra, context)


def _beside(extra: SheetExtras, context: Context) -> Iterator[Find]:
    sheet = extra.name or None
    if extra.kind == _MACRO_SHEET:
        yield Note("contains an Excel 4 macro sheet; its formulas were read as text")
    if extra.hidden_rows:
        yield Note(f"sheet {extra.name}: {len(extra.hidden_rows)} rows are hidden")
    for channel, text in dict.fromkeys(extra.texts):
        if any(char.isalnum() for char in text):
            yield Passage(text, context.place(sheet=sheet, channel=channel))


def _unused(strings: list[str], seen: set[str], context: Context) -> Iterator[Find]:
    unused = [text for text in dict.fromkeys(strings) if text not in seen and any(char.isalnum() for char in text)]
    for start in range(0, len(unused), 100):
        where = context.place(channel="unused string")
        yield Passage("\n".join(unused[start : start + 100]), where, None, frozenset({"hidden"}))


def _book(data: bytes) -> bytes:
    with opened_ole(data) as opened:
        return stream(opened, "Workbook") or stream(opened, "Book")


def _first(book: bytes) -> Iterator[tuple[int, int, list[bytes]]]:
    """The first few records: a password record stands right behind the beginning of the file."""
    for number, record in enumerate(records(book)):
        if number > 8:
            return
        yield record
