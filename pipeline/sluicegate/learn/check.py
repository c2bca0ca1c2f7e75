"""Labelled samples in, what is doubtful about them out, each with what to do about it. Texts are never quoted."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sluicegate.learn.near import near_pairs
from sluicegate.learn.sample import POINTS, UNLABELLED, Sample

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FEW = 20  # documents of a kind below which its figures mean little
_ALIKE = 0.6
_UNNAMED = 0.5
_WORTH_TAGGING = 0.1  # below it the sample stands at the end of the list anyhow


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to look at: its kind, the samples it is about, and advice. `weight` orders doubts of a kind."""

    kind: str
    samples: tuple[str, ...]
    advice: str
    weight: float = 0.0


def conflicts(samples: Sequence[Sample]) -> list[Doubt]:
    """Equal texts with different labels."""
    by_text: dict[str, list[Sample]] = {}
    for sample in samples:
        by_text.setdefault(
            hashlib.sha256(" ".join(sample.text.split()).encode("utf-8", "replace")).hexdigest(), []
        ).append(sample)
    return [
        Doubt(
            "conflict",
            tuple(sample.place or sample.id for sample in found),
            "the same text has both labels: decide on one, delete the other",
        )
        for found in by_text.values()
        if len({sample.controlled for sample in found}) > 1
    ]


def alike_across(samples: Sequence[Sample]) -> list[Doubt]:
    """Nearly equal texts with different labels."""
    return [
        Doubt(
            "near-duplicate",
            (
                samples[pair.first].place or samples[pair.first].id,
                samples[pair.second].place or samples[pair.second].id,
            ),
            f"{pair.similarity:.0%} alike but labelled differently: look at both; if the difference is what teaches, "
            "mark that passage",
            pair.similarity,
        )
        for pair in near_pairs([sample.text for sample in samples], least=_ALIKE)
        if samples[pair.first].controlled != samples[pair.second].controlled and pair.similarity < 1
    ]


def suspects(samples: Sequence[Sample], unseen: NDArray[np.float64]) -> list[Doubt]:
    """Own samples whose label a model that has not seen them disputes, the most doubtful first.

    `unseen`: out-of-fold probability of "controlled" for each sample, shape (samples,). All own samples are ranked, so
    that a share of the list can be looked through; doubts start above a probability of 0.5 for the other label. A
    sample labelled "not" in which the tagger finds nothing listed counts half: most are recipes for other technology,
    and it is the tagger that tells those apart.
    """
    own = [
        (sample, probability)
        for sample, probability in zip(samples, unseen.tolist(), strict=True)
        if not sample.shipped and sample.origin != UNLABELLED
    ]
    unnamed = _naming_no_point([sample for sample, odds in own if not sample.controlled and odds > _WORTH_TAGGING])
    ranked = []
    for sample, probability in own:
        against = 1 - probability if sample.controlled else probability
        if sample.id in unnamed:
            against *= _UNNAMED
        other = "not" if sample.controlled else "controlled"
        ranked.append(
            Doubt(
                "suspect",
                (sample.place or sample.id,),
                f"labelled {sample.label!r}, looks {other!r} ({against:.0%}): read it again",
                against,
            )
        )
    return sorted(ranked, key=lambda doubt: (-doubt.weight, doubt.samples))


def _naming_no_point(samples: Sequence[Sample]) -> set[str]:
    """The ids of the samples in which the tagger finds nothing that names a control point for certain."""
    if not samples:
        return set()
    from sluicegate.learn.judge import document_of
    from sluicegate.tag import Tagger  # imports spaCy

    tagger = Tagger.load()
    return {
        sample.id
        for sample in samples
        if not any(tag.decisive and tag.points for tags in tagger.tag(document_of(sample)).tags for tag in tags)
    }


def too_few(samples: Sequence[Sample]) -> list[Doubt]:
    """Languages and control points that have too few own or shipped documents to say much about."""
    doubts = []
    groups = Counter(
        (sample.language, sample.label) for sample in {sample.group: sample for sample in samples}.values()
    )
    for language in sorted({sample.language for sample in samples}):
        for label in ("controlled", "not"):
            if groups[language, label] < _FEW:
                doubts.append(
                    Doubt(
                        "too few",
                        (language, label),
                        f"{groups[language, label]} documents labelled {label!r} in {language}; {_FEW} are needed "
                        "before the model counts as measured on it: label more",
                    )
                )
    points = Counter(point for sample in samples for point in sample.points)
    for point in POINTS:
        if points[point] < _FEW:
            doubts.append(
                Doubt(
                    "too few",
                    (point,),
                    f"{points[point]} controlled documents name {point}; its own score needs {_FEW}: label more",
                )
            )
    return doubts
