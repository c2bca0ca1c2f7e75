"""What a text touches, end to end with the shipped vocabulary and model, on short texts written for this."""

from functools import cache

import pytest

from sluicegate.classify.score import WindowScore
from sluicegate.document import Document, Part, Passage, Place
from sluicegate.screener import Screener
from sluicegate.settings import Settings
from sluicegate.touch import Bands, could_touch, touch_all
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


NAMED_BEFORE = [
    "Line 2 makes lithium iron phosphate.",
    "Line 2 converts spodumene to lithium hydroxide.",
]
UNNAMED = (
    "Charge 41 kg of the ground feed and 10 kg of the salt into the mill with water to 44 % solids and mill to a D50 "
    "of 0.4 µm. Spray dry at 220 °C inlet. Fire under nitrogen, 3 °C/min to 760 °C, hold 9 h, leach at 90 °C for 2 h "
    "with a liquid-solid ratio of 4:1, filter and wash three times with water at 60 °C."
)
OTHER = [
    "NMC811 and NCM622 and LiNi0.8Co0.1Mn0.1O2 are used in cars. The NMC cathode is a ternary cathode. " * 12,
    "三元材料NCM811与NCM622用于汽车，镍钴锰酸锂三元正极使用广泛。" * 20,
]


@pytest.mark.parametrize("other", OTHER)
@pytest.mark.parametrize("recipe", [LFP, *(f"{name}\n\n{UNNAMED}" for name in NAMED_BEFORE)])
@pytest.mark.parametrize("before", [True, False])
def test_pages_about_another_technology_do_not_release_it(recipe, other, before):
    assert verdict(recipe).decision is Decision.HOLD
    around = "\n\n".join([other] * 6)
    assert verdict(f"{around}\n\n{recipe}" if before else f"{recipe}\n\n{around}").decision >= Decision.REVIEW


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


OF_OTHER = (
    "Cathode materials such as LiFePO4 and LiNi0.8Co0.1Mn0.1O2 are described. LiNi0.6Mn0.2Co0.2O2 is the most used.\n\n"
    "The NMC811 precursor is mixed with LiOH at 1:1.03 and fired.\n\n"
    "Mill 40 kg of the hydroxide with the lithium source in the blender for 2 h, fire at 760 °C for 12 h in oxygen, "
    "cool to 80 °C, crush in the jet mill to a D50 of 4 µm and sieve at 325 mesh; wash 1:1 with water and dry at "
    "120 °C.",
    "正极材料有磷酸铁锂、三元材料、镍钴锰酸锂与镍钴铝酸锂。\n\nNCM811以三元前驱体为原料。\n\n"
    "将前驱体40kg与锂源在高混机中混合2h，氧气气氛760℃烧结12h，冷却至80℃后气流粉碎到D50为4μm，过325目筛，"
    "按1:1水洗，120℃干燥后在300℃回火6h。",
    "Spinel Li4Ti5O12: 20 mL of 2 mol/L LiOH is solution A, 17 mL of tetrabutyl titanate in ethanol is solution B. "
    "Drop solution A into solution B, stir 1 h, autoclave at 180 °C for 24 h, dry, and calcine at 750 °C for 6 h.",
)


@pytest.mark.parametrize("text", OF_OTHER)
def test_a_document_about_another_technology_lends_its_windows_no_listed_name(text):
    assert verdict(text).decision is Decision.RELEASE


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("Second, the strip. 1.2 M sulfuric is fine below 25 min if the resin is at 18 C. Cells: 2 g/l lime at 90 C "
         "one hour, carbon filter, cathode 316L, 450 A/m2, 62 C, NaOH 170. Send it back below 2 g/l Ga of liquor.",
         "083201X.2"),
        ("Granulation, trial 7: LDH powder kneaded with 9 % PVC in DMAc and 6 % NaCl as pore former, extruded "
         "at 1.0 mm into water. Column test: fill 1.2 m, down-flow 6 BV/h, elute at 35 degC with 12 mg/L Li water.",
         "083201X.12"),
    ],
)  # fmt: skip
def test_a_field_named_by_its_symbol_counts_beside_a_likely_point_even_with_codes(text, point):
    found = verdict(text)
    assert found.decision is Decision.HOLD
    assert point in {listed.id for listed in found.control_points}


