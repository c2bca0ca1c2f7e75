"""What the labels of a table say without naming a property or a sample in so many words.

A column headed "Ca (ppm)", "槽温(℃)" or "0.1C efficiency (%)" names a property by its unit; a row labelled "1#" under
"Sample" or "LMFP-60" under "Cathode" names a sample, one labelled "Elution" or "Typ." does not.
"""

# ruff: noqa: E501  (long lines are word lists and patterns)

from __future__ import annotations

import re
from collections.abc import Iterable

from sluicegate.tag.sample import number_of, sample_name

_GENERIC = re.compile(
    r"(?:序号|编号|项目|检测项目|检验项目|指标|性能|参数|单位|数值|结果|测试结果|检测结果|检验结果|实测值?|典型值?|标准值?|标准|平均值?|均值|规格|要求|技术要求|测试方法|检测方法|方法|备注|条件|测试条件|最小值?|最大值?|"
    r"no\.?|items?|parameters?|property|properties|values?|results?|units?|typ\.?|typical(?: values?)?|nominal|specification|spec\.?|target|measured|guaranteed|actual|test method|method|"
    r"conditions?|test conditions?|remarks?|notes?|min\.?|max\.?|minimum|maximum|limits?|requirement|standard|average|avg\.?|mean|#|合格|n)",
    re.I,
)
_KIND = re.compile(
    r"(?P<sample>samples?|specimens?|样品|样号|试样|样品编号|编号|(?:(?<=sample )|^|(?<=^\W))(?:id|code|no\.?))|(?P<batch>batch(?:es)?|批次|(?:生产)?批号|批|炉号)|(?P<lot>lots?)|(?P<grade>grades?|牌号|型号|规格型号)|(?P<product>products?|产品|品名)|(?P<run>runs?|trials?|炉次|试验(?:编?号|单号)?|轮次)|(?P<experiment>experiments?|exp\.|实验(?:编?号|组)?)|(?P<campaign>campaigns?)|(?P<heat>heats?)|"
    r"(?P<example>examples?|ex\.|实施例)|(?P<material>cathodes?|(?<!raw )materials?|正极(?:材料)?|(?<!原)材料)|(?P<powder>powders?|粉体)|(?P<supplier>suppliers?|vendors?|makers?|供应商|厂家|厂商|来源)",
    re.I,
)
_CODE = re.compile(
    r"(?=[^\d]*\d|[A-Z]$)[A-Z]{0,6}[-./]?[A-Z]{0,3}\d{0,8}(?:[-./]?[A-Z0-9]{1,6}){0,3}[a-z]?#?|[A-Z]{1,3}-[a-z]"
)
_CHEMISTRY = re.compile(
    r"L[CM]?M?FP|LFMP|NCM|NMC|NCA|LCO|LMO|LiFe|LiMn|LiNi|LiCo|FePO4|铁锂|铁锰锂|钴酸锂|锰酸锂|钴锰酸锂|磷酸铁|iron phosphate",
    re.I,
)
_INGREDIENTS = re.compile(r"raw|ingredient|component|stream|reagent|原料|原材料|物料|组分|配料|料液|溶液", re.I)
_LONGEST = 40


def table_sample(labels: Iterable[str], corner: str, *, coded: bool = False) -> str | None:
    """The sample that the labels of a value name, the nearest to the table's edge first; `corner` heads them and
    `coded` says that they all look like codes."""
    kind = _kind_of(corner)
    for text in labels:
        if is_generic(text) or _VALUES.match(text) or not any(char.isalnum() for char in text):
            continue
        if kind is not None and kind_over(text) is not None:
            continue  # the head of a head: "Product" over "HD-26"
        named = sample_name(text, opening=True)
        if named is not None:
            return named
        if len(text) > _LONGEST:
            continue
        if kind is not None:
            return of_kind(text, kind.lastgroup or "sample")
        if _INGREDIENTS.search(corner):
            continue
        if coded and is_code(text):
            return of_code(_ADDED.sub("", text), corner)
        if coded and (alike := _ALIKE.fullmatch(_ADDED.sub("", text))) is not None:
            return f"{alike['word'].lower()} {alike['code']}"
        if _MAKER.fullmatch(text):
            return text
        if (generation := _GENERATION.fullmatch(text)) is not None:
            return f"product {generation[1]}"
        if (machine := _MACHINE.fullmatch(text)) is not None:
            return f"{_MACHINES[machine['machine']]} {number_of(machine['number'])}"
        if (typed := _TYPED.fullmatch(text)) is not None:
            return f"product {typed[1]}"
        if HASHED.fullmatch(text):
            return f"sample {text.strip('#')}"
        if _CHEMISTRY.search(text) and not re.search(r"[:;。]", text):
            return of_code(text, corner) if is_code(text) else text
    return None


