"""A normalised text in, the places out where it names samples: "example 3", "批次0412", "第三批", "LFP-7C".

A kind with labels behind it (English, Chinese), labels with their kind behind them, or a maker's code. The patterns are
dear, so they are tried only where one of the words stands that such a mention begins or ends with.
"""

# ruff: noqa: E501  (long lines are word lists and patterns)

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from sluicegate.tag.guided import Words, tried

_UNITS = r"%|wt|°C|[gmCtLAK]\b|h\b|kg|mm|cm|nm|μm|V\b|pp[mb]\b|[MkG]?Pa\b|bar\b|m?Ah\b|[kM]?Wh?\b|BV|rpm|kN|tf\b|min\b|cycles|times|tons?|tonnes|litres?|hours?|minutes?|days?|passes|samples"
_LABEL = (
    r"(?!D(?:10|50|90|97|99)(?!\d))(?!\d[\d.,]*\s?(?:[Mk]Pa|mAh|g/|kg|mm|cm|nm|μm|pp[mb]|%|°|wt|min\b|h\b|kN|tf\b|rpm|BV|mol|vol))"
    r"(?:(?:[A-Z]{1,6}-?)?\d{1,8}(?:[A-Z]{1,3}\d{0,6})?[a-z]?(?:-[A-Z]{0,2}\d{1,6}[A-Z]?){0,2}(?:-[A-Z](?![A-Za-z0-9]))?#?(?![A-Za-z0-9])|[A-Z]{1,4}-[A-Z]{1,2}\d{0,4}(?![A-Za-z0-9])|"
    r"[A-Z]\d{0,3}(?![A-Za-z]))"
)
LABEL_PATTERN = rf"(?:{_LABEL}|[一二三四五六七八九十]{{1,3}}(?![一二三四五六七八九十])(?=[的中与和及为所制得至到]|[^\u4e00-\u9fff]|$)|[甲乙丙丁])"
_AFTER_COLON = (
    r"(?=(?-i:[A-Z]{1,6}-?[A-Z]{0,2}\d|\d[\dA-Z-]*[A-Z-]\w|\d{4}|[A-Z](?![A-Za-z0-9])))"  # "Batch: 2" may count
)
_EN = re.compile(
    r"(?<![A-Za-z])(?P<kind>c(?:omp)?\.? ?ex\.?(?=\s?-?\d)|(?-i:CE)(?=\s?[1-9](?![\d.%]))|comp(?:arative|\.)(?=\s?\d)|inv(?:entive|\.)(?=\s?\d)|ex\.?(?=\s?\d)|(?:com-?par-?a-?tive|reference|working|inventive)\s+(?:ex-?am-?ples?|samples?)|(?:comparative|reference|control)\s+(?:powders?|materials?|batch(?:es)?|lots?|runs?|products?)|ex-?am-?ples?|em-?bodi-?ments?|sam-?ples?|specimens?|"
    r"batch(?:es)?|runs?|trials?|lots?|experiments?|formulations?|grades?|powders?|products?|(?<!magnetic )materials?|cells?|types?|suppliers?|vendors?|competitors?|campaigns?)"
    rf"(?!\s(?:304|316|1\.4)|\s?\S{{1,5}} (?:stainless|steel|pipe))\s?(?:(?:record|report|code|grade|type|name|id)\s?(?=[\s:#]))?(?:-?nos?\.?|#|numbers?|-)?\s?(?::\s?{_AFTER_COLON})?\"?(?P<labels>(?-i:{_LABEL})(?:\s?(?:,|/|and|to|-|~|&|or|through|,\s?and)\s?(?:(?:comparative|comp\.?) )?(?:(?:batch|lot|sample|example|ex\.?|run|trial) ?)?(?-i:{_LABEL}))*)(?![A-Za-z0-9%°])(?!\.\d|\s?(?:{_UNITS}))",
    re.I,
)
_ZH = re.compile(
    r"(?P<kind>对比例|比较例|对照例|参考例|制备例|合成例|应用例|实施例|实验例|试验例|(?:对比|对照|比较|实施)(?=\s?\d{1,2}(?!\d))|(?<![\u4e00-\u9fff])(?:实例|例)(?=\s?\d)|样品|试样|批次|批号|炉号|规格型号|型号规格|产品代号|产品编号|样品代号|物料号|物料编码|料号|批(?=\s?\(?(?!L[CM]?M?FP|N[CM][CM])[A-Z]{1,4}-?\d{2}|\s?\(\d{4})|产品型号|产品名称|产品|材料|试验|实验|方案|炉次|粉体|编号|牌号|型号|配方|对比样|(?<![\u4e00-\u9fff])样(?=[A-Z\d甲乙丙丁]))"
    rf"\s?(?:为|:|号|编号|-|\()?:?\s?(?P<labels>{LABEL_PATTERN}(?:\s?(?:,|、|/|和|与|及|至|到|-|~)\s?(?:对比例|实施例|样品|试样|批次|样)?{LABEL_PATTERN})*)"
    rf"(?!\.\d|\s?(?:{_UNITS}|次|个|小时|分钟|天|种|份|克|吨|年|月|元|轮|段|遍|圈|周))"
)
_LABEL_BEFORE = rf"(?:{_LABEL}|(?<=第)[一二三四五六七八九十]{{1,3}}|[一二三四五六七八九](?=号(?:样|料|粉))|[甲乙丙丁])"
_SUFFIX = re.compile(
    rf"(?<![A-Za-z0-9.°例])第?(?P<labels>{_LABEL_BEFORE}(?:\s?[、,/和与及]\s?第?{_LABEL_BEFORE})*)\s?(?:号|#)?\s?(?:这|该|那)?(?:[两二三四]?个|[两二三四](?=批))?(?P<kind>样品|试样|批次|批(?![号量])|样(?![品本])|产品(?![名编型])|炉(?![号温])|轮(?:试验)?|料(?![浆液]))(?![次号量]\d)"
)
_MAKES = ["LFP", "LMFP", "LFMP", "LMP", "FP", "MFP", "LCO", "LMO", "NCM", "NMC", "NCA"]
_CODE = re.compile(  # a maker's code that begins with the chemistry: LFP-7C, LMFP-64, LCO-45; NCM-811 is a composition
    rf"(?<![A-Za-z0-9-])(?P<labels>(?:{'|'.join(_MAKES)})-(?!\d{{3}}(?![A-Z0-9]))(?:[A-Z]{{0,2}}\d{{1,4}}[A-Z]?\d{{0,3}}|[ABDEGHXYZ]))(?P<kind>)(?![A-Za-z0-9-])"
)
_KINDS = {
    "实例": "example", "例": "example", "实施": "example", "对比": "comparative example", "对照": "comparative example", "比较": "comparative example",
    "制备例": "example", "合成例": "example", "应用例": "example", "参考例": "reference example", "实施例": "example", "实验例": "example", "试验例": "example", "对比例": "comparative example", "比较例": "comparative example",
    "对照例": "comparative example", "样品": "sample", "试样": "sample", "样": "sample", "批次": "batch", "批号": "batch", "批": "batch", "炉号": "batch",
    "规格型号": "grade", "型号规格": "grade", "产品代号": "product", "产品编号": "product", "样品代号": "sample", "物料号": "product", "物料编码": "product", "料号": "product",
    "产品": "product", "材料": "material", "试验": "run", "实验": "experiment", "方案": "scheme", "炉次": "run", "粉体": "powder",
    "产品型号": "product", "产品名称": "product", "牌号": "grade", "炉": "run", "轮": "run", "轮试验": "run",
    "编号": "sample", "型号": "grade", "配方": "recipe", "料": "material", "对比样": "comparative sample",
}  # fmt: skip
_EN_STARTS = (
    "control ex comp c. ce inv supplier vendor competitor campaign comparative reference working inventive example embodiment sample specimen batch run trial lot experiment formulation "
    "grade powder product material cell type"
)
_ZH_STARTS = "参考例 制备例 合成例 应用例 对比 对照 比较 实施 实例 例 对比例 比较例 对照例 实施例 实验例 试验例 样品 试样 批次 批号 炉号 规格型号 型号规格 产品代号 产品编号 样品代号 物料号 物料编码 料号 批 产品 材料 试验 实验 方案 炉次 粉体 编号 牌号 型号 配方 对比样 样"
_ENDS = "样品 试样 批次 批 样 产品 料 炉 轮"
_SUFFIXED = 2  # which of the patterns ends with its words
_LABEL_ENDS = frozenset("#甲乙丙丁一二三四五六七八九十两个")
_LONGEST = 22  # characters of a label with its sign before its kind: "LFP3-0412A-112 号 样品"


