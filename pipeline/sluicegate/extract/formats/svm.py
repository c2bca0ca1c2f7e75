"""A metafile of StarView (SVM) in, the text that it draws out: LibreOffice keeps previews of tables in it.

The format is that of LibreOffice's vcl/source/gdi/mtf: a header, then actions, each a type, a version and a length.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.charset import decode
from sluicegate.extract.frame import Context, Find, Note, Source
from sluicegate.extract.repair import repair

MEDIA_TYPES = ("image/x-svm",)

_HEADER = struct.Struct("<6sHI")
_ACTION = struct.Struct("<HHI")
_TEXT = {112: 8, 113: 8, 114: 8, 115: 16}
"""TEXT, TEXTARRAY, STRETCHTEXT, TEXTRECT → where their text begins, behind a point or a rectangle."""
_BITMAPS = range(116, 125)


def read(source: Source, context: Context) -> Iterator[Find]:
    """One passage of the texts in the order in which they are drawn; bitmaps in it are a problem."""
    data = source.data
    if len(data) < _HEADER.size:
        yield context.problem(ProblemKind.DAMAGED, "the metafile is cut short")
        return
    at = _HEADER.size + _HEADER.unpack_from(data)[2]
    texts: list[str] = []
    pictures = False
    while at + _ACTION.size <= len(data):
        kind, _, length = _ACTION.unpack_from(data, at)
        at += _ACTION.size
        if kind in _TEXT:
            texts.append(_drawn(data[at + _TEXT[kind] : at + length]))
        pictures = pictures or kind in _BITMAPS
        at += length
    if any(text.strip() for text in texts):
        yield Passage(repair("\n".join(filter(str.strip, texts))), context.place())
    if pictures:
        yield context.problem(ProblemKind.UNSUPPORTED, "the metafile holds pictures, which were not looked at")
    if at != len(data):
        yield context.problem(ProblemKind.DAMAGED, "the metafile is cut short")
    elif not texts:
        yield Note("a metafile without text", silent=True)


def _drawn(data: bytes) -> str:
    """The text of an action: in an 8-bit charset, and from version 2 on at its end in UTF-16 as well."""
    if len(data) < 2:
        return ""
    (size,) = struct.unpack_from("<H", data)
    narrow = data[2 : 2 + size]
    wide = data[-2 - 2 * size :]
    if size and len(data) > 2 + 3 * size and wide[:2] == data[:2]:
        return wide[2:].decode("utf-16-le", "replace")
    return decode(narrow)
