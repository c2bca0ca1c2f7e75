"""Samples and a model, or the whole line, in; what is done with each sample, and figures for every slice, out."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sluicegate.classify.score import Thresholds
from sluicegate.document import Document, Part, Passage, Place
from sluicegate.learn.bound import interval
from sluicegate.learn.progress import Progress
from sluicegate.learn.sample import Sample
from sluicegate.verdict import Decision

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sluicegate.screener import Screener


_FEW = 5  # documents of a register below which a row of its own says nothing


@dataclass(frozen=True, slots=True)
class Judged:
    """Samples with what was done with each; all arrays have shape (samples,).

    `stopped` and `held` are decisions, `harmless` says which samples ought to be let through.
    """

    samples: tuple[Sample, ...] = field(repr=False)
    stopped: NDArray[np.bool_] = field(repr=False)
    held: NDArray[np.bool_] = field(repr=False)
    harmless: NDArray[np.bool_] = field(repr=False)

    @property
    def controlled(self) -> NDArray[np.bool_]:
        """Which samples are labelled controlled."""
        import numpy as np

        return np.asarray([sample.controlled for sample in self.samples], dtype=bool)


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one slice: counts of documents, and how many of them are stopped and held."""

    slice: str
    controlled: int
    stopped: int
    held: int
    harmless: int
    false_stops: int
    false_holds: int

    @property
    def stop_recall(self) -> tuple[float, float]:
        """95 % interval of the share of controlled documents that are stopped."""
        return interval(self.stopped, self.controlled)

    @property
    def false_share(self) -> tuple[float, float]:
        """95 % interval of the share of harmless documents that are stopped."""
        return interval(self.false_stops, self.harmless)


def by_thresholds(samples: Sequence[Sample], probabilities: NDArray[np.float64], thresholds: Thresholds) -> Judged:
    """What the classifier alone would stop. Recipes for other technology are left out: the tagger decides on those."""
    import numpy as np

    harmless = np.asarray([not sample.controlled and not sample.teaches for sample in samples], dtype=bool)
    unsure = np.asarray([thresholds.unsure_of({sample.language}) for sample in samples])
    sure = np.asarray([thresholds.sure_of({sample.language}) for sample in samples])
    return Judged(tuple(samples), probabilities >= unsure, probabilities >= sure, harmless)


def by_line(screener: Screener, samples: Sequence[Sample], *, progress: Progress) -> Judged:
    """What the whole line decides about each sample."""
    import numpy as np

    decisions = []
    for number, sample in enumerate(samples):
        decisions.append(screener.screen_document(document_of(sample)).decision)
        progress("screening", number + 1, len(samples))
    harmless = np.asarray([not sample.controlled for sample in samples], dtype=bool)
    stopped = np.asarray([decision > Decision.RELEASE for decision in decisions], dtype=bool)
    held = np.asarray([decision == Decision.HOLD for decision in decisions], dtype=bool)
    return Judged(tuple(samples), stopped, held, harmless)


def document_of(sample: Sample) -> Document:
    """The sample as a document that was read without a problem."""
    path = (sample.id,)
    part = Part(path, hashlib.sha256(sample.text.encode("utf-8", "replace")).hexdigest(), "text/plain")
    return Document(sample.id, (part,), tuple(Passage(text, Place(path)) for text in sample.texts))


def slices(samples: Sequence[Sample]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Names and members of what is looked at alone: all, languages, points, registers, origins, other technology."""
    import numpy as np

    def members(test: Callable[[Sample], bool]) -> NDArray[np.bool_]:
        return np.asarray([test(sample) for sample in samples], dtype=bool)

    yield "all", members(lambda sample: True)
    kinds: tuple[tuple[str, Callable[[Sample], str]], ...] = (
        ("language", lambda sample: sample.language),
        ("register", lambda sample: sample.register),
        ("origin", lambda sample: sample.origin),
    )
    for title, value in kinds:
        counts = Counter(value(sample) for sample in samples)
        for found in sorted(name for name, count in counts.items() if count >= (_FEW if title == "register" else 1)):
            yield f"{title} {found}", members(lambda sample, value=value, found=found: value(sample) == found)  # type: ignore[misc]
    for point in sorted({point for sample in samples for point in sample.points}):
        yield f"point {point}", members(lambda sample, point=point: point in sample.points)  # type: ignore[misc]
    yield "other technology", members(lambda sample: bool(sample.teaches) and not sample.controlled)


def row_of(name: str, judged: Judged, chosen: NDArray[np.bool_]) -> Row:
    """The figures of the chosen samples."""
    label, harmless = judged.controlled & chosen, judged.harmless & chosen
    return Row(
        name,
        int(label.sum()),
        int((label & judged.stopped).sum()),
        int((label & judged.held).sum()),
        int(harmless.sum()),
        int((harmless & judged.stopped).sum()),
        int((harmless & judged.held).sum()),
    )


def table(judged: Judged) -> list[Row]:
    """A row for every slice."""
    return [row_of(name, judged, chosen) for name, chosen in slices(judged.samples)]


def markdown(rows: Sequence[Row]) -> str:
    """The rows as a table for a card or a terminal."""
    lines = [
        "| slice | controlled | stopped | 95 % interval | held | harmless | stopped | 95 % interval | held |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        low, high = row.stop_recall
        false_low, false_high = row.false_share
        lines.append(
            f"| {row.slice} | {row.controlled} "
            f"| {_share(row.stopped, row.controlled)} | {_span(low, high, row.controlled)} "
            f"| {_share(row.held, row.controlled)} | {row.harmless} | {_share(row.false_stops, row.harmless)} "
            f"| {_span(false_low, false_high, row.harmless)} | {_share(row.false_holds, row.harmless)} |"
        )
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "–"


def _span(low: float, high: float, whole: int) -> str:
    return f"{low:.3f}–{high:.3f}" if whole else "–"
