"""Words and a text in, the places out where a dear pattern that begins with one of the words is worth trying."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence


class Words:
    """Finds a fixed set of lower-case words in any case, all at once."""

    def __init__(self, words: Sequence[str]) -> None:
        from ahocorasick_rs import AhoCorasick, Implementation

        self.words = tuple(words)
        self._automaton = AhoCorasick(list(words), implementation=Implementation.DFA)

    def places(self, text: str) -> list[tuple[int, int]] | None:
        """Number and start of every word, overlapping ones too; None when lower case would shift places."""
        lowered = text.lower()
        if len(lowered) != len(text):
            return None
        return [(word, start) for word, start, _ in self._automaton.find_matches_as_indexes(lowered, overlapping=True)]


def tried(pattern: re.Pattern[str], text: str, starts: Iterable[int] | None) -> Iterator[re.Match[str]]:
    """What `pattern.finditer(text)` finds, given every place where a match can start (None: anywhere)."""
    if starts is None:
        yield from pattern.finditer(text)
        return
    last = 0
    for start in sorted(starts):
        if start >= last and (match := pattern.match(text, start)) is not None:
            last = match.end()
            yield match
