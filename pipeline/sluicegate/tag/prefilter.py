"""The skeleton filter: text in, vocabulary hits out, whatever spaces, breaks or look-alikes stand in between.

Text and phrases go through the same character-by-character fold, so a phrase that the ruler can see in any spelling
is a plain substring here: the filter loses nothing. One Aho–Corasick automaton finds all phrases at once; a second
one finds abbreviations that count only when written exactly so. Readings in brackets behind Chinese characters are
skipped: 鐵(tiě)鋰(lǐ) holds 鐵鋰.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sluicegate.tag.skeleton import Folded, Folder

_WIDE = "\uff10"
_WIDE_ONES = re.compile("[\uff10-\uff5a]")
_FIRST_HAN = "\u3400"
_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_VOWELS = "aeiouvüāáǎàăēéěèĕīíǐìĭōóǒòŏūúǔùŭǖǘǚǜ"
_FEW = 5  # characters of an abbreviation
_HAN = "[\u3400-\u9fff\uf900-\ufaff]"
_READING = re.compile(
    f"[(\uff08](?:(?<={_HAN}.)|(?<={_HAN}\\s.))\\s?(?=[a-z]{{0,2}}[{_VOWELS}])(?:[a-z{_VOWELS}][\u0300-\u030c]?){{1,6}}[1-5]?\\s?[)\uff09]",
    re.I,
)


Hit = tuple[int, int, int]  # the number of a phrase, and the characters [start, end) of the text where it stands


@cache
def _folder() -> Folder:
    """One folder for all filters, because they look at the same texts one after the other."""
    return Folder()


class Prefilter:
    """Finds a fixed set of phrases; `exact` says which must be written exactly so (same case, nothing between)."""

    def __init__(self, phrases: Sequence[str], *, exact: Sequence[bool] = ()) -> None:
        self._folder = _folder()
        self._borders = _Borders()
        flags = tuple(exact) or (False,) * len(phrases)
        folded: dict[str, list[int]] = {}
        written: dict[str, list[int]] = {}
        for number, (phrase, so) in enumerate(zip(phrases, flags, strict=True)):
            (written if so else folded).setdefault(phrase if so else self.skeleton(phrase), []).append(number)
        folded.pop("", None)
        self._folded = tuple(folded.values())
        self._short = tuple(
            any(map(_is_abbreviation, (phrases[number] for number in same))) for same in folded.values()
        )
        self._written = tuple(written.values())
        self._automaton = _automaton(list(folded))
        self._exact = _automaton(list(written)) if written else None

    def skeleton(self, text: str) -> str:
        """The text with every character folded; spellings of one word have one skeleton."""
        return self._folder.fold(text).text

    def any(self, text: str) -> bool:
        """Whether some phrase stands in the text, at word borders."""
        return next(self._hits(text), None) is not None

    def hits(self, text: str) -> tuple[Hit, ...]:
        """Every phrase in the text, overlapping ones too."""
        return tuple(self._hits(text))

    def _hits(self, text: str) -> Iterator[Hit]:
        folded = self._folder.fold(text)
        yield from self._folded_hits(text, folded)
        if self._exact is not None:
            plain = text.translate(_WIDTH) if folded.highest >= _WIDE and _WIDE_ONES.search(text) else text
            for pattern, start, end in self._exact.find_matches_as_indexes(plain, overlapping=True):
                if self._at_borders(plain, start, end - 1, exact=True):
                    for number in self._written[pattern]:
                        yield number, start, end
        if folded.highest >= _FIRST_HAN and ("(" in text or "\uff08" in text):
            yield from self._through_readings(text)

    def _folded_hits(self, text: str, folded: Folded) -> Iterator[Hit]:
        found = self._automaton.find_matches_as_indexes(folded.text, overlapping=True)
        if not found:
            return
        ends = folded.origins([place for _, first, after in found for place in (first, after - 1)])
        cells = "\t" in text or "\n\n" in text
        for (pattern, _, _), start, last in zip(found, ends[::2], ends[1::2], strict=True):
            if self._at_borders(text, start, last) and not (cells and _torn(text[start:last])):
                if self._short[pattern] and not _abbreviates(text[start : last + 1]):
                    continue
                for number in self._folded[pattern]:
                    yield number, start, last + 1

    def _through_readings(self, text: str) -> Iterator[Hit]:
        """Phrases of Chinese characters that carry their readings in brackets."""
        readings = [match.span() for match in _READING.finditer(text)]
        if not readings:
            return
        kept: list[int] = []
        starts, ends = (0, *[end for _, end in readings]), (*[start for start, _ in readings], len(text))
        for start, end in zip(starts, ends, strict=True):
            kept.extend(range(start, end))
        plain = "".join([text[place] for place in kept])
        for number, start, end in self._folded_hits(plain, self._folder.fold(plain)):
            first, last = kept[start], kept[end - 1]
            if last - first >= end - start:
                yield number, first, last + 1

    def _at_borders(self, text: str, first: int, last: int, *, exact: bool = False) -> bool:
        """Whether no word goes on before the first or behind the last character: mostly a look at one neighbour."""
        kinds = self._borders
        inside = kinds[text[first]]
        if inside in _WORDS and first:
            outside = kinds[text[first - 1]]
            if outside is _UNSEEN:
                outside = self._seen(text, range(first - 2, -1, -1))
            if outside is inside or (exact and outside is not _OTHER):
                return False
        inside = kinds[text[last]]
        if inside in _WORDS and last + 1 < len(text):
            outside = kinds[text[last + 1]]
            if outside is _UNSEEN:
                outside = self._seen(text, range(last + 2, len(text)))
            if outside is inside or (exact and outside is not _OTHER):
                return False
        return True

    def _seen(self, text: str, places: range) -> str:
        """The kind of the first character at these places that can be seen."""
        kinds = self._borders
        return next((kind for place in places if (kind := kinds[text[place]]) is not _UNSEEN), _OTHER)


_OTHER, _LETTER, _DIGIT, _UNSEEN = "other", "letter", "digit", "unseen"
_WORDS = (_LETTER, _DIGIT)


class _Borders(dict[str, str]):
    """What each character means at the edge of a word; fills itself in."""

    def __missing__(self, char: str) -> str:
        if _is_letter(char):
            kind = _LETTER
        elif char.isdigit():
            kind = _DIGIT
        else:
            kind = _UNSEEN if unicodedata.category(char) in ("Cf", "Mn") else _OTHER
        self[char] = kind
        return kind


def _automaton(patterns: list[str]) -> Any:
    """The automaton of the patterns; small, since it leaves the processor's cache between two pages."""
    from ahocorasick_rs import AhoCorasick, Implementation

    return AhoCorasick(patterns, implementation=Implementation.ContiguousNFA)


def _torn(stretch: str) -> bool:
    """Whether the phrase would run over the border of a table cell or a paragraph."""
    return "\t" in stretch or "\n\n" in stretch


def _is_abbreviation(phrase: str) -> bool:
    """Capitals so few that ordinary words look like them once folded: LFP, but neither FePO4 nor D50."""
    capitals = sum(map(str.isupper, phrase))
    return len(phrase) <= _FEW and phrase.isascii() and phrase.isalnum() and phrase.isupper() and capitals > 1


def _abbreviates(stretch: str) -> bool:
    """Whether a stretch writes an abbreviation: "LFP", "lfp", "L F P", but neither "If P" nor the "LFp" of a code.

    The capital I is no disguise of an L, only of its small letter; and what blanks part is in capitals.
    """
    if "I" in stretch or "i" in stretch:
        return False
    whole = not any(map(str.isspace, stretch))
    return stretch.isupper() or (whole and (stretch.islower() or stretch[1:].islower()))


def _is_letter(char: str) -> bool:
    return char.isalpha() and not "\u2e80" <= char <= "\u9fff" and not "\uac00" <= char <= "\ud7af" and char < "\uf900"
