"""A multipart body and a boundary in, its preamble, parts and epilogue out (RFC 2046, section 5.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_GUESS = re.compile(rb"(?:\A|\n)--([^\r\n]{1,200}?)[ \t]{0,40}\r?\n(?=[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-|\r?\n)")
_EMBEDDED = re.compile(rb"(?:\A|\n)--([^\r\n]{1,200}?)[ \t]{0,40}\r?\n[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[A-Za-z-]+[ \t]*:")


@dataclass(frozen=True, slots=True)
class Split:
    """The pieces of a multipart body; what follows the closing delimiter is the epilogue."""

    preamble: bytes = field(repr=False)
    parts: tuple[bytes, ...] = field(repr=False)
    epilogue: bytes = field(repr=False)


def split(data: bytes, boundary: bytes, *, most: int) -> Split | None:
    """Cut at the delimiter lines; None when there is none. At most `most` parts are cut, the last holds the rest.

    Blanks after a delimiter are allowed. A part after the closing delimiter is a part still: some programs show it.
    """
    delimiter = b"--" + boundary
    pieces: list[bytes] = []
    closing: list[bool] = [False]
    start = position = 0
    while len(pieces) <= most and (found := data.find(delimiter, position)) >= 0:
        position = found + len(delimiter)
        if found and data[found - 1] not in b"\r\n":
            continue
        stop = data.find(b"\n", position, position + 1000)
        line_end = stop if stop >= 0 else min(len(data), position + 1000)
        tail = data[position:line_end].strip()
        if tail not in (b"", b"--"):
            continue
        pieces.append(data[start : _before(data, found)] if found > start else b"")
        closing.append(tail == b"--")
        start = position = min(line_end + 1, len(data))
    if not pieces:
        return None
    pieces.append(data[start:])
    epilogue = pieces.pop() if closing[-1] else b""
    return Split(pieces[0], tuple(pieces[1:]), epilogue)


def guesses(data: bytes) -> tuple[bytes, ...]:
    """Boundaries that a multipart body without a usable one seems to have, in order of appearance."""
    return tuple(dict.fromkeys(match[1].removesuffix(b"--") for match in _GUESS.finditer(data[: 1 << 20])))[:4]


def embedded(data: bytes) -> tuple[bytes, ...]:
    """Boundaries of MIME parts that stand in a text as if they were text (bounces, broken or foreign delimiters)."""
    if b"\n--" not in data and not data.startswith(b"--"):
        return ()
    lowered = data if b"ontent-" in data else data[: 1 << 20].lower()
    if b"ontent-" not in lowered:
        return ()
    return tuple(dict.fromkeys(match[1] for match in _EMBEDDED.finditer(data)))[:64]


def _before(data: bytes, found: int) -> int:
    """The line break before a delimiter belongs to the delimiter."""
    if data[found - 1 : found] == b"\n":
        found -= 1
    return found - 1 if data[found - 1 : found] == b"\r" else found
