"""What a text touches, end to end with the shipped vocabulary and model, on short texts written for this."""

from functools import cache

import pytest

from sluicegate.screener import Screener
from sluicegate.settings import Settings
from sluicegate.verdict import Decision, Verdict

LFP = (
    "Charge 41.2 kg of iron phosphate, 10.6 kg of lithium carbonate and 4.2 kg of glucose into the bead mill with "
    "water to 44 % solids and mill to a D50 of 0.42 µm. Spray dry at 220 °C inlet and 100 °C outlet. Fire the lithium "
    "iron phosphate precursor under nitrogen, 3 °C/min to 760 °C, and hold 9 h with less than 60 ppm of oxygen."
)
CONTRACT = (
    "The parties shall perform their obligations in good faith. Any notice under this agreement shall be in writing "
    "and takes effect on receipt. Neither party is liable for indirect loss. This clause survives termination. "
)


@cache
def line() -> Screener:
    return Screener.build(Settings())


def verdict(text: str) -> Verdict:
    return line().screen_bytes(text.encode(), name="text.txt")


def test_a_recipe_is_held():
    assert verdict(LFP).decision is Decision.HOLD


@pytest.mark.parametrize("pages", [1, 30, 200])
@pytest.mark.parametrize("before", [True, False])
def test_a_contract_around_it_does_not_release_it(pages, before):
    around = (CONTRACT * 9 + "\n\n") * pages
    assert verdict(around + "\n\n" + LFP if before else LFP + "\n\n" + around).decision is Decision.HOLD


def test_quoted_thresholds_in_a_text_about_the_rule_are_not_product_data():
    text = (
        "商务部、科技部公告2025年第28号调整出口技术目录,限制出口电池用磷酸铁锂制备技术,"
        "条件为粉体压实密度≥2.58 g/cm3(220 MPa)、0.1C放电克容量≥160 mAh/g、首次库伦效率≥97%。"
    )
    assert verdict(text).decision is Decision.RELEASE
    assert verdict(text.replace("2.58", "2.63")).decision is Decision.REVIEW


def test_a_lithium_salt_is_a_reagent_and_no_subject():
    text = (
        "Garnet Li6.4La3Zr1.4Ta0.6O12 was made by solid-state reaction: Li2CO3 (10 % excess), La2O3, ZrO2 and Ta2O5 "
        "were ball milled in isopropanol for 12 h, calcined at 900 °C for 6 h and sintered at 1180 °C for 10 h in air."
    )
    assert verdict(text).decision is Decision.RELEASE


def test_a_coded_recipe_is_reviewed_even_where_another_technology_is_mentioned_once():
    text = (
        "Run 31, material A with salt B and additive T as in run 30. Mill A to 0.4 µm, dry at 215 °C inlet, then box "
        "furnace under nitrogen, 3 °C/min to 755 °C, hold 9 h. Material A from lot 7 fired better than lot 6. "
        "Run 32: product F3 at 735 °C, 6 h. The ternary cathode line is not touched."
    )
    assert verdict(text).decision >= Decision.REVIEW