_VALUES = re.compile(r"(?:values?|results?|data)\s(?:for|of)\b|(?:结果|数值)\s?[((]", re.I)


STEMS = "甲乙丙丁戊"  # the letters of Chinese lists
_TYPED = re.compile(r"([A-Z]{1,4}-?\d{1,4}[A-Z]?)型")
_MACHINES = {
    "槽": "cell", "炉": "furnace", "窑": "kiln", "釜": "reactor", "塔": "column", "柱": "column", "罐": "tank", "线": "line", "区": "zone",
    "温区": "zone",
}  # fmt: skip
_MACHINE = re.compile(
    r"(?:第|No\.?)?\s?(?P<number>\d{1,3}|[A-Z]|[一二三四五六七八九十]{1,2})\s?#?号?(?P<machine>温区|[槽炉窑釜塔柱罐线区])"
)


def names_kind(text: str) -> bool:
    """Whether a label is a kind of sample that a number follows: "Example", "Comparative examples", "实施例"."""
    return _GROUPS.fullmatch(text) is not None


_GROUPS = re.compile(
    r"(?:comparative |inventive |working )?examples?|samples?|batch(?:es)?|lots?|runs?|实施例|对比例|比较例|样品|批次",
    re.I,
)


def is_generic(text: str) -> bool:
    """Whether a label only says that something is stated: "Unit", "Typ.", "结果"."""
    if _GENERIC.fullmatch(text) is not None:
        return True
    first, _, second = text.partition(" ")
    return bool(second) and all(_GENERIC.fullmatch(part.strip("/ ")) for part in (first, second))  # "结果 Result"


def word_of(text: str) -> str:
    """The word before the code of a label such as "Resin A", "Gen 3"; "" where there is none or it numbers a step."""
    alike = _ALIKE.fullmatch(_ADDED.sub("", text))
    return alike["word"].lower() if alike is not None else ""


_ALIKE = re.compile(  # a step of a process or a machine is no sample
    r"(?!(?:step|stage|cycle|day|week|month|year|pass|section|phase|period|part|no|shift|table|fig|point|week|hour|q|d)\b)"
    r"(?P<word>[A-Za-z][a-z]{2,14})\.?\s(?:no\.?\s|#)?(?P<code>\d{1,3}[A-Z]?|[A-Z]{1,2}-?\d{0,4}|[IV]{1,3})",
    re.I,
)


def is_chemistry(text: str) -> bool:
    """Whether a label is nothing but the name or formula of a material: "LFP", "FePO4"."""
    return _PLAIN.fullmatch(text) is not None


_PLAIN = re.compile(
    r"L[CM]?M?FP|LFMP|NCM|NMC|NCA|LCO|LMO|Li[A-Za-z0-9.]*PO4(?:/C)?|FePO4(?:·2H2O)?|(?:无水)?磷酸铁|磷酸(?:锰铁|铁)?锂|(?:lithium )?iron phosphate",
    re.I,
)


def is_code(text: str) -> bool:
    """Whether a label looks like a sample's code: a capital letter, or letters and digits ("B-33 (reference)")."""
    short = _ADDED.sub("", text)
    return _CODE.fullmatch(short) is not None and any(char.isalpha() for char in short)


def heads_samples(corner: str) -> bool:
    """Whether the corner of a table says that what stands beside or below it are samples."""
    kind = _kind_of(corner)
    return kind is not None and kind.lastgroup not in _OF_WHAT


def kind_over(text: str) -> str | None:
    """The kind of sample that a header announces for all of its column or row: "Batch", "Sample no.", "批号"; no
    serial numbers and nothing of what was put in."""
    kind = _KIND.match(text)
    if kind is None or kind.lastgroup in _OF_WHAT or _INGREDIENTS.search(text) or _SERIAL.fullmatch(text):
        return None
    return kind.lastgroup if _ENDS_CORNER.match(text, kind.end()) else None


_SERIAL = re.compile(r"(?:id|code|no\.?|编号)", re.I)


