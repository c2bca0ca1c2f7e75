"""Names of samples: normalised text in, mentions such as "example 3" or "batch 0412" out, lists and ranges spread."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sluicegate.tag.sample_pattern import LABEL_PATTERN, kind_of, sample_mentions

_REFERENCE_BEFORE = re.compile(
    r"(?:same as|differs? from|different from|differing from|as in|as described in|according to|following|followed|like|(?<!denoted )(?<!to )(?<!designated )(?<!labelled )(?<!labeled )(?<!known )(?<!marked )\bas|identical to|analogous(?:ly)? to|similar(?:ly)? to|in analogy (?:to|with)|in accordance with|(?:procedure|method|recipe|process|manner|way|fashion|route|conditions) (?:of|as for|as in|in|described in)|as (?:for|per)|除|与|同|按|按照|参照|参考|参见|重复|沿用|如|相比于?|较|相对于?|基于)\s?(?:the\s)?$",
    re.I,
)
_VALUED = re.compile(r"\s?\(\s?[≥≤<>]?\d")  # "compared with example 2 (2.41 g/cm3)": the value is its own
_OTHER_NUMBER = re.compile(r"(?:招标|合同|文件|项目|索引|协议|订单|标准|商品|设备|规格)$")
_MADE_BEFORE = re.compile(
    r"(?:prepared|obtained|produced|made|synthesi[sz]ed) (?:as |just as |as described |according to |by the method of |following )(?:in )?(?:the )?$",
    re.I,
)
_MADE_AFTER = re.compile(r"\s?(?:的)?(?:方法|工艺|步骤|条件)?(?:所?制得|所得|所?制备(?:得到)?的|得到的|合成的)")
_REFERENCE_AFTER = re.compile(
    r"\s?(?:相同|一致|的方法|的步骤|的制备|的工艺|的?基础上|中的|类似|was repeated|was followed|except)", re.I
)
_SPOKEN_OF = re.compile(r"\s?(?:的|中|所|'s|has|have|had|was|were|is|shows?|,)")
_OWN = re.compile(
    r"(?:本发明|本申请|our|the|present|inventive|LM?FP|磷酸\w{0,4}锂|磷酸铁|(?-i:[A-Z]{1,5}-?\d{1,4}[A-Z]?(?=[\s,/])))[\s,/-]{0,2}(?:of )?",
    re.I,
)
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


_DIFFERS = re.compile(r"\s?(?:之间)?的?(?:区别|不同|差别)")  # "实施例6与实施例5的区别在于" speaks of the first
_RESTATED = re.compile(r"\s?[^\w\s]?\s?|\w{0,4}\s?\(")
_PRODUCT_LINE = re.compile(r"\s?(?:产品(?:名称|型号)?|product(?: name)?)\s?:", re.I)


def find_samples(text: str, *, references: bool = False) -> list[Sample]:
    """The samples that a normalised text names, in order; with `references` those too that it only refers to."""
    found: dict[tuple[int, str], Sample] = {}
    referred: list[Sample] = []
    baths: bool | None = None
    for match, coded in sample_mentions(text):
        if match["kind"].lower() in ("cell", "cells"):
            baths = _BATHS.search(text) is not None if baths is None else baths
            if baths:
                continue  # a cell of electrolysis is a machine
        if _referred(match, text, found.values()) and not _coordinated(match, text, found.values()):
            referred += [replace(sample, heading=False, reference=True) for sample in _spread(match, text)[-1:]]
            continue
        if coded:
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
    if not found:
        return referred if references else []
    full = {sample.name.partition(" ")[2]: sample.name for sample in found.values() if " " in sample.name}
    if full and any(" " not in sample.name and sample.name in full for sample in found.values()):
        found = {place: replace(sample, name=full.get(sample.name, sample.name)) for place, sample in found.items()}
    found = {place: replace(sample, name=_of_maker(sample.name)) for place, sample in found.items()}
    ordered = sorted(found.values(), key=lambda sample: (sample.start, sample.end))
    kept = [
        replace(sample, aside=True) if _stands_aside(sample, ordered[number : number + 1], text) else sample
        for number, sample in enumerate(ordered, 1)
        if number == len(ordered) or not _restated(sample, ordered[number], text)
    ]
    return [*kept, *referred] if references else kept


def _of_maker(name: str) -> str:
    """A maker's code without a kind is one of a product: "LFP-7C"."""
    return name if " " in name else f"product {name}"


def _restated(code: Sample, following: Sample, text: str) -> bool:
    """Whether the sample behind a product only says which lot of it: "FP-3, lot 240917", "牌号Li-1,炉号2507-12"."""
    kind, own = following.name.partition(" ")[0], code.name.partition(" ")[0]
    if own != "product" and (kind not in ("batch", "lot") or own not in ("product", "grade", "material", "type")):
        return False
    return " " in following.name and _RESTATED.fullmatch(text[code.end : following.start]) is not None


def _stands_aside(sample: Sample, following: list[Sample], text: str) -> bool:
    """Whether a sample has its own value in brackets: "(example 1: 4.6 mg/g)", not "(examples 4, 5 and 6)"."""
    if text[sample.start - 1 : sample.start] != "(" or (match := _ASIDE.match(text, sample.end)) is None:
        return False
    return not any(other.start < match.end() for other in following)


_ASIDE = re.compile(r"\s?(?:[:=]\s?(?:≥|≤|about |约)?\d|,?\s(?:≥|≤|about |约)?\d[\d.]*\s?[A-Za-z%°µ])[^()]{0,40}\)")


