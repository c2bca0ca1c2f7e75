"""Thresholds of a language: whose they are, that the policy overrides them, and what a window in two languages gets."""

from __future__ import annotations

import numpy as np
import pytest

from sluicegate.classify.score import Thresholds
from sluicegate.decide import Teaching
from sluicegate.learn.calibrate import LEAST_TAUGHT, LEAST_UNSURE, choose_thresholds
from sluicegate.touch import Bands

BANDS = Bands(0.4, 0.25, (("en", 0.17),))


@pytest.mark.parametrize(
    ("score", "languages", "teaching"),
    [
        (0.2, {"en"}, Teaching.UNSURE),
        (0.17, {"en"}, Teaching.UNSURE),
        (0.16, {"en"}, Teaching.NO),
        (0.2, {"zh"}, Teaching.NO),
        (0.2, {"en", "zh"}, Teaching.NO),
        (0.2, set(), Teaching.NO),
        (0.25, {"zh"}, Teaching.UNSURE),
        (0.4, {"en"}, Teaching.YES),
        (0.39, {"en"}, Teaching.UNSURE),
    ],
)
def test_a_text_in_one_language_has_its_threshold(score: float, languages: set[str], teaching: Teaching) -> None:
    assert BANDS.teaching(score, languages) is teaching


def choose(english: float, chinese: float, *, count: int = LEAST_TAUGHT) -> Thresholds:
    probabilities = np.asarray([english] * count + [chinese] * count)
    return choose_thresholds(probabilities, np.ones(2 * count, dtype=bool), ["en"] * count + ["zh"] * count)


@pytest.mark.parametrize(
    ("english", "chinese", "general", "own"),
    [
        (0.05, 0.9, 0.25, LEAST_UNSURE["en"]),  # never below the least
        (0.21, 0.9, 0.25, 0.21),
        (0.9, 0.9, 0.35, 0.35),  # never above the general one
        (0.9, 0.05, 0.25, 0.25),
    ],
)
def test_a_language_has_the_threshold_of_its_own_documents(
    english: float, chinese: float, general: float, own: float
) -> None:
    chosen = choose(english, chinese)
    assert (chosen.unsure, dict(chosen.unsure_in)) == (general, {"en": own})


def test_few_documents_of_a_language_choose_no_threshold() -> None:
    assert choose(0.1, 0.9, count=LEAST_TAUGHT - 1).unsure_in == ()
