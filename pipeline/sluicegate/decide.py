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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from sluicegate.controls import LegalStatus
from sluicegate.document import Part, Place, Problem
from sluicegate.licence import Licence, Transfer, objection, same_title
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
    whoever teaches or not. A point on `goods` lists the thing and not how to make it: only product data touch it.
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
    """A decision and the sentences that give its reasons, the weightiest first.

    `licences` are the numbers of the licences that it rests on.
    """

    decision: Decision
    reasons: tuple[str, ...]
    licences: tuple[str, ...] = ()


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
    if point.teaching is Teaching.YES and not point.goods:
        return _weigh_taught(point, name, at, doubtful=doubtful)
    if point.product_data_met:
        what = "meets" if not doubtful else f"meets the criteria (list {point.status.value}) of"
        return Ruling(Decision.REVIEW, (f"Product data, not preparation, {what} {name}{at}.",))
    if point.teaching is Teaching.UNSURE and not doubtful and not point.goods:
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


def points_behind(evidence: Evidence) -> tuple[str, ...]:
    """The control points that alone would keep this from being released, as "LIST:ID"."""
    return tuple(
        f"{point.list}:{point.id}" for point in evidence.points if _weigh_point(point).decision is not Decision.RELEASE
    )


def licence_ruling(
    decision: Decision, parts: Sequence[Part], *, licences: Sequence[Licence], transfer: Transfer
) -> Ruling:
    """What the licence register makes of a decision; `parts` carry their own decisions.

    Only a licence in force releases, and only when every part that is not released by itself is on its list, by hash,
    alone or inside a listed file, for these recipients, countries, points and this day. A title proves nothing: it
    brings a hint, and at least a review. Reasons that come back are added to those of the decision.
    """
    hints = _title_hints(parts, licences)
    if decision is Decision.RELEASE:
        return Ruling(Decision.REVIEW if hints else decision, hints)
    used: list[str] = []
    why_not: list[str] = []
    covered = True
    for part in parts:
        if part.decision == Decision.RELEASE.value:
            continue
        number, objections = _cover(part, parts, licences, transfer)
        why_not.extend(objections)
        if number is None:
            covered = False
        else:
            used.append(number)
    if covered and used:
        numbers = tuple(dict.fromkeys(used))
        said = ", ".join(f"{found.number} ({found.issuer})" for found in licences if found.number in numbers)
        return Ruling(Decision.RELEASE, (f"Released under licence {said}.",), numbers)
    return Ruling(decision, tuple(dict.fromkeys([*why_not, *hints])))


def _cover(
    part: Part, parts: Sequence[Part], licences: Sequence[Licence], transfer: Transfer
) -> tuple[str | None, list[str]]:
    """The licence that covers a part or a file around it, and the objections of those that list it but do not.

    Two files of one name inside one container share a path: then every one of them has to be on the list.
    """
    objections = []
    for depth in range(len(part.path), 0, -1):
        hashes = {other.sha256 for other in parts if other.path == part.path[:depth]}
        for licence in licences:
            if not hashes or not all(licence.lists_hash(sha256) for sha256 in hashes):
                continue
            problem = objection(licence, next(iter(hashes)), part.points, transfer)
            if problem is None:
                return licence.number, []
            objections.append(f"{licence.number} {problem}.")
    return None, objections


def _title_hints(parts: Sequence[Part], licences: Sequence[Licence]) -> tuple[str, ...]:
    return tuple(
        f"{part.path[-1]} bears the title of a document listed in {licence.number}, but is not that document."
        for licence in licences
        for part in parts
        if not licence.lists_hash(part.sha256)
        and any(same_title(part.path[-1], document.title) for document in licence.documents)
    )
