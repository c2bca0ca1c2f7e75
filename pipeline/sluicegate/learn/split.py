"""Which samples are never learned from: the frozen set that models are compared on, chosen by group alone.

A group is frozen when the number that its name hashes to is below `FROZEN_SHARE`. So the set grows with the samples, is
the same on every machine, and no version of a frozen document is ever trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sluicegate.learn.near import near_pairs
from sluicegate.learn.sample import UNLABELLED, Sample, fraction

FROZEN_SHARE = 0.15
_ALIKE = 0.6


def is_frozen(sample: Sample) -> bool:
    """Whether the sample belongs to the frozen set."""
    return sample.origin != UNLABELLED and fraction(f"frozen:{sample.group}") < FROZEN_SHARE


def split(samples: Sequence[Sample]) -> tuple[list[Sample], list[Sample]]:
    """The samples to learn from, and the frozen ones."""
    return [sample for sample in samples if not is_frozen(sample)], [sample for sample in samples if is_frozen(sample)]


def join_alike(samples: Sequence[Sample]) -> list[Sample]:
    """The samples with nearly equal texts put into one group, so that no copy stands on both sides of a split."""
    leader = {sample.group: sample.group for sample in samples}

    def root(group: str) -> str:
        while leader[group] != group:
            group = leader[group]
        return group

    for pair in near_pairs([sample.text for sample in samples], least=_ALIKE):
        first, second = sorted((root(samples[pair.first].group), root(samples[pair.second].group)))
        leader[second] = first
    return [replace(sample, group=root(sample.group)) for sample in samples]