NAMELESS = (
    "老王，昨天那批烧出来压实只有2.48，我看还是一烧温度低了，你把760改成785，保温从8h加到10h，氮气氧含量压到30ppm以下，"
    "钛用量从0.2%提到0.25%，二烧别动。喷雾干燥进口210，出口95，D50控制在0.9左右。",
    "08:10 kiln A z7 762C z8 768C O2 22ppm. 09:00 sagger sample: PD 2.58 -> raise z8-z12 by +6C, belt 2.4 m/h. 11:30 "
    "PD 2.62, C 1.27%. Keep. 13:05 spray outlet 98 too wet, feed 310 kg/h -> 290. Slurry solids 38%, D50 .41.",
    "After acid roast (250 C, 40 min, 1.35x acid) leach 1 h L/S 2.1, lime to pH 6, then caustic to pH 12, IX to Ca < 1 "
    "ppm; causticise 1.02 NaOH, chill, spin off the decahydrate, evaporate to SG 1.20, crystals washed 1:0.3.",
)
OTHERS = (
    "Concentrate to 48 % solids, homogenise at 15 MPa, spray dry inlet 185 C outlet 88 C, fluid bed 60 C, lecithin "
    "0.2 %, D50 120 um, moisture 3.2 %.",
    "Ferrite powder: Fe2O3 + SrCO3 (5.9:1), mix 2 h, calcine 1250 C 2 h, mill to 0.8 um, sinter 1210 C 1.5 h.",
    "将硝酸铁 40g、硝酸锰 12g 溶于 200 mL 水，滴加氨水至 pH 9，70℃ 老化 2 h，过滤洗涤，110℃ 干燥 12 h，450℃ 焙烧 4 h，"
    "得费托催化剂。",
    "Granulate with 4 % PVP in water, dry at 60 C to LOD 1.8 %, mill through 1.0 mm, blend with 0.5 % magnesium "
    "stearate for 3 min, compress at 12 kN to 8 kp hardness; compaction density 1.25 g/cm3.",
    "Lithium complex grease: charge 12-hydroxystearic acid 9 % and base oil at 85 C, add LiOH.H2O solution, azelaic "
    "acid 2.5 %, heat to 200 C in 3 h, cool, mill through colloid mill to NLGI 2.",
)


@pytest.mark.parametrize("text", NAMELESS)
def test_a_recipe_that_names_nothing_is_reviewed_by_what_only_such_a_recipe_measures(text):
    assert verdict(text).decision is Decision.REVIEW


@pytest.mark.parametrize("text", OTHERS)
def test_a_recipe_of_another_technology_passes(text):
    assert verdict(text).decision is Decision.RELEASE


def test_who_brings_lithium_iron_and_phosphate_together_makes_lithium_iron_phosphate():
    text = (
        '{"process":"hydrothermal","salts":{"FeSO4":1.0,"LiOH":3.0,"H3PO4":1.0},"T_C":175,"p_bar":9,"t_h":5,'
        '"stir_rpm":350,"post":{"carbon":"glucose 9%","T_C":700,"t_h":6,"gas":"Ar/H2"},"out":{"pd":2.45}}'
    )
    found = verdict(text)
    assert found.decision is Decision.HOLD
    assert "252604X.1" in {point.id for point in found.control_points}
    assert verdict(text.replace("FeSO4", "NiSO4")).decision is not Decision.HOLD


OFFICE = [
    "Dear Anna, the meeting moves to Thursday at ten. Please bring the signed offer and the list of open points.",
    "各位同事：会议改到星期四上午十点，请带好签字的报价单和未决事项清单。",
    "Mix 300 g of flour with 180 mL of water, rest 40 min at 30 °C, bake 25 min at 220 °C.",
]
NAMING = [
    "The lithium arrives on Monday.",
    "镓的价格上涨。",
    "Weigh in Fe2O3 and NH4H2PO4 and the lithium source.",
    "Our NMC plant reports no accident.",
]


def passages(*texts: str) -> Document:
    home = Place(("a.txt",))
    return Document("a.txt", (Part(("a.txt",), "", "text/plain"),), tuple(Passage(text, home) for text in texts))


def test_what_could_touch_nothing_touches_nothing_whatever_its_score():
    tagged = line().tagger.tag(passages(*OFFICE))
    assert not could_touch(tagged)
    sure = [
        WindowScore(number, 0, len(text), 1.0, 1.0, tuple((label, 1.0) for label in line().model.heads[2:]))
        for number, text in enumerate(OFFICE)
    ]
    assert all(not touch.labels and touch.subject is None for touch in touch_all(tagged, sure, Bands(0.4, 0.1)))


@pytest.mark.parametrize("text", [LFP, *NAMING])
def test_one_word_of_a_field_is_enough_to_be_scored(text):
    assert could_touch(line().tagger.tag(passages(*OFFICE, text, *OFFICE)))


def test_a_document_that_is_not_scored_says_so_in_its_verdict():
    found = verdict("\n\n".join(OFFICE))
    assert (found.decision, found.know_how, found.passages) == (Decision.RELEASE, 0.0, ())
