"""Samples that a text knows by a code alone: normalised text and the samples known so far in, more samples out.

"… (denoted as S1)", "记为VN-2", "the iron phosphate K-11", "made without (M0) and with (M2) fibre", "lots 24-118 … 24-121",
"158.6 mAh/g for 2411" after "lot 2411".
"""

# ruff: noqa: E501  (long lines are patterns)

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sluicegate.tag.sample import Sample

_CODES = re.compile(
    r"(?<![A-Za-z0-9.@+-])(?<![a-z]/)(?P<series>[A-Z]{1,4}-?)(?P<number>\d{1,4})[A-Z]?(?![A-Za-z0-9-]|\.\d| ?°)"
)
_NO_SERIES = frozenset("O N H C D Q T X GB ISO CR EN ASTM DIN JIS IEC EC HG YS SUS AISI IP PM".split())  # noqa: SIM905
_NO_CODE = re.compile(r"P(?:204|507|350)|N(?:235|503|1923)|SO\d|PO\d|CO\d|NO\d|CIF?\d|A[34]|[A-Z]{1,2}\d\d00")
_EQUIPMENT = re.compile(
    r"(?:kilns?|furnaces?|lines?|reactors?|tanks?|cells?|columns?|pumps?|towers?|zones?|mills?|dryers?|resins?|extractants?|steel|grade|type|model|section|clause|table|figure|fig\.?|item|step|stage|phase|"
    r"线|炉|窑|釜|槽|塔|柱|泵|区|机|罐|图|表|型|钢|节|条|步骤|段)\s?$",
    re.I,
)
_INTRODUCED = re.compile(
    r"(?:记为|记作|标记为|命名为|编号为?|标为|称为|简称为?|表示为|代号为?|(?:denoted|labell?ed|designated|named|marked|coded|termed|abbreviated|referred to|hereafter|hereinafter|henceforth|called)(?: (?:as|to as|here))?)\s?[\"“‘'(]?\s?$",
    re.I,
)
_OF_MATERIAL = re.compile(
    r"(?:phosphates?(?:/C)?|\bL[CM]?M?FP|LFMP|FePO4|PO4(?:/C)?|powders?|materials?|composites?|cathodes?|microspheres|products?|铁锂|锰铁锂|磷酸铁|材料|粉体|粉末|产物|产品)\s?[\"“(]?\s?$",
    re.I,
)
_MEASURED = re.compile(r"densit|capacit|mAh|Ah/kg|g/c|kg/m3|efficienc|压实|振实|容量|首效|效率", re.I)
_BACK = 32  # characters before a code that are looked at
_SEVERAL = 2


def loose_samples(text: str, samples: Sequence[Sample]) -> Iterator[Sample]:
    """Codes that a text introduces, brackets or sets beside others of their series where powders are measured."""
    yield from _numbers_again(text, samples)
    yield from _numbers_of(text)
    yield from _numbers_alike(text, samples)
    codes = [code for code in _CODES.finditer(text) if not _refused(code, text)]
    if not codes or _MEASURED.search(text) is None:
        return
    series: dict[str, list[re.Match[str]]] = {}
    for code in codes:
        series.setdefault(code["series"], []).append(code)
    for alike in series.values():
        if _names_samples(alike, text):
            yield from (
                Sample(f"sample {code[0]}", code.start(), code.end()) for code in alike if not _compared(code, text)
            )


def _refused(code: re.Match[str], text: str) -> bool:
    if code["series"].rstrip("-") in _NO_SERIES or _NO_CODE.fullmatch(code[0]):
        return True
    return _EQUIPMENT.search(text, max(0, code.start() - _BACK), code.start()) is not None


def _names_samples(codes: Sequence[re.Match[str]], text: str) -> bool:
    """Whether codes of one series are of samples: one is introduced as a name, or several stand behind materials or in
    brackets."""
    several = len({code[0] for code in codes}) >= _SEVERAL
    for code, following in pairwise(codes):
        if (
            several
            and following.start() - code.end() <= _CLOSE
            and _OF.search(text, max(0, code.start() - 6), code.start())
        ):
            return True  # "2.55/2.58 g/cm3 for S1/S2"
    for code in codes:
        before = text[max(0, code.start() - _BACK) : code.start()]
        if _INTRODUCED.search(before):
            return True
        bracketed = before.endswith("(") and text[code.end() : code.end() + 1] == ")"
        again = sum(other[0] == code[0] for other in codes) >= _SEVERAL
        if _OF_MATERIAL.search(before) and text[code.end() : code.end() + 1] == ":":
            return True
        if (several or again) and (bracketed or _OF_MATERIAL.search(before)):
            return True
    return several and sum(_TELLS.match(text, code.end()) is not None for code in codes) >= _SEVERAL


