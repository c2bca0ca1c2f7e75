"""A line break of a text in, what stands there instead out: a quantity or a rate runs over it, or it may be a border.

A reader of pages hands on lines as they were printed: "8-12 | hours", "g/cm | 3", "141. | 6 mAh/g", "C/ | 10", "2.3 | 6g/cm3".
"""

# ruff: noqa: E501  (long lines are word lists and patterns)

from __future__ import annotations

import re

_SHORT = 8  # characters of a line that may be a cell or a heading of its own
_LINE = 40  # characters that are looked at on either side
_UNIT_AFTER = re.compile(
    r" ?(?:hours?|h|min|minutes?|°C|℃|MPa|mAh|mA|g/|kg|mg/|wt|mm|μm|µm|nm|ppm|ppb|rpm|cycles|m2/)(?![a-z])| ?(?:%|小时|分钟|兆帕)"
)
_UNIT_BEFORE = re.compile(r"(?:/\s?c?m|cm|mAh g|mAh·g|\bg|[hLg])$")
_PER_AFTER = re.compile(r"/(?:min|h|g|L|cm|m|kg|mL|t|s)(?![a-z])")
_PER_BEFORE = re.compile(r"\d ?(?:mA ?·?h|[kmµμ]?g|m?L|m2|m3|°C|mol|BV|kWh|k?W|m?A)/$")
_UNIT_PER = re.compile(r"(?:cm3?|cm2|m3|m2|mL?|L|kg|g|h|min|t)(?![a-z])")
_LEADING = re.compile(
    r"(?:\b(?:was|is|of|at|to|and|about|than|least|reached|be|between|from|were|are|for|with)|[≥≤<>=])$"
)
_POINT = re.compile(r"(?<![\d.])\d{1,3}\.$")
_NUMBERED = re.compile(  # "of Example 2. | 5 g of …" ends a sentence
    r"(?:examples?|embodiments?|samples?|figs?\.?|figures?|tables?|claims?|steps?|sections?|nos?\.|refs?\.|lots?|batch(?:es)?|runs?|trials?|[例图表第节号]|步骤|权利要求|\n)\s?\d{1,3}\.$",
    re.I,
)
_REST = re.compile(
    r"\d{1,3}(?: ?(?:%|[°℃]|[kMG]?Pa|m?A ?·?h|m2|mm|cm|[mk]?g\b|[mk]?g/|ppm|ppb|wt|V\b|C\b|h\b|min\b|hours?\b|[µμn]m\b|m?L\b|S/|BV)| ?(?:小时|分钟))"
)
_CUT = re.compile(r"[\u4e00-\u9fffA-Za-z] ?(\d{1,3}(?:\.\d{0,2})?)$")
_RATE_BEFORE = re.compile(r"(?<![A-Za-z0-9])C/$")
_RATE_AFTER = re.compile(r"\d{1,2}(?![\d.]*\d)")


def joint_of(text: str, start: int, end: int) -> str | None:
    """What stands instead of the line break [start, end) inside a quantity or before its number; None elsewhere."""
    after = text[end : end + _LINE].lstrip(" ")
    before = text[max(0, start - _LINE) : start]
    last = before[-1:]
    if last == "°":
        return " " if after[:1] in "CFK" else None
    if last == "." and _POINT.search(before) and _REST.match(after) and not _NUMBERED.search(before):
        return ""
    if last == "/" and _PER_BEFORE.search(before) and _UNIT_PER.match(after):
        return ""
    if last == "/" and _RATE_BEFORE.search(before) and _RATE_AFTER.match(after):
        return ""
    if last.isdigit() or last in "~–-":
        if _UNIT_AFTER.match(after) is not None:
            return "" if text[end : end + 1] == " " else " "
        if _inside_number(before, after):
            return ""
        return " " if after[:1] in "~±" and after[1:3].strip("-–−").isdigit() else None
    if after[:1] in "23-−⁻" and _UNIT_BEFORE.search(before):
        return " "
    if after[:1] == "/" and last.isalpha() and _PER_AFTER.match(after):
        return ""
    return " " if after[:1].isdigit() and _LEADING.search(before) is not None else None


def _inside_number(before: str, after: str) -> bool:
    """Whether a line of Chinese, which may end anywhere, ends inside a number: "在22 | 0MPa", "量1.5 | 1%"."""
    line = before.rpartition("\n")[2]
    if (
        len(line) < _SHORT
        or (cut := _CUT.search(line)) is None
        or not any("\u4e00" <= char <= "\u9fff" for char in line)
    ):
        return False
    rest = _REST.match(after)
    if rest is None:
        return False
    digits = after[: len(after) - len(after.lstrip("0123456789"))]
    whole, point, places = cut[1].partition(".")
    return len(places + digits) <= _PLACES if point else len(whole + digits) <= _LONGEST


_LONGEST, _PLACES = 4, 3  # digits of a whole number that is broken, and those behind the point of another
