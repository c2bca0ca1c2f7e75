"""Texts in, a sparse matrix out: hashed counts of the features of each block, and their union for each window.

Hashing keeps no list of words, so a model trained on a company's documents does not carry their vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from sluicegate.classify.tokens import features
from sluicegate.classify.windows import Cut, cut

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

COLUMNS = 2**18
_REMEMBERED = 2**17  # features whose column is kept at hand, about 15 MB


def hasher() -> Any:
    """The feature hasher; what it maps where is part of the feature version."""
    import numpy as np
    from sklearn.feature_extraction import FeatureHasher

    return FeatureHasher(COLUMNS, input_type="string", alternate_sign=False, dtype=np.float32)


def hashed(texts: Iterable[str]) -> csr_matrix:
    """One row of hashed features for each text, each column counted once; shape (texts, COLUMNS)."""
    import numpy as np
    from scipy.sparse import csr_matrix

    known = _known_columns()
    if len(known) > _REMEMBERED:
        known.clear()
    rows = []
    for text in texts:
        found = features(text)
        try:
            rows.append(set(map(known.__getitem__, found)))
        except KeyError:
            fresh = list({feature for feature in found if feature not in known})
            known.update(zip(fresh, columns_of(fresh), strict=True))
            rows.append(set(map(known.__getitem__, found)))
    ends = np.cumsum([0, *map(len, rows)])
    indices = np.fromiter(chain.from_iterable(rows), dtype=np.int32, count=int(ends[-1]))
    return csr_matrix((np.ones(len(indices), dtype=np.float32), indices, ends), shape=(len(rows), COLUMNS))


def columns_of(names: Sequence[str]) -> list[int]:
    """The column of each feature."""
    return hasher().transform([name] for name in names).indices.tolist() if names else []


@cache
def _known_columns() -> dict[str, int]:
    """Columns of features met before; most features of a page were on the page before it."""
    return {}


def window_matrix(texts: Sequence[str]) -> tuple[csr_matrix, list[tuple[int, int, int]]]:
    """Features of every window of the passages, ready for a linear model, and each row's (passage, start, end)."""
    cuts = [cut(text) for text in texts]
    blocks = [text[start:end] for text, found in zip(texts, cuts, strict=True) for start, end in found.blocks]
    spans = [(number, *found.span(window)) for number, found in enumerate(cuts) for window in found.windows]
    if not spans:
        return hashed(()), []
    return weighted(_joined(hashed(blocks), cuts)), spans


def _joined(blocks: csr_matrix, cuts: Sequence[Cut]) -> csr_matrix:
    """The rows of windows: each the sum of its blocks' rows."""
    import numpy as np
    from scipy.sparse import csr_matrix

    members: list[int] = []
    ends = [0]
    offset = 0
    for found in cuts:
        for first, last in found.windows:
            members.extend(range(offset + first, offset + last + 1))
            ends.append(len(members))
        offset += len(found.blocks)
    if len(ends) - 1 == blocks.shape[0] == len(members):
        return blocks
    ones = np.ones(len(members), dtype=np.float32)
    joining = csr_matrix((ones, np.asarray(members), np.asarray(ends)), shape=(len(ends) - 1, blocks.shape[0]))
    return joining @ blocks


def weighted(counts: csr_matrix) -> csr_matrix:
    """Presence instead of counts, each row scaled to length 1, so that neither repetition nor length tells."""
    import numpy as np

    counts.data = np.ones_like(counts.data)
    sizes = np.diff(counts.indptr)
    counts.data /= np.repeat(np.sqrt(np.maximum(sizes, 1)), sizes).astype(np.float32)
    return counts
