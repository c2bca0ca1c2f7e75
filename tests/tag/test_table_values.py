"""Values of tables find their property, unit and sample also where no label says them in so many words.

Each rule has a case that it is for and one that looks like it and is not.
"""

# ruff: noqa: E501  (long lines are tables)

from __future__ import annotations

from collections.abc import Callable

import pytest

from sluicegate.tag import Tagged

Rows = list[list[str]]


def values(result: Tagged) -> list[str]:
    return [
        f"{m.property} {m.quantity.value:g} {m.quantity.unit} {m.sample or ''}".strip() for m in result.measurements
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # a density beside a pressure is one of compaction
        ([["Pressure of LFP pellets", "Lot 7 (g/cm3)", "Lot 8 (g/cm3)"], ["100 MPa", "2.38", "2.41"]],
         ["pressure 100 MPa", "compaction_density 2.38 g/cm3 lot 7", "compaction_density 2.41 g/cm3 lot 8"]),
        ([["Fraction of LFP", "Lot 7 (g/cm3)", "Lot 8 (g/cm3)"], ["coarse", "2.38", "2.41"]], ["density 2.38 g/cm3 lot 7", "density 2.41 g/cm3 lot 8"]),
        # two settings of a step in one cell
        ([["No.", "1st sintering of LFP", "Carbon (%)"], ["Embodiment 1", "600 °C / 4 h", "1.3"]],
         ["temperature 600 °C example 1", "time 4 h example 1", "carbon_content 1.3 % example 1"]),
        ([["步骤", "参数", "实施例1"], ["煅烧", "制度", "550℃×5h"], ["FePO4", "振实密度(g/cm3)", "1.05"]],
         ["temperature 550 °C example 1", "time 5 h example 1", "tap_density 1.05 g/cm3 example 1"]),
        ([["No.", "Sintering of LFP", "Carbon (%)"], ["Embodiment 1", "600 °C (N2)", "1.3"]],
         ["temperature 600 °C example 1", "carbon_content 1.3 % example 1"]),
        # a unit that the corner states for all
        ([["mg/L unless noted", "Leachate", "Lithium purified liquor"], ["Li (g/L)", "5.8", "5"], ["Fe", "1,940", "2.1"]],
         ["concentration 5.8 g/L", "concentration 5 g/L", "impurity 1.94 g/L", "impurity 0.0021 g/L"]),
        ([["ppm", "Lithium carbonate"], ["Fe", "2.1"]], ["impurity 2.1 ppm"]),
        # the unit above speaks against a property to the left, "Min." does not
        ([["LFP", "Min.", "Max."], ["Tap density g/cm3", "0.9", "1.1"]], ["tap_density 0.9 g/cm3", "tap_density 1.1 g/cm3"]),
        # what electrolysis needs is no energy density
        ([["Parameter", "Lithium metal by multi-anode electrolysis"], ["DC energy, kWh/kg Li", "38.6"]], ["power_consumption 38600 kWh/t"]),
        ([["Parameter", "LFP pouch cell"], ["Energy density, Wh/kg", "186"]], ["energy_density 186 Wh/kg LFP pouch cell"]),
        # "Li" before a word is not what the product is made of
        ([["Test", "Li leached (%)", "Li loss (%)"], ["Spodumene, 60 °C", "96.1", "3.9"]], ["yield 96.1 %"]),
        ([["Battery-grade lithium carbonate", "Li2CO3 (%)"], ["Result", "99.6"]], ["purity 99.6 %"]),
        # dopants by their oxides
        ([["LFP run", "TiO2/%", "Tap density (g/cm3)"], ["1", "0.1", "1.02"]], ["doping_amount 0.1 % run 1", "tap_density 1.02 g/cm3 run 1"]),
        ([["LFP run", "SiO2/%", "Tap density (g/cm3)"], ["1", "0.1", "1.02"]], ["impurity 0.1 % run 1", "tap_density 1.02 g/cm3 run 1"]),
    ],
)  # fmt: skip
def test_values_of_tables(rows: Rows, expected: list[str], tagged: Callable[..., Tagged]) -> None:
    assert values(tagged(rows)) == expected


@pytest.mark.parametrize(
    ("rows", "samples"),
    [
        # the rows of a form above the header
        ([["Product", "LFP-64", ""], ["Date", "March 2025", ""], ["Lot no.", "2503-07", ""], ["Property", "Result", "Limit"], ["Tap density, g/cm3", "1.02", "0.95"]],
         ["lot 2503-07", None]),
        ([["品名", "磷酸铁锂"], ["批号", "2503-07"], ["振实密度(g/cm3)", "1.02"]], ["batch 2503-07"]),
        ([["LFP product", "LFP-64", "LFP-65"], ["Property", "Result", "Result"], ["Tap density, g/cm3", "1.02", "0.95"]], ["LFP-64", "LFP-65"]),
        # a run says more than its product, a serial number less
        ([["炉次", "产品", "磷酸铁锂振实密度(g/cm3)"], ["0301", "P26", "1.02"]], ["run 0301"]),
        ([["序号", "产品型号", "磷酸铁锂振实密度(g/cm3)"], ["1", "HP-26", "1.02"]], ["product HP-26"]),
        # a product and its batch in one head
        ([["检测项目", "LF-26 2507批"], ["磷酸铁锂振实密度(g/cm3)", "1.02"]], ["batch 2507"]),
        ([["Sample", "LFP, example 1"], ["Tap density (g/cm3)", "1.02"]], ["example 1"]),
        ([["LFP", "CE 1"], ["Tap density (g/cm3)", "1.02"]], ["comparative example 1"]),
    ],
)  # fmt: skip
def test_samples_of_forms_and_runs(rows: Rows, samples: list[str | None], tagged: Callable[..., Tagged]) -> None:
    assert [m.sample for m in tagged(rows).measurements if m.property == "tap_density"] == samples