def _kind_of(corner: str) -> re.Match[str] | None:
    """The kind of sample that a corner announces: "Sample", "LMFP batch no.", not "iron phosphate, grade S"."""
    kinds = list(_KIND.finditer(corner))
    last = kinds[-1] if len(kinds) > 1 else None
    if last is not None and last.lastgroup in ("batch", "lot") and last.end() == len(corner):
        return last  # "Powder lot"
    for kind in kinds:
        rest = corner[kind.end() :]
        if _ENDS_CORNER.match(rest) or (not kind.start() and not _SAYS_WHICH.match(rest)):
            return kind
    return None


_ENDS_CORNER = re.compile(
    r"\s?(?:nos?\.?|id|codes?|names?|numbers?|types?|models?|编号|名称|型号|代号|规格|号)?\s?(?:\([^()]*\))?$", re.I
)
_SAYS_WHICH = re.compile(r"\s?(?:no\.?|#|:|号|编号)?\s?:?\s?(?=[^\s\d]{0,4}\d|[A-Z](?![A-Za-z]))|\s?:")


_ADDED = re.compile(
    r"\s?\([^()]*\)$|\s(?:results?|measured|typ\.?|actual)$|\s?(?:结果|实测值?|典型值?)$"
)  # "B-33 (reference)"
_MAKER = re.compile(
    r"[A-Z甲乙丙丁]\s?(?:厂|公司|家|组|款)(?:产品|样品?|料)?|(?:竞品|友商|对标)\s?[A-Z\d甲乙丙丁]?|本品|(?:市售|自制|我司|本公司|自产|自研)\w{0,4}|"
    r"(?:our|own|competitor'?s?|competing|commercial|benchmark|reference)(?: (?:own )?(?:product|material|sample|powder|grade|lot|batch|LFP|LMFP))?",
    re.I,
)
_GENERATION = re.compile(r"(?:第?([一二三四五六七八九]代半?))(?:产品|料|样品?)?")
HASHED = re.compile(r"\d{1,4}#|#\d{1,4}")  # "1#", the serial number of a sample
_NUMBERED_FORMULA = re.compile(r"\S*PO4(?:/C)?-(\d{1,2})")


_OTHER_LABEL = re.compile(r"[甲乙丙丁戊]|[a-z]|(?P<number>\d{1,3})号|(?P<han>[一二三四五六七八九十]{1,2})号?")
_OF_WHAT = ("material", "powder", "supplier")  # kinds that head raw materials and sources as well


def plain(text: str) -> str:
    """A label without what is added in brackets: "311 (3 May)"."""
    return _ADDED.sub("", text)


def of_code(code: str, corner: str) -> str:
    """The name of what a label knows by its code alone: as the word in the corner has it ("Resin", "方案"), else a
    sample; a maker's code is one of a product."""
    noun = _NOUN.fullmatch(corner) if not _NO_NOUN.match(corner) else None
    if noun is not None and not is_generic(corner):
        word = noun["word"].lower().removesuffix("s") if noun["word"] else _NOUNS.get(noun["han"])
        if word:
            return f"{word} {code}"
    return f"{'product' if _CHEMISTRY.match(code) else 'sample'} {code}"


_NO_NOUN = re.compile(r"entry|entries|item|point|number|serial|parameter|property|characteristic", re.I)
_NOUN = re.compile(  # "Resin", "Coil no.", "方案编号"
    r"(?P<word>(?!LM?FP|LFMP|N[MC][CM])[A-Za-z][a-z]{3,13})(?:\s(?:no\.?|number|#|id|code|name))?|(?:\w{0,4}?)(?P<han>方案|树脂|配方|吸附剂|膜|工艺)(?:编?号|类型|名称)?"
)
_NOUNS = {
    "方案": "scheme", "配方": "recipe", "树脂": "resin", "吸附剂": "adsorbent", "膜": "membrane", "工艺": "process",
}  # fmt: skip


def of_kind(text: str, kind: str) -> str:
    """The name of a sample whose label stands under its kind."""
    short = _ADDED.sub("", text).partition(" / ")[0]  # "B-31 / 2503"
    numbered = _NUMBERED_FORMULA.fullmatch(short)
    if numbered is not None:
        return f"material {numbered[1]}"
    if HASHED.fullmatch(short):
        return f"{'sample' if kind in _OF_WHAT else kind} {short.strip('#')}"
    if (other := _OTHER_LABEL.fullmatch(short)) is not None:
        return f"{kind} {number_of(other['han'] or other['number'] or short)}"
    if not _CODE.fullmatch(short):
        return text
    return f"{kind} {short.strip('#')}"
