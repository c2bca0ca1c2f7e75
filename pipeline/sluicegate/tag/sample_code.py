"""Samples that a text names by a bare code: normalised text and the samples named with their kind in, more samples out.

"• P24: …" and "• Gen 3 (pilot): …" head the lines of a comparison, "人造石墨AG-7小试总结" opens a report, 甲, 乙 and 丙
stand for three suppliers, and a code that was introduced as "batch B12" comes again without its kind.
"""

# ruff: noqa: E501  (long lines are patterns)

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sluicegate.tag.quantity import Found
from sluicegate.tag.sample import Sample, find_samples, number_of
from sluicegate.tag.sample_loose import loose_samples

_HEAD = re.compile(
    r"(?m)^[ \t•▶●■◆·*▍–-]*(?:(?P<gen>[Gg]en(?:eration)?\.? ?\d(?:\.\d)?)|(?P<stage>[一二三四五六七八九]代半?)|"
    r"(?P<code>(?!D\d)(?P<letters>[A-Z]{1,4}-?)\d{1,4}[A-Z]?)[\u4e00-\u9fff]{0,4})\s?(?:\([^()\n]{0,20}\)\s?)?:"
)
_SUPPLIER = re.compile(r"(?<![\u4e00-\u9fff])[甲乙丙丁](?=\s?(?:样|料|粉|[:为]|\d))")
_TITLE = re.compile(
    r"(?:[石极锂铁料粉体锰钴]墨?|\b(?:graphite|powder|cathode|anode|phosphate|carbonate|hydroxide|sorbent|adsorbent|resin|L[CM]?M?FP))\s?\(?"
    r"(?P<code>[A-Z]{2,5}-[A-Z]{0,2}\d{1,4}[A-Z]?)(?![A-Za-z0-9-])"
    r"|(?<![A-Za-z0-9-])(?!GB|ISO|YS|HG|Q\d|D\d)(?P<type>[A-Z]{1,5}-?[A-Z]{0,2}\d{1,4}[A-Z]?)型?\s?"
    r"(?:磷酸|铁锂|锰铁锂|碳酸锂|石墨|产品|规格|技术|送样|样品|检测|检验|说明书|报告|小试|中试|试制|(?:product )?data ?sheet|specification|TDS|report)"
)
_TITLE_LENGTH = 60
_SEVERAL = 2
_COMPARED = re.compile(r"(?:比|较|than |with |to |如|同)\s?$")
_REFERRED_AFTER = re.compile(r"\s?(?:相比|相同|一致)")


def all_samples(text: str) -> list[Sample]:
    """The samples that a text names with their kind or by a code, in order; references are marked as such."""
    samples = find_samples(text, references=True)
    return sorted([*samples, *_find_codes(text, samples)], key=lambda sample: (sample.start, sample.end))


def apart(found: Sequence[Found], samples: Sequence[Sample]) -> Sequence[Found]:
    """The quantities that are not part of a sample's name, as 88 °C would be of "lot 88C"."""
    if not samples:
        return found
    return [one for one in found if not any(sample.start < one.start and one.end <= sample.end for sample in samples)]


def _find_codes(text: str, samples: Sequence[Sample]) -> list[Sample]:
    found: list[Sample] = []
    taken = [(sample.start, sample.end) for sample in samples]
    for sample in (
        *_heads(text), *_suppliers(text), *_hashed(text), *_again(text, samples), *_alike(text, samples),
        *_kinds_of(text), *_unnumbered(text), *_titled(text, samples), *loose_samples(text, samples),
    ):  # fmt: skip
        if not any(sample.start < end and start < sample.end for start, end in taken):
            taken.append((sample.start, sample.end))
            found.append(sample)
    return found


def _heads(text: str) -> Iterator[Sample]:
    """What heads the lines of a comparison, each for its own line; one alone compares nothing."""
    if "\n" not in text:
        return
    heads = list(_HEAD.finditer(text))
    for head in heads:
        kind = next(name for name in ("gen", "stage", "letters") if head[name])
        alike = {other[0] for other in heads if other[kind] and (kind != "letters" or other[kind] == head[kind])}
        if len(alike) < _SEVERAL:
            continue
        line = text.find("\n", head.end())
        name = head["gen"].lower() if head["gen"] else f"product {head['stage'] or head['code']}"
        start, end = head.span("code" if head["code"] else "gen" if head["gen"] else "stage")
        yield Sample(name, start, end, until=line if line >= 0 else len(text))


def _suppliers(text: str) -> Iterator[Sample]:
    """甲, 乙, 丙 right before what was measured of each, where at least two of them are."""
    if "甲" not in text:
        return
    found = list(_SUPPLIER.finditer(text))
    if len({match[0] for match in found}) >= _SEVERAL:
        yield from (Sample(f"sample {match[0]}", match.start(), match.end()) for match in found)


def _hashed(text: str) -> Iterator[Sample]:
    """1#, 2# and 3# in one list, unless they number machines."""
    for match in _HASHES.finditer(text) if "#" in text else ():
        for number in re.finditer(r"\d+", match[0]):
            start = match.start() + number.start()
            yield Sample(f"sample {number[0]}", start, start + len(number[0]) + 1)


