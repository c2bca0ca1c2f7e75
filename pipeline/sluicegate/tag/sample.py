"""Names of samples: normalised text in, mentions such as "example 3" or "batch 0412" out, lists and ranges spread."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from sluicegate.tag.guided import Words, tried

_UNITS = r"%|wt|°C|[gmCtLAK]\b|h\b|kg|mm|cm|nm|μm|V\b|pp[mb]\b|[MkG]?Pa\b|bar\b|m?Ah\b|[kM]?Wh?\b|BV|rpm|kN|tf\b|min\b|cycles|times|tons?|tonnes|litres?|hours?|minutes?|days?|passes|samples"
_LABEL = (
    r"(?!\d[\d.,]*\s?(?:[Mk]Pa|mAh|g/|kg|mm|cm|nm|μm|pp[mb]|%|°|wt|min\b|h\b|kN|tf\b|rpm|BV|mol|vol))"
    r"(?:(?:[A-Z]{1,6}-?)?\d{1,8}(?:[A-Z]{1,3}\d{0,6})?[a-z]?(?:-[A-Z]{0,2}\d{1,6}[A-Z]?){0,2}#?(?![A-Za-z0-9])|[A-Z]{1,4}-[A-Z]{1,2}\d{0,4}(?![A-Za-z0-9])|"
    r"[A-Z]\d{0,3}(?![A-Za-z]))"
)
_HAN_LABEL = rf"(?:{_LABEL}|[一二三四五六七八九十]{{1,3}}(?![\u4e00-\u9fff])|[甲乙丙丁])"
_EN = re.compile(
    r"(?<![A-Za-z])(?P<kind>c(?:omp)?\.? ?ex\.?(?=\s?-?\d)|comp(?:arative|\.)(?=\s?\d)|inv(?:entive|\.)(?=\s?\d)|ex\.?(?=\s?\d)|(?:comparative|reference|working|inventive)\s+(?:examples?|samples?)|examples?|embodiments?|samples?|specimens?|"
    r"batch(?:es)?|runs?|trials?|lots?|experiments?|formulations?|grades?|powders?|products?|(?<!magnetic )materials?|cells?|types?|suppliers?|vendors?|competitors?|campaigns?)"
    rf"\s?(?:(?:record|report|code|grade|type)\s)?(?:nos?\.?|#|numbers?|-)?\s?(?P<labels>(?-i:{_LABEL})(?:\s?(?:,|and|to|-|~|&|or|through|,\s?and)\s?(?-i:{_LABEL}))*)(?![A-Za-z0-9%°])(?!\.\d|\s?(?:{_UNITS}))",
    re.I,
)
_ZH = re.compile(
    r"(?P<kind>对比例|比较例|对照例|实施例|实验例|试验例|(?:对比|对照|比较|实施)(?=\s?\d{1,2}(?!\d))|(?<![\u4e00-\u9fff])(?:实例|例)(?=\s?\d)|样品|试样|批次|批号|炉号|产品型号|产品名称|产品|材料|试验|实验|方案|炉次|粉体|编号|牌号|型号|配方|对比样|(?<![\u4e00-\u9fff])样(?=[A-Z\d甲乙丙丁]))"
    rf"\s?(?:为|:|号|编号|-)?:?\s?(?P<labels>{_HAN_LABEL}(?:\s?(?:,|、|/|和|与|及|至|到|-|~)\s?(?:对比例|实施例|样品|试样|批次|样)?{_HAN_LABEL})*)"
    rf"(?!\.\d|\s?(?:{_UNITS}|次|个|小时|分钟|天|种|份|克|吨|年|月|元|轮|段|遍|圈|周))"
)
_SUFFIX = re.compile(
    rf"(?<![A-Za-z0-9.])第?(?P<labels>{_LABEL})\s?(?:号|#)?\s?(?:这|该|那)?(?P<kind>样品|试样|批次|批(?![号量])|样(?![品本])|产品(?![名编型])|炉(?![号温])|轮(?:试验)?|料(?![浆液]))(?![次号量]\d)"
)
_MAKES = ["LFP", "LMFP", "LFMP", "LMP", "FP", "MFP", "LCO", "LMO", "NCM", "NMC", "NCA"]
_CODE = re.compile(  # a maker's code that begins with the chemistry: LFP-7C, LMFP-64, LCO-45; NCM-811 is a composition
    rf"(?<![A-Za-z0-9-])(?P<labels>(?:{'|'.join(_MAKES)})-(?!\d{{3}}(?![A-Z0-9]))(?:[A-Z]{{0,2}}\d{{1,4}}[A-Z]?\d{{0,3}}|[ABDEGHXYZ]))(?P<kind>)(?![A-Za-z0-9-])"
)
_REFERENCE_BEFORE = re.compile(
    r"(?:same as|differs? from|different from|differing from|as in|as described in|according to|following|like|identical to|of the method of|procedure of|除|与|同|按|按照|参照|参考|如|相比于?|较)\s?(?:the\s)?$",
    re.I,
)
_VALUED = re.compile(r"\s?\(\s?[≥≤<>]?\d")  # "compared with example 2 (2.41 g/cm3)": the value is its own
_OTHER_NUMBER = re.compile(r"(?:招标|合同|文件|项目|索引|协议|订单|标准|商品|设备|规格)$")
_MADE_BEFORE = re.compile(
    r"(?:prepared|obtained|produced|made|synthesi[sz]ed) (?:as |as described |according to |by the method of |following )(?:in )?(?:the )?$",
    re.I,
)
_MADE_AFTER = re.compile(r"\s?(?:的)?(?:方法|工艺|步骤|条件)?(?:所?制得|所得|所?制备(?:得到)?的|得到的|合成的)")
_REFERENCE_AFTER = re.compile(r"\s?(?:相同|一致|的方法|的步骤|的制备|中的|类似|was repeated|was followed|except)", re.I)
_SPOKEN_OF = re.compile(r"\s?(?:的|中|所|'s|has|have|had|was|were|is|shows?|,)")
_OWN = re.compile(r"(?:本发明|本申请|our|the|present|inventive|LM?FP|磷酸\w{0,4}锂|磷酸铁)[\s-]?(?:of )?", re.I)
_KINDS = {
    "实例": "example", "例": "example", "实施": "example", "对比": "comparative example", "对照": "comparative example", "比较": "comparative example",
    "实施例": "example", "实验例": "example", "试验例": "example", "对比例": "comparative example", "比较例": "comparative example",
    "对照例": "comparative example", "样品": "sample", "试样": "sample", "样": "sample", "批次": "batch", "批号": "batch", "批": "batch", "炉号": "batch",
    "产品": "product", "材料": "material", "试验": "run", "实验": "experiment", "方案": "scheme", "炉次": "run", "粉体": "powder",
    "产品型号": "product", "产品名称": "product", "牌号": "grade", "炉": "run", "轮": "run", "轮试验": "run",
    "编号": "sample", "型号": "grade", "配方": "recipe", "料": "material", "对比样": "comparative sample",
}  # fmt: skip
_DIGITS = dict(zip("一二三四五六七八九", range(1, 10), strict=True))


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample named at [start, end); `heading` when the name opens a line and so owns what follows.

    `reference` when the text only refers to it ("as in example 1"), `aside` when it stands in brackets with a value of
    its own ("(example 1: 4.6 mg/g)"), `until` where a name ends to count that heads one line of a list.
    """

    name: str
    start: int
    end: int
    heading: bool = False
    reference: bool = False
    aside: bool = False
    until: int | None = None

    @property
    def comparative(self) -> bool:
        """Whether it is shown for comparison only."""
        return self.name.startswith(("comparative", "reference"))


