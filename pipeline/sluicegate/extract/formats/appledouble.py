"""AppleSingle or AppleDouble in (`._name`, as the Mac puts it beside each file in a ZIP), its forks out (RFC 1740)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Child, Context, Find, Note, Source
from sluicegate.extract.office.prose import strings_in

MEDIA_TYPES = ("application/applefile",)

_ENTRY = struct.Struct(">LLL")
_DATA, _RESOURCES, _NAMES = 1, 2, (3, 4)
_EMPTY_MAP = 1000
"""Bytes of a resource fork in which nothing but its own map stands."""
_ENTRIES = 64


def read(source: Source, context: Context) -> Iterator[Find]:
    """The data fork as a child, name and comment as text, of the resource fork and the attributes what is language."""
    data = source.data
    count = int.from_bytes(data[24:26], "big")
    cut = len(data) < 26 + count * _ENTRY.size or count > _ENTRIES
    texts: list[str] = []
    forks = 0
    for number in range(0 if cut else count):
        kind, start, length = _ENTRY.unpack_from(data, 26 + number * _ENTRY.size)
        content = data[start : start + length]
        cut = cut or len(content) < length
        forks += kind in (_DATA, _RESOURCES) and bool(content)
        if kind == _DATA and content:
            yield Child(context.path[-1].rpartition("/")[2].removeprefix("._"), content)
        elif kind == _RESOURCES and len(content) > _EMPTY_MAP:
            yield Child("resource fork", content)
        elif kind in _NAMES:
            texts.append(content.decode("utf-8", "replace"))
        else:
            texts.extend(strings_in(content))
    if not forks and not any(map(str.strip, texts)):
        texts.extend(strings_in(data))  # entries that lie about where their content is
    if any(map(str.strip, texts)):
        yield Passage("\n".join(texts), context.place(channel="resource fork"))
    if cut:
        yield context.problem(ProblemKind.DAMAGED, "the AppleDouble file is cut short")
    else:
        yield Note("attributes of a file on a Mac", silent=True)
