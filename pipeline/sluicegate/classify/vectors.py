"""Texts in, a sparse matrix out: hashed counts of the features of each block, and their union for each window.

Hashing keeps no list of words, so a model trained on a company's documents does not carry their vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sluicegate.classify.columns import COLUMNS, columns_of_tokens
from sluicegate.classify.tokens import find_all_tokens
from sluicegate.classify.windows import Cut, cut

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def hashed(texts: Sequence[str]) -> csr_matrix:
    """One row of hashed features for each text, each column counted once; shape (texts, COLUMNS)."""
    import numpy as np
    from scipy.sparse import csr_matrix

    rows, columns = columns_of_tokens(find_all_tokens(texts))
    ends = np.searchsorted(rows, np.arange(len(texts) + 1))
    return csr_matrix((np.ones(len(columns), dtype=np.float32), columns, ends), shape=(len(texts), COLUMNS))


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