def _referred(match: re.Match[str], text: str, known: Iterable[Sample]) -> bool:
    """Whether a sample is only referred to ("same as example 1"), and not what was made ("made as in example 6"), unless
    the sentence is about another ("comparative example 3 was made as example 3")."""
    if _MADE_AFTER.match(text, match.end()) or _VALUED.match(text, match.end()):
        return False
    before = text[max(0, match.start() - 48) : match.start()]
    if match["kind"] in ("编号", "型号", "产品") and (_OTHER_NUMBER.search(before) or match["labels"].isdigit()):
        return True
    if _REFERENCE_BEFORE.search(before):
        return _MADE_BEFORE.search(before) is None or _has_subject(match.start(), text, known)
    return _REFERENCE_AFTER.match(text, match.end()) is not None


_BATHS = re.compile(r"electroly[sz]|\bbath\b|anode change|\btapped\b|chlorine|cell (?:room|house|line)|molten", re.I)


def _has_subject(start: int, text: str, known: Iterable[Sample]) -> bool:
    """Whether another sample opens the sentence that refers to one."""
    first = max(text.rfind(sign, 0, start) for sign in (". ", "。", "\n", ";")) + 1
    return any(first <= sample.start <= first + _OPENING and sample.end < start for sample in known)


_OPENING = 12  # characters before the subject of a sentence: " Then the "


def _coordinated(match: re.Match[str], text: str, known: Iterable[Sample]) -> bool:
    """Whether a sample stands beside the one before it, "1#样与2#样", and nothing says how they differ."""
    start = match.start()
    if (
        text[start - 1 : start] != "与"
        or _REFERENCE_AFTER.match(text, match.end())
        or _DIFFERS.match(text, match.end())
    ):
        return False
    return any(start - 3 <= sample.end <= start - 1 for sample in known)


def sample_name(text: str, *, opening: bool = False) -> str | None:
    """The canonical name when a whole (normalised) text, such as a table cell, names one sample; with `opening` also
    when a longer one opens with it: "Sample A (second sintering at 770 °C)"."""
    short = text.strip()
    if _LETTER.search(short) is None or not (samples := find_samples(short)):
        return None
    own = _OWN.match(short)
    first = own.end() if own is not None else 1
    for sample in samples:
        if sample.start <= first and sample.end >= len(short) - _ADDED:
            return sample.name
    return samples[0].name if opening and samples[0].start == 0 else None


_LETTER = re.compile(r"[^\W\d_]")  # a plain number names nothing
_ADDED = 12  # characters that a name may have behind it: "Lot 7 (g/cm3)"


def _spread(match: re.Match[str], text: str) -> list[Sample]:
    kind = kind_of(match["kind"])
    if _YEARLY.fullmatch(match["labels"]) and not match["kind"].lower().endswith(("s", "es")):
        return [Sample(f"{kind} {match['labels']}", match.start(), match.end(), _heads(match, text))]  # "sample 3/2025"
    heading = _heads(match, text)
    offset = match.start("labels")
    labels = [
        (label, offset + label.start(), offset + label.end()) for label in re.finditer(LABEL_PATTERN, match["labels"])
    ]
    samples: list[Sample] = []
    for index, (label, start, end) in enumerate(labels):
        name = number_of(label[0])
        if samples and name[0].isalpha() and number_of(labels[0][0][0]).isdigit():
            if match.start("kind") < offset:
                break  # "batch 2504, C 1.3 %"
            samples.clear()  # "克容量A料158、B料160"
        several = _HYPHENED.fullmatch(name) if kind.endswith("example") or _PLURAL.fullmatch(match["kind"]) else None
        ranged = several is not None and 0 < int(several[2]) - int(several[1]) <= _RANGE
        if several is not None and ranged and re.search(rf"(?<!\d){several[1]}-1(?!\d)", text) is None:
            numbers = range(int(several[1]), int(several[2]) + 1)
            samples += [Sample(f"{kind} {number}", start if index else match.start(), end) for number in numbers]
            continue
        between = text[labels[index - 1][2] : start] if index else ""
        if re.search(r"-|~|至|到|\bto\b|through", between) and name.isdigit() and samples:
            first = samples[-1].name.rpartition(" ")[2]
            if first.isdigit() and 0 < int(name) - int(first) <= 40:
                samples += [Sample(f"{kind} {number}", start, end) for number in range(int(first) + 1, int(name))]
        own = "comparative example" if _COMPARED.search(between) else "example" if "实施例" in between else kind
        samples.append(
            Sample(f"{own} {name}", match.start() if not index else start, end, heading and len(labels) == 1)
        )
    if samples and match.start("kind") >= match.end("labels"):
        samples[-1] = replace(samples[-1], end=match.end())  # "A样"
    return samples


_YEARLY = re.compile(r"\d{1,4}/20\d\d|\d\d/\d{3,4}")
_COMPARED = re.compile(r"对比例|\bcomp", re.I)
_RANGE = 20  # samples of one range
_PLURAL = re.compile(r"(?:batches|lots|samples|runs|trials|products)", re.I)
_HYPHENED = re.compile(r"(\d{1,4})-(\d{1,4})")  # "Examples 1-3"; 1-1 and 1-2 are numbers of their own


def _heads(match: re.Match[str], text: str) -> bool:
    return _opens_line(text, match.start()) and not _SPOKEN_OF.match(text, match.end())


def number_of(text: str) -> str:
    """A label with its Chinese number in digits and without its sign: 三, 1#."""
    if text[0] in "一二三四五六七八九十":
        tens, ten, ones = text.partition("十")
        return str(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)) if ten else str(_DIGITS[text[0]])
    return text.rstrip("#")


def _opens_line(text: str, start: int) -> bool:
    before = text[:start].rstrip(" #*[【(（\t")
    return not before or before[-1] == "\n"
