"""Pieces of text with their places on a page in, lines out: for formats that print words or single characters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[]- "), frozenset("mwMW@%")
_SAME_LINE, _BLANK, _CELL = 0.4, 0.2, 2.0
"""In sizes of the print: how far baselines of a line differ, how wide a blank is, and the gap between two cells."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text whose baseline begins at (x, y), y growing downwards; `width` where the file states it."""

    x: float
    y: float
    size: float
    text: str = field(repr=False)
    width: float | None = None

    @property
    def end(self) -> float:
        """Where it ends: as stated, else by what its characters take in most fonts."""
        return self.x + (self.width if self.width is not None else self.size * sum(map(_breadth, self.text)))


def in_lines(pieces: Iterable[Piece]) -> str:
    """The pieces in their order, parted by nothing, a blank or a tab where they follow on one line."""
    lines: list[list[str]] = []
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last is not None and abs(piece.y - last.y) <= _SAME_LINE * last.size and piece.x >= last.x:
            lines[-1] += [_gap(last, piece), piece.text]
        else:
            lines.append([piece.text])
        last = piece
    return "\n".join(text for line in lines if (text := "".join(line).strip()))


def _gap(last: Piece, piece: Piece) -> str:
    gap = (piece.x - last.end) / max(last.size, 0.01)
    if gap > _CELL:
        return "\t"
    close = gap <= _BLANK + 0.06 * len(last.text) * (last.width is None)
    spaced = last.text[-1].isspace() or piece.text[0].isspace()
    return "" if close or spaced or (_is_han(last.text[-1]) and _is_han(piece.text[0])) else " "


def _breadth(char: str) -> float:
    if _is_han(char):
        return 1.0
    if char in _NARROW:
        return 0.3
    return 0.85 if char in _WIDE else 0.67 if char.isupper() else 0.52


def _is_han(char: str) -> bool:
    return char >= "\u2e80"
