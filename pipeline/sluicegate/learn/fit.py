"""A corpus in, linear models out, learned from documents whose labels say "some passage teaches".

First the `teaches` head. A teaching document is a bag (multiple-instance learning, Andrews et al., 2003): its windows
start alike, then the model's own best windows, or those that a person marked, stand for it, so that one annex does not
teach the whole contract; a window outside of the marks is harmless text. Then, on the windows that teach, the `listed`
head and one head for each control point: what a text is about is learned only among texts that teach, and so cannot
stand in for teaching. Everything is deterministic.

Each feature counts by its rarity (the inverse document frequency of Sparck Jones, 1972): what stands in one sample in
ten says little, and its weight would be paid for with those of the words that do. The rarity is in the weights of a
finished model, which scores as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sluicegate.classify.model import LISTED, TEACHES
from sluicegate.learn.corpus import Corpus

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NEGATIVE_WINDOWS = 40  # of one harmless document; a 100-page contract would drown the rest
_MANY_ROWS = 20_000
_SAMPLES_OF_RARITY = 200  # below, whether a word is rare or a document long is chance
_FINE, _COARSE = 1e-4, 1e-3  # tolerance of the solver; with many rows the finer one costs half as much again
UNSAID = -1


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How to learn. The values were chosen by leaving registers, points and writers out (see the model card).

    `strength` is the inverse of regularisation; a feature must stand in at least `least_groups` documents; `rounds` of
    choosing windows; `seed` makes runs alike.
    """

    strength: float = 100.0
    least_groups: int = 2
    rounds: int = 2
    folds: int = 8
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Fitted:
    """Logistic regressions by head over the corpus' columns that `columns` names; `None` where a class is missing."""

    heads: dict[str, Any] = field(repr=False)
    columns: NDArray[np.int64] = field(repr=False)

    def logits(self, matrix: Any) -> NDArray[np.float64]:
        """Scores of rows, shape (rows, heads); 0 for a head that could not be learned."""
        import numpy as np

        weights = np.zeros((matrix.shape[1], len(self.heads)), dtype=np.float32)
        shift = np.zeros(len(self.heads))
        for number, regression in enumerate(self.heads.values()):
            if regression is not None:
                weights[self.columns, number] = regression.coef_[0]
                shift[number] = regression.intercept_[0]
        found: NDArray[np.float64] = matrix @ weights + shift
        return found


def targets(corpus: Corpus, head: str) -> NDArray[np.int8]:
    """For each sample 1, 0, or `UNSAID` where its label does not say (or the question does not arise)."""
    import numpy as np

    return np.asarray([_target(sample, head) for sample in corpus.samples], dtype=np.int8)


def _target(sample: Any, head: str) -> int:
    if head == TEACHES:
        return UNSAID if sample.teaches is None else int(sample.teaches)
    if not sample.teaches:
        return UNSAID
    if head == LISTED:
        return int(sample.controlled)
    return UNSAID if sample.controlled and not sample.points else int(head in sample.points)


