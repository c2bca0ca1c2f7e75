"""An OLE object without a format of its own in (a packaged file, an equation, a control), its files and words out."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.document import ProblemKind
from sluicegate.extract.frame import Context, Find, Source
from sluicegate.extract.office.ole import embedded_finds, object_finds, opened_ole
from sluicegate.extract.office.properties import ole_properties
from sluicegate.extract.office.vba import ole_macros

MEDIA_TYPES = ("application/x-ole-storage",)


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
    if not found:
        silent = all(name[:1] in "\x01\x02\x03\x05" or name in ("PIC", "META") for name in top)
        if not silent:
            yield context.problem(ProblemKind.UNSUPPORTED, "compound file of an unknown program")
