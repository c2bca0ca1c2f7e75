"""The review desk: stopped mail and scan verdicts in, what waits for a person out; decisions go on record first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sluicegate.review.audit import Audit
from sluicegate.review.records import Decided, Records
from sluicegate.settings import Settings
from sluicegate.verdict import Decision, Verdict


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to decide about: `name` is M and the number of a stopped message, or the beginning of a hash."""

    name: str
    verdict: Verdict = field(repr=False)
    stopped: int | None = None

    @property
    def line(self) -> str:
        """The item in one line."""
        points = ", ".join(sorted({f"{point.list}:{point.id}" for point in self.verdict.control_points})) or "–"
        decision = self.verdict.decision.value
        return f"{self.name:<14} {decision:<8} {self.verdict.know_how:.2f}  {self.verdict.document}  {points}"


class Desk:
    """What waits, and what was decided."""

    def __init__(self, records: Records, audit: Audit, verdicts: Iterable[Verdict] = ()) -> None:
        self._records = records
        self._audit = audit
        self._verdicts = tuple(verdicts)

    @classmethod
    def open(cls, settings: Settings, verdicts: Iterable[Verdict] = ()) -> Desk:
        """The desk of these settings, with the verdicts of scans."""
        return cls(Records.open(settings), Audit.open(settings), verdicts)

    def decisions(self) -> list[Decided]:
        """Every decision, oldest first."""
        return self._records.decisions()

    def waiting(self) -> list[Item]:
        """What nobody has decided about: holds first, then the surest."""
        decided = {row.sha256 for row in self._records.decisions() if row.sha256}
        items = {
            f"M{row.id}": Item(f"M{row.id}", row.verdict, row.id)
            for row in self._records.waiting()
            if row.verdict is not None and not row.verdict.released
        }
        for verdict in self._verdicts:
            if not verdict.released and verdict.sha256 not in decided:
                name = verdict.sha256[:12] or verdict.document
                items.setdefault(name, Item(name, verdict))
        return sorted(items.values(), key=lambda item: (-item.verdict.decision.severity, -item.verdict.know_how))

    def find(self, wanted: str) -> list[Item]:
        """The items of this name, or whose document's hash begins so."""
        waiting = self.waiting()
        exact = [item for item in waiting if item.name == wanted]
        return exact or [item for item in waiting if len(wanted) >= 6 and item.verdict.sha256.startswith(wanted)]

    def decide(self, item: Item, decision: Decision, *, by: str, reason: str) -> None:
        """Put a decision on record: in the chain first, then where it is looked up."""
        verdict = item.verdict
        entry = {
            "by": by,
            "reason": reason,
            "decided": decision.value,
            "decision": verdict.decision.value,
            "sha256": verdict.sha256,
            "model": verdict.provenance.model,
            "lists": list(verdict.provenance.lists),
        }
        self._audit.append([("decision", entry)])
        self._records.add_decision(
            Decided(verdict.sha256, verdict.document, decision, by, reason, item.stopped, verdict)
        )

    def samples(self) -> list[dict[str, Any]]:
        """The decisions as labelled samples: what was shown of a document, and what the person said about it.

        The last decision about a document counts. A decision without kept text (redacted records) gives no sample.
        """
        latest = {row.sha256: row for row in self._records.decisions() if row.sha256 and row.verdict is not None}
        samples = []
        for row in latest.values():
            assert row.verdict is not None
            quotes = [passage.quote for passage in row.verdict.passages if passage.quote]
            if quotes:
                samples.append(_sample(row, row.verdict, quotes))
        return samples


def _sample(row: Decided, verdict: Verdict, quotes: list[str]) -> dict[str, Any]:
    controlled = row.decision is Decision.HOLD
    text = "\n\n".join(quotes)
    labels = sorted({point for passage in verdict.passages for point in passage.points})
    return {
        "id": f"review-{row.id}",
        "text": text,
        "label": "controlled" if controlled else "not",
        "points": labels if controlled else [],
        "language": verdict.language[0] if verdict.language else "en",
        "kind": verdict.kind,
        "register": "review",
        "group": verdict.sha256,
        "source": f"review decision of {row.time}",
    }
