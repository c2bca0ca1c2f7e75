"""What screening yields: criteria, points, passages and the verdict, as frozen values that are JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sluicegate.document import Part, Place, Problem
from sluicegate.tags import Measurement, Quantity, Tag, TagLabel

__all__ = [
    "CriterionFinding", "CriterionStatus", "Decision", "Measurement", "PointFinding", "Provenance", "Quantity",
    "ScoredPassage", "Tag", "TagLabel", "Verdict",
]  # fmt: skip

SCHEMA = 1


class Decision(StrEnum):
    """What may happen to a document; ordered from harmless to severe."""

    RELEASE = "release"
    REVIEW = "review"
    HOLD = "hold"

    @property
    def severity(self) -> int:
        """0 for release, 1 for review, 2 for hold."""
        return list(Decision).index(self)

    def __lt__(self, other: str) -> bool:
        return self.severity < Decision(other).severity

    def __le__(self, other: str) -> bool:
        return self.severity <= Decision(other).severity

    def __gt__(self, other: str) -> bool:
        return self.severity > Decision(other).severity

    def __ge__(self, other: str) -> bool:
        return self.severity >= Decision(other).severity


class CriterionStatus(StrEnum):
    """How what a text states compares with what a list demands."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_STATED = "not_stated"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class CriterionFinding:
    """One criterion of a control point against what the document states, with its margin and quote."""

    property: str
    status: CriterionStatus
    threshold: str
    confirmed: bool
    stated: Mapping[str, Any] | None = None
    margin: float | None = None
    place: Place | None = None
    quote: str = field(default="", repr=False)
    note: str = ""
    joint: bool = True

    def to_json(self) -> dict[str, Any]:
        """The finding as the verdict's JSON has it."""
        return {
            "property": self.property,
            "status": self.status.value,
            "threshold": self.threshold,
            "confirmed": self.confirmed,
            "stated": dict(self.stated) if self.stated is not None else None,
            "margin": self.margin,
            "place": self.place.to_json() if self.place is not None else None,
            "quote": self.quote,
            "note": self.note,
            "joint": self.joint,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> CriterionFinding:
        """The inverse of `to_json`."""
        return cls(
            value["property"], CriterionStatus(value["status"]), value["threshold"], value["confirmed"],
            value["stated"], value["margin"], Place.from_json(value["place"]) if value["place"] else None,
            value["quote"], value.get("note", ""), value.get("joint", True),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PointFinding:
    """A control point that the document touches. `status` is the point's legal status on the screening date."""

    list: str
    id: str
    title: Mapping[str, str]
    status: str
    score: float
    criteria: tuple[CriterionFinding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The finding as the verdict's JSON has it."""
        return {
            "list": self.list,
            "id": self.id,
            "title": dict(self.title),
            "status": self.status,
            "score": round(self.score, 4),
            "criteria": [finding.to_json() for finding in self.criteria],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PointFinding:
        """The inverse of `to_json`."""
        return cls(
            value["list"], value["id"], value["title"], value["status"], value["score"],
            tuple(CriterionFinding.from_json(row) for row in value["criteria"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage that mattered: its score, the terms that drove it and the tags in it (offsets into `quote`).

    A score of next to nothing has no terms.

    `recipe` names which parts of a teachable recipe stand in it (precursors, dose, temperature, time …).
    """

    place: Place
    score: float
    quote: str = field(repr=False)
    terms: tuple[tuple[str, float], ...] = field(default=(), repr=False)
    tags: tuple[Tag, ...] = field(default=(), repr=False)
    recipe: tuple[str, ...] = ()
    points: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The passage as the verdict's JSON has it."""
        return {
            "place": self.place.to_json(),
            "score": round(self.score, 4),
            "quote": self.quote,
            "terms": [[term, round(weight, 3)] for term, weight in self.terms],
            "tags": [tag.to_json() for tag in self.tags],
            "recipe": list(self.recipe),
            "points": list(self.points),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> ScoredPassage:
        """The inverse of `to_json`."""
        return cls(
            Place.from_json(value["place"]), value["score"], value["quote"],
            tuple((term, weight) for term, weight in value["terms"]),
            tuple(Tag.from_json(tag) for tag in value["tags"]),
            tuple(value.get("recipe", ())), tuple(value.get("points", ())),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the verdict was made with: versions, the hash of the settings, and when (ISO 8601, UTC)."""

    sluicegate: str
    model: str
    lists: tuple[str, ...]
    settings: str
    screened_at: str
    as_of: str

    def to_json(self) -> dict[str, Any]:
        """The provenance as the verdict's JSON has it."""
        return {
            "sluicegate": self.sluicegate,
            "model": self.model,
            "lists": list(self.lists),
            "settings": self.settings,
            "screened_at": self.screened_at,
            "as_of": self.as_of,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Provenance:
        """The inverse of `to_json`."""
        return cls(
            value["sluicegate"], value["model"], tuple(value["lists"]), value["settings"], value["screened_at"],
            value.get("as_of", ""),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on one document and every piece of evidence behind it; `to_json` is the fixed contract.

    `know_how` is the probability that the best passage teaches how to make something; of a document that names no field
    at all it is 0.0, and `passages` is empty. `read_decision` is the decision on what was read, whatever went unread;
    `licences` are the numbers of the licences that released it.
    """

    document: str
    sha256: str
    media_type: str
    kind: str
    language: tuple[str, ...]
    parts: tuple[Part, ...]
    decision: Decision
    reasons: tuple[str, ...]
    know_how: float
    control_points: tuple[PointFinding, ...]
    passages: tuple[ScoredPassage, ...]
    problems: tuple[Problem, ...]
    provenance: Provenance
    elapsed_ms: float = 0.0
    notes: tuple[str, ...] = ()
    read_decision: Decision | None = None
    licences: tuple[str, ...] = ()
    reasons_zh: tuple[str, ...] = ()

    def reasons_in(self, language: str) -> tuple[str, ...]:
        """The reasons in "en" or "zh"; English where the Chinese sentence is missing."""
        if language == "zh" and len(self.reasons_zh) == len(self.reasons):
            return self.reasons_zh
        return self.reasons

    @property
    def held(self) -> bool:
        """Whether the document must not leave without a licence."""
        return self.decision is Decision.HOLD

    @property
    def released(self) -> bool:
        """Whether the document may leave."""
        return self.decision is Decision.RELEASE

    def to_json(self) -> dict[str, Any]:
        """The verdict as one JSON object (schema 1)."""
        return {
            "schema": SCHEMA,
            "document": self.document,
            "sha256": self.sha256,
            "media_type": self.media_type,
            "kind": self.kind,
            "language": list(self.language),
            "parts": [part.to_json() for part in self.parts],
            "decision": self.decision.value,
            "reasons": list(self.reasons),
            "reasons_zh": list(self.reasons_zh),
            "know_how": round(self.know_how, 4),
            "control_points": [point.to_json() for point in self.control_points],
            "passages": [passage.to_json() for passage in self.passages],
            "problems": [problem.to_json() for problem in self.problems],
            "provenance": self.provenance.to_json(),
            "elapsed_ms": round(self.elapsed_ms, 1),
            "notes": list(self.notes),
            "read_decision": self.read_decision.value if self.read_decision is not None else None,
            "licences": list(self.licences),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Verdict:
        """The inverse of `to_json`; raises `KeyError` or `ValueError` on anything else."""
        if value["schema"] != SCHEMA:
            raise ValueError(f"verdict schema {value['schema']!r} is not {SCHEMA}")
        return cls(
            value["document"], value["sha256"], value["media_type"], value["kind"], tuple(value["language"]),
            tuple(Part.from_json(part) for part in value["parts"]), Decision(value["decision"]),
            tuple(value["reasons"]), value["know_how"],
            tuple(PointFinding.from_json(point) for point in value["control_points"]),
            tuple(ScoredPassage.from_json(passage) for passage in value["passages"]),
            tuple(Problem.from_json(problem) for problem in value["problems"]),
            Provenance.from_json(value["provenance"]), value["elapsed_ms"], tuple(value.get("notes", ())),
            Decision(value["read_decision"]) if value.get("read_decision") else None,
            tuple(value.get("licences", ())), tuple(value.get("reasons_zh", ())),
        )  # fmt: skip
