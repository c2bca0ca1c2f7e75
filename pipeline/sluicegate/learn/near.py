"""Texts in, pairs of nearly equal ones out: character shingles, MinHash and banding (Broder, 1997), none met twice.

Similarity is the Jaccard coefficient of the sets of 5-character shingles of the text without spaces, in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SHINGLE = 5
_HASHES = 96
_ROWS = 3  # of 32 bands: pairs alike to 0.5 are found in 98 of 100 cases, to 0.2 in 23
_CROWD = 60  # texts in one bucket beyond which it is boilerplate, not likeness
_SPACE = re.compile(r"[\s\W_]+")
_PRIME = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts by number, and how alike they are."""

    first: int
    second: int
    similarity: float


def shingles(text: str) -> NDArray[np.int64]:
    """The distinct hashed shingles of a text, sorted; shape (shingles,)."""
    import numpy as np

    codes = np.frombuffer(_SPACE.sub("", text.lower()).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.int64)
    if len(codes) < _SHINGLE:
        return np.unique(codes % _PRIME)
    hashed = np.zeros(len(codes) - _SHINGLE + 1, dtype=np.int64)
    for step in range(_SHINGLE):
        hashed = (hashed * 131 + codes[step : len(codes) - _SHINGLE + 1 + step]) % _PRIME
    return np.unique(hashed)


def similarity(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """Jaccard coefficient of two sets of shingles."""
    import numpy as np

    shared = len(np.intersect1d(first, second, assume_unique=True))
    return shared / max(len(first) + len(second) - shared, 1)


def near_pairs(texts: Sequence[str], *, least: float = 0.6) -> list[Pair]:
    """Pairs whose similarity is at least `least`, most alike first."""
    import numpy as np

    sets = [shingles(text) for text in texts]
    signatures = np.stack([_signature(found) for found in sets]) if sets else np.zeros((0, _HASHES), dtype=np.int64)
    candidates: set[tuple[int, int]] = set()
    for first in range(0, _HASHES, _ROWS):
        buckets: dict[bytes, list[int]] = {}
        for number, row in enumerate(signatures[:, first : first + _ROWS]):
            buckets.setdefault(row.tobytes(), []).append(number)
        for members in buckets.values():
            if 2 <= len(members) <= _CROWD:
                candidates.update((one, two) for place, one in enumerate(members) for two in members[place + 1 :])
    pairs = [Pair(one, two, similarity(sets[one], sets[two])) for one, two in sorted(candidates)]
    return sorted((pair for pair in pairs if pair.similarity >= least), key=lambda pair: (-pair.similarity, pair.first))


def _signature(found: NDArray[np.int64]) -> NDArray[np.int64]:
    import numpy as np

    generator = np.random.default_rng(7)
    factors, shifts = generator.integers(1, _PRIME, size=(2, _HASHES), dtype=np.int64)
    if not len(found):
        return np.full(_HASHES, -1, dtype=np.int64)
    lowest = np.full(_HASHES, _PRIME, dtype=np.int64)
    for first in range(0, len(found), 4096):
        part = found[first : first + 4096, None]
        lowest = np.minimum(lowest, ((part * factors + shifts) % _PRIME).min(axis=0))
    return lowest
