"""A verdict in, one flat row out: what the table formats (CSV, Parquet) show of it."""

from __future__ import annotations

from sluicegate.verdict import CriterionFinding, PointFinding, Verdict

COLUMNS = (
    "document", "decision", "reasons", "control_points", "know_how", "criteria", "place", "problems", "kind",
    "media_type", "language", "parts", "licences", "sha256", "model", "lists", "as_of", "screened_at", "elapsed_ms",
)  # fmt: skip


def row(verdict: Verdict) -> dict[str, str | float | int]:
    """The row of one verdict, in the order of `COLUMNS`; no quote of the document is in it."""
    provenance = verdict.provenance
    return {
        "document": verdict.document,
        "decision": verdict.decision.value,
        "reasons": " ".join(verdict.reasons),
        "control_points": "; ".join(f"{point.list} {point.id} ({point.score:.2f})" for point in verdict.control_points),
        "know_how": round(verdict.know_how, 4),
        "criteria": "; ".join(text for point in verdict.control_points for text in _criteria(point)),
        "place": verdict.passages[0].place.text if verdict.passages else "",
        "problems": "; ".join(f"{one.kind.value} at {one.place.text}" for one in verdict.problems),
        "kind": verdict.kind,
        "media_type": verdict.media_type,
        "language": " ".join(verdict.language),
        "parts": len(verdict.parts),
        "licences": " ".join(verdict.licences),
        "sha256": verdict.sha256,
        "model": provenance.model,
        "lists": " ".join(provenance.lists),
        "as_of": provenance.as_of,
        "screened_at": provenance.screened_at,
        "elapsed_ms": round(verdict.elapsed_ms, 1),
    }


def _criteria(point: PointFinding) -> list[str]:
    return [f"{point.id} {finding.property} {finding.threshold}: {_stated(finding)}" for finding in point.criteria]


def _stated(finding: CriterionFinding) -> str:
    status = finding.status.value.replace("_", " ")
    if finding.stated is None:
        return status
    return f"{status} ({finding.stated.get('value')} {finding.stated.get('unit', '')})".replace(" )", ")")
