"""The skeleton filter: text in, vocabulary hits out, whatever spaces, breaks or look-alikes stand in between.

Text and phrases go through the same character-by-character fold, so a phrase that the ruler can see in any spelling
is a plain substring here: the filter loses nothing. One Aho–Corasick automaton finds all phrases at once.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sluicegate.tag.fold import Skeleton


@dataclass(frozen=True, slots=True)
class Hit:
    """Phrase number `phrase` stands at [start, end) of the text."""

    phrase: int
    start: int
    end: int


class Prefilter:
    """Finds a fixed set of phrases; `exact` names the phrases that must be written exactly so."""

    def __init__(self, phrases: Sequence[str], *, exact: Sequence[bool] = ()) -> None:
        from ahocorasick_rs import AhoCorasick, Implementation

        self._fold = Skeleton()
        self._phrases = tuple(phrases)
        self._exact = tuple(exact) or (False,) * len(self._phrases)
        skeletons: dict[str, list[int]] = {}
        for number, phrase in enumerate(self._phrases):
            skeletons.setdefault(self.skeleton(phrase), []).append(number)
        skeletons.pop("", None)
        self._numbers = tuple(skeletons.values())
        self._automaton = AhoCorasick(list(skeletons), implementation=Implementation.DFA)

    def skeleton(self, text: str) -> str:
        """The text with every character folded; spellings of one word have one skeleton."""
        return text.translate(self._fold)

    def any(self, text: str) -> bool:
        """Whether some phrase stands in the text, at word borders."""
        folded = self.skeleton(text)
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        return bool(found) and next(self._placed(text, found), None) is not None

    def hits(self, text: str) -> tuple[Hit, ...]:
        """Every phrase in the text, overlapping ones too, in order of their ends."""
        found = self._automaton.find_matches_as_indexes(self.skeleton(text), overlapping=True)
        return tuple(self._placed(text, found)) if found else ()

    def _placed(self, text: str, found: list[tuple[int, int, int]]) -> Iterator[Hit]:
        fold = self._fold
        offsets = [place for place, char in enumerate(text) for _ in fold[ord(char)]]
        for pattern, first, after in found:
            start, end = offsets[first], offsets[after - 1] + 1
            stretch = text[start:end]
            for number in self._numbers[pattern]:
                if self._exact[number] and not _written_so(self._phrases[number], stretch):
                    continue
                if _at_borders(text, start, end, exact=self._exact[number]) and not _torn(stretch):
                    yield Hit(number, start, end)


def _written_so(phrase: str, stretch: str) -> bool:
    return stretch == phrase or unicodedata.normalize("NFKC", stretch) == phrase


def _torn(stretch: str) -> bool:
    """Whether the phrase would run over the border of a table cell or a paragraph."""
    return "\t" in stretch or "\n\n" in stretch


def _at_borders(text: str, start: int, end: int, *, exact: bool) -> bool:
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
