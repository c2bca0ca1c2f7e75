"""A binary property list of the Mac (in iWork files, web archives, bookmarks) in, its texts and files out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable

MEDIA_TYPES = ("application/x-bplist",)

_DEEPEST = 60
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
    text = "\n".join(dict.fromkeys(lines))
    if text.strip():
        yield Passage(text, context.place())
    for number, data in enumerate(files, 1):
        yield Child(f"data {number}", data)
    if not text.strip() and not files:
        yield Note("a property list without words", blank=True)


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
