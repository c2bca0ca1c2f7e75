"""A binary property list of the Mac (in iWork files, web archives, bookmarks) in, its texts and files out.

Prose that no name leads to, in a damaged list or one made so, is read from the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable
from sluicegate.extract.office.prose import is_prose, likely, strings_in

MEDIA_TYPES = ("application/x-bplist",)

_DEEPEST = 60
_MARK = re.compile(rb"([_o])(?:\x10(.)|\x11(..)|\x12(....))", re.S)
_SMALL = 64
"""Bytes below which data are a mark or a number."""


def read(source: Source, context: Context) -> Iterator[Find]:
    """Texts with the names that they have, one a line; data as children."""
    import plistlib

    try:
        whole = plistlib.loads(source.data, fmt=plistlib.FMT_BINARY)
    except (plistlib.InvalidFileException, ValueError, OverflowError, LookupError, TypeError, OSError):
        raise Unreadable(ProblemKind.DAMAGED, "the property list does not open") from None
    lines: list[str] = []
    files: list[bytes] = []
    _walk(whole, "", lines, files, _DEEPEST)
    known = "\n".join([*lines, *(data.decode("utf-8", "replace") for data in files)])
    lines.extend(_unreached(source.data, known))
    text = "\n".join(dict.fromkeys(lines))
    if text.strip():
        yield Passage(text, context.place())
    for number, data in enumerate(files, 1):
        yield Child(f"data {number}", data)
    if not text.strip() and not files:
        yield Note("a property list without words", blank=True)


def _unreached(data: bytes, read: str) -> Iterator[str]:
    """Prose of the bytes that is not in the text read: strings by their marks, and what stands there as it is."""
    for found in [*_marked(data), *strings_in(data)]:
        inner = found[len(found) // 4 : len(found) - len(found) // 4]  # its ends may be signs of the format
        if inner not in read and likely(found):
            yield found


def _marked(data: bytes) -> Iterator[str]:
    """Strings of 15 characters or more: a mark for ASCII or UTF-16, the length, the characters."""
    for match in _MARK.finditer(data):
        length = int.from_bytes(match[2] or match[3] or match[4], "big")
        wide = match[1] == b"o"
        text = data[match.end() : match.end() + length * (2 if wide else 1)].decode(
            "utf-16-be" if wide else "ascii", "replace"
        )
        if is_prose(text):
            yield text


def _walk(value: Any, name: str, lines: list[str], files: list[bytes], depth: int) -> None:
    match value:
        case str() if any(map(str.isalpha, value)):
            lines.append(f"{name}: {value}" if name else value)
        case bytes() if len(value) >= _SMALL:
            files.append(value)
        case dict() if depth:
            for key, inner in value.items():
                _walk(inner, str(key), lines, files, depth - 1)
        case list() if depth:
            for inner in value:
                _walk(inner, name, lines, files, depth - 1)
        case _:
            return