def kept_columns(
    corpus: Corpus, chosen: NDArray[np.bool_], *, least: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Columns that stand in at least `least` of the chosen samples, so that no single document makes a feature, and
    how rare each is, where 1 is usual in a text."""
    import numpy as np

    rows = np.flatnonzero(chosen[corpus.owner])
    matrix = corpus.matrix[rows]
    owners = np.repeat(corpus.owner[rows], np.diff(matrix.indptr))
    pairs = np.unique(matrix.indices.astype(np.int64) * len(corpus.samples) + owners)
    columns, counts = np.unique(pairs // len(corpus.samples), return_counts=True)
    kept = counts >= least
    if chosen.sum() < _SAMPLES_OF_RARITY:
        return columns[kept], np.ones(np.count_nonzero(kept), dtype=np.float32)
    rarity = np.log((chosen.sum() + 2) / (counts[kept] + 1))
    usual = np.average(rarity, weights=counts[kept])
    return columns[kept], (rarity / usual).astype(np.float32)


def fit_heads(corpus: Corpus, names: Sequence[str], chosen: NDArray[np.bool_], *, settings: FitSettings) -> Fitted:
    """Learn every head from the chosen samples."""
    import numpy as np

    columns, rarity = kept_columns(corpus, chosen, least=settings.least_groups)
    matrix = corpus.matrix[:, columns].multiply(rarity).tocsr()
    said = targets(corpus, TEACHES)
    rows = np.flatnonzero(chosen[corpus.owner] & (said[corpus.owner] != UNSAID))
    teaches, weights = _fit_teaches(corpus, matrix, rows, settings)
    taught = np.zeros(len(corpus.owner))
    teaching = (said[corpus.owner[rows]] == 1) & (corpus.marked[rows] != 0)
    taught[rows[teaching]] = weights[teaching]
    heads: dict[str, Any] = {TEACHES: teaches}
    for name in names[1:]:
        wanted = targets(corpus, name)[corpus.owner]
        used = np.flatnonzero((taught > 0) & (wanted != UNSAID))
        heads[name] = _regress(matrix[used], wanted[used] == 1, taught[used], settings)
    for regression in heads.values():
        if regression is not None:
            regression.coef_ = regression.coef_ * rarity
    return Fitted(heads, columns)


def _fit_teaches(
    corpus: Corpus, matrix: Any, rows: NDArray[np.int64], settings: FitSettings
) -> tuple[Any, NDArray[np.float64]]:
    """The head and the weight of each of the rows in its last round."""
    import numpy as np

    matrix, owner, marked = matrix[rows], corpus.owner[rows], corpus.marked[rows]
    positive = targets(corpus, TEACHES)[owner] == 1
    label = positive & (marked != 0)
    shares = np.asarray([sample.weight for sample in corpus.samples])[owner]
    logits: NDArray[np.float64] | None = None
    for turn in range(settings.rounds + 1):
        weights = _window_weights(owner, positive, marked, logits) * shares
        fitted = _regress(matrix, label, weights, settings)
        if fitted is None or turn == settings.rounds:
            break
        logits = matrix @ fitted.coef_[0] + fitted.intercept_[0]
    return fitted, weights


def _window_weights(
    owner: NDArray[np.int64], positive: NDArray[np.bool_], marked: NDArray[np.int8], logits: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """What each window counts; n windows of one document count as the root of n documents."""
    import numpy as np

    weights = np.zeros(len(owner))
    edges = np.flatnonzero(np.diff(owner, prepend=-1, append=-1))
    for first, last in pairwise(edges):
        here = np.arange(first, last)
        if not positive[first]:
            kept = _sparing(here, logits)
            weights[kept] = 1.0 / np.sqrt(len(kept))
            continue
        marks = here[marked[here] == 1]
        teaching = marks if len(marks) else here[marked[here] != 0]
        if logits is not None and len(teaching) > 1 and not len(marks):
            best = logits[teaching].max()
            teaching = teaching[logits[teaching] >= max(min(best, 0.0), best - 2.0)]
        weights[teaching] = 1.0 / np.sqrt(max(len(teaching), 1))
        outside = here[marked[here] == 0]
        weights[outside] = 0.5 / np.sqrt(max(len(outside), 1))
    return weights


def _sparing(here: NDArray[np.int64], logits: NDArray[np.float64] | None) -> NDArray[np.int64]:
    """The windows of a harmless document to learn from: the most alarming ones, and every n-th of the rest."""
    import numpy as np

    if len(here) <= _NEGATIVE_WINDOWS:
        return here
    if logits is None:
        return here[:: -(-len(here) // _NEGATIVE_WINDOWS)]
    ranked = here[np.argsort(-logits[here], kind="stable")]
    half = _NEGATIVE_WINDOWS // 2
    return np.concatenate([ranked[:half], ranked[half :: -(-(len(here) - half) // half)]])


def _regress(matrix: Any, label: NDArray[np.bool_], weights: NDArray[np.float64], settings: FitSettings) -> Any:
    """A logistic regression with both classes weighing the same; `None` when one of them is missing."""
    from sklearn.linear_model import LogisticRegression

    used = weights > 0
    balanced = weights.copy()
    for side in (label & used, ~label & used):
        total = weights[side].sum()
        if total == 0:
            return None
        balanced[side] *= weights[used].sum() / (2 * total)
    tolerance = _FINE if matrix.shape[0] < _MANY_ROWS else _COARSE
    regression = LogisticRegression(
        C=settings.strength, solver="liblinear", random_state=settings.seed, max_iter=1000, tol=tolerance
    )
    return regression.fit(matrix[used], label[used], sample_weight=balanced[used])


def best_rows(corpus: Corpus, logits: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each sample's logits, shape (samples, heads), at its window that teaches most; minus infinity without a row."""
    import numpy as np

    found = np.full((len(corpus.samples), logits.shape[1]), -np.inf)
    order = np.lexsort((-logits[:, 0], corpus.owner[rows]))
    owners, first = np.unique(corpus.owner[rows][order], return_index=True)
    found[owners] = logits[order[first]]
    return found


def out_of_fold(
    corpus: Corpus, names: Sequence[str], folds: NDArray[np.int64], fold: int, *, settings: FitSettings
) -> NDArray[np.float64]:
    """Logits of one fold's samples, shape (samples, heads), from a model that saw nothing of the fold."""
    import numpy as np

    chosen = folds != fold
    fitted = fit_heads(corpus, names, chosen, settings=settings)
    rows = np.flatnonzero(~chosen[corpus.owner])
    return best_rows(corpus, fitted.logits(corpus.matrix[rows]), rows)


def heads_of(points: Sequence[str]) -> tuple[str, ...]:
    """The heads of a model with these points, in their order in the model file."""
    return (TEACHES, LISTED, *points)
