"""The shipped lists: ids, dates, criteria, doubts; and what validation finds in lists and vocabulary."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

from datetime import date

import pytest

from sluicegate.controls import LegalStatus, load_controls, parse_list
from sluicegate.controls.validate import Entry, validate
from sluicegate.errors import ControlListError
from sluicegate.tag.terms import entries

TODAY = date(2026, 11, 22)


def test_points_and_labels() -> None:
    points = {listed.point.id: listed.point.label for listed in load_controls(names=["cn-2025-28"]).points}
    assert points == {
        "252604X.1": "lfp", "252604X.2": "lmfp", "252604X.3": "phosphate_precursor", "083201X.2": "gallium",
        "083201X.9": "spodumene_carbonate", "083201X.10": "spodumene_hydroxide", "083201X.11": "lithium_metal",
        "083201X.12": "brine", "083201X.13": "purified_liquid",
    }  # fmt: skip


def test_thresholds_as_written() -> None:
    point = load_controls().touched("lfp")[0].point
    assert [criterion.threshold for criterion in point.criteria] == [
        ">= 2.58 g/cm3 at 220 MPa",
        ">= 160 mAh/g at 0.1 C",
        ">= 97 %",
    ]
    unconfirmed = [c for listed in load_controls().points for c in listed.point.criteria if not c.confirmed]
    assert all("unconfirmed" in criterion.note for criterion in unconfirmed)


@pytest.mark.parametrize(
    ("list_id", "day", "status"),
    [
        ("cn-2025-28", "2025-07-14", "not_yet"), ("cn-2025-28", "2025-07-15", "in_force"), ("cn-2025-58", "2025-11-07", "not_yet"),
        ("cn-2025-58", "2025-11-08", "suspended"), ("cn-2025-58", "2026-11-10", "suspended"), ("cn-2025-58", "2026-11-11", "unconfirmed"),
    ],
)  # fmt: skip
def test_the_law_of_a_date(list_id: str, day: str, status: str) -> None:
    controls = load_controls(names=[list_id], as_of=date.fromisoformat(day))
    assert {listed.status for listed in controls.points} == {LegalStatus(status)}


def test_shipped_lists_and_vocabulary_have_no_errors() -> None:
    findings = validate(load_controls().lists, entries(), today=TODAY)
    assert [finding for finding in findings if finding.level == "error"] == []
    assert any("confirm what holds since" in finding.message for finding in findings)


def test_every_point_has_sixty_terms_in_each_language() -> None:
    for listed in load_controls(names=["cn-2025-28"]).points:
        own = [entry for entry in entries() if listed.point.label in entry.points]
        assert len(own) >= 60, listed.point.id
        assert all(entry.zh and entry.en for entry in own)


def entry(**changes: object) -> Entry:
    values: dict[str, object] = {
        "file": "a.toml",
        "id": "a",
        "zh": ("磷酸铁锂",),
        "en": ("LiFePO4",),
        "points": ("lfp",),
        "decisive": True,
        "exact": False,
    }
    return Entry(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ([entry(), entry(id="b")], "stands under a too"), ([entry(en=("Li",))], "too short"), ([entry(zh=())], "no Chinese twin"),
        ([entry(en=())], "no English twin"), ([entry(), entry(zh=("甲乙",), en=("other words",))], "stands twice"),
    ],
)  # fmt: skip
def test_validation_finds(broken: list[Entry], message: str) -> None:
    assert any(message in finding.message for finding in validate((), broken, today=TODAY))


def test_a_bad_list_is_refused() -> None:
    with pytest.raises(ControlListError, match="schema"):
        parse_list('id = "x"', source="x.toml")
    with pytest.raises(ControlListError, match="no control list nowhere"):
        load_controls(names=["nowhere"])
