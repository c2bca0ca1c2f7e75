"""Values find the test conditions that another sentence, another value or the same test states for them.

Each rule has a case that it is for and one that looks like it and is not.
"""

# ruff: noqa: E501  (long lines are sample texts)

from __future__ import annotations

from collections.abc import Callable

import pytest

from sluicegate.tag import Tagged

Under = list[tuple[float, float | None]]


def under(result: Tagged, name: str, condition: str) -> Under:
    found = [(m.quantity.value, dict(m.conditions).get(condition)) for m in result.measurements if m.property == name]
    return [(value, stated.value if stated is not None else None) for value, stated in found]


@pytest.mark.parametrize(
    ("text", "name", "condition", "expected"),
    [
        # a C-rate that a sentence without results states for all cells
        ("Half cells of the LFP were charged and discharged at 0.1C. The specific capacity was 161.2 mAh/g.", "specific_capacity", "c_rate", [(161.2, 0.1)]),
        ("磷酸铁锂扣式半电池以0.1C充放电。克容量为161.2mAh/g。", "specific_capacity", "c_rate", [(161.2, 0.1)]),
        ("Half cells of the LFP were cycled at 0.1C, others at 1C. The specific capacity was 161.2 mAh/g.", "specific_capacity", "c_rate", [(161.2, None)]),
        ("The pump is rated 0.1C. The LFP has a specific capacity of 161.2 mAh/g.", "specific_capacity", "c_rate", [(161.2, None)]),
        # the same test as before
        ("LFP: retention 97.2 % at 1C after 500 cycles. Under the same conditions the second powder had a retention of 95.1 %.", "capacity_retention", "cycles", [(97.2, 500), (95.1, 500)]),
        ("磷酸铁锂1C循环500周的容量保持率为97.2%。同样条件下另一样的容量保持率为95.1%。", "capacity_retention", "cycles", [(97.2, 500), (95.1, 500)]),
        ("LFP: retention 97.2 % at 1C after 500 cycles. Elsewhere a retention of 95.1 % was found.", "capacity_retention", "cycles", [(97.2, 500), (95.1, None)]),
        # an abbreviation ends no sentence
        ("LFP: 0.1C Dis. Cap.: 161.4 mAh/g", "specific_capacity", "c_rate", [(161.4, 0.1)]),
        ("LFP at 0.1C. Specific capacity of another: 161.4 mAh/g", "specific_capacity", "c_rate", [(161.4, None)]),
        # a force on a die in the sentence before
        ("LFP powder in a 13 mm die, 3 tonnes-force held for one minute. LFP lot 7 is at 2.60 g/cm3.", "compaction_density", "pressure", [(2.60, 221.6)]),
        ("LFP powder under 3 tonnes-force held for one minute. LFP lot 7 is at 2.60 g/cm3.", "compaction_density", "pressure", [(2.60, None)]),
        ("Kiln 3, LFP: D50 1.15 µm, pressed 2.53 @ 220 MPa.", "compaction_density", "pressure", [(2.53, 220)]),
        # cycles end at a semicolon
        ("LFP: 500 cycles at 1C, 97.2 % capacity retention", "capacity_retention", "cycles", [(97.2, 500)]),
        ("LFP held for 500 cycles; the capacity retention at 2C was 95.3 %", "capacity_retention", "cycles", [(95.3, None)]),
        # of several rates the one right beside a first efficiency
        ("LFP: first cycle efficiency 97.1 %, 160.4 mAh/g at 0.1C, 148 mAh/g at 1C.", "first_cycle_efficiency", "c_rate", [(97.1, None)]),
        ("LFP: 160.4 mAh/g at 0.2C, 0.1C first cycle efficiency 97.1 %.", "first_cycle_efficiency", "c_rate", [(97.1, 0.1)]),
        ("磷酸铁锂0.2C克容量160.4mAh/g,0.1C首效97.1%。", "first_cycle_efficiency", "c_rate", [(97.1, 0.1)]),
        ("LFP: 162 mAh/g at C/20, 151 mAh/g at 1C, first cycle efficiency 97 %.", "first_cycle_efficiency", "c_rate", [(97, None)]),
        ("磷酸铁锂以0.1C充放电,首放162.3mAh/g,首效98.2%;10C放电118mAh/g。", "first_cycle_efficiency", "c_rate", [(98.2, 0.1)]),
        ("磷酸铁锂首放162.3mAh/g(0.1C),首效98.2%;10C放电118mAh/g。", "first_cycle_efficiency", "c_rate", [(98.2, None)]),
        # a test that is said to hold for what follows
        ("LFP A: compaction density 2.40 g/cm3 (220 MPa, same below). LFP B: compaction density 2.50 g/cm3.", "compaction_density", "pressure", [(2.40, 220), (2.50, 220)]),
        ("LFP A: compaction density 2.40 g/cm3 (220 MPa). LFP B: compaction density 2.50 g/cm3.", "compaction_density", "pressure", [(2.40, 220), (2.50, None)]),
        ("铁锂甲粉压2.40(@220MPa,下同)。铁锂乙粉压2.50。", "compaction_density", "pressure", [(2.40, 220), (2.50, 220)]),
        ("铁锂甲粉压2.40(@220MPa,下压)。铁锂乙粉压2.50。", "compaction_density", "pressure", [(2.40, 220), (2.50, None)]),
        ("磷酸铁锂压实密度2.40g/cm3(220MPa)。另一样以相同方法测得压实密度2.50g/cm3。", "compaction_density", "pressure", [(2.40, 220), (2.50, 220)]),
        ("磷酸铁锂压实密度2.40g/cm3(220MPa)。另一样以其他方法测得压实密度2.50g/cm3。", "compaction_density", "pressure", [(2.40, 220), (2.50, None)]),
        # a list of rates and one of capacities
        ("磷酸铁锂0.5C与1C首放分别为153.2、147.6mAh/g,而2C克容量低些。", "specific_capacity", "c_rate", [(153.2, 0.5), (147.6, 1)]),
        ("LFP at 0.5C and 1C gave discharge capacities of 153.2 and 147.6 mAh/g, but failed at 2C.", "specific_capacity", "c_rate", [(153.2, 0.5), (147.6, 1)]),
        ("LFP was charged at 0.5C, held at 0.2C; at 1C it gave discharge capacities of 153.2 and 147.6 mAh/g.", "specific_capacity", "c_rate", [(153.2, 1), (147.6, 1)]),
    ],
)  # fmt: skip
def test_conditions_of_texts(
    text: str, name: str, condition: str, expected: Under, tagged: Callable[..., Tagged]
) -> None:
    assert under(tagged(text), name, condition) == expected


