"""Champion and challenger on the same samples in; for each slice better, worse or cannot tell, with intervals, out.

Paired: only documents that the two judge differently say anything. The interval of the difference follows from the
exact interval of the share of those that the challenger gets right (McNemar's test, exact form). The confidence of the
slices is shared out among them (Bonferroni), so that looking at many does not find a loss by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sluicegate.learn.bound import CONFIDENCE, interval
from sluicegate.learn.judge import Judged, slices

_LOSS_SHARE = 0.05  # a loss of this share of a slice and of `_LOSS_COUNT` documents is worse, whatever the interval
_LOSS_COUNT = 3


class Finding(StrEnum):
    """What can be said of the challenger on one slice."""

    BETTER = "better"
    WORSE = "worse"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Paired:
    """One slice, one question: how many documents, gained and lost by the challenger, and the difference's interval."""

    slice: str
    question: str
    documents: int
    gained: int
    lost: int
    low: float
    high: float
    finding: Finding

    @property
    def sentence(self) -> str:
        """The finding in words."""
        return (
            f"{self.slice}, {self.question}: {self.finding.value} ({self.gained} gained, {self.lost} lost of "
            f"{self.documents}; difference {(self.gained - self.lost) / max(self.documents, 1):+.3f}, "
            f"interval {self.low:+.3f} to {self.high:+.3f})"
        )


def compare(champion: Judged, challenger: Judged) -> list[Paired]:
    """The challenger against the champion, on every slice with documents of a kind: misses, and false stops."""
    label = champion.controlled
    named = list(slices(champion.samples))
    confidence = 1 - (1 - CONFIDENCE) / max(2 * len(named), 1)
    found = []
    for name, chosen in named:
        level = CONFIDENCE if name == "all" else confidence
        for question, kind in (
            ("controlled documents stopped", label),
            ("harmless documents let through", champion.harmless),
        ):
            members = chosen & kind
            if not members.any():
                continue
            before = champion.stopped[members] == label[members]
            after = challenger.stopped[members] == label[members]
            found.append(
                paired(
                    name,
                    question,
                    int(members.sum()),
                    int((after & ~before).sum()),
                    int((before & ~after).sum()),
                    confidence=level,
                )
            )
    return found


def paired(
    name: str, question: str, documents: int, gained: int, lost: int, *, confidence: float = CONFIDENCE
) -> Paired:
    """One comparison from its counts."""
    changed = gained + lost
    share_low, share_high = interval(gained, changed, confidence=confidence)
    low, high = ((2 * share - 1) * changed / max(documents, 1) for share in (share_low, share_high))
    if changed == 0:
        low = high = 0.0
    clear_loss = lost - gained >= _LOSS_COUNT and lost - gained >= _LOSS_SHARE * documents
    finding = Finding.BETTER if low > 0 else Finding.WORSE if high < 0 or clear_loss else Finding.CANNOT_TELL
    return Paired(name, question, documents, gained, lost, low, high, finding)


def worse(found: Sequence[Paired]) -> list[Paired]:
    """Where the challenger is worse; empty when it may be promoted."""
    return [pair for pair in found if pair.finding is Finding.WORSE]
