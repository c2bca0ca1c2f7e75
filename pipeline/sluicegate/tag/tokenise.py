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