def test_a_rate_that_the_text_states_for_all_cells_holds_in_its_tables(tagged: Callable[..., Tagged]) -> None:
    table = [["LFP", "Specific capacity (mAh/g)"], ["sample A", "161.2"]]
    assert under(tagged("Half cells were charged and discharged at 0.1C.", table), "specific_capacity", "c_rate") == [(161.2, 0.1)]  # fmt: skip
    assert under(tagged("Half cells were dried.", table), "specific_capacity", "c_rate") == [(161.2, None)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("LFP: 160.2 mAh/g at 0.1C and 97.1 %.", [97.1]),
        ("磷酸铁锂:160.2mAh/g(0.1C),97.1%。", [97.1]),
        ("LFP: 160.2 mAh/g at 0.1C and 45 %.", []),
        ("LFP: 2.60 g/cm3 and 97.1 %.", []),
    ],
)
def test_a_percentage_right_behind_a_capacity_is_its_efficiency(
    text: str, values: list[float], tagged: Callable[..., Tagged]
) -> None:
    found = tagged(text).measurements
    assert [m.quantity.value for m in found if m.property == "first_cycle_efficiency"] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Results (capacity, mean voltage). Example 1, LiMn0.6Fe0.4PO4: 156.7 mAh/g, 3.86 V.", [3.86]),
        ("性能(克容量、平均放电电压)。实施例1的磷酸锰铁锂:156.7mAh/g,3.86V。", [3.86]),
        ("Results (capacity). Example 1, LiMn0.6Fe0.4PO4: 156.7 mAh/g, 3.86 V.", []),
        ("Results (capacity, mean voltage). LiMn0.6Fe0.4PO4 was charged: 156.7 mAh/g, 4.6 V.", []),
    ],
)
def test_a_voltage_that_the_text_announces_is_a_mean_voltage(
    text: str, values: list[float], tagged: Callable[..., Tagged]
) -> None:
    found = tagged(text).measurements
    assert [m.quantity.value for m in found if m.property == "mean_voltage"] == values


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("含锂净化液树脂柱内径50mm,装填高度800mm", "diameter", [(50, None)]),
        ("含锂净化液树脂柱内径50mm,装填高度800mm", "width", []),
        ("锂带宽度85mm", "width", [(85, None)]),
        ("LFP slurry, pH (25 °C) 9.2", "ph", [(9.2, None)]),
        ("无水磷酸铁浆料pH维持在2.1", "ph", [(2.1, None)]),
        ("LFP slurry, pH 10.8 ± 0.3", "ph", [(10.5, 11.1)]),
        ("LFP slurry, pH 9 to 10", "ph", [(9, 10)]),
        ("LFP slurry, pH 25 °C", "ph", []),
        ("LFP, Li/Fe ratio 1.03 ± 0.01", "ratio", [(1.02, 1.04)]),
        ("磷酸铁锂的铁磷比为0.965和0.972", "ratio", [(0.965, None), (0.972, None)]),
        ("磷酸铁锂的铁磷比为0.965和5%碳", "ratio", [(0.965, None)]),
        ("LFP leached at a solid-liquid ratio of 1:2 to 1:4", "liquid_solid_ratio", [(2, 4)]),
        ("LFP leached at a solid-liquid ratio of 1:2", "liquid_solid_ratio", [(2, None)]),
        ("Lithium brine passed the aluminum-series adsorbent at 6 bed volumes per hour", "flow_rate", [(6, None)]),
        ("Lithium brine passed the aluminum-series adsorbent, 6 bed volumes", "flow_rate", []),
    ],
)
def test_ratios_and_flows_in_their_many_spellings(
    text: str, name: str, values: list[tuple[float, float | None]], tagged: Callable[..., Tagged]
) -> None:
    found = tagged(text).measurements
    assert [(m.quantity.value, m.quantity.high) for m in found if m.property == name] == values


