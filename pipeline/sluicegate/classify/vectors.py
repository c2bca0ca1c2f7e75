"""Texts in, a sparse matrix out: hashed counts of the features of each block, and their union for each window.

Hashing keeps no list of words, so a model trained on a company's documents does not carry their vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sluicegate.classify.columns import BITS, COLUMNS, columns_of_tokens
from sluicegate.classify.tokens import find_all_tokens
from sluicegate.classify.windows import Cut, cut

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
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


def window_logits(
    texts: Sequence[str], weights: NDArray[np.float32]
) -> tuple[NDArray[np.float32], list[tuple[int, int, int]]]:
    """`window_matrix(texts) @ weights`, shape (windows, heads), without the matrix; each row's (passage, start, end).

    A window of two blocks sums both and takes off what both have, so that each block is looked at once.
    """
    import numpy as np

    cuts = [cut(text) for text in texts]
    spans = [(number, *found.span(window)) for number, found in enumerate(cuts) for window in found.windows]
    if not spans:
        return np.zeros((0, weights.shape[1]), np.float32), []
    blocks = [text[start:end] for text, found in zip(texts, cuts, strict=True) for start, end in found.blocks]
    rows, columns = columns_of_tokens(find_all_tokens(blocks))
    weighed = weights[columns]
    sums, sizes = _by_row(rows, weighed, len(blocks))
    keys = rows << BITS | columns
    following = np.searchsorted(keys, keys + COLUMNS)
    shared = np.flatnonzero(keys[np.minimum(following, len(keys) - 1)] == keys + COLUMNS)
    common, both = _by_row(rows[shared], weighed[shared], len(blocks))
    starts = np.cumsum([0, *(len(found.blocks) for found in cuts[:-1])])
    firsts = np.array([start + first for start, found in zip(starts, cuts, strict=True) for first, _ in found.windows])
    wide = np.array([last - first for found in cuts for first, last in found.windows], dtype=bool)
    seconds = np.where(wide, firsts + 1, firsts)
    logits = sums[firsts]
    counts = sizes[firsts]
    logits[wide] += sums[seconds[wide]] - common[firsts[wide]]
    counts[wide] += sizes[seconds[wide]] - both[firsts[wide]]
    return logits / np.sqrt(np.maximum(counts, 1)).astype(np.float32)[:, None], spans


def _by_row(
    rows: NDArray[np.int64], values: NDArray[np.float32], count: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The sum of the values of each of `count` rows (`rows` is in order), and how many there are."""
    import numpy as np

    sizes = np.bincount(rows, minlength=count)
    sums = np.zeros((count, values.shape[1]), np.float32)
    filled = np.flatnonzero(sizes)
    if len(filled):
        sums[filled] = np.add.reduceat(values, np.concatenate(([0], np.cumsum(sizes[filled])[:-1])), axis=0)
    return sums, sizes


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
