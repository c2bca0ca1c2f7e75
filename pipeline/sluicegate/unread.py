"""A name and a reason in, out the verdict on a document of which nothing could be read; and the stamp of the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from sluicegate import __version__
from sluicegate.decide import Evidence, decide
from sluicegate.document import Place, Problem, ProblemKind
from sluicegate.settings import Settings
from sluicegate.verdict import Decision, Provenance, Verdict


def provenance_of(settings: Settings, *, model: str, lists: Sequence[str], as_of: date) -> Provenance:
    """A provenance with the present time (UTC)."""
    return Provenance(__version__, model, tuple(lists), settings.digest, _now(), as_of.isoformat())


def renewed(provenance: Provenance) -> Provenance:
    """The same provenance with the present time (UTC)."""
    return replace(provenance, screened_at=_now())


def unread_verdict(name: str, kind: ProblemKind, detail: str, *, settings: Settings, provenance: Provenance) -> Verdict:
    """The verdict on a document of which nothing could be read: one problem, review or hold, never release."""
    problem = Problem(kind, Place((name,)), detail)
    ruling = decide(Evidence(problems=(problem,)), unread=settings.policy.unread)
    return Verdict(
        document=name, sha256="", media_type="application/octet-stream", kind="other", language=(), parts=(),
        decision=ruling.decision, reasons=ruling.reasons, know_how=0.0, control_points=(), passages=(),
        reasons_zh=ruling.reasons_zh, problems=(problem,), provenance=provenance, read_decision=Decision.RELEASE,
    )  # fmt: skip


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
