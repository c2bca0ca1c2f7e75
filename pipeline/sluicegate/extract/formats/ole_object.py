"""An OLE object without a format of its own in (a packaged file, an equation, a control), its files and words out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sluicegate.document import ProblemKind
from sluicegate.extract.advice import unsupported
from sluicegate.extract.frame import Context, Find, Source
from sluicegate.extract.office.ole import embedded_finds, object_finds, opened_ole, stream
from sluicegate.extract.office.properties import ole_properties
from sluicegate.extract.office.prose import strings_in
from sluicegate.extract.office.vba import ole_macros

if TYPE_CHECKING:
    from olefile import OleFileIO

MEDIA_TYPES = ("application/x-ole-storage",)

_CARRIERS = ("Package", "CONTENTS", "Contents", "EmbeddedOdf", "package_stream", "Equation Native", "PIC", "META")
"""Streams that hold a file of another kind, which is read by itself."""
_VALUES = 60
"""Different bytes in a stream that is more than a table of marks."""
_OPAQUE = 16 * 1024
"""Bytes in streams without words from which a file of its own is that of an unknown program, not a packaged file."""


def read(source: Source, context: Context) -> Iterator[Find]:
    """Packaged files as children; other streams by the words in them; a problem when there is nothing to read."""
    with opened_ole(source.data) as opened:
        found = False
        top = [entry[0] for entry in opened.listdir() if len(entry) == 1]
        for finds in (
            object_finds(opened, (), top, context, "embedded object"),
            embedded_finds(opened, context),
            ole_macros(opened, context),
        ):
            for find in finds:
                found = True
                yield find
        yield from ole_properties(opened, context)
        if found and not source.name.startswith("embedded object") and _is_opaque(opened):
            yield context.problem(ProblemKind.UNSUPPORTED, unsupported(source.media_type, source.name))
    if not found:
        silent = all(name[:1] in "\x01\x02\x03\x05" or name in ("PIC", "META") for name in top)
        if not silent:
            yield context.problem(ProblemKind.UNSUPPORTED, "compound file of an unknown program")


def _is_opaque(opened: OleFileIO) -> bool:
    """Whether much of a compound file is packed or binary data of its program, in which no words were found."""
    size = 0
    for entry in opened.listdir():
        if entry[-1][:1] > "\x05" and entry[-1] not in _CARRIERS and not any("VBA" in name.upper() for name in entry):
            data = stream(opened, *entry)
            size += len(data) if len(set(data[:_OPAQUE])) > _VALUES and next(strings_in(data), None) is None else 0
    return size >= _OPAQUE
