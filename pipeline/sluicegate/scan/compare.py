"""Two scans in, the documents whose decision differs out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sluicegate.scan.store import ScanStore
from sluicegate.verdict import Decision


@dataclass(frozen=True, slots=True)
class Change:
    """One document with its decision before and after; None where that scan does not have it."""

    document: str
    before: Decision | None
    after: Decision | None
    same_bytes: bool
    why: str


def changes(store: ScanStore, before: int, after: int) -> Iterator[Change]:
    """Every document whose decision changed, that came or that went, in the order of the later scan."""
    earlier = {verdict.document: (verdict.decision, verdict.sha256) for verdict in store.verdicts(before)}
    for verdict in store.verdicts(after):
        decision, sha256 = earlier.pop(verdict.document, (None, ""))
        if decision is not verdict.decision:
            same = bool(sha256) and sha256 == verdict.sha256
            yield Change(
                verdict.document, decision, verdict.decision, same, verdict.reasons[0] if verdict.reasons else ""
            )
    for document, (decision, _) in earlier.items():
        yield Change(document, decision, None, False, "")
