"""A Windows shortcut (LNK, [MS-SHLLINK]) in, its target, arguments and description out."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Context, Find, Note, Source
from sluicegate.extract.office.prose import strings_in

MEDIA_TYPES = ("application/x-ms-shortcut",)

_HEADER = 76
_LARGEST = 64 * 1024
"""Bytes beyond which more than a shortcut is in it."""


def read(source: Source, context: Context) -> Iterator[Find]:
    """The words in it; one that is too large for a shortcut carries something."""
    text = "\n".join(dict.fromkeys([*_stated(source.data), *strings_in(source.data)]))
    if text:
        yield Passage(text, context.place(channel="link targets"))
    yield Note("a shortcut: what it points to is not in it", blank=True)
    if len(source.data) > _LARGEST:
        yield context.problem(ProblemKind.UNSUPPORTED, f"a shortcut of {len(source.data)} bytes carries something else")


def _stated(data: bytes) -> Iterator[str]:
    """The strings behind the header, the list of items and the link's information (StringData, 2.4)."""
    try:
        (flags,) = struct.unpack_from("<I", data, 20)
        at = _HEADER
        if flags & 0x01:
            at += 2 + struct.unpack_from("<H", data, at)[0]
        if flags & 0x02:
            at += struct.unpack_from("<I", data, at)[0]
        width, charset = (2, "utf-16-le") if flags & 0x80 else (1, "latin-1")
        for flag in (0x04, 0x08, 0x10, 0x20, 0x40):
            if flags & flag:
                length = width * struct.unpack_from("<H", data, at)[0]
                text = data[at + 2 : at + 2 + length].decode(charset, "replace").strip("\0 ")
                at += 2 + length
                if text:
                    yield text
    except struct.error:
        return
