"""Values find the sample that the text or the table means, also where it is named in another sentence or cell.

Each rule has a case that it is for and one that looks like it and is not.
"""

# ruff: noqa: E501  (long lines are sample texts)

from __future__ import annotations

from collections.abc import Callable

import pytest

from sluicegate.tag import Tagged
from sluicegate.tag.normalise import normalise
from sluicegate.tag.sample_code import all_samples

Rows = list[list[str]]
Named = list[tuple[float, str | None]]


def named(result: Tagged, name: str) -> Named:
    return [(m.quantity.value, m.sample) for m in result.measurements if m.property == name]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Lot: 250718-2 of LFP", ["lot 250718-2"]),
        ("Batch No: 25-0412", ["batch 25-0412"]),
        ("Batch: 2 per week", []),
        ("batch 2504, D50 1.1 µm", ["batch 2504"]),
        ("batch 2504, C 1.3 %", ["batch 2504"]),
        ("克容量A料158、B料160", ["material A", "material B"]),
        ("本批(2507-03)合格", ["batch 2507-03"]),
        ("本批(共3吨)合格", []),
        ("Product name: LFP-64", ["product LFP-64"]),
        ("Samples A/B/C", ["sample A", "sample B", "sample C"]),
        ("batches 311/312", ["batch 311", "batch 312"]),
        ("Sample 5 / 10 min", ["sample 5"]),
        ("Examples 1-3 and Comparative Example 1", ["example 1", "example 2", "example 3", "comparative example 1"]),
        ("Example 1-1, Example 1-2", ["example 1-1", "example 1-2"]),
        ("Example 3-1", ["example 3-1"]),
        ("Examples 1 and comparative 2", ["example 1", "comparative example 2"]),
        ("实施例1-1和实施例1-2", ["example 1-1", "example 1-2"]),
        ("A、B两个样品的压实密度", ["sample A", "sample B"]),
        ("3、4两批", ["batch 3", "batch 4"]),
        ("共两批", []),
        ("第三批磷酸铁锂", ["batch 3"]),
        ("分三批加入", []),
        ("实施例一的压实密度", ["example 1"]),
        ("材料三元体系", []),
        ("送样批LF0917", ["batch LF0917"]),
        ("本批LFP合格", []),
        ("规格型号:LF-26", ["grade LF-26"]),
        ("产品代号FP-3,批号240917", ["batch 240917"]),
        ("牌号Li-1,炉号2507-12", ["batch 2507-12"]),
        ("三家对比:甲160.4,乙158.7", ["sample 甲", "sample 乙"]),
        ("甲160.4", []),
        ("1#、2#和3#", ["sample 1", "sample 2", "sample 3"]),
        ("1#、2#槽正常", []),
        ("1#", []),
        ("人造石墨AG-7小试总结", ["product AG-7"]),
        ("LF26型磷酸铁锂产品规格书", ["product LF26"]),
        ("GB24533磷酸铁锂标准", []),
        ("Graphite AG-7 data sheet", ["product AG-7"]),
        ("Stored at ISO 9001 sites", []),
        ("Samples A and B: A 2.55 g/cm3; B 2.58 g/cm3", ["sample A", "sample B", "sample A", "sample B"]),
        ("Sample B was made of B and C", ["sample B"]),
        ("1#样与2#样", ["sample 1", "sample 2"]),
        # codes that a text introduces, brackets or sets behind a material, and numbers that it knows
        ("得到的磷酸铁锂记为VN-2,压实密度高", ["sample VN-2"]),
        ("烧结炉VN-2的磷酸铁锂压实密度高", []),
        ("The powder was denoted S1, its capacity is high", ["sample S1"]),
        ("磷酸铁锂L7:压实密度高", ["sample L7"]),
        ("磷酸铁锂L7压实密度高", []),
        ("Density of LFP 2.55/2.58 g/cm3 for S1/S2", ["sample S1", "sample S2"]),
        ("Density of LFP 2.55 g/cm3 for pumps S1 and later S2", []),
        ("实施例1-3及对比例1样品各1.5g磷酸铁锂", ["example 1", "example 2", "example 3", "comparative example 1"]),
        ("The powder was made on line S1, its capacity is high", []),
        ("Capacity of the iron phosphate K-11 is 161, that of K-12 162", ["sample K-11", "sample K-12"]),
        ("Capacity with pump K-11 is 161, with pump K-12 162", []),
        ("LFP without (M0) and with (M2) fibre; the capacity of M0 is low", ["sample M0", "sample M2", "sample M0"]),
        ("LFP in vanadium oxide (V2), its capacity is low", []),
        ("Two LFP lots: 24-118 pressed 2.57, 24-121 pressed 2.55", ["lot 24-118", "lot 24-121"]),
        ("The three lots differ: 0411 has 1.21 g/cm3, 0412 1.24 g/cm3", ["lot 0411", "lot 0412"]),
        ("The three kilns differ: 0411 has 1.21 g/cm3, 0412 1.24 g/cm3", []),
        (
            "Lot 2411 and lot 2409: 158.6 mAh/g for 2411, 157.9 for 2409",
            ["lot 2411", "lot 2409", "lot 2411", "lot 2409"],
        ),
        ("Lot 2411 was sold for 2411 dollars", ["lot 2411"]),
        # labels with a year, a letter at their end, a sign before; steel is no sample, nor is a cell of electrolysis
        ("Sample 3/2025 of LFP", ["sample 3/2025"]),
        ("Samples 3/4 of LFP", ["sample 3", "sample 4"]),
        ("LFP batch #0417-B", ["batch 0417-B"]),
        ("LFP Batch-No.: 0417", ["batch 0417"]),
        ("LFP in a type 316 steel vessel", []),
        ("LFP of type B1", ["type B1"]),
        ("Cell 7 restarted, bath 418 °C", []),
        ("Cell 7 of LFP gave 161 mAh/g", ["cell 7"]),
        ("Comparative powder 2 of LFP", ["comparative powder 2"]),
        ("The control sample of LFP", ["comparative sample"]),
        ("Control samples 3 of LFP", ["sample 3"]),
        ("制备例1和参考例1", ["example 1", "reference example 1"]),
        ("对比样的压实", ["comparative sample"]),
        ("A、B、C三种铁锂", ["sample A", "sample B", "sample C"]),
        ("A、B三种设备", []),
        ("铁锂1号压实2.55,2号压实2.58", ["sample 1", "sample 2"]),
        ("1号窑压实2.55,2号窑压实2.58", []),
        ("LFP batches 101-103", ["batch 101", "batch 102", "batch 103"]),
        ("LFP batch 101-103", ["batch 101-103"]),
        # a word that a line breaks in two
        ("the powder of Comparative Ex-ample 1", ["comparative example 1"]),
        # a sentence about one sample only refers to another
        ("Comparative Example 3 was prepared as Example 3 but without firing", ["comparative example 3"]),
        ("The powder prepared as in Example 3", ["example 3"]),
        ("Result of Example 3. As Example 2, but at 785 °C", ["example 3"]),
        ("LFP in the manner of Example 1", []),
        ("实施例3在实施例2的基础上提高温度", ["example 3"]),
        ("实施例3在实施例2之后烧结", ["example 3", "example 2"]),
        ("实施例1,与实施例2相同", ["example 1"]),
    ],
)
def test_samples_in_their_many_spellings(text: str, names: list[str]) -> None:
    found = all_samples(normalise(text).text)
    assert [sample.name for sample in found if not sample.reference] == names


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("A rose to 5.1 mg/g (Embodiment 1: 4.6 mg/g)", [True]),
        ("the second powder (sample 2)", [False]),
        ("at 640, 660 and 680 °C (Examples 4, 5 and 6)", [False] * 3),
    ],
)
def test_a_sample_in_brackets_with_a_value_stands_aside(text: str, aside: list[bool]) -> None:
    assert [sample.aside for sample in all_samples(text)] == aside


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        # "their" is of samples that sentences of their own named
        ("LFP lot 7: compaction density 2.60 g/cm3. Lot 8: 2.58 g/cm3. Their capacities are 160.4 and 159.8 mAh/g.", "specific_capacity",
         [(160.4, "lot 7"), (159.8, "lot 8")]),
        ("磷酸铁锂批次7的压实密度为2.60g/cm3。批次8为2.58g/cm3。二者的克容量分别为160.4和159.8mAh/g。", "specific_capacity",
         [(160.4, "batch 7"), (159.8, "batch 8")]),
        ("LFP lot 7: compaction density 2.60 g/cm3. Lot 8: 2.58 g/cm3. The capacities at two sites were 160.4 and 159.8 mAh/g.", "specific_capacity",
         [(160.4, "lot 8"), (159.8, "lot 8")]),
        ("The LFP powders of Examples 1 and 2 were pressed at 220 MPa. Their compaction densities were 2.56 and 2.59 g/cm3.", "compaction_density",
         [(2.56, "example 1"), (2.59, "example 2")]),
        ("When fired at 640, 660 and 680 °C (Examples 4, 5 and 6), the LFP showed compacted densities of 2.27, 2.33 and 2.37 g/cm3.", "compaction_density",
         [(2.27, "example 4"), (2.33, "example 5"), (2.37, "example 6")]),
        # numbers of a list of which the last or none has its unit
        ("样A/样B/样C的磷酸铁锂碳含量1.33、1.29、1.24。", "carbon_content", [(1.33, "sample A"), (1.29, "sample B"), (1.24, "sample C")]),
        ("LFP sample A/B: pellet compaction density 2.57/2.58.", "compaction_density", [(2.57, "sample A"), (2.58, "sample B")]),
        ("磷酸铁锂:样A碳含量1.33、第7页。", "carbon_content", [(1.33, "sample A")]),
        # a bare number right behind a sample has the unit of its mates
        ("LFP pressed at 220 MPa: lot 31 gave 2.55 and lot 32 2.58 g/cm3.", "compaction_density", [(2.55, "lot 31"), (2.58, "lot 32")]),
        ("磷酸铁锂A料压实2.55、B料2.58g/cm3。", "compaction_density", [(2.55, "material A"), (2.58, "material B")]),
        ("LFP pressed at 220 MPa: lot 31 gave 17.5 and lot 32 2.58 g/cm3.", "compaction_density", [(2.58, "lot 32")]),
        # codes like one that was named with its kind
        ("LFP sample P-1 reached 1.02 g/cm3 tap density, P-2 1.04 g/cm3.", "tap_density", [(1.02, "sample P-1"), (1.04, "sample P-2")]),
        ("磷酸铁锂样品P-1振实密度1.02g/cm3,P-2为1.04g/cm3。", "tap_density", [(1.02, "sample P-1"), (1.04, "sample P-2")]),
        ("LFP sample P-1 reached 1.02 g/cm3 tap density, Q-2 1.04 g/cm3.", "tap_density", [(1.02, "sample P-1"), (1.04, "sample P-1")]),
        # a comparative example without a number
        ("The LFP of example 2 had a tap density of 1.02 g/cm3, and that of the comparative example 0.9 g/cm3.", "tap_density", [(1.02, "example 2"), (0.9, "comparative example")]),
        ("实施例2的磷酸铁锂振实密度1.02g/cm3,对比例为0.9g/cm3。", "tap_density", [(1.02, "example 2"), (0.9, "comparative example")]),
        ("The LFP of example 2 had a higher tap density than the comparative example, 1.02 g/cm3.", "tap_density", [(1.02, "example 2")]),
        # a sample's name is no quantity
        ("LFP lot 88C: compaction density 2.60 g/cc.", "temperature", []),
        ("LFP lot 88 at 60 °C: compaction density 2.60 g/cc.", "temperature", [(60, "lot 88")]),
        # a condition beside a list of samples is of none of them
        ("实施例2与对比例1的磷酸铁锂在0.1C的容量分别为161和155mAh/g。", "c_rate", [(0.1, None)]),
        ("The LFP of Examples 1 and 2 was fired at 740 °C.", "temperature", [(740, None)]),
        ("The LFP of Example 1 was fired at 740 °C, that of Example 2 at 760 °C.", "temperature", [(740, "example 1"), (760, "example 2")]),
        ("实施例1的磷酸铁锂在740℃烧结。", "temperature", [(740, "example 1")]),
        # unless it stands behind the first sample and its value, or for both
        ("The LFP of Example 2 shows 2.60 g/cm3 under 220 MPa, whereas that of Example 3 reaches 2.42 g/cm3.", "pressure", [(220, "example 2")]),
        ("The LFP of Example 2 under 220 MPa shows 2.60 g/cm3, whereas that of Example 3 reaches 2.42 g/cm3.", "pressure", [(220, None)]),
        ("LMFP M0 and M2 (M0 without fibre): M0 had 156.2 mAh/g, M2 149 mAh/g; the mean voltage was 3.88 V for both.", "mean_voltage", [(3.88, None)]),
        ("磷酸锰铁前驱体锰铁比都是6:4,A样振实1.17g/cm3,B样振实到了1.31g/cm3。", "tap_density", [(1.17, "sample A"), (1.31, "sample B")]),
        # numbers without a unit behind a pressure's note, a sample and "分别为"; limits in brackets; what is of others
        ("LFP lots of kiln 2. Lot 2306 came out at 2.53 (220 MPa), 2307 at 2.56.", "compaction_density", [(2.53, "lot 2306"), (2.56, "lot 2307")]),
        ("LFP lots of kiln 2. Lot 2306 was sold for 2.53 (220 euros), 2307 for 2.56.", "compaction_density", []),
        ("磷酸铁锂一号样770℃,二号样790℃,压实(220MPa)分别为2.50、2.56。", "compaction_density", [(2.50, "sample 1"), (2.56, "sample 2")]),
        ("LFP两批结果:2301压实2.55,2302压实2.57。", "compaction_density", [(2.55, "batch 2301"), (2.57, "batch 2302")]),
        ("LFP两台窑:2301压实2.55,2302压实2.57。", "compaction_density", [(2.55, None), (2.57, None)]),
        ("磷酸铁锂A样压实2.52、B样2.49(均220MPa)。", "compaction_density", [(2.52, "sample A"), (2.49, "sample B")]),
        ("实施例1~3的磷酸铁振实密度均大于1.20g/cm³,而对比例1仅0.95g/cm³。", "tap_density", [(1.2, None), (0.95, "comparative example 1")]),
        ("实施例1~3中以实施例3的磷酸铁振实密度最大,1.20g/cm³,而对比例1仅0.95g/cm³。", "tap_density", [(1.2, "example 3"), (0.95, "comparative example 1")]),
        ("Iron phosphate: tap density up from 0.95 g/cm3 for the reference to 1.24 g/cm3 for Example 4.", "tap_density", [(0.95, None), (1.24, "example 4")]),
        ("LFP of Example 1 delivers a capacity of 161.1 mAh/g at 0.1C, 1.9 mAh/g more than the last.", "specific_capacity", [(161.1, "example 1")]),
        ("磷酸铁锂压实2.54(≥2.50),0.1C 159.8(≥158)。", "specific_capacity", [(159.8, None), (158, None)]),
        ("LFP: compaction density 2.54 g/cm3 (page 2.50).", "compaction_density", [(2.54, None)]),
        # what is planned was not measured of it
        ("LFP batch 7: compaction density 2.60 g/cm3. Next week we fire at 780 °C.", "temperature", [(780, None)]),
        ("LFP batch 7: compaction density 2.60 g/cm3. Last week we fired it at 780 °C.", "temperature", [(780, "batch 7")]),
        ("磷酸铁锂批次7的压实密度为2.60g/cm3。下轮改为780℃烧结。", "temperature", [(780, None)]),
        # so is one of all
        ("LFP batch 7: compaction density 2.60 g/cm3. All powders were pressed at 220 MPa.", "pressure", [(220, None)]),
        ("磷酸铁锂批次7的压实密度为2.60g/cm3。以上均在220MPa下测试。", "pressure", [(220, None)]),
        ("LFP batch 7: compaction density 2.60 g/cm3. It was pressed at 220 MPa.", "pressure", [(220, "batch 7")]),
        ("LFP of example 1 and example 2: magnetic impurities below 8 ppb in every case.", "magnetic_impurities", [(8, None)]),
        # a sample in brackets beside its own value, and one that another is compared with
        ("Embodiment 2. It differs from Embodiment 1 in that the flow is 12 BV/h instead of 8 BV/h. The aluminum-series adsorbent took up 5.1 mg/g (Embodiment 1: 4.6 mg/g) at a recovery of 86.7 %.", "adsorption_capacity",
         [(5.1, "example 2"), (4.6, "example 1")]),
        ("实施例2与实施例1的区别在于:二水磷酸铁的陈化温度由85℃提高到93℃。", "temperature", [(85, "example 1"), (93, "example 2")]),
        ("LFP\n• Gen 3 (shipping): 2.50 g/cc, 158 mAh/g\n• Gen 4 (pilot): 2.60 g/cc, 161 mAh/g\n", "specific_capacity", [(158, "gen 3"), (161, "gen 4")]),
    ],
)  # fmt: skip
def test_samples_that_another_sentence_names(
    text: str, name: str, expected: Named, tagged: Callable[..., Tagged]
) -> None:
    assert named(tagged(text), name) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # pairs of label and value above the header; several codes head columns
        ([["批号", "LF250817", "", ""], ["检测项目", "单位", "标准", "结果"], ["磷酸铁锂振实密度", "g/cm3", "≥0.90", "1.02"]],
         [(0.9, None), (1.02, "batch LF250817")]),
        ([["Lot", "2503", "2504"], ["LFP tap density (g/cm3)", "1.02", "1.01"]], [(1.02, "lot 2503"), (1.01, "lot 2504")]),
        # title, corner and notes
        ([["FePO4, grade S", "Unit", "Typ."], ["Tap density", "g/mL", "1.05"]], [(1.05, "grade S")]),
        ([["Item", "Value"], ["Tap density (g/cm3)", "1.01"], ["Sample: LFP lot 2503-07", ""]], [(1.01, "lot 2503-07")]),
        ([["Item", "Value"], ["Tap density (g/cm3)", "1.01"], ["Retained: lot 2503-07, lot 2503-08", ""]], [(1.01, None)]),
        # a column of lots beside one of serial numbers; a column headed "product" that measures names none
        ([["No.", "Lot", "LFP tap density (g/cm3)"], ["1", "A12", "1.01"], ["2", "A13", "1.03"]], [(1.01, "lot A12"), (1.03, "lot A13")]),
        ([["LFP", "Product", "Tap density (g/cm3)"], ["dried", "512.4", "1.01"]], [(1.01, None)]),
        # before the property, and under a second head
        ([["Powder", "Test", "Result"], ["LFP-A", "Tap density", "1.01 g/cm3"], ["LFP-B", "Tap density", "1.02 g/cm3"]], [(1.01, "product LFP-A"), (1.02, "product LFP-B")]),
        ([["Group", "Test", "Result"], ["physical", "LFP tap density", "1.01 g/cm3"], ["physical", "LFP tap density", "1.02 g/cm3"]], [(1.01, None), (1.02, None)]),
        ([["Property", "Unit", "Product", ""], ["", "", "HD-26", "HD-25"], ["LFP tap density", "g/cm3", "1.0", "0.98"]], [(1.0, "product HD-26"), (0.98, "product HD-25")]),
        # serial numbers, hyphened numbers, remarks behind a name
        ([["项目", "1#", "2#"], ["磷酸铁锂振实密度(g/cm3)", "1.01", "1.02"]], [(1.01, "sample 1"), (1.02, "sample 2")]),
        ([["试样", "1-1", "1-2"], ["磷酸铁锂振实密度(g/cm3)", "1.01", "1.02"]], [(1.01, "sample 1-1"), (1.02, "sample 1-2")]),
        ([["LFP batch", "Tap density (g/cm3)"], ["B-31", "1.01"], ["B-33 (reference)", "1.02"]], [(1.01, "batch B-31"), (1.02, "batch B-33")]),
        ([["LFP", "Tap density (g/cm3)"], ["Sample A (fired twice at 770 °C)", "1.01"]], [(1.01, "sample A")]),
        ([["LFP", "Tap density (g/cm3)"], ["Mean of sample A and others", "1.01"]], [(1.01, None)]),
        # labels of one word and a code, unless they number steps; codes with "average" among them
        ([["Item", "Blend A", "Blend B"], ["LFP tap density (g/cm3)", "1.01", "1.02"]], [(1.01, "blend A"), (1.02, "blend B")]),
        ([["Item", "Step 1", "Step 2"], ["LFP tap density (g/cm3)", "1.01", "1.02"]], [(1.01, None), (1.02, None)]),
        ([["LFP", "Tap density (g/cm3)"], ["P-1", "1.01"], ["P-2", "1.03"], ["overall", "1.02"]], [(1.01, "sample P-1"), (1.03, "sample P-2"), (1.02, None)]),
        # the word over codes says what they are; a running number is a sample's where results stand beside it
        ([["Formulation", "LFP tap density (g/cm3)"], ["F-1", "1.01"], ["F-2", "1.02"]], [(1.01, "formulation F-1"), (1.02, "formulation F-2")]),
        ([["方案", "磷酸铁锂振实密度(g/cm3)"], ["A", "1.01"], ["B", "1.02"]], [(1.01, "scheme A"), (1.02, "scheme B")]),
        ([["Item", "LFP tap density (g/cm3)"], ["F-1", "1.01"], ["F-2", "1.02"]], [(1.01, "sample F-1"), (1.02, "sample F-2")]),
        ([["Parameter", "LFP-A", "LFP-B"], ["Tap density (g/cm3)", "1.01", "1.02"]], [(1.01, "product LFP-A"), (1.02, "product LFP-B")]),
        ([["Parameter", "1", "2"], ["LFP tap density (g/cm3)", "1.01", "1.02"]], [(1.01, "sample 1"), (1.02, "sample 2")]),
        # labels of one letter or a Chinese number under their kind; a lot says more than its powder
        ([["批次", "磷酸铁锂振实密度(g/cm3)"], ["甲", "1.01"], ["乙", "1.02"]], [(1.01, "batch 甲"), (1.02, "batch 乙")]),
        ([["编号", "磷酸铁锂振实密度(g/cm3)"], ["1号", "1.01"], ["2号", "1.02"]], [(1.01, "sample 1"), (1.02, "sample 2")]),
        ([["指标", "甲", "乙"], ["磷酸铁锂振实密度(g/cm3)", "1.01", "1.02"]], [(1.01, "sample 甲"), (1.02, "sample 乙")]),
        ([["指标", "F1型", "均值"], ["磷酸铁锂振实密度(g/cm3)", "1.01", "1.02"]], [(1.01, "product F1"), (1.02, None)]),
        ([["Sample code", "LFP tap density (g/cm3)"], ["a", "1.01"], ["b", "1.02"]], [(1.01, "sample a"), (1.02, "sample b")]),
        ([["Powder lot", "LFP tap density (g/cm3)"], ["311", "1.01"], ["312", "1.02"]], [(1.01, "lot 311"), (1.02, "lot 312")]),
        ([["Lot (date)", "311 (3 May)", "312 (4 May)"], ["LFP tap density (g/cm3)", "1.01", "1.02"]], [(1.01, "lot 311"), (1.02, "lot 312")]),
        ([["Recipe no.", "1", "2"], ["LFP tap density (g/cm3)", "1.01", "1.02"]], [(1.01, "recipe 1"), (1.02, "recipe 2")]),
        ([["Pass no.", "1", "2"], ["LFP tap density (g/cm3)", "1.01", "1.02"]], [(1.01, None), (1.02, None)]),
        # numbers under kinds or behind the first of their kind; machines by their name, not by their bare number
        ([["Property", "Example", "", "Comparative example"], ["", "1", "2", "1"], ["LFP tap density (g/cm3)", "1.01", "1.02", "0.9"]],
         [(1.01, "example 1"), (1.02, "example 2"), (0.9, "comparative example 1")]),
        ([["性能", "实施例", "", "对比例"], ["", "1", "2", "1"], ["磷酸铁锂振实密度(g/cm3)", "1.01", "1.02", "0.9"]],
         [(1.01, "example 1"), (1.02, "example 2"), (0.9, "comparative example 1")]),
        ([["Parameter", "Batch 31", "32"], ["LFP tap density (g/cm3)", "1.01", "1.02"]], [(1.01, "batch 31"), (1.02, "batch 32")]),
        ([["Parameter", "Limit 31", "32"], ["LFP tap density (g/cm3)", "1.01", "1.02"]], [(1.01, None), (1.02, None)]),
        ([["项目", "一区", "二区"], ["磷酸铁锂振实密度(g/cm3)", "1.01", "1.02"]], [(1.01, "zone 1"), (1.02, "zone 2")]),
        ([["槽号", "1#", "2#"], ["磷酸铁锂振实密度(g/cm3)", "1.01", "1.02"]], [(1.01, None), (1.02, None)]),
        # what an example is made of is not its name
        ([["Example 4", "", ""], ["Precursor", "FePO4", "500 g"], ["Tap density", "LFP", "1.01 g/cm3"]], [(1.01, "example 4")]),
        ([["Zone", "1", "2"], ["LFP tap density (g/cm3)", "1.01", "1.02"]], [(1.01, None), (1.02, None)]),
        ([["Cycle no.", "LFP tap density (g/cm3)"], ["1", "1.01"], ["2", "1.02"]], [(1.01, None), (1.02, None)]),
        ([["Sample", "LFP tap density (g/cm3)"], ["#1", "1.01"], ["#2", "1.02"]], [(1.01, "sample 1"), (1.02, "sample 2")]),
        ([["项目 Item", "单位 Unit", "结果 Result"], ["磷酸铁锂振实密度 Tap density", "g/cm3", "1.01"]], [(1.01, None)]),
        # makers and generations
        ([["项目", "甲厂", "竞品"], ["磷酸铁锂振实密度(g/cm3)", "1.01", "1.02"]], [(1.01, "甲厂"), (1.02, "竞品")]),
        ([["项目", "本公司", "竞品甲"], ["磷酸铁锂振实密度(g/cm3)", "1.01", "1.02"]], [(1.01, "本公司"), (1.02, "竞品甲")]),
        ([["Item", "Own LFP", "Competitor"], ["Tap density (g/cm3)", "1.01", "1.02"]], [(1.01, "Own LFP"), (1.02, "Competitor")]),
        ([["项目", "三代", "四代"], ["磷酸铁锂振实密度(g/cm3)", "1.01", "1.02"]], [(1.01, "product 三代"), (1.02, "product 四代")]),
        ([["项目", "早班", "晚班"], ["磷酸铁锂振实密度(g/cm3)", "1.01", "1.02"]], [(1.01, None), (1.02, None)]),
    ],
)  # fmt: skip
def test_samples_of_tables(rows: Rows, expected: Named, tagged: Callable[..., Tagged]) -> None:
    assert named(tagged(rows), "tap_density") == expected
