"""Tokens of several texts in, the columns of their features out, as numbers from the first step to the last.

Every page of every document comes through here. Each token is looked up once, in a table that fills itself in; pairs,
meanings and their columns are then made for a whole document at once. `tokens.features_of` names the same features.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sluicegate.classify.tokens import BREAK, CODE, load_classes, meanings_of_pairs, word_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint64]

BITS = 18
COLUMNS = 2**BITS
_REMEMBERED = 2**17  # tokens kept at hand, about 20 MB
_MEANING, _HAN, _CODE, _BREAK, _NOTHING = 32, 48, 49, 50, 51  # bits of a packed token above its 32 bits of hash
_APART = 0x5BD1E995  # keeps two meanings from sharing the column of two words
_FIRST, _SECOND, _LAST = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xBF58476D1CE4E5B9  # odd, as multipliers must be


def hash_of(name: str) -> int:
    """32 bits of a word or a meaning; the same on every machine."""
    return zlib.crc32(name.encode("utf-8", "surrogatepass"))


def column_of(name: str) -> int:
    """The column of a feature by its name, as `tokens.features_of` writes it."""
    first, mark, second = name.partition(">")
    if mark:
        return _mixed(hash_of(second), hash_of(first) ^ _APART)
    before, _, word = name.rpartition(" ")
    return _mixed(hash_of(word), hash_of(before) if before else 0)


def _mixed(one: int, other: int) -> int:
    """The column of two hashes; the same sum as `_mix`, of one pair."""
    mixed = (one * _FIRST + other * _SECOND) % 2**64
    mixed ^= mixed >> 29
    return (mixed * _LAST % 2**64) >> (64 - BITS)


def _mix(ones: Codes, others: Codes | int) -> NDArray[np.int64]:
    import numpy as np

    mixed = ones * np.uint64(_FIRST) + others * np.uint64(_SECOND)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(_LAST)
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)


class _Packed(dict[str, int]):
    """A table of tokens that fills itself in: hash, number of the meaning, and what kind of token it is, as one int."""

    def __init__(self, numbers: dict[str, int]) -> None:
        super().__init__()
        self._numbers = numbers

    def __missing__(self, token: str) -> int:
        if token == BREAK:
            packed = 1 << _BREAK
        elif (word := word_of(token)) is None:
            packed = 1 << _NOTHING
        else:
            code, han = word.is_code, word.stem[0] > "§"
            meaning = self._numbers[word.meaning] if word.meaning else 0
            packed = hash_of(word.stem) | meaning << _MEANING | han << _HAN | code << _CODE
        self[token] = packed
        return packed


class _Tables:
    """The tables of one process: tokens met before, and meanings by number and by pair of Chinese characters."""

    def __init__(self) -> None:
        import numpy as np

        pairs = meanings_of_pairs()
        classes = load_classes()
        names = sorted({f"={name}" for name in classes.words.values()} | {f"§{name}" for name in classes.quantities})
        numbers = {name: number for number, name in enumerate(names, 1)}
        self.meanings = np.array([0, *map(hash_of, names)], np.uint64)
        self.words = np.array([False, *(name[0] == "=" for name in names)])
        self.packed = _Packed(numbers)
        keyed = sorted((hash_of(pair[0]) << 32 | hash_of(pair[1]), numbers[name]) for pair, name in pairs.items())
        self.pairs = np.array([key for key, _ in keyed], np.uint64)
        self.pair_meanings = np.array([number for _, number in keyed], np.int64)


@cache
def _tables() -> _Tables:
    return _Tables()


def columns_of_tokens(tokens: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of texts' tokens, each text after a `BREAK`: the texts' numbers and the distinct columns of each, in order."""
    import numpy as np

    tables = _tables()
    if len(tables.packed) > _REMEMBERED:
        tables.packed.clear()
    packed = np.fromiter(map(tables.packed.__getitem__, tokens), np.uint64, len(tokens))
    packed = packed[packed < np.uint64(1 << _NOTHING)]
    breaks = packed >> np.uint64(_BREAK) != 0
    texts = np.cumsum(breaks) - 1
    words = packed & np.uint64(0xFFFFFFFF)
    inner = ~(breaks[1:] | breaks[:-1])  # whether a token and the one before it stand in one text
    second = np.flatnonzero(inner) + 1
    meant = _meanings(packed, words, second, tables)
    some = np.flatnonzero(meant)
    spoken = some[tables.words[meant[some]]]
    same = np.flatnonzero(texts[some[1:]] == texts[some[:-1]]) + 1
    hashes = tables.meanings[meant[some]]
    plain = np.flatnonzero(~breaks)
    coded = np.flatnonzero(packed & np.uint64(1 << _CODE))
    found = (
        (plain, _mix(words[plain], 0)),
        (second, _mix(words[second], words[second - 1])),
        (coded, np.full(len(coded), column_of(CODE))),
        (spoken, _mix(tables.meanings[meant[spoken]], 0)),
        (some[same], _mix(hashes[same], hashes[same - 1] ^ np.uint64(_APART))),
    )
    keys = np.concatenate([texts[places] << BITS | columns for places, columns in found])
    keys.sort()
    keys = keys[np.diff(keys, prepend=-1) > 0]
    return keys >> BITS, keys & (COLUMNS - 1)


def _meanings(packed: Codes, words: Codes, second: NDArray[np.int64], tables: _Tables) -> NDArray[np.int64]:
    """The number of each token's meaning, 0 for none; two Chinese characters mean something at the second one."""
    import numpy as np

    meant = (packed >> np.uint64(_MEANING) & np.uint64(0xFFFF)).astype(np.int64)
    han = packed & np.uint64(1 << _HAN) != 0
    pairs = second[han[second] & han[second - 1]]
    keys = words[pairs - 1] << np.uint64(32) | words[pairs]
    at = np.minimum(np.searchsorted(tables.pairs, keys), len(tables.pairs) - 1)
    meant[pairs] = np.where(tables.pairs[at] == keys, tables.pair_meanings[at], 0)
    return meant


def columns_of(names: Iterable[str]) -> list[int]:
    """The column of each feature by name."""
    return [column_of(name) for name in names]


__all__: Any = ["BITS", "COLUMNS", "column_of", "columns_of", "columns_of_tokens", "hash_of"]
