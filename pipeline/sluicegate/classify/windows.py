"""A passage's text in, the spans that are scored out: blocks of a few sentences, and windows of one or two blocks.

Each block is turned into features once; a window of two neighbours adds theirs, which gives half-overlapping windows
at the price of none. A page of know-how inside a long contract stands out in its own window, and so does the one
sentence of an abstract that gives the best setting, where the window of two would drown it in what surrounds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

_LATIN_BLOCK = 430  # characters, about 70 English words: two or three sentences
_HAN_BLOCK = 210  # Chinese characters; they say about twice as much each
_REACH = 60  # how far a cut may move to fall on a break


@dataclass(frozen=True, slots=True)
class Cut:
    """The blocks of one passage, and its windows as (first block, last block), both included."""

    blocks: tuple[tuple[int, int], ...]
    windows: tuple[tuple[int, int], ...]

    def span(self, window: tuple[int, int]) -> tuple[int, int]:
        """Start and end of a window in the passage's text."""
        return self.blocks[window[0]][0], self.blocks[window[1]][1]


def cut(text: str) -> Cut:
    """Blocks and windows of one passage; a short passage is one of each, an empty one has none."""
    if not text.strip():
        return Cut((), ())
    size = _block_size(text)
    count = max(1, round(len(text) / size))
    stride = -(-len(text) // count)
    edges = [0]
    while len(text) - edges[-1] > stride * 1.4:
        edges.append(_break_near(text, edges[-1] + stride))
    edges.append(len(text))
    blocks = tuple(pairwise(edges))
    if len(blocks) == 1:
        return Cut(blocks, ((0, 0),))
    numbers = range(len(blocks))
    return Cut(blocks, tuple((first, last) for first in numbers for last in (first, first + 1) if last in numbers))


def _block_size(text: str) -> int:
    sample = text if len(text) < 4000 else text[:2000] + text[len(text) // 2 :][:2000]
    han = len(sample.encode("utf-8", "replace")) - len(sample)  # two extra bytes for each Chinese character
    return _HAN_BLOCK if han > 0.5 * len(sample) else _LATIN_BLOCK


def _break_near(text: str, position: int) -> int:
    """The nearest place at or after `position` where the text may be cut; prefers the end of a line or sentence."""
    stretch = text[position : position + _REACH]
    for marks in ("\n", "。；;!?！？", " \t，,"):
        found = [place for place in map(stretch.find, marks) if place >= 0]
        if found:
            return position + min(found) + 1
    return position
