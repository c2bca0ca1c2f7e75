"""A corpus in, one linear model for each question out, learned from documents whose labels say "some passage teaches".

A positive document is a bag (multiple-instance learning, Andrews et al., 2003): its windows start alike, then the
model's own best windows, or those that a person marked, stand for it, so that one annex does not teach the whole
contract. A window outside of the marks is harmless text. Everything is deterministic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sluicegate.classify.model import CONTROLLED, TEACHES
from sluicegate.learn.corpus import Corpus

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_NEGATIVE_WINDOWS = 40  # of one harmless document; a 100-page contract would drown the rest
_UNSAID = -1


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How to learn. The values were chosen by leaving registers, points and writers out (see the model card).

    `strength` is the inverse of regularisation; a feature must stand in at least `least_groups` documents; `rounds` of
    choosing windows; `seed` makes runs alike.
    """

    strength: float = 10.0
    least_groups: int = 2
    rounds: int = 2
    folds: int = 8
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """A fitted logistic regression over the columns of the corpus' matrix that `columns` names."""

    name: str
    regression: Any = field(repr=False)
    columns: NDArray[np.int64] = field(repr=False)

    def logits(self, matrix: Any) -> NDArray[np.float64]:
        """Scores of rows, shape (rows,)."""
        import numpy as np

        weights = np.zeros(matrix.shape[1], dtype=np.float32)
        weights[self.columns] = self.regression.coef_[0]
        found: NDArray[np.float64] = matrix @ weights + self.regression.intercept_[0]
        return found


def targets(corpus: Corpus, head: str) -> NDArray[np.int8]:
    """For each sample 1, 0, or -1 where its label does not say."""
    import numpy as np

    return np.asarray([_target(sample, head) for sample in corpus.samples], dtype=np.int8)


def _target(sample: Any, head: str) -> int:
    if head == CONTROLLED:
        return int(sample.controlled)
    if head == TEACHES:
        return _UNSAID if sample.teaches is None else int(sample.teaches)
    if sample.controlled and not sample.points:
        return _UNSAID
    return int(sample.controlled and head in sample.points)


def kept_columns(corpus: Corpus, chosen: NDArray[np.bool_], *, least: int) -> NDArray[np.int64]:
    """Columns that stand in at least `least` of the chosen samples, so that no single document makes a feature."""
    import numpy as np

    rows = np.flatnonzero(chosen[corpus.owner])
    matrix = corpus.matrix[rows]
    owners = np.repeat(corpus.owner[rows], np.diff(matrix.indptr))
    pairs = np.unique(matrix.indices.astype(np.int64) * len(corpus.samples) + owners)
    columns, counts = np.unique(pairs // len(corpus.samples), return_counts=True)
    kept: NDArray[np.int64] = columns[counts >= least]
    return kept


def fit_head(
    corpus: Corpus, head: str, chosen: NDArray[np.bool_], columns: NDArray[np.int64], *, settings: FitSettings
) -> Head:
    """Learn one head from the chosen samples."""
    import numpy as np

    wanted = targets(corpus, head)
    rows = np.flatnonzero(chosen[corpus.owner] & (wanted[corpus.owner] != _UNSAID))
    matrix = corpus.matrix[rows][:, columns]
    owner, marked = corpus.owner[rows], corpus.marked[rows]
    positive = wanted[owner] == 1
    label = positive & (marked != 0)
    shares = np.asarray([sample.weight for sample in corpus.samples])
    logits: NDArray[np.float64] | None = None
    fitted = None
    for _ in range(settings.rounds + 1):
        use = _weights(owner, positive, label, marked, logits) * shares[owner]
        fitted = _regress(matrix, label, use, settings)
        if not _bags(owner, positive):
            break
        logits = matrix @ fitted.coef_[0] + fitted.intercept_[0]
    return Head(head, fitted, columns)


def _bags(owner: NDArray[np.int64], positive: NDArray[np.bool_]) -> bool:
    import numpy as np

    return bool((np.bincount(owner[positive]) > 1).any()) if positive.any() else False


def _weights(
    owner: NDArray[np.int64],
    positive: NDArray[np.bool_],
    label: NDArray[np.bool_],
    marked: NDArray[np.int8],
    logits: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """What each window counts: a positive document's chosen windows share 1; harmless windows share the root of their number."""
    import numpy as np

    weights = np.zeros(len(owner))
    edges = np.flatnonzero(np.diff(owner, prepend=-1, append=-1))
    for first, last in zip(edges[:-1], edges[1:], strict=True):
        here = np.arange(first, last)
        if not positive[first]:
            kept = _sparing(here, logits)
            weights[kept] = 1.0 / np.sqrt(len(kept))
            continue
        teaching = here[marked[here] == 1] if (marked[here] == 1).any() else here[label[here]]
        if logits is not None and len(teaching) > 1:
            best = logits[teaching].max()
            teaching = teaching[logits[teaching] >= max(min(best, 0.0), best - 2.0)]
        weights[teaching] = 1.0 / np.sqrt(len(teaching))
        outside = here[marked[here] == 0]
        if len(outside):
            weights[outside] = 0.5 / np.sqrt(len(outside))
    return weights


def _sparing(here: NDArray[np.int64], logits: NDArray[np.float64] | None) -> NDArray[np.int64]:
    """The windows of a harmless document to learn from: the most alarming half, and every n-th of the rest."""
    import numpy as np

    if len(here) <= _NEGATIVE_WINDOWS:
        return here
    if logits is None:
        return here[:: -(-len(here) // _NEGATIVE_WINDOWS)]
    ranked = here[np.argsort(-logits[here], kind="stable")]
    half = _NEGATIVE_WINDOWS // 2
    return np.concatenate([ranked[:half], ranked[half :: -(-(len(here) - half) // half)]])


def _regress(matrix: Any, label: NDArray[np.bool_], weights: NDArray[np.float64], settings: FitSettings) -> Any:
    from sklearn.linear_model import LogisticRegression

    used = weights > 0
    balance = weights.copy()
    for side in (label, ~label):
        total = weights[side].sum()
        if total > 0:
            balance[side] *= weights.sum() / (2 * total)
    regression = LogisticRegression(C=settings.strength, solver="liblinear", random_state=settings.seed, max_iter=1000, tol=1e-5)
    return regression.fit(matrix[used], label[used], sample_weight=balance[used])


def best_by_sample(corpus: Corpus, logits: NDArray[np.float64], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each sample's highest window score, shape (samples,); minus infinity for samples without a row."""
    import numpy as np

    best = np.full(len(corpus.samples), -np.inf)
    np.maximum.at(best, corpus.owner[rows], logits)
    return best


def out_of_fold(
    corpus: Corpus, head: str, folds: NDArray[np.int64], *, settings: FitSettings
) -> NDArray[np.float64]:
    """Each sample's best logit from a model that saw nothing of its fold, shape (samples,)."""
    import numpy as np

    found = np.full(len(corpus.samples), -np.inf)
    for fold in np.unique(folds):
        chosen = folds != fold
        if len(set(targets(corpus, head)[chosen].tolist()) & {0, 1}) < 2:
            continue
        fitted = fit_head(corpus, head, chosen, kept_columns(corpus, chosen, least=settings.least_groups), settings=settings)
        rows = np.flatnonzero(~chosen[corpus.owner])
        best = best_by_sample(corpus, fitted.logits(corpus.matrix[rows]), rows)
        found[~chosen] = best[~chosen]
    return found


def heads_of(points: Sequence[str]) -> tuple[str, ...]:
    """The heads of a model with these points, in their order in the model file."""
    return (TEACHES, CONTROLLED, *points)