_EN_STARTS = (
    "ex comp c. inv supplier vendor competitor campaign comparative reference working inventive example embodiment sample specimen batch run trial lot experiment formulation "
    "grade powder product material cell type"
)
_ZH_STARTS = "对比 对照 比较 实施 实例 例 对比例 比较例 对照例 实施例 实验例 试验例 样品 试样 批次 批号 炉号 产品 材料 试验 实验 方案 炉次 粉体 编号 牌号 型号 配方 对比样 样"
_ENDS = "样品 试样 批次 批 样 产品 料 炉 轮"
_LONGEST = 22  # characters of a label with its sign before its kind: "LFP3-0412A-112 号 样品"


_DIFFERS = re.compile(r"\s?(?:之间)?的?(?:区别|不同|差别)")  # "实施例6与实施例5的区别在于" speaks of the first
_RESTATED = re.compile(r"\s?[^\w\s]?\s?|\w{0,4}\s?\(")
_PRODUCT_LINE = re.compile(r"\s?(?:产品(?:名称|型号)?|product(?: name)?)\s?:", re.I)
_SUFFIXED = 2


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
    return char == "#" or char.isdigit() or (char.isascii() and char.isalpha())


def find_samples(text: str, *, references: bool = False) -> list[Sample]:
    """The samples that a normalised text names, in order; with `references` those too that it only refers to."""
    found: dict[tuple[int, str], Sample] = {}
    referred: list[Sample] = []
    starts = _starts(text)
    for number, pattern in enumerate((_EN, _ZH, _SUFFIX, _CODE)):
        for match in tried(pattern, text, None if starts is None else starts[number]):
            if _referred(match, text):
                referred += [replace(sample, heading=False, reference=True) for sample in _spread(match, text)[-1:]]
                continue
            if pattern is _CODE:
                code = match["labels"]
                line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
                if _PRODUCT_LINE.match(line):
                    code = f"product {code}"
                if not any(sample.start <= match.start() < sample.end for sample in found.values()):
                    found[match.start(), code] = Sample(code, match.start(), match.end(), _heads(match, text))
                continue
            spread = _spread(match, text)
            if len(spread) > 1 and _DIFFERS.match(text, match.end()):
                referred.append(replace(spread[1], reference=True))
                spread = spread[:1]
            for sample in spread:
                found.setdefault((sample.start, sample.name), sample)
    full = {sample.name.partition(" ")[2]: sample.name for sample in found.values() if " " in sample.name}
    if full and any(" " not in sample.name and sample.name in full for sample in found.values()):
        found = {place: replace(sample, name=full.get(sample.name, sample.name)) for place, sample in found.items()}
    ordered = sorted(found.values(), key=lambda sample: (sample.start, sample.end))
    kept = [
        replace(sample, aside=True)
        if _ASIDE.match(text, sample.end) and text[sample.start - 1 : sample.start] == "("
        else sample
        for number, sample in enumerate(ordered, 1)
        if number == len(ordered) or not _restated(sample, ordered[number], text)
    ]
    return [*kept, *referred] if references else kept


