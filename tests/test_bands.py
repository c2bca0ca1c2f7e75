"""Thresholds of a language: whose they are, that the policy overrides them, and what a window in two languages gets."""

from __future__ import annotations

import numpy as np
import pytest

from sluicegate.classify.score import Thresholds
from sluicegate.decide import Teaching
from sluicegate.learn.calibrate import LEAST_TAUGHT, LEAST_UNSURE, SURE, choose_thresholds
from sluicegate.touch import Bands

BANDS = Bands(0.4, 0.25, (("en", 0.17),), (("en", 0.3), ("zh", 0.5)))


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
        (0.3, {"en"}, Teaching.YES),
        (0.29, {"en"}, Teaching.UNSURE),
        (0.5, {"zh"}, Teaching.YES),
        (0.49, {"zh"}, Teaching.UNSURE),
        (0.4, {"en", "zh"}, Teaching.YES),
        (0.39, {"en", "zh"}, Teaching.UNSURE),
        (0.4, set(), Teaching.YES),
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


@pytest.mark.parametrize(
    ("english", "chinese", "sure"),
    [
        (0.05, 0.05, {"en": SURE["en"][0], "zh": SURE["zh"][0]}),
        (0.22, 0.6, {"en": 0.22, "zh": 0.6}),
        (0.9, 0.9, {"en": SURE["en"][1], "zh": SURE["zh"][1]}),
    ],
)
def test_a_language_is_sure_where_its_own_documents_are(english: float, chinese: float, sure: dict[str, float]) -> None:
    assert dict(choose(english, chinese).sure_in) == sure


def test_few_documents_of_a_language_choose_no_threshold() -> None:
    chosen = choose(0.1, 0.9, count=LEAST_TAUGHT - 1)
    assert chosen.unsure_in == chosen.sure_in == ()
