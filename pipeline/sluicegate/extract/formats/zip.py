"""ZIP in (also EPUB and Office packages of no known kind), its members as children out, whatever their names say."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.document import Passage, Problem, ProblemKind
from sluicegate.extract.charset import decode
from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable
from sluicegate.extract.ziprescue import strays
from sluicegate.extract.zipsafe import TORN, SafeZip

MEDIA_TYPES = ("application/zip", "application/epub+zip")


def read(source: Source, context: Context) -> Iterator[Find]:
    """Members in the directory's order; then members that the directory does not name, and words in comments."""
    try:
        archive = SafeZip(source.data, context.limits, passwords=context.extraction.passwords)
    except Unreadable:
        yield context.problem(
            ProblemKind.DAMAGED, "the ZIP directory is damaged; members found by their headers are read"
        )
        yield from _strays(source.data, (), context)
        return
    count = 0
    for info in archive:
        count += 1
        try:
            yield Child(info.filename, archive.read(info), metadata=decode(info.comment))
        except Unreadable as stop:
            yield Problem(stop.kind, context.inside(info.filename), stop.detail)
        if info.filename in archive.torn:
            yield Problem(ProblemKind.DAMAGED, context.inside(info.filename), TORN)
    comment = decode(archive.comment).strip()
    if comment:
        yield Passage(comment, context.place(channel="archive comment"))
    yield from _strays(source.data, archive.spans, context)
    yield from _beside(archive)
    if not count:
        yield Note("an archive without members", blank=True)


def _beside(archive: SafeZip) -> Iterator[Find]:
    """A program that unpacks itself, or any file that the archive was glued to."""
    for where, data in zip(("before", "after"), archive.beside, strict=True):
        if data.strip(b"\0\r\n "):
            yield Note(f"{len(data)} bytes stand {where} the archive")
            yield Child(f"{where} the archive", data)


def _strays(data: bytes, spans: tuple[tuple[int, int], ...], context: Context) -> Iterator[Find]:
    for stray in strays(data, spans, limits=context.limits):
        yield Note(f"a ZIP member at byte {stray.offset} is not in the directory")
        if stray.content is None:
            yield Problem(ProblemKind.DAMAGED, context.inside(stray.name), "a stray ZIP member does not unpack")
        else:
            yield Child(stray.name, stray.content)