def _restated(code: Sample, following: Sample, text: str) -> bool:
    """Whether the sample behind a product only says which lot of it: "FP-3, lot 240917", "牌号Li-1,炉号2507-12"."""
    kind, own = following.name.partition(" ")[0], code.name.partition(" ")[0]
    if " " in code.name and (kind not in ("batch", "lot") or own not in ("product", "grade", "material")):
        return False
    return " " in following.name and _RESTATED.fullmatch(text[code.end : following.start]) is not None


_ASIDE = re.compile(r"\s?[:,]?\s?(?:≥|≤|about |约)?\d[^()]{0,40}\)")


def _referred(match: re.Match[str], text: str) -> bool:
    """Whether a sample is only referred to ("same as example 1"), and not what was made ("made as in example 6")."""
    if _MADE_AFTER.match(text, match.end()) or _VALUED.match(text, match.end()):
        return False
    before = text[max(0, match.start() - 48) : match.start()]
    if match["kind"] in ("编号", "型号", "产品") and (_OTHER_NUMBER.search(before) or match["labels"].isdigit()):
        return True
    if _REFERENCE_BEFORE.search(before):
        return _MADE_BEFORE.search(before) is None
    return _REFERENCE_AFTER.match(text, match.end()) is not None


def sample_name(text: str) -> str | None:
    """The canonical name when a whole (normalised) text, such as a table cell, names one sample."""
    short = text.strip()
    own = _OWN.match(short)
    first = own.end() if own is not None else 1
    for sample in find_samples(short):
        if sample.start <= first and sample.end >= len(short) - 12:
            return sample.name
    return None


def _spread(match: re.Match[str], text: str) -> list[Sample]:
    kind = _kind(match["kind"])
    heading = _heads(match, text)
    offset = match.start("labels")
    labels = [
        (label, offset + label.start(), offset + label.end()) for label in re.finditer(_HAN_LABEL, match["labels"])
    ]
    samples: list[Sample] = []
    for index, (label, start, end) in enumerate(labels):
        name = _label(label[0])
        between = text[labels[index - 1][2] : start] if index else ""
        if re.search(r"-|~|至|到|\bto\b|through", between) and name.isdigit() and samples:
            first = samples[-1].name.rpartition(" ")[2]
            if first.isdigit() and 0 < int(name) - int(first) <= 40:
                samples += [Sample(f"{kind} {number}", start, end) for number in range(int(first) + 1, int(name))]
        own = "comparative example" if "对比例" in between else "example" if "实施例" in between else kind
        samples.append(
            Sample(f"{own} {name}", match.start() if not index else start, end, heading and len(labels) == 1)
        )
    return samples


def _heads(match: re.Match[str], text: str) -> bool:
    return _opens_line(text, match.start()) and not _SPOKEN_OF.match(text, match.end())


def _kind(word: str) -> str:
    if word in _KINDS:
        return _KINDS[word]
    plain = re.sub(r"\s+", " ", word.lower())
    plain = "batch" if plain.startswith("batch") else plain.rstrip("s")
    if plain.startswith("c") and plain.rstrip(".").endswith("ex"):
        return "comparative example"
    return {
        "ex.": "example",
        "ex": "example",
        "inv.": "example",
        "inventive": "example",
        "comp.": "comparative example",
        "comparative": "comparative example",
        "embodiment": "example",
        "working example": "example",
        "inventive example": "example",
        "specimen": "sample",
    }.get(plain, plain)


def _label(text: str) -> str:
    if text[0] in "一二三四五六七八九十":
        tens, ten, ones = text.partition("十")
        return str(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)) if ten else str(_DIGITS[text[0]])
    return text.rstrip("#")


def _opens_line(text: str, start: int) -> bool:
    before = text[:start].rstrip(" #*[【(（\t")
    return not before or before[-1] == "\n"
