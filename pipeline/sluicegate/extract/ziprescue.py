"""ZIP bytes in, members that its directory does not name out: hidden, deleted, or left over from a damaged archive."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sluicegate.extract.charset import decode
from sluicegate.settings import Limits

_LOCAL = struct.Struct("<4s5H3L2H")
_OTHERS = (9, 12, 14, 93, 95, 98, 99)
"""Deflate64, bzip2, LZMA, Zstandard, XZ, PPMd and AES: rare enough to be named and not read."""
_MAGIC = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Stray:
    """A member found by its local header; `content` is None when it does not unpack within the limits."""

    name: str
    offset: int
    content: bytes | None = field(repr=False)


def strays(data: bytes, spans: Sequence[tuple[int, int]], *, limits: Limits) -> Iterator[Stray]:
    """Members outside `spans`, the (start, end) of those that the directory names (APPNOTE 4.3.7)."""
    known = sorted(spans)
    total = at = found = 0
    while (start := data.find(_MAGIC, at)) >= 0 and found < limits.members:
        while known and known[0][1] <= start:
            known.pop(0)
        if known and known[0][0] <= start:
            at = known[0][1]
            continue
        stray, end = _member(data, start, limits)
        at = max(end, start + 4)
        if stray is None:
            continue
        found += 1
        total += len(stray.content or b"")
        if total > limits.total_bytes:
            return
        yield stray


def _member(data: bytes, start: int, limits: Limits) -> tuple[Stray | None, int]:
    """The member whose local header stands at `start`, and where it ends."""
    if start + _LOCAL.size > len(data):
        return None, len(data)
    _, _, flags, method, _, _, _, packed, _, name_size, extra_size = _LOCAL.unpack_from(data, start)
    begin = start + _LOCAL.size + name_size + extra_size
    raw = data[start + _LOCAL.size : start + _LOCAL.size + name_size]
    if method not in (0, 8, *_OTHERS) or name_size > 1000 or begin > len(data) or raw.endswith(b"/"):
        return None, start + 4
    name = decode(raw, declared="utf-8") or f"member at byte {start}"
    if flags & 1 or method in _OTHERS:
        return Stray(name, start, None), begin + packed
    if method == 0:
        end = begin + packed if packed else _next(data, begin)
        return Stray(name, start, data[begin:end]), end
    return _deflated(data, begin, name, start, limits)


def _deflated(data: bytes, begin: int, name: str, start: int, limits: Limits) -> tuple[Stray, int]:
    engine = zlib.decompressobj(-15)
    try:
        content = engine.decompress(memoryview(data)[begin:], limits.part_bytes)
    except zlib.error:
        return Stray(name, start, None), begin
    if not engine.eof:
        return Stray(name, start, None), _next(data, begin)
    return Stray(name, start, content), len(data) - len(engine.unused_data)


def _next(data: bytes, begin: int) -> int:
    following = [place for place in (data.find(_MAGIC, begin), data.find(b"PK\x01\x02", begin)) if place >= 0]
    return min(following, default=len(data))
