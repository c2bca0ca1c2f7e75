"""PDF in: a passage a page, tables of interesting pages, forms, annotations, properties, attachments out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sluicegate.document import Passage, Problem, ProblemKind
from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable
from sluicegate.extract.pdf.annotations import attachments, page_annotations
from sluicegate.extract.pdf.columns import in_columns
from sluicegate.extract.pdf.extras import document_extras
from sluicegate.extract.pdf.native import Page, Pdf, bounded_text, opened, page_of
from sluicegate.extract.pdf.objects import drawn
from sluicegate.extract.pdf.pages import page_text
from sluicegate.extract.pdf.rawscan import (
    alternative_texts,
    earlier_versions,
    embedded_streams,
    is_wrapper,
    plain_objects,
)
from sluicegate.extract.pdf.scan import Pictures
from sluicegate.extract.pdf.tables import Tables
from sluicegate.extract.pdf.unplaced import Unplaced, uses_foreign_fonts
from sluicegate.extract.repair import repair

MEDIA_TYPES = ("application/pdf",)


@dataclass(frozen=True, slots=True)
class _Helpers:
    """What reads the parts of a page that pdfium's text leaves out, each opened when the first page needs it."""

    pictures: Pictures
    tables: Tables
    unplaced: Unplaced
    margins: set[str] = field(default_factory=set)


def read(source: Source, context: Context) -> Iterator[Find]:
    """Read a document; raises `Unreadable` (encrypted, damaged) when it does not open."""
    data = source.data
    with opened(data, passwords=context.extraction.passwords) as pdf:
        objects = plain_objects(data, limit=context.limits.part_bytes)
        sealed = b"/Encrypt" in data
        unplaced = Unplaced(data, pdf.password, likely=sealed or uses_foreign_fonts(objects))
        helpers = _Helpers(Pictures(context), Tables(data, pdf.password, context), unplaced)
        yield from _pages(pdf, helpers, context)
        yield from document_extras(pdf, data, context)
        yield from _alternatives(objects, context) if not sealed else ()
        yield from _embedded(pdf, data, context)
        yield from _earlier(pdf, data, context)
    if is_wrapper(data):
        yield context.problem(ProblemKind.ENCRYPTED, "the PDF is the cover of a protected document")


def _pages(pdf: Pdf, helpers: _Helpers, context: Context) -> Iterator[Find]:
    limit = context.limits.pages
    for index in range(min(pdf.page_count, limit)):
        with page_of(pdf, index) as page:
            if page is None:
                yield context.problem(ProblemKind.DAMAGED, "pdfium cannot load the page", page=index + 1)
                continue
            yield from _page(page, helpers, context)
            yield from page_annotations(pdf, page, context)
    helpers.tables.close()
    yield from helpers.pictures.problems()
    if pdf.page_count > limit:
        yield context.problem(ProblemKind.TOO_MANY, f"{pdf.page_count} pages, {limit} read", page=limit + 1)


def _page(page: Page, helpers: _Helpers, context: Context) -> Iterator[Find]:
    found = page_text(page)
    shown = drawn(page)
    text = helpers.unplaced.text(page, found.text, shown)
    if text.strip():
        interesting = not found.unread and context.interesting(text)
        ordered = in_columns(page, text) if interesting else text
        yield Passage(ordered, context.place(page=page.number))
        if interesting:
            yield from helpers.tables.finds(page, shown)
    outside = "\n".join(_unseen(found.outside, helpers.margins))
    if outside:
        place = context.place(page=page.number, channel="outside the visible page")
        yield Passage(outside, place, flags=frozenset({"hidden"}))
    yield from helpers.pictures.finds(page, shown, text, garbage=found.unread)


def _unseen(text: str, seen: set[str]) -> Iterator[str]:
    """Lines that are new but for their numbers: a printer's mark outside each page comes once."""
    for line in text.splitlines():
        key = "".join(char for char in line if not char.isdigit()).strip()
        if key and key not in seen:
            seen.add(key)
            yield line


def _alternatives(objects: tuple[bytes, ...], context: Context) -> Iterator[Find]:
    """What pictures, abbreviations and form fields say in words."""
    text = "\n".join(dict.fromkeys(word.strip() for word in alternative_texts(objects) if word.strip()))
    if text:
        yield Passage(repair(text), context.place(channel="alternative text"))


def _embedded(pdf: Pdf, data: bytes, context: Context) -> Iterator[Find]:
    """Files that the document's directory names, then streams that it does not name or pdfium cannot take out."""
    known: set[bytes] = set()
    missed: list[Find] = []
    for find in attachments(pdf, context):
        if isinstance(find, Problem):
            missed.append(find)
            continue
        if isinstance(find, Child):
            known.add(find.data)
        yield find
    readable = (b"/EmbeddedFile" in data or b"/EF" in data) and b"/Encrypt" not in data
    streams = list(embedded_streams(data, limit=context.limits.part_bytes)) if readable else []
    strangers = [content for content in streams if content not in known]
    for number, content in enumerate(strangers, 1):
        if content is None:
            detail = "an embedded stream that no directory names does not unpack"
            yield context.problem(ProblemKind.DAMAGED, detail, channel=f"embedded stream {number}")
        else:
            yield Child(f"embedded stream {number}", content, channel="embedded stream")
    yield from missed[len(strangers) :]


def _earlier(pdf: Pdf, data: bytes, context: Context) -> Iterator[Find]:
    """Lines that stood in an earlier version kept in the file and are gone now: anybody can go back to it."""
    shown: set[str] | None = None
    for number, earlier in enumerate(earlier_versions(data), 1):
        shown = shown if shown is not None else set(_lines(pdf, context))
        try:
            with opened(earlier, passwords=context.extraction.passwords) as old:
                gone = [line for line in _lines(old, context) if line not in shown]
        except Unreadable:
            yield Note(f"an earlier version kept in the file does not open ({number} before the last)")
            continue
        shown.update(gone)
        if gone:
            place = context.place(channel=f"earlier version, {number} before the last")
            yield Passage("\n".join(gone), place, flags=frozenset({"deleted"}))


def _lines(pdf: Pdf, context: Context) -> Iterator[str]:
    for index in range(min(pdf.page_count, context.limits.pages)):
        with page_of(pdf, index) as page:
            if page is not None:
                yield from (line.strip() for line in repair(bounded_text(page, page.box)).splitlines() if line.strip())