_HASHES = re.compile(
    r"(?<![A-Za-z0-9.-])\d{1,3}#(?:\s?[、,/和与及~-]\s?\d{1,3}#){1,6}(?!\s?(?:回转|电解|辊道)?[窑槽塔柱炉线釜罐机泵仓库车])"
)


def _kinds_of(text: str) -> Iterator[Sample]:
    """What a text compares by letters or numbers alone: "A、B、C三种铁锂", "1号压实2.55,2号2.58"."""
    for match in _SORTS.finditer(text) if "种" in text or "家" in text or "款" in text else ():
        for label in re.finditer(r"[A-Z甲乙丙丁戊]", match["labels"]):
            start = match.start("labels") + label.start()
            yield Sample(f"sample {label[0]}", start, start + 1)
    found = list(_NUMBERS.finditer(text)) if text.count("号") > 1 else []
    if len({match[1] for match in found}) >= _SEVERAL:
        yield from (Sample(f"sample {number_of(match[1])}", match.start(), match.end()) for match in found)


_SORTS = re.compile(
    r"(?<![A-Za-z])(?P<labels>[A-Z甲乙丙丁戊](?:\s?[、,/和与]\s?[A-Z甲乙丙丁戊]){1,5})\s?[两二三四五六](?:种|家|款)(?=[^,。;]{0,8}(?:铁锂|磷酸|材料|样|料|产品|粉))"
)
_NUMBERS = re.compile(
    r"(?<![第\dA-Za-z#.年月])(\d{1,2}|[一二三四五六七八九])号(?=\s?(?:[压振克首容碳比为的是:]|粉压|\d\.\d))"
)


def _again(text: str, samples: Sequence[Sample]) -> Iterator[Sample]:
    """Codes of letters and digits that were named with their kind once and come again without it; a single letter only
    right before a number ("Sample A …; B 2.58")."""
    kinds = {sample.name.partition(" ")[2]: sample.name for sample in samples if not sample.reference}
    for code, name in kinds.items():
        if code.isdigit() or (code.isalpha() and len(code) > 1) or not code or " " in code:
            continue
        alone = rf"(?<=[:,;、]){code}(?=\s?\d)|(?<=[:,;] ){code}(?=:? \d)" if len(code) == 1 else ""
        for match in re.finditer(alone or rf"(?<![A-Za-z0-9-]){re.escape(code)}(?![A-Za-z0-9-])", text):
            before = text[max(0, match.start() - 8) : match.start()]
            if not _COMPARED.search(before) and not _REFERRED_AFTER.match(text, match.end()):
                yield Sample(name, match.start(), match.end())


def _alike(text: str, samples: Sequence[Sample]) -> Iterator[Sample]:
    """Codes like one that was named with its kind: P-2 and P-3 beside "sample P-1"."""
    named = {(kind, match[1]) for kind, match in _serial(samples)}
    for kind, prefix in named:
        for match in re.finditer(rf"(?<![A-Za-z0-9-]){re.escape(prefix)}\d{{1,4}}(?![A-Za-z0-9.-])", text):
            before = text[max(0, match.start() - 8) : match.start()]
            if not _SIZES.fullmatch(match[0]) and not _COMPARED.search(before):
                yield Sample(f"{kind} {match[0]}".strip(), match.start(), match.end())


def _serial(samples: Sequence[Sample]) -> Iterator[tuple[str, re.Match[str]]]:
    for sample in samples:
        kind, _, code = sample.name.rpartition(" ")
        match = _SERIAL.fullmatch(code)
        if kind and match is not None and not sample.reference:
            yield kind, match


_SERIAL = re.compile(r"([A-Z]{1,3}-?|\d{2,6}-)\d{1,4}")
_SIZES = re.compile(r"D\d\d")


def _unnumbered(text: str) -> Iterator[Sample]:
    """The only comparative example, which has no number."""
    if not any(
        word in text for word in ("omparative", "ontrol sample", "eference sample", "对比例", "对比样", "对照样")
    ):
        return
    for match in _CONTROL.finditer(text):
        yield Sample("comparative sample", match.start(), match.end())
    for match in _COMPARATIVE.finditer(text):
        if not _COMPARED.search(text[max(0, match.start() - 12) : match.start()].removesuffix("the ")):
            yield Sample("comparative example", match.start(), match.end())


_CONTROL = re.compile(
    r"\b(?:[Cc]omparative|[Cc]ontrol|[Rr]eference) sample(?!s?\s?(?:[Nn]o\.? ?)?(?:\d|[A-Z]\b))|对[比照]样(?:品)?(?=[的为中是压振克首容,::]|\d\.)"
)
_COMPARATIVE = re.compile(
    r"\b[Cc]omparative [Ee]xample(?!s?\s?(?:No\.? ?)?(?:\d{1,2}(?![\d.])|[A-Z]\b))|对比例(?=[的为中]|制|所得)"
)


def _titled(text: str, samples: Sequence[Sample]) -> Iterator[Sample]:
    """The product that a report or a specification is about, by its code beside a material or "data sheet" in the
    first line."""
    if any(sample.start < _TITLE_LENGTH for sample in samples):
        return
    line = text.find("\n")
    title = _TITLE.search(text, 0, min(_TITLE_LENGTH, line if line >= 0 else len(text)))
    if title is not None:
        group = "code" if title["code"] else "type"
        yield Sample(f"product {title[group]}", title.start(group), title.end(group))
