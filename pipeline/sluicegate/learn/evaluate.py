"""Labelled samples in, how the whole line does on them out, with a bound on the misses that may be quoted."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sluicegate.learn.bound import MissRate, miss_rate
from sluicegate.learn.judge import Judged, Row, by_line, table
from sluicegate.learn.progress import Progress, silent
from sluicegate.learn.sample import UNLABELLED, Sample
from sluicegate.screener import Screener

LEARNED_FILE = "learned.txt"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Rows by slice, the statement on misses, and which samples were let through or stopped wrongly (by id)."""

    rows: tuple[Row, ...]
    miss_rate: MissRate
    missed: tuple[str, ...]
    false_stops: tuple[str, ...]
    learned: int
    judged: Judged = field(repr=False)


def fingerprint(text: str) -> str:
    """What a model keeps of a text that it learned from: enough to know it again, nothing to read."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:16]


def learned_from(folder: Path) -> frozenset[str]:
    """The fingerprints of the texts that a model learned from; none when it keeps no list."""
    try:
        return frozenset((folder / LEARNED_FILE).read_text("utf-8").split())
    except OSError:
        return frozenset()


def evaluate(
    screener: Screener, samples: Sequence[Sample], *, population: str, progress: Progress = silent
) -> Evaluation:
    """Screen every sample that the model has not learned from.

    The bound counts source documents (groups) among samples that were not written for training: a group is missed when
    one of its controlled documents was released.
    """
    learned = learned_from(screener.model_folder)
    fresh = [sample for sample in samples if fingerprint(sample.text) not in learned]
    judged = by_line(screener, fresh, progress=progress)
    own = {
        sample.group: False
        for sample in fresh
        if sample.controlled and not sample.shipped and sample.origin != UNLABELLED
    }
    for sample, stopped in zip(fresh, judged.stopped.tolist(), strict=True):
        if sample.group in own and sample.controlled and not stopped:
            own[sample.group] = True
    verdicts = list(zip(fresh, judged.stopped.tolist(), strict=True))
    return Evaluation(
        rows=tuple(table(judged)) if fresh else (),
        miss_rate=miss_rate(sum(own.values()), len(own), population=population),
        missed=tuple(sample.place or sample.id for sample, stopped in verdicts if sample.controlled and not stopped),
        false_stops=tuple(
            sample.place or sample.id for sample, stopped in verdicts if not sample.controlled and stopped
        ),
        learned=len(samples) - len(fresh),
        judged=judged,
    )
