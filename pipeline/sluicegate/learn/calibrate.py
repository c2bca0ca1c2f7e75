"""Out-of-fold scores in, probabilities and thresholds out.

Scores become probabilities by a sigmoid with two numbers (Platt, 1999), fitted on scores of documents that the model
had not seen; thresholds are chosen on the same, for a stated recall.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sluicegate.classify.score import Thresholds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STOP_RECALL = 0.99  # of controlled documents of registers left out that reach `unsure`
HOLD_RECALL = 0.95  # of the same that reach `sure`
# Real English abstracts teach in a sentence or two among results, and score low; real Chinese texts that teach score
# high, and so do some that do not.
LEAST_UNSURE = {"en": 0.14}
SURE = {"en": (0.2, 0.25), "zh": (0.5, 0.7)}  # where `sure` may lie for text in one language
LEAST_TAUGHT = 60  # controlled documents that a threshold for one language takes
TEMPER = 1 / 3  # how far the subject is trusted: real texts name theirs in more ways than any samples do


def platt(logits: NDArray[np.float64], label: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and shift of the sigmoid that turns logits into probabilities; (1, 0) when there is only one class."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    usable = np.isfinite(logits)
    if len(set(label[usable].tolist())) < 2:
        return 1.0, 0.0
    # Platt's smoothed targets as weights: each document counts for both labels, almost all of it for its own.
    positives, negatives = label[usable].sum(), (~label[usable]).sum()
    share = np.where(label[usable], (positives + 1) / (positives + 2), 1 / (negatives + 2))
    column = np.concatenate([logits[usable], logits[usable]])[:, None]
    wanted = np.concatenate([np.ones(len(share), dtype=bool), np.zeros(len(share), dtype=bool)])
    fitted = LogisticRegression(C=1e6, max_iter=1000).fit(
        column, wanted, sample_weight=np.concatenate([share, 1 - share])
    )
    return max(float(fitted.coef_[0][0]), 1e-3), float(fitted.intercept_[0])


def probability(logits: NDArray[np.float64], calibration: tuple[float, float]) -> NDArray[np.float64]:
    """Calibrated probabilities of logits."""
    import numpy as np

    found: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(logits * calibration[0] + calibration[1], -40, 40)))
    return found


def tempered(
    calibration: tuple[float, float], logits: NDArray[np.float64], label: NDArray[np.bool_]
) -> tuple[float, float]:
    """A calibration with its slope times `TEMPER`, and the shift that keeps the mean probability right."""
    import numpy as np

    slope, low, high = calibration[0] * TEMPER, -20.0, 20.0
    usable = np.isfinite(logits)
    for _ in range(60):
        middle = (low + high) / 2
        if probability(logits[usable], (slope, middle)).mean() < label[usable].mean():
            low = middle
        else:
            high = middle
    return slope, (low + high) / 2


def choose_thresholds(
    probabilities: NDArray[np.float64], label: NDArray[np.bool_], languages: Sequence[str]
) -> Thresholds:
    """`unsure` keeps `STOP_RECALL` of the controlled documents, `sure` keeps `HOLD_RECALL` of them.

    `unsure` lies in 0.25 to 0.35 and `sure` in 0.4 to 0.7, so that few or easy samples cannot move them out of sense.
    A language in `LEAST_UNSURE` has an `unsure` of its own, chosen on its documents, that may lie lower; one in `SURE`
    a `sure` of its own in that range.
    """
    import numpy as np

    taught = probabilities[label]
    if not len(taught):
        return Thresholds(0.5, 0.25)
    unsure = _keeping(STOP_RECALL, taught, 0.25, 0.35)
    spoken = np.asarray(languages)
    own = {language: probabilities[label & (spoken == language)] for language in (*LEAST_UNSURE, *SURE)}
    enough = {language: found for language, found in own.items() if len(found) >= LEAST_TAUGHT}
    unsure_in = [
        (language, round(_keeping(STOP_RECALL, enough[language], least, unsure), 4))
        for language, least in LEAST_UNSURE.items() if language in enough
    ]  # fmt: skip
    sure_in = [
        (language, round(_keeping(HOLD_RECALL, enough[language], *bounds), 4))
        for language, bounds in SURE.items() if language in enough
    ]  # fmt: skip
    sure = _keeping(HOLD_RECALL, taught, 0.4, 0.7)
    return Thresholds(round(sure, 4), round(unsure, 4), tuple(unsure_in), tuple(sure_in))


def _keeping(recall: float, taught: NDArray[np.float64], least: float, most: float) -> float:
    """The threshold that this share of the probabilities reaches, kept within `least` and `most`."""
    import numpy as np

    return min(max(float(np.sort(taught)[int((1 - recall) * len(taught))]), least), most)
