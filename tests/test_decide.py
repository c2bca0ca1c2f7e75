"""The decision table of the design, row by row."""

import itertools

import pytest

from sluicegate.controls import LegalStatus
from sluicegate.decide import Evidence, PointEvidence, Subject, Teaching, decide
from sluicegate.document import Place, Problem, ProblemKind
from sluicegate.verdict import CriterionStatus, Decision

IN_FORCE, SUSPENDED, UNCONFIRMED = LegalStatus.IN_FORCE, LegalStatus.SUSPENDED, LegalStatus.UNCONFIRMED
MET, NOT_MET = CriterionStatus.MET, CriterionStatus.NOT_MET
NOT_STATED, UNCLEAR = CriterionStatus.NOT_STATED, CriterionStatus.UNCLEAR
YES, UNSURE, NO = Teaching.YES, Teaching.UNSURE, Teaching.NO
RELEASE, REVIEW, HOLD = Decision.RELEASE, Decision.REVIEW, Decision.HOLD


def point(teaching=NO, *, status=IN_FORCE, criteria=None, product_data_met=False, goods=False):
    return PointEvidence(
        "cn-2025-28", "252604X.1", {"en": "LFP", "zh": "磷酸铁锂"}, status, teaching, criteria,
        Place(("a.pdf",), page=3), product_data_met, goods,
    )  # fmt: skip


TABLE = [
    ("taught, qualitative", point(YES), HOLD),
    ("taught, criteria met", point(YES, criteria=MET), HOLD),
    ("taught, criteria not stated", point(YES, criteria=NOT_STATED), HOLD),
    ("taught, criteria unclear", point(YES, criteria=UNCLEAR), HOLD),
    ("taught, a joint criterion not met", point(YES, criteria=NOT_MET), REVIEW),
    ("taught, suspended list", point(YES, status=SUSPENDED), REVIEW),
    ("taught, unconfirmed list, met", point(YES, status=UNCONFIRMED, criteria=MET), REVIEW),
    ("unsure, qualitative", point(UNSURE), REVIEW),
    ("unsure, numeric, not met", point(UNSURE, criteria=NOT_MET), REVIEW),
    ("unsure, suspended list", point(UNSURE, status=SUSPENDED), RELEASE),
    ("not taught, product data meets", point(NO, criteria=MET, product_data_met=True), REVIEW),
    ("not taught, product data meets an unconfirmed list",
     point(NO, status=UNCONFIRMED, criteria=MET, product_data_met=True), REVIEW),
    ("not taught, named only", point(NO, criteria=NOT_STATED), RELEASE),
    ("not taught, qualitative", point(NO), RELEASE),
    ("taught, but the list names goods", point(YES, criteria=NOT_STATED, goods=True), RELEASE),
    ("goods, product data meets", point(YES, criteria=MET, product_data_met=True, goods=True), REVIEW),
    ("taught, not yet in force", point(YES, status=LegalStatus.NOT_YET), RELEASE),
    ("taught, expired", point(YES, status=LegalStatus.EXPIRED, criteria=MET), RELEASE),
]  # fmt: skip


@pytest.mark.parametrize(("row", "evidence", "decision"), TABLE, ids=[row[0] for row in TABLE])
def test_row(row, evidence, decision):
    assert decide(Evidence((evidence,))).decision is decision


def test_nothing_at_all_is_released_with_a_reason():
    ruling = decide(Evidence())
    assert ruling.decision is RELEASE
    assert ruling.reasons


def test_taught_but_unnamed_is_reviewed():
    assert decide(Evidence(untouched=Subject.UNNAMED)).decision is REVIEW


def test_another_technology_is_released_and_said():
    ruling = decide(Evidence(untouched=Subject.OTHER))
    assert ruling.decision is RELEASE
    assert "another technology" in ruling.reasons[0]


def test_not_in_force_is_said():
    assert "not yet in force" in decide(Evidence((point(YES, status=LegalStatus.NOT_YET),))).reasons[0]


@pytest.mark.parametrize("kind", list(ProblemKind))
@pytest.mark.parametrize("unread", ["review", "hold"])
def test_unread_is_never_released(kind, unread):
    problem = Problem(kind, Place(("a.pdf",)), "why")
    assert decide(Evidence(problems=(problem,)), unread=unread).decision is Decision(unread)


def test_more_evidence_never_lowers_the_decision():
    rows = [row[1] for row in TABLE]
    for first, second in itertools.product(rows, rows):
        both = decide(Evidence((first, second))).decision
        assert both >= decide(Evidence((first,))).decision
        assert both >= decide(Evidence((second,))).decision


def test_the_weightiest_reason_comes_first():
    ruling = decide(Evidence((point(UNSURE), point(YES)), problems=(Problem(ProblemKind.ENCRYPTED, Place(("b",))),)))
    assert ruling.decision is HOLD
    assert "teaches a step" in ruling.reasons[0]
    assert len(ruling.reasons) == 3


def test_every_reason_is_said_in_both_languages():
    rulings = [decide(Evidence((row[1],))) for row in TABLE] + [decide(Evidence(untouched=kind)) for kind in Subject]
    rulings += [decide(Evidence(problems=(Problem(kind, Place(("a",))),))) for kind in ProblemKind]
    for ruling in rulings:
        assert len(ruling.reasons) == len(ruling.reasons_zh) > 0
        assert not any("{" in sentence for sentence in (*ruling.reasons, *ruling.reasons_zh))
        assert all(any("\u4e00" <= character <= "\u9fff" for character in sentence) for sentence in ruling.reasons_zh)
