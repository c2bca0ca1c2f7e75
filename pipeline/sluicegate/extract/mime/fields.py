"""A message or body part in, its header fields and body out (RFC 5322, section 2.2), by one reading or two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_STRAY_CR = re.compile(rb"\r(?!\n)")
HEADER = 1 << 20
"""Bytes of header that are read; mail servers cut theirs at a tenth of this."""
_JUNK = 50
"""Lines in a header that are no fields; with more of them it is a text."""
_BOM16 = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Fields:
    """Header fields in order: name in lower case, raw value unfolded, white space around it removed."""

    items: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)

    def all(self, name: str) -> tuple[bytes, ...]:
        """Every value of this field, in order."""
        return tuple(value for key, value in self.items if key == name)

    def ends(self, name: str) -> tuple[bytes, ...]:
        """The last and the first value where they differ, for programs disagree which of two fields counts."""
        values = self.all(name)
        return tuple(dict.fromkeys((values[-1], values[0]))) if values else ()


@dataclass(frozen=True, slots=True)
class Entity:
    """A header and what follows it."""

    fields: Fields
    body: bytes = field(repr=False)


def entities(data: bytes) -> tuple[Entity, ...]:
    """One reading of a message or part, or two.

    A line in the header that is no field ends it for some programs and is skipped by others: where that changes
    which MIME fields count, both readings come, the skipping one first.
    """
    strict, rest, junk = _read(data, skip=False)
    first = Entity(Fields(tuple(strict)), data[rest:])
    if not junk:
        return (first,)
    loose, end, _ = _read(data, skip=True)
    mime = [name for name, _ in loose[len(strict) :] if name.startswith("content-")]
    return (Entity(Fields(tuple(loose)), data[end:]), first) if mime else (first,)


def normalised(data: bytes) -> bytes:
    """A whole message made readable line by line: UTF-16 files as UTF-8, lone CR line ends as LF, no blank lead."""
    for bom, codec in _BOM16:
        if data.startswith(bom):
            data = data.decode(codec, "replace").encode("utf-8", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\n" not in data[:65536] and b"\r" in data[:65536]:
        data = data.replace(b"\r", b"\n")
    return data.lstrip(b"\r\n") if data[:1] in (b"\r", b"\n") else data


def looks_like_header(data: bytes) -> bool:
    """True when the first line (after an mbox "From " line) is a header field."""
    if data.startswith((b"From ", b">From ")):
        data = data[data.find(b"\n") + 1 :]
    return _FIELD.match(data[:1024]) is not None


def _read(data: bytes, *, skip: bool) -> tuple[list[tuple[str, bytes]], int, bool]:
    """Fields, offset of the body, and whether the header ended at (or held) a line that is no field."""
    found: list[tuple[str, list[bytes]]] = []
    position = 0
    junk = 0
    for line, start, end in _lines(data):
        position = end
        if not line or start > HEADER:
            break
        match = _FIELD.match(line)
        if line[:1] in b" \t" and found:
            found[-1][1].append(line)
        elif match:
            found.append((match[1].decode("ascii").lower(), [line[match.end() :]]))
        elif not found and line.startswith((b"From ", b">From ")):
            continue
        elif skip and junk < _JUNK:
            junk += 1
        else:
            return _joined(found), start, bool(found)
    return _joined(found), position, junk > 0


def _joined(found: list[tuple[str, list[bytes]]]) -> list[tuple[str, bytes]]:
    return [(name, b"".join(lines).strip() if len(lines) > 1 else lines[0].strip()) for name, lines in found]


def _lines(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(line, offset, offset of the next) for each line; a stray CR parts a line too when a field follows it."""
    position = 0
    size = len(data)
    while position < size:
        stop = data.find(b"\n", position) + 1 or size
        line = data[position:stop].rstrip(b"\r\n")
        if b"\x00" in line:
            line = line.replace(b"\x00", b"")
        pieces = _STRAY_CR.split(line) if b"\r" in line else [line]
        if pieces[0] or len(pieces) == 1:
            yield pieces[0], position, stop
        for piece in pieces[1:]:
            if piece:
                yield (piece if _FIELD.match(piece) else b" " + piece), position, stop
        position = stop
