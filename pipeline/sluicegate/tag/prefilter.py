"""The skeleton filter: text in, vocabulary hits out, whatever spaces, breaks or look-alikes stand in between.

Text and phrases go through the same character-by-character fold, so a phrase that the ruler can see in any spelling
is a plain substring here: the filter loses nothing. One Aho–Corasick automaton finds all phrases at once; a second
one finds abbreviations that count only when written exactly so.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from sluicegate.tag.fold import Skeleton

_PIECE = 64  # characters; small enough to count through, large enough to make few of
_FOREIGN = re.compile(r"([^\x00-\x7f]+)")
_WIDE = re.compile("[\uff10-\uff5a]")
_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True, slots=True)
class Hit:
    """Phrase number `phrase` stands at [start, end) of the text."""

    phrase: int
    start: int
    end: int


class Prefilter:
    """Finds a fixed set of phrases; `exact` says which must be written exactly so (same case, nothing between)."""

    def __init__(self, phrases: Sequence[str], *, exact: Sequence[bool] = ()) -> None:
        self._fold = Skeleton()
        flags = tuple(exact) or (False,) * len(phrases)
        folded: dict[str, list[int]] = {}
        written: dict[str, list[int]] = {}
        for number, (phrase, so) in enumerate(zip(phrases, flags, strict=True)):
            (written if so else folded).setdefault(phrase if so else self.skeleton(phrase), []).append(number)
        folded.pop("", None)
        self._folded = tuple(folded.values())
        self._written = tuple(written.values())
        self._automaton = _automaton(list(folded))
        self._exact = _automaton(list(written)) if written else None

    def skeleton(self, text: str) -> str:
        """The text with every character folded; spellings of one word have one skeleton."""
        fold = self._fold
        if text.isascii():
            return text.translate(fold)
        pieces = _FOREIGN.split(text)  # what is ASCII goes ten times faster alone, unless the pieces are many
        if len(pieces) * _PIECE > 2 * len(text):
            return text.translate(fold)
        return "".join([piece.translate(fold) for piece in pieces])

    def any(self, text: str) -> bool:
        """Whether some phrase stands in the text, at word borders."""
        return next(self._hits(text), None) is not None

    def hits(self, text: str) -> tuple[Hit, ...]:
        """Every phrase in the text, overlapping ones too."""
        return tuple(self._hits(text))

    def _origin(self, text: str, hits: int) -> Callable[[int], int]:
        if hits < _MANY:
            return _Origins(text, self._fold).of
        fold = self._fold
        return [place for place, char in enumerate(text) for _ in fold[ord(char)] or ""].__getitem__

    def _hits(self, text: str) -> Iterator[Hit]:
        found = self._automaton.find_matches_as_indexes(self.skeleton(text), overlapping=True)
        if found:
            origin = self._origin(text, len(found))
            for pattern, first, after in found:
                start, end = origin(first), origin(after - 1) + 1
                if _at_borders(text, start, end) and not _torn(text[start:end]):
                    for number in self._folded[pattern]:
                        yield Hit(number, start, end)
        if self._exact is not None:
            plain = text if text.isascii() or not _WIDE.search(text) else text.translate(_WIDTH)
            for pattern, start, end in self._exact.find_matches_as_indexes(plain, overlapping=True):
                if _at_borders(plain, start, end, exact=True):
                    for number in self._written[pattern]:
                        yield Hit(number, start, end)


_MANY = 6
"""From so many hits on, one list of all places is cheaper than looking for each."""


class _Origins:
    """Which character of a text a character of its skeleton comes from; looks closely only where it is asked."""

    def __init__(self, text: str, fold: Skeleton) -> None:
        self._text, self._fold = text, fold
        lengths = (len(text[at : at + _PIECE].translate(fold)) for at in range(0, len(text), _PIECE))
        self._edges = (0, *accumulate(lengths))

    def of(self, index: int) -> int:
        piece = bisect_right(self._edges, index) - 1
        place, passed = piece * _PIECE, self._edges[piece]
        while True:
            passed += len(self._fold[ord(self._text[place])] or "")
            if passed > index:
                return place
            place += 1


def _automaton(patterns: list[str]) -> Any:
    from ahocorasick_rs import AhoCorasick, Implementation

    return AhoCorasick(patterns, implementation=Implementation.DFA)


def _torn(stretch: str) -> bool:
    """Whether the phrase would run over the border of a table cell or a paragraph."""
    return "\t" in stretch or "\n\n" in stretch


def _at_borders(text: str, start: int, end: int, *, exact: bool = False) -> bool:
    return _border(text, start, -1, exact=exact) and _border(text, end - 1, 1, exact=exact)


def _border(text: str, edge: int, step: int, *, exact: bool) -> bool:
    inside = text[edge]
    if not _is_letter(inside) and not inside.isdigit():
        return True
    position = edge + step
    while 0 <= position < len(text) and unicodedata.category(text[position]) in ("Cf", "Mn"):
        position += step
    if not 0 <= position < len(text):
        return True
    outside = text[position]
    if _is_letter(outside):
        return False
    return not (outside.isdigit() and (exact or inside.isdigit()))


def _is_letter(char: str) -> bool:
    return char.isalpha() and not "\u2e80" <= char <= "\u9fff" and not "\uac00" <= char <= "\ud7af" and char < "\uf900"
