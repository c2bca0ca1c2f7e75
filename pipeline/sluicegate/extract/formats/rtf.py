"""RTF in, passages of every destination out: text, headers, notes, comments, hidden text, objects, pictures."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.extract.frame import Context, Find, Source
from sluicegate.extract.office.rtf import RtfReader

MEDIA_TYPES = ("application/rtf",)


def read(source: Source, context: Context) -> Iterator[Find]:
    """The body in order, then the other destinations; embedded files as children."""
    yield from RtfReader(context).read(source.data)
