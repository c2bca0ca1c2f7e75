"""A verdict in, the same verdict without the document's words out: no quotes, no terms, no texts of tags.

What stays: the decision with its reasons and places, control points, the status, figures and margins of criteria, ids
of tags, problems and provenance.
"""

from __future__ import annotations

from dataclasses import replace

from sluicegate.verdict import CriterionFinding, PointFinding, ScoredPassage, Verdict


def redacted(verdict: Verdict) -> Verdict:
    """The verdict without any text of its document."""
    return replace(
        verdict,
        control_points=tuple(_point(point) for point in verdict.control_points),
        passages=tuple(_passage(passage) for passage in verdict.passages),
    )


def _point(point: PointFinding) -> PointFinding:
    return replace(point, criteria=tuple(_criterion(finding) for finding in point.criteria))


def _criterion(finding: CriterionFinding) -> CriterionFinding:
    return replace(finding, quote="")


def _passage(passage: ScoredPassage) -> ScoredPassage:
    tags = tuple(tag._replace(text="", start=0, end=0) for tag in passage.tags)
    return replace(passage, quote="", terms=(), tags=tags)
