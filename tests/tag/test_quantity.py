"""Numbers, ranges, tolerances, lists and inequalities with units of both languages."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

import pytest

from sluicegate.tag.normalise import normalise
from sluicegate.tag.quantity import find_quantities
from sluicegate.tag.units import Units

UNITS = Units()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2.62 g/cm³", "2.62 g/cm3"), ("2.62g·cm⁻³", "2.62 g/cm3"), ("2.62 g cm-3", "2.62 g/cm3"), ("2.62 g/cc", "2.62 g/cm3"),
        ("2620 kg/m3", "2.62 g/cm3"), ("2.62克/立方厘米", "2.62 g/cm3"), ("２．６２ g/ml", "2.62 g/cm3"), ("2.62 t/m3", "2.62 g/cm3"),
        ("161 mAh g⁻¹", "161 mAh/g"), ("161 Ah/kg", "161 mAh/g"), ("161mA·h/g", "161 mAh/g"), ("161毫安时/克", "161 mAh/g"),
        ("2200 bar", "220 MPa"), ("220兆帕", "220 MPa"), ("2243 kgf/cm2", "219.963 MPa"), ("22 kN/cm2", "220 MPa"), ("220 N/mm2", "220 MPa"),
        ("10 ppb", "10 ppb"), ("10 μg/kg", "10 ppb"), ("97.4 wt%", "97.4 %"), ("973.15 K", "700 °C"), ("1292 °F", "700 °C"),
        ("30 min", "0.5 h"), ("90分钟", "1.5 h"), ("半小时", "0.5 h"), ("三小时", "3 h"), ("3850 mV", "3.85 V"), ("0.1C", "0.1 C"), ("C/10", "0.1 C"),
        ("1/5C", "0.2 C"), ("1,200 kg", "1200 kg"), ("2.6×10³ kg/m3", "2.6 g/cm3"),
        ("8-10 h", "8–10 h"), ("8至10小时", "8–10 h"), ("between 650 and 750 °C", "650–750 °C"), ("700±5℃", "695–705 °C"),
        ("不得低于2.58 g/cm3", ">= 2.58 g/cm3"), ("not under 2.58 g/cm3", ">= 2.58 g/cm3"), ("never falls below 97 %", ">= 97 %"),
        ("falls below 97 %", "< 97 %"), ("低于97%", "< 97 %"), ("不得超过10ppb", "<= 10 ppb"), ("shall not be more than 10 ppb", "<= 10 ppb"),
        ("不低于2.58 g/cm3", ">= 2.58 g/cm3"), ("at least 2.58 g/cm3", ">= 2.58 g/cm3"), ("≥2.58 g/cm3", ">= 2.58 g/cm3"),
        ("not less than 97%", ">= 97 %"), ("97%以上", ">= 97 %"), ("不超过500ppb", "<= 500 ppb"), ("less than 10 ppb", "< 10 ppb"),
        ("出现双峰.620℃", "620 °C"), ("内含微孔.1C", "1 C"), ("rate .1C", "0.1 C"), ("约85%", "~ 85 %"), ("about 85 %", "~ 85 %"), ("more than 97 %", "> 97 %"), ("-10℃", "-10 °C"), ("-10 C", "-10 °C"),
    ],
)  # fmt: skip
def test_one_quantity(text: str, expected: str) -> None:
    (found,) = find_quantities(normalise(text).text, UNITS)
    assert str(found.quantity) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("600、650和700℃", ["600 °C", "650 °C", "700 °C"]),
        ("2.58, 2.60 and 2.62 g/cm3", ["2.58 g/cm3", "2.6 g/cm3", "2.62 g/cm3"]),
        ("at 700 °C for 10 h in N2", ["700 °C", "10 h"]),
        ("从2.52提高到2.60g/cm³", ["2.52 g/cm3", "2.6 g/cm3"]),
        ("Example 1, 700 °C", ["700 °C"]),
        ("4N gallium, 18 mg/cm2", ["18 mg/cm2"]),
        ("ramp to 425, 2.5 h, then to 762, 9 h", ["2.5 h", "9 h"]),
        ("sampled after 100, 200 and 300 h", ["100 h", "200 h", "300 h"]),
        ("HG/T 4701-2021 and LiFePO4", []),
        ("a loss between 9.0 % and 11.0 %", ["9–11 %"]),
        ("a loss of 9.0 % and a gain of 11.0 %", ["9 %", "11 %"]),
        ("SO₄²⁻ 26ppm", ["26 ppm"]),
        ("D10/D50/D90:0.42/1.15/4.86 μm", ["0.42 µm", "1.15 µm", "4.86 µm"]),
        ("0.25:1 and 93 %", ["93 %"]),
        ("粉压2.58 克容量(0.1C)", ["0.1 C"]),
        ("称取2.58 克葡萄糖", ["2.58 g"]),
        ("180奈米, 2 mil", ["180 nm", "50.8 µm"]),
    ],
)
def test_several(text: str, expected: list[str]) -> None:
    assert [str(found.quantity) for found in find_quantities(normalise(text).text, UNITS)] == expected


@pytest.mark.parametrize("text", ["charged at 1/0 C", "C/0", "1/00C", "at C/00 until"])
def test_a_rate_over_nothing_is_read_without_dividing(text: str) -> None:
    assert {found.quantity.value for found in find_quantities(text, UNITS)} <= {0.0, 1.0}
