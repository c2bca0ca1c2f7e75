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
from sluicegate.reasons import UNREAD_ZH, Said, say
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

    `licences` are the numbers of the licences that it rests on; `reasons_zh` says the reasons in Chinese.
    """

    decision: Decision
    reasons: tuple[str, ...]
    licences: tuple[str, ...] = ()
    reasons_zh: tuple[str, ...] = ()


_IN_DOUBT = frozenset({LegalStatus.SUSPENDED, LegalStatus.UNCONFIRMED})
_NOT_LISTED = frozenset({LegalStatus.NOT_YET, LegalStatus.EXPIRED})


def decide(evidence: Evidence, *, unread: Literal["review", "hold"] = "review") -> Ruling:
    """Apply the decision table; `unread` is the least decision when a part went unread."""
    found = [_weigh_point(point) for point in evidence.points]
    found.append(_weigh_untouched(evidence))
    found.extend(_weigh_problem(problem, unread) for problem in evidence.problems)
    found.sort(key=lambda row: row[0], reverse=True)
    reasons = list(dict.fromkeys(reason for _, reason in found if reason is not None)) or [say("nothing")]
    return Ruling(
        found[0][0], tuple(english for english, _ in reasons), reasons_zh=tuple(chinese for _, chinese in reasons)
    )


def _weigh_point(point: PointEvidence) -> tuple[Decision, Said | None]:
    where = {
        "name": f"{point.list} {point.id}",
        "title": point.title["en"],
        "title_zh": point.title["zh"],
        "at": f" ({point.place.text})" if point.place is not None else "",
    }
    if point.status in _NOT_LISTED:
        return Decision.RELEASE, say(point.status.value, **where)
    doubtful = point.status in _IN_DOUBT
    if point.teaching is Teaching.YES and not point.goods:
        return _weigh_taught(point, where, doubtful=doubtful)
    if point.product_data_met:
        return Decision.REVIEW, say("product_in_doubt" if doubtful else "product", **where)
    if point.teaching is Teaching.UNSURE and not doubtful and not point.goods:
        return Decision.REVIEW, say("unsure", **where)
    return Decision.RELEASE, None


def _weigh_taught(point: PointEvidence, where: Mapping[str, str], *, doubtful: bool) -> tuple[Decision, Said]:
    if doubtful:
        return Decision.REVIEW, say(f"taught_{point.status.value}", **where)
    if point.criteria is None:
        return Decision.HOLD, say("taught", **where)
    decision = Decision.REVIEW if point.criteria is CriterionStatus.NOT_MET else Decision.HOLD
    return decision, say(f"taught_{point.criteria.value}", **where)


def _weigh_untouched(evidence: Evidence) -> tuple[Decision, Said | None]:
    if evidence.untouched is None:
        return Decision.RELEASE, None
    at = f" ({evidence.untouched_place.text})" if evidence.untouched_place is not None else ""
    decision = Decision.REVIEW if evidence.untouched is Subject.UNNAMED else Decision.RELEASE
    return decision, say(evidence.untouched.value, at=at)


def _weigh_problem(problem: Problem, unread: Literal["review", "hold"]) -> tuple[Decision, Said]:
    detail = f": {problem.detail}" if problem.detail else ""
    kind = problem.kind.value.replace("_", " ")
    kind_zh = UNREAD_ZH[problem.kind]
    return Decision(unread), say("unread", kind=kind, kind_zh=kind_zh, place=problem.place.text, detail=detail)


def points_behind(evidence: Evidence) -> tuple[str, ...]:
    """The control points that alone would keep this from being released, as "LIST:ID"."""
    return tuple(
        f"{point.list}:{point.id}" for point in evidence.points if _weigh_point(point)[0] is not Decision.RELEASE
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
