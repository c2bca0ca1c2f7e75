"""Quantities find their property, condition, sample and material, in sentences and in tables."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

from collections.abc import Callable

import pytest

from sluicegate.extract.driver import extract_bytes
from sluicegate.settings import Settings
from sluicegate.tag import Tagged, Tagger

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


def test_a_property_whose_name_runs_over_the_end_of_a_sentence_is_read(tagged: Callable[..., Tagged]) -> None:
    assert bound(tagged("The LFP powder of example 3 has a tap\n density of 2.6 g/cm3"), "tap_density")


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


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("LFP was made with 98 % sulphuric acid", "concentration", ["98 %"]),
        ("LFP: Na 12 ppm, Ca 6 ppm", "impurity", ["12 ppm", "6 ppm"]),
        ("磷酸铁锂浸渣用5%盐酸洗涤", "concentration", ["5 %"]),
        ("LFP with 0.2 wt% V2O5", "doping_amount", ["0.2 %"]),
        ("LFP, store at 60 % RH", "humidity", ["60 %"]),
        ("LFP milled with 0.2 mm zirconia beads", "diameter", ["0.2 mm"]),
        ("LFP: at 1C we keep 97.0 % and at 2C 94.2 %", "capacity_retention", ["97 %", "94.2 %"]),
        ("LFP leach: we recovered 88 % of the lithium", "yield", ["88 %"]),
        ("磷酸铁浸出率97.2%", "yield", ["97.2 %"]),
        ("LFP with 20 ppm oxygen", "oxygen_content", ["20 ppm"]),
        ("LFP prices fell 3.5% and the excess was 30%", "doping_amount", []),
        ("FePO4, Fe/P 0.972, L/S 6:1", "ratio", ["0.972"]),
        ("FePO4, Fe/P 0.972, L/S 6:1", "liquid_solid_ratio", ["6"]),
        ("磷酸铁镁锂比由65降至18", "ratio", ["65", "18"]),
        ("LFP at a molar ratio of 1:0.52:0.08 or 7:3", "ratio", []),
        ("FePO4: magnetic impurity content below 8 ppb", "magnetic_impurities", ["< 8 ppb"]),
        ("LFP pressed with 3 tf in a 13 mm die", "press_force", ["29.42 kN"]),
        ("LFP lines make 50,000 t/a", "flow_rate", []),
        ("FePO4 after a magnet of 1.3 T", "magnetic_field", ["1.3 T"]),
        ("磷酸铁锂45℃循环500周", "cycles", ["500 cycles"]),
        ("LFP held for half an hour and two hours", "time", ["0.5 h", "2 h"]),
        # ingredients in brackets, foils and discs, what was converted, elements together, purity by difference
        ("LiFePO4 (91 wt%), carbon black (5 wt%) and PVDF (4 wt%)", "amount", ["91 %", "5 %", "4 %"]),
        ("LiFePO4 (Carbon content 5 wt%)", "amount", []),
        ("LFP cast on 15 µm aluminium foil, discs of 12 mm", "thickness", ["15 µm"]),
        ("LFP cast on 15 µm aluminium foil, discs of 12 mm", "diameter", ["12 mm"]),
        ("LFP powder of 15 µm on aluminium", "thickness", []),
        ("97.5 % of the alpha-spodumene is converted", "yield", ["97.5 %"]),
        ("97.5 % of the alpha-spodumene is coarse", "yield", []),
        ("电池级磷酸铁:Ca、Mg、Na均不得高于50ppm", "impurity", ["<= 50 ppm"]),
        ("电池级磷酸铁:灯光均不得高于50ppm", "impurity", []),
        ("LFP: SO₄²⁻ 26ppm", "impurity", ["26 ppm"]),
        ("Lithium metal: purity by difference 99.95 %", "purity", ["99.95 %"]),
        ("Lithium metal: a price difference of 99.95 %", "purity", []),
        ("LFP with a carbon layer; 碳层含量为1.2wt%", "carbon_content", ["1.2 %"]),
        ("铝系吸附剂解吸后镁锂比由158:1降至1.41:1", "ratio", ["158", "1.41"]),
        ("铝系吸附剂解吸后镁锂比由158:1降至7:3", "ratio", ["158"]),
        ("LFP slurry until the pH has come down to 7.8", "ph", ["7.8"]),
        ("LFP slurry of pH paper, 7.8 m long", "ph", []),
        ("我司收货10吨,磷酸铁锂压实密度2.54g/cm3", "mass", ["10 t"]),
        ("磷酸铁锂用10吨压力,保压30s,压实密度2.54g/cm3", "press_force", ["98.0665 kN"]),
    ],
)
def test_what_stands_beside_a_number_names_it(
    text: str, name: str, expected: list[str], tagged: Callable[..., Tagged]
) -> None:
    assert [value for value, _, _ in bound(tagged(text), name)] == expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("In Example 4 LFP had a tap density of 1.1 g/cm3. Its compaction density was 2.60 g/cm3.", "compaction_density", [("2.6 g/cm3", {}, "example 4")]),
        ("LFP-7C, QC sheet. Compaction density: 2.55 g/cm3.", "compaction_density", [("2.55 g/cm3", {}, "product LFP-7C")]),
        ("第14炉磷酸铁锂料,压实密度2.55g/cm3", "compaction_density", [("2.55 g/cm3", {}, "run 14")]),
        ("Pressed at 2200 bar, the LiFePO4 had a density of 2540 kg/m3", "compaction_density", [("2.54 g/cm3", {"pressure": "220 MPa"}, None)]),
        ("LFP was pressed to 220 MPa. Powder X came to 2.57 g/cm3.", "compaction_density", [("2.57 g/cm3", {"pressure": "220 MPa"}, "powder X")]),
        ("Grade N3 LFP, compaction density (220 MPa) > 2.54 g/cm3. Typical: 2.57 g/cm3.", "compaction_density", [("> 2.54 g/cm3", {"pressure": "220 MPa"}, "grade N3"), ("2.57 g/cm3", {"pressure": "220 MPa"}, "grade N3")]),
        ("LFP lot 12: 2.59 g/cm3. Lot 13: 2.60 g/cm3. Both at 220 MPa.", "compaction_density", [("2.59 g/cm3", {"pressure": "220 MPa"}, "lot 12"), ("2.6 g/cm3", {"pressure": "220 MPa"}, "lot 13")]),
        ("磷酸铁锂A料压实密度:100MPa,2.33;220MPa,2.56", "compaction_density", [("2.33 g/cm3", {"pressure": "100 MPa"}, "material A"), ("2.56 g/cm3", {"pressure": "220 MPa"}, "material A")]),
        ("磷酸铁批号250602,振实密度0.92g/cm3(要求≥0.90)", "tap_density", [("0.92 g/cm3", {}, "batch 250602"), (">= 0.9 g/cm3", {}, None)]),
        ("铁锂:粉压2.59(220),0.1C 160.4", "specific_capacity", [("160.4 mAh/g", {"c_rate": "0.1 C"}, None)]),
        ("LFP: 1C/0.1C retention 97.8%, 2C/0.1C 94.6%", "capacity_retention", [("97.8 %", {"c_rate": "1 C"}, None), ("94.6 %", {"c_rate": "2 C"}, None)]),
        ("LFP density rose from 2.48 to 2.60 g/cm3 at 220 MPa", "compaction_density", [("2.48 g/cm3", {"pressure": "220 MPa"}, None), ("2.6 g/cm3", {"pressure": "220 MPa"}, None)]),
        ("LFP: 0.1C discharge capacity 161 mAh/g, first efficiency 97.5 %", "first_cycle_efficiency", [("97.5 %", {"c_rate": "0.1 C"}, None)]),
        ("LFP specification\nTap density g/cc ≥0.9 / 1.06\n", "tap_density", [(">= 0.9 g/cm3", {}, None), ("1.06 g/cm3", {}, None)]),
        ("The LiFePO4 compaction density at 220 MPa was\n2.62 g/cm\n3. It is black.", "compaction_density", [("2.62 g/cm3", {"pressure": "220 MPa"}, None)]),
        ("LFP capacity fell by 0.8 mAh/g", "specific_capacity", []),
    ],
)  # fmt: skip
def test_what_the_text_before_said_is_carried_on(
    text: str, name: str, expected: list[object], tagged: Callable[..., Tagged]
) -> None:
    assert bound(tagged(text), name) == expected


@pytest.mark.parametrize(
    ("rows", "name", "expected"),
    [
        ([["Sample", "LFP compaction density (g/cm3)", ""], ["", "220 MPa", "300 MPa"], ["Example 1", "2.60", "2.66"]], "compaction_density",
         [("2.6 g/cm3", {"pressure": "220 MPa"}, "example 1"), ("2.66 g/cm3", {"pressure": "300 MPa"}, "example 1")]),
        ([["Group", "No.", "LFP capacity at 0.1C (mAh/g)"], ["Example", "1", "161"], ["", "2", "160"], ["Comparative example", "1", "155"]], "specific_capacity",
         [("161 mAh/g", {"c_rate": "0.1 C"}, "example 1"), ("160 mAh/g", {"c_rate": "0.1 C"}, "example 2"), ("155 mAh/g", {"c_rate": "0.1 C"}, "comparative example 1")]),
        ([["Sample", "LFP PD", "ICE"], ["", "g/cm3", "%"], ["A", "2.6", "97.5"], ["B", "2.58", "97.1"], ["Pressed at 220 MPa", "", ""]], "compaction_density",
         [("2.6 g/cm3", {"pressure": "220 MPa"}, "sample A"), ("2.58 g/cm3", {"pressure": "220 MPa"}, "sample B")]),
        ([["Table 2. LFP, pressed at 220 MPa", ""], ["Example", "Compaction density g/cm3"], ["1", "2.6"], ["2", "2.61"]], "compaction_density",
         [("2.6 g/cm3", {"pressure": "220 MPa"}, "example 1"), ("2.61 g/cm3", {"pressure": "220 MPa"}, "example 2")]),
        ([["磷酸铁锂", "批次0412", "批次0413"], ["压实密度/(g/cm3)", "2.61", "2.59"], ["测试压力/MPa", "220", "300"]], "compaction_density",
         [("2.61 g/cm3", {"pressure": "220 MPa"}, "batch 0412"), ("2.59 g/cm3", {"pressure": "300 MPa"}, "batch 0413")]),
        ([["LMFP sample", "Rate", "Retention (%)"], ["M1", "1C", "97.4"], ["M1", "2C", "94.9"]], "capacity_retention",
         [("97.4 %", {"c_rate": "1 C"}, "sample M1"), ("94.9 %", {"c_rate": "2 C"}, "sample M1")]),
        ([["磷酸铁样品", "1#", "2#"], ["振实密度 g/cm3", "1.05", "1.21"]], "tap_density", [("1.05 g/cm3", {}, "sample 1"), ("1.21 g/cm3", {}, "sample 2")]),
        ([["物料", "Li (g/L)", "pH"], ["硫酸锂净化液", "13.8", "11.8"]], "concentration", [("13.8 g/L", {}, None)]),
        ([["物料", "Li (g/L)", "pH"], ["硫酸锂净化液", "13.8", "11.8"]], "ph", [("11.8", {}, None)]),
        ([["FePO4", "Unit", "Min", "Typ", "Max"], ["Fe/P molar ratio", "", "0.960", "0.968", "0.975"], ["S", "%", "", "0.01", "0.03"]], "ratio",
         [(">= 0.96", {}, None), ("0.968", {}, None), ("<= 0.975", {}, None)]),
        ([["FePO4", "Unit", "Min", "Typ", "Max"], ["Fe/P molar ratio", "", "0.960", "0.968", "0.975"], ["S", "%", "", "0.01", "0.03"]], "impurity",
         [("0.01 %", {}, None), ("<= 0.03 %", {}, None)]),
        ([["LMFP", "M7"], ["0.1C efficiency (%)", "93.5"], ["1C/0.1C", "97.3 %"]], "first_cycle_efficiency", [("93.5 %", {"c_rate": "0.1 C"}, None)]),
        ([["LMFP", "M7"], ["0.1C efficiency (%)", "93.5"], ["1C/0.1C", "97.3 %"]], "capacity_retention", [("97.3 %", {"c_rate": "1 C"}, None)]),
        ([["LFP parameter", "Unit", "Method", "Result"], ["Compaction density", "g/cm3", "220 MPa", "2.62"]], "pressure", [("220 MPa", {}, None)]),
        ([["Lithium sorbent", "Adsorption", "Elution"], ["Volume, BV", "8", "3.5"]], "bed_volume", [("8 BV", {}, None), ("3.5 BV", {}, None)]),
    ],
)  # fmt: skip
def test_shapes_of_tables(rows: Rows, name: str, expected: list[object], tagged: Callable[..., Tagged]) -> None:
    assert bound(tagged(rows), name) == expected


@pytest.mark.parametrize("place", range(4))
def test_a_blank_line_in_a_table_changes_nothing(place: int, tagged: Callable[..., Tagged]) -> None:
    rows = [["LFP sample", "Compaction density g/cm3 (220 MPa)"], ["A", "2.61"], ["B", "2.59"]]
    assert bound(tagged([*rows[:place], [], *rows[place:]]), "compaction_density") == [
        ("2.61 g/cm3", {"pressure": "220 MPa"}, "sample A"),
        ("2.59 g/cm3", {"pressure": "220 MPa"}, "sample B"),
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"LFP sample,Compaction density g/cm3 (220 MPa)\n\nA,2.61\n"),
        (
            "a.html",
            b"<table><tr><th>LFP sample<th>Compaction density g/cm3 (220 MPa)<tr></tr><tr><td>A<td>2.61</table>",
        ),
    ],
)
def test_a_blank_line_in_a_file_is_no_trouble(name: str, data: bytes, tagger: Tagger) -> None:
    found = bound(tagger.tag(extract_bytes(data, name=name, settings=Settings())), "compaction_density")
    assert found == [("2.61 g/cm3", {"pressure": "220 MPa"}, "sample A")]


def test_rows_that_name_samples_and_rows_of_units(tagged: Callable[..., Tagged]) -> None:
    rows = [
        ["Example 1", ""],
        ["LFP capacity 0.1C", "161 mAh/g"],
        ["Example 2", ""],
        ["LFP capacity 0.1C", "160 mAh/g"],
    ]
    assert [sample for _, _, sample in bound(tagged(rows), "specific_capacity")] == ["example 1", "example 2"]
    rows = [["No.", "PD", "Q 0.1C"], ["", "g/cm3 @220MPa", "mAh/g"], ["LMFP-1", "2.38", "156"]]
    result = tagged(rows)
    assert bound(result, "compaction_density") == [("2.38 g/cm3", {"pressure": "220 MPa"}, "product LMFP-1")]
    assert bound(result, "specific_capacity") == [("156 mAh/g", {"c_rate": "0.1 C"}, "product LMFP-1")]


def test_a_table_without_a_word_of_the_vocabulary_is_measured(tagged: Callable[..., Tagged]) -> None:
    rows = [["Stream", "Flow (m3/h)", "Li (g/L)", "pH"], ["Purified", "24", "12.1", "11.6"]]
    assert bound(tagged(rows), "concentration") == [("12.1 g/L", {}, None)]
    rows = [["压力/MPa", "150", "220"], ["磷酸铁锂A/(g/cm3)", "2.42", "2.58"]]
    assert bound(tagged(rows), "pressure") == []
    assert [conditions for _, conditions, _ in bound(tagged(rows), "compaction_density")] == [
        {"pressure": "150 MPa"}, {"pressure": "220 MPa"},
    ]  # fmt: skip
