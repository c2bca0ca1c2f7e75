"""Labelled samples in, a fitted and calibrated model out, with the out-of-fold scores that it is judged by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sluicegate.classify.model import CONTROLLED, TEACHES
from sluicegate.classify.score import Thresholds
from sluicegate.errors import SampleError
from sluicegate.learn.calibrate import choose_thresholds, platt, probability
from sluicegate.learn.corpus import Corpus, build_corpus
from sluicegate.learn.fit import FitSettings, Head, fit_head, heads_of, kept_columns, out_of_fold, targets
from sluicegate.learn.pack import Recipe
from sluicegate.learn.sample import POINTS, SHIPPED, Sample, digest_of, fraction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST = 4  # documents of each label below which nothing is learned
LEAST_POINT = 4  # of a control point below which it gets no head
LEAST_LANGUAGE = 20  # of each label in a language for the model to count as measured on it
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """A model before it is written, with each sample's out-of-fold probabilities (shape (samples,)) by head."""

    recipe: Recipe
    corpus: Corpus = field(repr=False)
    unseen: dict[str, NDArray[np.float64]] = field(repr=False)


def silent(stage: str, done: int, total: int) -> None:
    """A progress that shows nothing."""


def shipped_samples() -> Path:
    """The folder of the samples that come with Sluicegate: in the wheel, or beside the sources."""
    packaged = Path(__file__).resolve().parent.parent / "shipped_samples"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[3] / "training_data"


def fold_of(sample: Sample, *, folds: int, seed: int) -> int:
    """The fold of a sample: whole registers together where the register is known, else whole groups."""
    register = sample.register if sample.origin == SHIPPED and sample.register != "other" else ""
    return int(fraction(f"{seed}:{register or sample.group}") * folds)


def train(
    samples: Sequence[Sample], *, name: str, settings: FitSettings | None = None, jobs: int = -1, progress: Progress = silent
) -> Trained:
    """Learn from the samples. The same samples and settings give the same coefficients and thresholds.

    Raises `SampleError` when there are fewer than four documents of a label.
    """
    import numpy as np

    settings = settings or FitSettings()
    samples = sorted(samples, key=lambda sample: sample.id)
    require_enough(samples)
    progress("features", 0, 1)
    corpus = build_corpus(samples, jobs=jobs)
    points = [point for point in POINTS if sum(point in sample.points for sample in samples) >= LEAST_POINT]
    names = heads_of(points)
    columns = kept_columns(corpus, np.ones(len(samples), dtype=bool), least=settings.least_groups)
    heads, logits = _learn(corpus, names, columns, settings, jobs, progress)
    calibration, unseen = {}, {}
    for head in names:
        wanted = targets(corpus, head)
        said = wanted >= 0
        calibration[head] = platt(logits[head][said], wanted[said] == 1)
        unseen[head] = probability(logits[head], calibration[head])
    label = targets(corpus, CONTROLLED) == 1
    thresholds = choose_thresholds(unseen[CONTROLLED], label)
    recipe = Recipe(
        name=name,
        heads=heads,
        columns=columns,
        calibration=calibration,
        thresholds=thresholds,
        languages=measured_languages(samples),
        data=_data(samples),
        settings=asdict(settings),
        drift=_drift(corpus, unseen, columns),
    )
    return Trained(recipe, corpus, unseen)


def require_enough(samples: Sequence[Sample]) -> None:
    """Raise `SampleError`, saying how many are missing, when there is too little to learn from."""
    for label, wanted in (("controlled", True), ("not", False)):
        count = len({sample.group for sample in samples if sample.controlled is wanted})
        if count < LEAST:
            raise SampleError(f"{count} documents are labelled {label!r}; at least {LEAST} are needed (label more, or keep the shipped samples)")


def measured_languages(samples: Sequence[Sample]) -> tuple[str, ...]:
    """Languages with at least `LEAST_LANGUAGE` documents of each label; the best covered one where none has so many."""
    from collections import Counter

    counts = Counter((sample.language, sample.controlled) for sample in samples)
    languages = {sample.language for sample in samples}
    enough = [language for language in languages if min(counts[language, True], counts[language, False]) >= LEAST_LANGUAGE]
    return tuple(sorted(enough)) or (max(sorted(languages), key=lambda language: counts[language, True]),)


def _learn(
    corpus: Corpus, names: Sequence[str], columns: NDArray[np.int64], settings: FitSettings, jobs: int, progress: Progress
) -> tuple[list[Head], dict[str, NDArray[np.float64]]]:
    """Every head fitted on everything, and out-of-fold; joblib spreads the heads over the cores."""
    import numpy as np
    from joblib import Parallel, delayed

    everything = np.ones(len(corpus.samples), dtype=bool)
    folds = np.asarray([fold_of(sample, folds=settings.folds, seed=settings.seed) for sample in corpus.samples])
    run = Parallel(n_jobs=jobs, backend="threading", return_as="generator")
    work = [delayed(fit_head)(corpus, head, everything, columns, settings=settings) for head in names]
    heads = []
    for done, head in enumerate(run(work), 1):
        heads.append(head)
        progress("learning", done, len(names))
    work = [delayed(out_of_fold)(corpus, head, folds, settings=settings) for head in names]
    logits = {}
    for done, (name, scores) in enumerate(zip(names, run(work), strict=True), 1):
        logits[name] = scores
        progress("measuring out of fold", done, len(names))
    return heads, logits


def _data(samples: Sequence[Sample]) -> dict[str, object]:
    origins = sorted({sample.origin for sample in samples})
    return {
        "digest": digest_of(samples),
        "samples": len(samples),
        "groups": len({sample.group for sample in samples}),
        "controlled": sum(sample.controlled for sample in samples),
        "from": {origin: sum(sample.origin == origin for sample in samples) for origin in origins},
    }


def _drift(corpus: Corpus, unseen: dict[str, NDArray[np.float64]], columns: NDArray[np.int64]) -> dict[str, object]:
    """What ordinary text looked like when the model was made, to compare with what it meets later."""
    import numpy as np

    known = np.zeros(corpus.matrix.shape[1], dtype=bool)
    known[columns] = True
    sizes = np.maximum(np.diff(corpus.matrix.indptr), 1)
    rows = np.repeat(np.arange(corpus.matrix.shape[0]), np.diff(corpus.matrix.indptr))
    share = np.bincount(rows, weights=known[corpus.matrix.indices], minlength=len(sizes)) / sizes
    harmless = targets(corpus, CONTROLLED) == 0
    deciles = (10, 50, 90)
    return {
        "known_features": [round(float(value), 3) for value in np.percentile(share, deciles)],
        "harmless_controlled": [round(float(value), 3) for value in np.percentile(unseen[CONTROLLED][harmless], deciles)],
        "harmless_teaches": [round(float(value), 3) for value in np.percentile(unseen[TEACHES][harmless], deciles)],
    }


def weigh_origins(samples: Sequence[Sample], *, own_weight: float) -> list[Sample]:
    """The samples with the company's own counted `own_weight` times."""
    return [sample if sample.origin == SHIPPED else replace(sample, weight=sample.weight * own_weight) for sample in samples]


__all__ = ["Thresholds", "Trained", "fold_of", "measured_languages", "require_enough", "shipped_samples", "silent", "train", "weigh_origins"]
