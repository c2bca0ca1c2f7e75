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
        # one head over several columns, which the row below tells apart
        ([["LFP", "Compaction density (g/cm3)", "", "Capacity (mAh/g)"], ["Sample", "180 MPa", "220 MPa", "0.1C"], ["A", "2.48", "2.55", "160.8"]],
         ["compaction_density 2.48 g/cm3 sample A", "compaction_density 2.55 g/cm3 sample A", "specific_capacity 160.8 mAh/g sample A"]),
        ([["LFP", "Tap density (g/cm3)", "", "Remark"], ["Sample A", "1.01", "1.02", "good"]], ["tap_density 1.01 g/cm3 sample A"]),
        # a form with two pairs of label and value a row
        ([["Product", "LFP", "Lot", "250611"], ["Press density", "2.57 g/cm3", "Tap density", "1.02 g/cm3"], ["Water", "410 ppm", "pH", "9.2"]],
         ["compaction_density 2.57 g/cm3 lot 250611", "tap_density 1.02 g/cm3 lot 250611", "moisture 410 ppm lot 250611", "ph 9.2  lot 250611"]),
        # a title or note that alone says what is measured, with its unit
        ([["Rate", "LFP-A", "LFP-B"], ["0.1C", "160.9", "159.2"], ["Discharge capacity in mAh/g", "", ""]],
         ["c_rate 0.1 C", "specific_capacity 160.9 mAh/g product LFP-A", "specific_capacity 159.2 mAh/g product LFP-B"]),
        ([["Compaction density of LFP, g/cm3", "", ""], ["Powder", "Pressing pressure", ""], ["", "150 MPa", "220 MPa"], ["P-a", "2.41", "2.52"]],
         ["compaction_density 2.41 g/cm3 powder P-a", "compaction_density 2.52 g/cm3 powder P-a"]),
        ([["Rate", "LFP-A"], ["0.1C", "16.9"], ["All cells were new", ""]], ["c_rate 0.1 C"]),
        # a C-rate alone heads capacities; a test pressure stands between a density and its name
        ([["LFP sample", "0.1C", "1C"], ["A", "160.1", "149"]], ["specific_capacity 160.1 mAh/g sample A", "specific_capacity 149 mAh/g sample A"]),
        ([["LFP sample", "0.1C", "1C"], ["A", "97.2", "94"]], []),
        # an element by its name at the head of a row; a grade is no ton
        ([["FePO4, data sheet", "max", "unit"], ["Sodium", "50", "ppm"], ["Solution", "60", "ppm"]], ["impurity 50 ppm"]),
        ([["LiOH·H2O", "Grade T", "Grade X"], ["D50, µm", "as T", "5-12"]], ["particle_size 5 µm grade X"]),
        # conditions head the first column, which names properties
        ([["Condition", "LFP"], ["Compaction density @ 220 MPa", "2.58"]], ["compaction_density 2.58 g/cm3 LFP"]),
        # as many values as names in one cell
        ([["Item", "LFP"], ["D10 / D50 / D90 (µm)", "0.45 / 1.2 / 6.8"]], ["particle_size 0.45 µm LFP", "particle_size 1.2 µm LFP", "particle_size 6.8 µm LFP"]),
        ([["Item", "LFP"], ["D50 (µm)", "1.2 / 6.8"]], ["particle_size 1.2 µm LFP"]),
        # short names of heads; a sign before its unit is none
        ([["LMFP", "T (°C)", "Vavg (V)", "1C ret. (%)"], ["sample A", "650", "3.87", "97.2"]],
         ["temperature 650 °C sample A", "mean_voltage 3.87 V sample A", "capacity_retention 97.2 % sample A"]),
        ([["FePO4", "Dv50 (µm)", "Magnetic (ppb)", "T (kg)"], ["sample A", "3.1", "7", "4"]],
         ["particle_size 3.1 µm sample A", "magnetic_impurities 7 ppb sample A", "mass 4 kg sample A"]),
        ([["Cell", "Voltage (V)", "Current eff. (%)"], ["Lithium electrolysis", "6.1", "88"]], ["cell_voltage 6.1 V", "current_efficiency 88 %"]),
        ([["LFP cell", "Voltage (V)"], ["full", "3.4"]], ["voltage 3.4 V"]),
        ([["Brine of lithium", "Density (g/cm3)"], ["pond 1", "1.21"]], ["solution_density 1.21 g/cm3"]),
        ([["Lithium carbonate", "Density (g/cm3)"], ["powder", "2.11"]], ["density 2.11 g/cm3"]),
        # a number in the first column: the corner heads that column only
        ([["Cycle", "BV fed", "Li in eluate of the aluminium-based lithium adsorbent (g/L)"], ["1", "12", "0.92"]], ["cycles 1 cycles", "concentration 0.92 g/L"]),
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
        ([["LFP product", "LFP-64", "LFP-65"], ["Property", "Result", "Result"], ["Tap density, g/cm3", "1.02", "0.95"]], ["product LFP-64", "product LFP-65"]),
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
