"""Quantities find their property, condition, sample and material, in sentences and in tables."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

from collections.abc import Callable

import pytest

from sluicegate.tag import Tagged

Rows = list[list[str]]


def bound(result: Tagged, name: str) -> list[tuple[str, dict[str, str], str | None]]:
    return [
        (str(m.quantity), {key: str(value) for key, value in m.conditions}, m.sample)
        for m in result.measurements if m.property == name
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("LFP: 压密2.62，克容量161，首效97.4", "compaction_density", [("2.62 g/cm3", {}, None)]),
        ("LFP: 压密2.62，克容量161，首效97.4", "first_cycle_efficiency", [("97.4 %", {}, None)]),
        ("The tap density and compaction density of LFP were 1.2 and 2.6 g/cc.", "tap_density", [("1.2 g/cm3", {}, None)]),
        ("LFP 0.1C/1C放电容量分别为161、150mAh/g", "specific_capacity", [("161 mAh/g", {"c_rate": "0.1 C"}, None), ("150 mAh/g", {"c_rate": "1 C"}, None)]),
        ("LFP极片压实密度2.55g/cm3", "electrode_density", [("2.55 g/cm3", {}, None)]),
        ("LFP极片压实密度2.55g/cm3", "compaction_density", []),
        ("After 500 cycles at 1C the capacity retention of LFP was 97.1%.", "capacity_retention", [("97.1 %", {"c_rate": "1 C", "cycles": "500 cycles"}, None)]),
        ("首次充电容量为166mAh/g的LFP，首次放电容量为161mAh/g", "specific_capacity", [("161 mAh/g", {}, None)]),
        ("LFP sintered at pH 1.8-2.0", "ph", [("1.8–2", {}, None)]),
        ("LFP of Example 4 showed a press density at 220 MPa of 2.59 g/cm3, whereas that of Comparative Example 2 showed 2.41 g/cm3.", "compaction_density",
         [("2.59 g/cm3", {"pressure": "220 MPa"}, "example 4"), ("2.41 g/cm3", {"pressure": "220 MPa"}, "comparative example 2")]),
        ("LFP powder was pressed with 3 tf in a 13 mm die: compaction density 2.60 g/cm3", "compaction_density", [("2.6 g/cm3", {"pressure": "221.6 MPa"}, None)]),
    ],
)  # fmt: skip
def test_sentences(text: str, name: str, expected: list[object], tagged: Callable[..., Tagged]) -> None:
    assert bound(tagged(text), name) == expected


TABLE: Rows = [
    ["样品", "压实密度(g/cm3, 220MPa)", "0.1C放电容量(mAh/g)"], ["实施例1", "2.62", "161.0"], ["对比例1", "2.41", "155"],
]  # fmt: skip


@pytest.mark.parametrize("turned", [False, True])
def test_tables_either_way_round(turned: bool, tagged: Callable[..., Tagged]) -> None:
    rows = [list(column) for column in zip(*TABLE, strict=True)] if turned else TABLE
    result = tagged(rows)
    assert bound(result, "compaction_density") == [
        ("2.62 g/cm3", {"pressure": "220 MPa"}, "example 1"), ("2.41 g/cm3", {"pressure": "220 MPa"}, "comparative example 1"),
    ]  # fmt: skip
    assert bound(result, "specific_capacity")[0] == ("161 mAh/g", {"c_rate": "0.1 C"}, "example 1")


def test_unit_and_condition_columns(tagged: Callable[..., Tagged]) -> None:
    rows = [
        ["Property", "Unit", "Test condition", "Min", "Typical"],
        ["Powder compaction density", "g/cm3", "220 MPa", "2.58", "2.62"],
        ["First coulombic efficiency", "%", "0.1C", "97", "97.5"],
    ]
    result = tagged(rows)
    assert bound(result, "compaction_density") == [
        (">= 2.58 g/cm3", {"pressure": "220 MPa"}, None), ("2.62 g/cm3", {"pressure": "220 MPa"}, None),
    ]  # fmt: skip
    assert bound(result, "first_cycle_efficiency")[1] == ("97.5 %", {"c_rate": "0.1 C"}, None)


def test_pressures_as_columns_and_the_property_in_the_corner(tagged: Callable[..., Tagged]) -> None:
    rows = [["压实密度", "220MPa", "300MPa"], ["样品A", "2.53g/cm³", "2.61g/cm³"]]
    assert bound(tagged(rows), "compaction_density") == [
        ("2.53 g/cm3", {"pressure": "220 MPa"}, "sample A"), ("2.61 g/cm3", {"pressure": "300 MPa"}, "sample A"),
    ]  # fmt: skip


def test_the_sample_of_a_section_reaches_the_next_passage(tagged: Callable[..., Tagged]) -> None:
    result = tagged("实施例3\n将磷酸铁锂粉体过筛。", "其压实密度为2.60 g/cm3（220MPa）。")
    assert bound(result, "compaction_density") == [("2.6 g/cm3", {"pressure": "220 MPa"}, "example 3")]


def test_materials_are_told_apart(tagged: Callable[..., Tagged]) -> None:
    result = tagged("NCM811的压实密度3.4 g/cm3，磷酸铁锂的压实密度2.5 g/cm3。")
    assert [m.material for m in result.measurements] == ["other:nmc", "lfp"]
