"""Labelled samples in, a fitted and calibrated model out, with the out-of-fold scores that it is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sluicegate.classify.model import LISTED, TEACHES
from sluicegate.errors import SampleError
from sluicegate.learn.calibrate import choose_thresholds, platt, probability, tempered
from sluicegate.learn.corpus import Corpus, build_corpus
from sluicegate.learn.fit import UNSAID, FitSettings, Fitted, best_rows, fit_heads, heads_of, out_of_fold, targets
from sluicegate.learn.pack import Recipe
from sluicegate.learn.progress import Progress, silent
from sluicegate.learn.sample import POINTS, Sample, digest_of, fraction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MANY = 3000  # samples from which fewer folds do: each model still sees thousands
_FOLDS_OF_MANY = 4
LEAST = 4  # documents of each label below which nothing is learned
LEAST_POINT = 4  # of a control point below which it gets no head
LEAST_LANGUAGE = 20  # of each label in a language for the model to count as measured on it


@dataclass(frozen=True, slots=True)
class Trained:
    """A model before it is written.

    `unseen` holds each sample's out-of-fold probabilities, shape (samples, heads), at its window that teaches most.
    """

    recipe: Recipe
    corpus: Corpus = field(repr=False)
    unseen: NDArray[np.float64] = field(repr=False)

    @property
    def controlled(self) -> NDArray[np.float64]:
        """Out-of-fold probability that a sample teaches something listed, shape (samples,)."""
        found: NDArray[np.float64] = self.unseen[:, 0] * self.unseen[:, 1]
        return found


def shipped_samples() -> Path:
    """The folder of the samples that come with Sluicegate: in the wheel, or beside the sources."""
    packaged = Path(__file__).resolve().parent.parent / "shipped_samples"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[3] / "training_data"


def fold_of(sample: Sample, *, folds: int, seed: int) -> int:
    """The fold of a sample: whole registers together where the register is known, else whole groups."""
    register = sample.register if sample.shipped and sample.register != "other" else ""
    return int(fraction(f"{seed}:{register or sample.group}") * folds)


def train(
    samples: Sequence[Sample],
    *,
    name: str,
    settings: FitSettings | None = None,
    jobs: int = -1,
    progress: Progress = silent,
) -> Trained:
    """Learn from the samples. The same samples and settings give the same coefficients and thresholds.

    Raises `SampleError` when there are fewer than four documents of a label.
    """
    import numpy as np

    settings = settings or FitSettings()
    samples = sorted(samples, key=lambda sample: sample.id)
    require_enough(samples)
    progress("features", 0, 1)
    corpus = settle(build_corpus(samples, jobs=jobs), settings=settings)
    names = heads_of([point for point in POINTS if _enough_of(point, samples)])
    fitted, logits = _learn(corpus, names, settings, jobs, progress)
    names = tuple(fitted.heads)
    calibration = {}
    unseen = np.zeros_like(logits)
    for number, head in enumerate(names):
        wanted = targets(corpus, head)
        said = wanted != UNSAID
        calibration[head] = platt(logits[said, number], wanted[said] == 1)
        if head == LISTED:
            calibration[head] = tempered(calibration[head], logits[said, number], wanted[said] == 1)
        unseen[:, number] = probability(logits[:, number], calibration[head])
    label = np.asarray([sample.controlled for sample in corpus.samples])
    recipe = Recipe(
        name=name,
        fitted=fitted,
        calibration=calibration,
        thresholds=choose_thresholds(
            unseen[:, 0] * unseen[:, 1], label, [sample.language for sample in corpus.samples]
        ),
        languages=measured_languages(samples),
        data=_data(samples),
        settings=asdict(settings),
        drift=_drift(corpus, unseen, fitted),
    )
    return Trained(recipe, corpus, unseen)


def unseen_by(trained: Trained, samples: Sequence[Sample]) -> NDArray[np.float64]:
    """Probability of "controlled", shape (samples,), of samples that the model did not learn from."""
    import numpy as np

    if not samples:
        return np.zeros(0)
    corpus = build_corpus(samples, jobs=1)
    logits = best_rows(corpus, trained.recipe.fitted.logits(corpus.matrix), np.arange(len(corpus.owner)))
    calibration = trained.recipe.calibration
    return probability(logits[:, 0], calibration[TEACHES]) * probability(logits[:, 1], calibration[LISTED])


def settle(corpus: Corpus, *, settings: FitSettings) -> Corpus:
    """The corpus with an answer for samples labelled "not" of which nobody said whether they teach anything at all.

    A model of the others answers: a company's recipe for another technology then teaches (something not listed), its
    ordinary text does not.
    """
    import numpy as np

    said = targets(corpus, TEACHES) != UNSAID
    if said.all():
        return corpus
    if len({sample.teaches for sample in corpus.samples} & {True, False}) < 2:
        answers = np.zeros(len(said), dtype=bool)
    else:
        fitted = fit_heads(corpus, (TEACHES,), said, settings=settings)
        answers = best_rows(corpus, fitted.logits(corpus.matrix), np.arange(len(corpus.owner)))[:, 0] >= 0
    samples = [
        sample if sample.teaches is not None else replace(sample, teaches=bool(answer))
        for sample, answer in zip(corpus.samples, answers, strict=True)
    ]
    return replace(corpus, samples=tuple(samples))


def _enough_of(point: str, samples: Sequence[Sample]) -> bool:
    return sum(point in sample.points for sample in samples) >= LEAST_POINT


def require_enough(samples: Sequence[Sample]) -> None:
    """Raise `SampleError`, saying how many are missing, when there is too little to learn from."""
    for label, wanted in (("controlled", True), ("not", False)):
        count = len({sample.group for sample in samples if sample.controlled is wanted})
        if count < LEAST:
            raise SampleError(
                f"{count} documents are labelled {label!r}; at least {LEAST} are needed "
                "(label more, or keep the shipped samples)"
            )


def measured_languages(samples: Sequence[Sample]) -> tuple[str, ...]:
    """Languages with at least `LEAST_LANGUAGE` documents of each label; the best covered one where none has so many."""
    from collections import Counter

    counts = Counter((sample.language, sample.controlled) for sample in samples)
    languages = {sample.language for sample in samples}
    enough = [
        language for language in languages if min(counts[language, True], counts[language, False]) >= LEAST_LANGUAGE
    ]
    return tuple(sorted(enough)) or (max(sorted(languages), key=lambda language: counts[language, True]),)


def _learn(
    corpus: Corpus, names: Sequence[str], settings: FitSettings, jobs: int, progress: Progress
) -> tuple[Fitted, NDArray[np.float64]]:
    """The heads fitted on everything, and logits out of fold, shape (samples, heads); the folds run in parallel."""
    import numpy as np
    from joblib import Parallel, delayed

    progress("learning", 0, 1)
    fitted = fit_heads(corpus, names, np.ones(len(corpus.samples), dtype=bool), settings=settings)
    missing = [name for name, regression in fitted.heads.items() if regression is None]
    fitted = replace(fitted, heads={name: found for name, found in fitted.heads.items() if found is not None})
    names = list(fitted.heads)
    if TEACHES in missing or LISTED in missing:
        raise SampleError(
            "too few kinds of samples: needed are texts that teach something listed, texts that teach something else, "
            "and texts that teach nothing (keep the shipped samples)"
        )
    count = settings.folds if len(corpus.samples) < _MANY else min(settings.folds, _FOLDS_OF_MANY)
    folds = np.asarray([fold_of(sample, folds=count, seed=settings.seed) for sample in corpus.samples])
    logits = np.full((len(corpus.samples), len(names)), -np.inf)
    run = Parallel(n_jobs=jobs, backend="threading", return_as="generator")
    present = np.unique(folds)
    work = run(delayed(out_of_fold)(corpus, names, folds, fold, settings=settings) for fold in present)
    for done, (fold, found) in enumerate(zip(present, work, strict=True), 1):
        logits[folds == fold] = found[folds == fold]
        progress("learning", done, len(present) + 1)
    return fitted, logits


def _data(samples: Sequence[Sample]) -> dict[str, object]:
    origins = sorted({sample.origin for sample in samples})
    return {
        "digest": digest_of(samples),
        "samples": len(samples),
        "groups": len({sample.group for sample in samples}),
        "controlled": sum(sample.controlled for sample in samples),
        "from": {origin: sum(sample.origin == origin for sample in samples) for origin in origins},
    }


def _drift(corpus: Corpus, unseen: NDArray[np.float64], fitted: Fitted) -> dict[str, object]:
    """What ordinary text looked like when the model was made, to compare with what it meets later."""
    import numpy as np

    known = np.zeros(corpus.matrix.shape[1], dtype=bool)
    known[fitted.columns] = True
    sizes = np.maximum(np.diff(corpus.matrix.indptr), 1)
    rows = np.repeat(np.arange(corpus.matrix.shape[0]), np.diff(corpus.matrix.indptr))
    share = np.bincount(rows, weights=known[corpus.matrix.indices], minlength=len(sizes)) / sizes
    harmless = np.asarray([not sample.controlled for sample in corpus.samples])
    deciles = (10, 50, 90)
    return {
        "known_features": [round(float(value), 3) for value in np.percentile(share, deciles)],
        "harmless_controlled": [
            round(float(value), 3) for value in np.percentile((unseen[:, 0] * unseen[:, 1])[harmless], deciles)
        ],
        "harmless_teaches": [round(float(value), 3) for value in np.percentile(unseen[harmless, 0], deciles)],
    }


def weigh_origins(samples: Sequence[Sample], *, own_weight: float) -> list[Sample]:
    """The samples with the company's own counted `own_weight` times."""
    return [sample if sample.shipped else replace(sample, weight=sample.weight * own_weight) for sample in samples]