@pytest.mark.parametrize(("row", "rates"), [(["LiFePO4/C", "1.5"], []), (["Rate of LFP, C", "1.5"], [1.5])])
def test_the_carbon_of_a_composite_is_no_rate(
    row: list[str], rates: list[float], tagged: Callable[..., Tagged]
) -> None:
    found = tagged([["Item", "Value"], row]).measurements
    assert [m.quantity.value for m in found if m.property == "c_rate"] == rates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("磷酸铁锂0.1C充电/放电:165.3/161.9mAh/g,1C放电:148.2mAh/g", [165.3]),
        ("磷酸铁锂0.1C放电/首效:161.9mAh/g,97.9%", []),
        ("LFP: charge/discharge capacity 165.3/161.9 mAh/g, at 1C 148.2 mAh/g", [165.3]),
    ],
)
def test_of_charge_and_discharge_the_first_is_of_charge(
    text: str, expected: list[float], tagged: Callable[..., Tagged]
) -> None:
    assert [value for value, _ in under(tagged(text), "charge_capacity", "c_rate")] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what is kept at one rate of the capacity at another, in many words
        ("LMFP: rate capability (vs 0.1C): 97.4 % at 1C, 95.2 % at 2C.", [(97.4, 1), (95.2, 2)]),
        ("LMFP: solubility 97.4 % at 1C.", []),
        ("LMFP: 97.4 % (1C) and 95.2 % (2C) of the 0.1C capacity are retained.", [(97.4, 1), (95.2, 2)]),
        ("LMFP keeps 97.5 % of the 0.1C capacity at 1C and 95.2 % at 2C.", [(97.5, 1), (95.2, 2)]),
        ("The capacity of the LMFP at 1C is still 97.4 % of that at 0.1C, and at 2C 95.2 %.", [(97.4, 1), (95.2, 2)]),
        ("Relative to 0.1C, the LMFP kept 97.6 % of its capacity at 1C.", [(97.6, 1)]),
        ("LMFP 1C容量为0.1C的97.4%,2C为95.2%。", [(97.4, 1), (95.2, 2)]),
        ("磷酸锰铁锂1C/0.1C放电容量比97.4%,2C/0.1C为95.2%。", [(97.4, 1), (95.2, 2)]),
        ("LMFP倍率性能:1C 97.4%,2C 95.2%。", [(97.4, 1), (95.2, 2)]),
        ("LMFP 1C充电,产品合格率97.4%。", []),
        # in the brackets of a capacity at a higher rate, not in those of the first one
        (
            "LMFP. 0.1C: 157.2 mAh/g (92.1 %). 1C: 152.9 mAh/g (97.3 %). 2C: 149.6 mAh/g (95.2 %).",
            [(97.3, 1), (95.2, 2)],
        ),
        ("LMFP at 0.1 C: 156.4 mAh/g. At 1 C, 152.6 mAh/g remain (97.6 %).", [(97.6, 1)]),
        ("LMFP at 0.1 C: 156.4 mAh/g. At 1 C, 152.6 mAh/g were wanted (97.6 % of cells).", []),
        ("磷酸锰铁锂:0.1C 157.2mAh/g(92.1%);1C 152.9mAh/g(保持率97.3%);2C 149.6mAh/g(95.2%)。", [(97.3, 1), (95.2, 2)]),
    ],
)
def test_what_is_kept_at_another_rate(text: str, expected: Under, tagged: Callable[..., Tagged]) -> None:
    assert under(tagged(text), "capacity_retention", "c_rate") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At 0.1C the LMFP gives 156 mAh/g at a mean of 3.88 V.", [(3.88, 0.1)]),
        ("The LMFP discharges at 3.88 V on average (0.1C).", [(3.88, 0.1)]),
        ("LMFP, 0.1C: 156.1 mAh/g, 91.2 %, 3.87 V.", [(3.87, 0.1)]),
        ("LMFP, 0.1C: 156.1 mAh/g, 91.2 %, charged to 4.3 V.", []),
        ("磷酸锰铁锂0.1C克容量156mAh/g、首效91.2%、电压3.87V。", [(3.87, 0.1)]),
        ("磷酸锰铁锂以0.1C放电,容量156.3mAh/g,平均3.88V。", [(3.88, 0.1)]),
        ("磷酸锰铁锂以0.1C放电,容量156.3mAh/g,充至4.2V。", []),
    ],
)
def test_a_voltage_among_results_is_a_mean_voltage(text: str, expected: Under, tagged: Callable[..., Tagged]) -> None:
    assert under(tagged(text), "mean_voltage", "c_rate") == expected