@cache
def _words() -> tuple[Words, tuple[int, ...]]:
    """The words that a mention begins or ends with, and for each the pattern that it belongs to."""
    kinds = [_EN_STARTS.split(), _ZH_STARTS.split(), _ENDS.split(), [f"{make.lower()}-" for make in _MAKES]]
    words = [word for kind in kinds for word in kind]
    return Words(words), tuple(number for number, kind in enumerate(kinds) for _ in kind)


def _starts(text: str) -> list[set[int]] | None:
    words, kinds = _words()
    found = words.places(text)
    if found is None:
        return None
    starts: list[set[int]] = [set(), set(), set(), set()]
    for word, start in found:
        kind = kinds[word]
        if kind != _SUFFIXED:
            starts[kind].add(start)
        elif (before := text[max(0, start - 4) : start].rstrip(" \n号这该那")) and _ends_label(before[-1]):
            starts[kind].update(range(max(0, start - _LONGEST), start))
    return starts


def _ends_label(char: str) -> bool:
    return char in _LABEL_ENDS or char.isdigit() or (char.isascii() and char.isalpha())


def sample_mentions(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """What names samples (groups "kind" and "labels"), pattern by pattern, and whether it is a maker's code."""
    starts = _starts(text)
    if starts is not None and not any(starts):
        return
    for number, pattern in enumerate((_EN, _ZH, _SUFFIX, _CODE)):
        for match in tried(pattern, text, None if starts is None else starts[number]):
            yield match, pattern is _CODE


def kind_of(word: str) -> str:
    """The English word for a kind of sample as it is written: "Comp. Ex." and 对比例 are comparative examples."""
    if word in _KINDS:
        return _KINDS[word]
    plain = re.sub(r"\s+", " ", word.lower())
    plain = plain.replace("-", "") if plain.startswith(("c", "e", "s")) else plain  # "Ex-ample", broken over a line
    plain = "batch" if plain.startswith("batch") else plain.rstrip("s")
    plain = plain.replace("control ", "comparative ")
    if plain.startswith("c") and plain.rstrip(".").endswith("ex"):
        return "comparative example"
    return {
        "ex.": "example",
        "ex": "example",
        "inv.": "example",
        "inventive": "example",
        "comp.": "comparative example",
        "ce": "comparative example",
        "comparative": "comparative example",
        "embodiment": "example",
        "working example": "example",
        "inventive example": "example",
        "specimen": "sample",
    }.get(plain, plain)
