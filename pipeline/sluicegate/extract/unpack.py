"""A packed stream in, its content out, piece by piece within limits: bombs stop, cut streams keep what they gave."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from sluicegate.document import ProblemKind
from sluicegate.settings import MIB, Limits

RATIO_FLOOR = 10 * MIB
_STEP = MIB


class Engine(Protocol):
    """What zlib's, bz2's and lzma's decompressors have in common."""

    @property
    def eof(self) -> bool:
        """Whether the end mark was met."""

    @property
    def unused_data(self) -> bytes:
        """What follows the end mark."""

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes:
        """At most `max_length` bytes of content."""


def unpacked(data: bytes, make: Callable[[], Engine], limits: Limits) -> tuple[bytes, ProblemKind | None, bytes]:
    """(content, why it is not whole or None, bytes after the last stream); several streams in a row count as one."""
    pieces: list[bytes] = []
    size = 0
    rest = data
    try:
        while rest:
            engine = make()
            for piece in _pieces(engine, rest):
                pieces.append(piece)
                size += len(piece)
                if size > limits.part_bytes or (size > RATIO_FLOOR and size > limits.ratio * len(data)):
                    return b"".join(pieces), ProblemKind.TOO_LARGE, b""
            if not engine.eof:
                return b"".join(pieces), ProblemKind.DAMAGED, b""
            rest = engine.unused_data.lstrip(b"\0")
            if rest[:2] != data[:2]:
                break
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError):
        return b"".join(pieces), ProblemKind.DAMAGED, b""
    return b"".join(pieces), None, rest


def _pieces(engine: Engine, data: bytes) -> Iterator[bytes]:
    """Pieces of at most a MiB. zlib hands back the input it has not used; bz2 and lzma keep it."""
    given = data
    while not engine.eof:
        piece = engine.decompress(given, _STEP)
        given = getattr(engine, "unconsumed_tail", b"")
        if not piece and not given:
            return
        if piece:
            yield piece
