"""A trained model in, its card out: what it was made from, how it does out of its samples, what it is not for.

The tables of leaving registers, control points and writers out are made by `scripts/cards`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sluicegate.learn.fit import UNSAID, FitSettings, best_rows, fit_heads, targets
from sluicegate.learn.judge import by_thresholds, markdown, row_of, table
from sluicegate.learn.sample import fraction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sluicegate.classify.score import Thresholds
    from sluicegate.learn.corpus import Corpus
    from sluicegate.learn.train import Trained


def card(trained: Trained, *, tables: str = "") -> str:
    """The card in Markdown. `tables`: further tables, with their own headings."""
    recipe = trained.recipe
    judged = by_thresholds(trained.corpus.samples, trained.controlled, recipe.thresholds)
    data = recipe.data
    return f"""# Model {recipe.name}

Judges windows of about 200 words: does the text teach how to make something (`teaches`), and is that something listed
(`listed`)? Logistic regressions over hashed words, classes of quantities and classes of process words. Measured on:
{", ".join(recipe.languages)}; text in any other language goes to review.

- learned from {data["samples"]} documents in {data["groups"]} groups, {data["controlled"]} controlled;
  digest `{data["digest"]}`
- thresholds: {_shown(recipe.thresholds)}, chosen on
  scores of registers left out
- the subject is trusted a third of what the samples would allow (`learn/calibrate.py`, TEMPER): real texts name theirs
  in more ways than samples do; the tagger decides what a teaching text is about

## Out of fold (made by `sluicegate train`)

Each document scored by a model that saw nothing of its register (where that is known; else of its group).
"Stopped" is at or above `unsure`, "held" at or above `sure`; "harmless" are documents that teach nothing.
{_other(trained)}

{markdown(table(judged))}
{tables}
## What it does not know

Samples written for training are easier than the world. The figures above say how the model does on registers that it
has not seen, in the hand of writers whose samples it has; the miss rate on your own documents is what
`sluicegate evaluate` states. A recipe in pictures, in another language or spread over single words is not seen.
"""


def _shown(thresholds: Thresholds) -> str:
    sure, unsure = _own(thresholds.sure_in), _own(thresholds.unsure_in)
    return f"{thresholds.sure} (sure{sure}) and {thresholds.unsure} (unsure{unsure})"


def _own(thresholds: Sequence[tuple[str, float]]) -> str:
    return "".join(f"; {threshold} for text in {language} alone" for language, threshold in thresholds)


def _other(trained: Trained) -> str:
    import numpy as np

    samples = trained.corpus.samples
    other = np.asarray([bool(sample.teaches) and not sample.controlled for sample in samples])
    if not other.any():
        return ""
    sure = np.asarray([trained.recipe.thresholds.sure_of({sample.language}) for sample in samples])
    share = float((trained.controlled >= sure)[other].mean())
    return (
        f"Of {int(other.sum())} recipes for other technology {share:.0%} reach `sure`: "
        "the tagger, not the classifier, tells them apart."
    )


def leave_out(trained: Trained, keys: Sequence[str], *, settings: FitSettings) -> NDArray[np.float64]:
    """Probabilities, shape (samples,), of each sample from a model that saw no sample with its key."""
    import numpy as np
    from joblib import Parallel, delayed

    names = np.asarray(keys)
    found = np.zeros(len(keys))
    run = Parallel(n_jobs=-1, backend="threading")
    wanted = sorted(set(keys))
    for key, scores in zip(
        wanted, run(delayed(_without)(trained, names == key, settings) for key in wanted), strict=True
    ):
        found[names == key] = scores[names == key]
    return found


def leave_point_out(
    trained: Trained, point: str, *, settings: FitSettings
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which samples were left out (all of the point, a third of the harmless), and probabilities, shape (samples,)."""
    import numpy as np

    samples = trained.corpus.samples
    out = np.asarray(
        [
            point in sample.points or (not sample.controlled and fraction(f"{point}:{sample.group}") < 1 / 3)
            for sample in samples
        ]
    )
    return out, _without(trained, out, settings)


def _without(trained: Trained, out: NDArray[np.bool_], settings: FitSettings) -> NDArray[np.float64]:
    import numpy as np

    from sluicegate.classify.model import LISTED, TEACHES
    from sluicegate.learn.calibrate import probability

    corpus: Corpus = trained.corpus
    if len(set(targets(corpus, LISTED)[~out].tolist()) - {UNSAID}) < 2:
        return np.zeros(len(out))
    fitted = fit_heads(corpus, (TEACHES, LISTED), ~out, settings=settings)
    rows = np.flatnonzero(out[corpus.owner])
    logits = best_rows(corpus, fitted.logits(corpus.matrix[rows]), rows)
    calibration = trained.recipe.calibration
    return probability(logits[:, 0], calibration[TEACHES]) * probability(logits[:, 1], calibration[LISTED])


def left_out_table(trained: Trained, title: str, keys: Sequence[str], *, settings: FitSettings, command: str) -> str:
    """A table with a row for each key, every sample scored by a model that saw none with its key."""
    import numpy as np

    judged = by_thresholds(
        trained.corpus.samples, leave_out(trained, keys, settings=settings), trained.recipe.thresholds
    )
    names = np.asarray(keys)
    rows = [row_of("all", judged, np.ones(len(keys), dtype=bool))]
    rows += [row_of(key, judged, names == key) for key in sorted(set(keys))]
    return f"\n## {title} (made by `{command}`)\n\n{markdown(rows)}\n"


def points_table(trained: Trained, *, settings: FitSettings, command: str) -> str:
    """A row for each control point, scored by a model that saw no sample of it."""
    points = sorted({point for sample in trained.corpus.samples for point in sample.points})
    rows = []
    for point in points:
        out, found = leave_point_out(trained, point, settings=settings)
        rows.append(row_of(point, by_thresholds(trained.corpus.samples, found, trained.recipe.thresholds), out))
    return f"\n## Leaving one control point out (made by `{command}`)\n\n{markdown(rows)}\n"
