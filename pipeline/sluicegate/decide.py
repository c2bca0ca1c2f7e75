"""The decision table, pure: evidence in, decision and plain reasons out. No text is read here, nothing is measured.

The table (each row is a test in `tests/test_decide.py`):

=============  ==================================  ===========================================  ========
the text       listed point touched                its criteria                                 decision
teaches
=============  ==================================  ===========================================  ========
yes            qualitative, in force               –                                            hold
yes            numeric, in force                   all met, or not stated, or unclear           hold
yes            numeric, in force                   a joint one not met for the sample taught    review
yes            suspended or unconfirmed            any                                          review
yes            none, subject unnamed or coded      –                                            review
yes            none, clearly another technology    –                                            release
unsure         any in force                        any                                          review
no             numeric                             met (product data, not preparation)          review
no or unsure   none, or none met                   –                                            release
any            not in force on the date            –                                            not listed
any            any                                 a part unread                                >= review
=============  ==================================  ===========================================  ========
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from sluicegate.controls import LegalStatus
from sluicegate.document import Place, Problem
from sluicegate.verdict import CriterionStatus, Decision


class Teaching(StrEnum):
    """Whether a text teaches how to make something."""

    YES = "yes"
    UNSURE = "unsure"
    NO = "no"


class Subject(StrEnum):
    """What a teaching passage that touches no listed point is about."""

    UNNAMED = "unnamed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PointEvidence:
    """What a document holds against one control point.

    `teaching` is that of the best passage touching the point. `criteria` is the joint status of the point's criteria
    for the best sample; `None` for a qualitative point. `product_data_met` says that a stated product meets them all,
    whoever teaches or not.
    """

    list: str
    id: str
    title: Mapping[str, str] = field(hash=False)
    status: LegalStatus
    teaching: Teaching
    criteria: CriterionStatus | None = None
    place: Place | None = None
    product_data_met: bool = False
    goods: bool = False

    @property
    def numeric(self) -> bool:
        """Whether the point has numeric criteria."""
        return self.criteria is not None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that bears on the decision about one document.

    `untouched` is the subject of the best teaching passage that touches no point, with its place; `None` if there is
    no such passage.
    """

    points: tuple[PointEvidence, ...] = ()
    untouched: Subject | None = None
    untouched_place: Place | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision and the sentences that give its reasons, the weightiest first."""

    decision: Decision
    reasons: tuple[str, ...]


_IN_DOUBT = frozenset({LegalStatus.SUSPENDED, LegalStatus.UNCONFIRMED})
_NOT_LISTED = frozenset({LegalStatus.NOT_YET, LegalStatus.EXPIRED})


def decide(evidence: Evidence, *, unread: Literal["review", "hold"] = "review") -> Ruling:
    """Apply the decision table; `unread` is the least decision when a part went unread."""
    rulings = [_weigh_point(point) for point in evidence.points]
    rulings.append(_weigh_untouched(evidence))
    rulings.extend(_weigh_problem(problem, unread) for problem in evidence.problems)
    rulings.sort(key=lambda ruling: ruling.decision, reverse=True)
    reasons = tuple(dict.fromkeys(reason for ruling in rulings for reason in ruling.reasons))
    decision = rulings[0].decision
    return Ruling(decision, reasons or ("No passage teaches how to make something on a control list.",))


def _weigh_point(point: PointEvidence) -> Ruling:
    name = f"{point.list} {point.id} ({point.title['en']})"
    at = f" ({point.place.text})" if point.place is not None else ""
    if point.status in _NOT_LISTED:
        when = "not yet in force" if point.status is LegalStatus.NOT_YET else "expired"
        return Ruling(Decision.RELEASE, (f"{name} is {when} on the screening date and was not applied.",))
    doubtful = point.status in _IN_DOUBT
    if point.teaching is Teaching.YES:
        return _weigh_taught(point, name, at, doubtful=doubtful)
    if point.product_data_met:
        what = "meets" if not doubtful else f"meets the criteria (list {point.status.value}) of"
        return Ruling(Decision.REVIEW, (f"Product data, not preparation, {what} {name}{at}.",))
    if point.teaching is Teaching.UNSURE and not doubtful:
        return Ruling(Decision.REVIEW, (f"A passage may teach a step of {name}{at}; the model is not sure.",))
    return Ruling(Decision.RELEASE, ())


def _weigh_taught(point: PointEvidence, name: str, at: str, *, doubtful: bool) -> Ruling:
    if doubtful:
        why = "suspended" if point.status is LegalStatus.SUSPENDED else "of unconfirmed status"
        return Ruling(Decision.REVIEW, (f"A passage teaches a step of {name}{at}; that list is {why}.",))
    match point.criteria:
        case None:
            return Ruling(Decision.HOLD, (f"A passage teaches a step of {name}{at}.",))
        case CriterionStatus.NOT_MET:
            return Ruling(
                Decision.REVIEW,
                (f"A passage teaches how to prepare {name}{at}, but a stated result does not meet its criteria.",),
            )
        case CriterionStatus.MET:
            return Ruling(Decision.HOLD, (f"A passage teaches how to prepare {name}{at}, with results that meet it.",))
        case CriterionStatus.UNCLEAR:
            how = "its results cannot be compared with the criteria"
        case _:
            how = "not all results that the criteria ask for are stated"
    return Ruling(Decision.HOLD, (f"A passage teaches how to prepare {name}{at}; {how}.",))


def _weigh_untouched(evidence: Evidence) -> Ruling:
    at = f" ({evidence.untouched_place.text})" if evidence.untouched_place is not None else ""
    if evidence.untouched is Subject.UNNAMED:
        return Ruling(Decision.REVIEW, (f"A passage teaches a process whose material is unnamed or coded{at}.",))
    if evidence.untouched is Subject.OTHER:
        return Ruling(Decision.RELEASE, (f"A passage teaches a process of another technology{at}.",))
    return Ruling(Decision.RELEASE, ())


def _weigh_problem(problem: Problem, unread: Literal["review", "hold"]) -> Ruling:
    detail = f": {problem.detail}" if problem.detail else ""
    kind = problem.kind.value.replace("_", " ")
    return Ruling(Decision(unread), (f"A part went unread ({kind}) at {problem.place.text}{detail}.",))