_OF = re.compile(r"\b(?:for|of)\s$")
_CLOSE = 6  # characters between two codes of one list
_TELLS = re.compile(
    r"\s?(?:为|达|的|在|:|=|\(|gave|gives|had|has|shows?|showed|reached|reaches|delivers?|delivered|is\b|was\b|kept|keeps|came|pressed|with\b|at\b|\d)"
)


def _compared(code: re.Match[str], text: str) -> bool:
    return _COMPARED.search(text, max(0, code.start() - 12), code.start()) is not None


_COMPARED = re.compile(r"(?:比|较|than |like |as |同)\s?$")


def _numbers_again(text: str, samples: Sequence[Sample]) -> Iterator[Sample]:
    """The number of a lot that was named with its kind once, right behind "for" or "of", or before what it gave."""
    for name in _numbered(samples):
        _, _, code = name.rpartition(" ")
        for match in re.finditer(rf"(?<![A-Za-z0-9.#/-]){code}(?![A-Za-z0-9/-]|[.,]\d)", text):
            before = text[max(0, match.start() - 12) : match.start()]
            if _FOR.search(before) and _ENDS.match(text, match.end()):
                yield Sample(name, match.start(), match.end())


def _numbers_alike(text: str, samples: Sequence[Sample]) -> Iterator[Sample]:
    """Numbers like that of a lot that was named, which tell what they gave as it does: "lot 2306 …, 2307 at 2.56"."""
    for lot in dict.fromkeys(name[:-1] for name in _numbered(samples)):
        kind, _, like = lot.rpartition(" ")
        if kind.endswith("example"):
            continue
        for number in re.finditer(rf"(?<=[,;] ){like}\d(?=\s(?:at|had|has|gave|reached|with|came)\s)", text):
            yield Sample(f"{kind} {number[0]}", number.start(), number.end())


def _numbered(samples: Sequence[Sample]) -> Iterator[str]:
    """The samples that are known by a long number, each once."""
    for name in dict.fromkeys(sample.name for sample in samples if not sample.reference):
        _, _, code = name.rpartition(" ")
        if len(code) >= _LONG and code.isdigit():
            yield name


def _numbers_of(text: str) -> Iterator[Sample]:
    """Numbers that stand for lots which a sentence announces: "three lots differ little: 0411 has …, 0412 …"."""
    for announced in (*_ANNOUNCED.finditer(text), *(_LISTED_ZH.finditer(text) if "批" in text or "样" in text else ())):
        end = _STOP.search(text, announced.end())
        numbers = list(_NUMBER_TELLS.finditer(text, announced.end(), end.start() if end is not None else len(text)))
        if len({number[1] for number in numbers}) >= _SEVERAL:
            kind = _KINDS.get(announced["kind"], announced["kind"].rstrip("s"))
            yield from (Sample(f"{kind} {number[1]}", number.start(1), number.end(1)) for number in numbers)


_ANNOUNCED = re.compile(
    r"\b(?:two|three|four|five|six|several|these|our|the) (?:\w+ ){0,2}(?P<kind>lots|batches|samples|runs|trials)\b[^.:;。\n]{0,40}:"
)
_LISTED_ZH = re.compile(r"[两二三四五六](?:个|锅|炉)?(?P<kind>批|样)[^。\n:,]{0,12}(?::|--|-)")
_KINDS = {"batches": "batch", "批": "batch", "样": "sample"}
_STOP = re.compile(r"\.\s|[。\n]")
_NUMBER_TELLS = re.compile(
    r"(?<!\d\.)(?!(?<=\d,)\d{3}(?!\d))(?<![A-Za-z0-9#/])(?<![A-Za-z0-9]-)(\d{3,8})(?=\s?(?:has|had|gave|with|is|was|reached|came|at|[为压振克首容碳]|粉压|:|\(|\d))(?! ?(?:°|g\b|kg|MPa|mAh|%))"
)
_LONG = 3  # digits of the shortest number that is known again
_FOR = re.compile(r"(?:\b(?:for|of|from|on|in|and|with|while|whereas)|[,;:、和与而])\s?$")
_ENDS = re.compile(r"\s?(?:[,;。)、]|\.(?=\s|$)|$|的|为|gave|had|has|did|was|is|came|reached|and\b)")
