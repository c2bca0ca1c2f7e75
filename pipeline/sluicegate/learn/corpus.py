"""Samples in, one row of features for every window out, with the sample that each row belongs to.

Features are made once, in parallel for large sets, and every split and head works on the same matrix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sluicegate.classify.vectors import window_matrix
from sluicegate.learn.sample import Sample

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LARGE = 600  # samples from which starting processes pays
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Corpus:
    """`matrix` has shape (windows, columns); `owner[row]` is the sample's number; `marked[row]` 1 if the window lies
    in a marked stretch, 0 if it lies outside of its sample's marks, -1 if its sample has none."""

    samples: tuple[Sample, ...] = field(repr=False)
    matrix: Any = field(repr=False)
    owner: NDArray[np.int64] = field(repr=False)
    marked: NDArray[np.int8] = field(repr=False)
    spans: tuple[tuple[int, int, int], ...] = field(repr=False)


def build_corpus(samples: Sequence[Sample], *, jobs: int = -1) -> Corpus:
    """The features of every window of the samples."""
    import numpy as np
    from joblib import Parallel, delayed
    from scipy.sparse import vstack

    batches = [samples[first : first + _BATCH] for first in range(0, len(samples), _BATCH)]
    run = Parallel(n_jobs=jobs if len(samples) >= _LARGE else 1)
    made = run(delayed(_featurise)([sample.texts for sample in batch]) for batch in batches)
    owner: list[int] = []
    marked: list[int] = []
    spans: list[tuple[int, int, int]] = []
    number = 0
    for _, per_sample in made:
        for found in per_sample:
            owner.extend([number] * len(found))
            marked.extend(_marked(samples[number], span) for span in found)
            spans.extend(found)
            number += 1
    return Corpus(
        tuple(samples),
        vstack([matrix for matrix, _ in made], format="csr"),
        np.asarray(owner, dtype=np.int64),
        np.asarray(marked, dtype=np.int8),
        tuple(spans),
    )


def _featurise(batch: list[tuple[str, ...]]) -> tuple[Any, list[list[tuple[int, int, int]]]]:
    flat = [text for texts in batch for text in texts]
    starts = [0]
    for texts in batch:
        starts.append(starts[-1] + len(texts))
    matrix, spans = window_matrix(flat)
    per_sample: list[list[tuple[int, int, int]]] = [[] for _ in batch]
    number = 0
    for passage, start, end in spans:
        while passage >= starts[number + 1]:
            number += 1
        per_sample[number].append((passage - starts[number], start, end))
    return matrix, per_sample


def _marked(sample: Sample, span: tuple[int, int, int]) -> int:
    """Whether a window holds a fair part of a mark, or a mark a fair part of it."""
    if not sample.marks:
        return -1
    passage, start, end = span
    shared = sum(
        max(0, min(end, mark.end) - max(start, mark.start)) for mark in sample.marks if mark.passage == passage
    )
    if shared == 0:
        return 0
    least = min(end - start, *(mark.end - mark.start for mark in sample.marks if mark.passage == passage))
    return 1 if shared >= 0.4 * least else -1
