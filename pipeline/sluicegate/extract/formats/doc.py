"""DOC (Word 6 to 2003) in, passages of every story out: text, notes, headers, comments, boxes, hidden text."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable
from sluicegate.extract.office.crypt import decrypted
from sluicegate.extract.office.ole import embedded_finds, opened_ole, stream
from sluicegate.extract.office.pictures import pictures_in
from sluicegate.extract.office.properties import ole_properties
from sluicegate.extract.office.vba import ole_macros
from sluicegate.extract.office.word_binary import WordText, read_word
from sluicegate.extract.office.word_fields import field_finds
from sluicegate.extract.office.word_lines import Lines

MEDIA_TYPES = ("application/msword",)
_CHANNELS = {
    "text": None, "footnotes": "footnote", "headers": "header or footer", "macros": "macro text", "comments": "comment",
    "endnotes": "endnote", "text boxes": "text box", "header text boxes": "text box in header",
}  # fmt: skip


def read(source: Source, context: Context) -> Iterator[Find]:
    """The stories in order, then pictures, embedded objects, macros and properties."""
    data = source.data
    if _encrypted(data):
        data, built_in = decrypted(data, context.extraction.passwords)
        yield Note(f"opened with {'a built-in password' if built_in else 'a password from the settings'}")
    with opened_ole(data) as opened:
        document = stream(opened, "WordDocument")
        tables = {name: stream(opened, name) for name in ("0Table", "1Table")}
        try:
            yield from _stories(read_word(document, tables), context)
        except Unreadable as broken:
            yield context.problem(broken.kind, broken.detail)
        for number, picture in enumerate(pictures_in(stream(opened, "Data") + document), 1):
            yield Child(f"picture {number}", picture)
        yield from embedded_finds(opened, context, below=_storages(opened.listdir()))
        yield from ole_macros(opened, context)
        yield from ole_properties(opened, context)


def _encrypted(data: bytes) -> bool:
    with opened_ole(data) as opened:
        head = stream(opened, "WordDocument")[:12]
    return len(head) == 12 and bool(int.from_bytes(head[10:12], "little") & 0x0100)


def _storages(entries: list[list[str]]) -> set[str]:
    """Storages of embedded objects; macros are read apart."""
    return {entry[0] for entry in entries if len(entry) > 1 and entry[0] not in ("Macros", "_VBA_PROJECT_CUR")} or {""}


def _stories(word: WordText, context: Context) -> Iterator[Find]:
    fields: list[str] = []
    for name, stretches in word.stories:
        yield from Lines(context.place(channel=_CHANNELS[name]), fields).read(stretches)
    yield from field_finds(fields, context)
