"""Quantities as they were read in, the same in the project's units and with their comparators out."""

# ruff: noqa: E501  (long lines are word lists and patterns)

from __future__ import annotations

import re
from collections.abc import Callable

from sluicegate.tag.units import Spelled
from sluicegate.verdict import Quantity

_BEFORE = {
    ">=": "不低于|不小于|不少于|大于等于|大于或等于|高于或等于|≥|>=|⩾|≧|至少|最低|最小|最小值|at least|not less than|no less than|not lower than|no lower than|"
    "minimum|minimum of|min|min.|greater than or equal to|a minimum|不得低于|不应低于|不能低于|不宜低于|不得小于|不应小于|不得少于|不应少于|未低于|"
    "not under|not below|never under|never below|never falls under|never falls below|not fall under|not fall below|not be under|not be below|not be less than|not be lower than",
    "<=": "不高于|不大于|不超过|不多于|小于等于|小于或等于|≤|<=|⩽|≦|至多|最高|最大|最大值|at most|not more than|no more than|not greater than|no greater than|"
    "not exceeding|not exceed|up to|maximum|maximum of|max|max.|less than or equal to|not higher than|不得高于|不应高于|不能高于|不宜高于|不得大于|不应大于|不得超过|不应超过|不能超过|不宜超过|未超过|"
    "not above|not over|never above|never over|never exceeds|not be above|not be over|not be more than|not be higher than|not be greater than",
    ">": "超过|大于|高于|多于|突破|>|more than|greater than|higher than|above|exceed|exceeds|exceeding|exceeded|over",
    "<": "小于|低于|少于|不足|不到|<|less than|lower than|below|under|fewer than",
    "~": "约|大约|左右|近|接近|≈|~|approximately|approx|approx.|about|around|ca|ca.|circa|roughly|nearly|almost",
}
_SIGNS = {word[::-1]: sign for sign, words in _BEFORE.items() for word in words.split("|")}
_BACKWARDS = re.compile(  # read from the number to the left, so that it is tried at one place only
    r"\s?+[为是:]?+或?+\s?+(?P<word>"
    + "|".join(
        re.escape(word) + (r"(?!\w)" if word[-1].isascii() and word[-1].isalpha() else "")
        for word in sorted(_SIGNS, key=len, reverse=True)
    )
    + ")"
)
_LAST = frozenset(word[0] for word in _SIGNS) | frozenset("为是:或")
_NEXT = frozenset("或及以左上oam+")  # what the pattern below begins with
_AFTER = re.compile(
    r"\s?(?:(?P<ge>或?及?以上|或更高|or more|or higher|or above|or greater|and above|\bmin\b\.?|\+)|"
    r"(?P<le>或?及?以下|以内|或更低|or less|or lower|or below|and below|\bmax\b\.?)|(?P<about>左右|上下))"
)


def compared(quantity: Quantity, text: str, start: int, end: int) -> Quantity:
    """The quantity with the comparator that the words around its place in the text give it."""
    if quantity.high is not None:
        return quantity
    last = text[start - 1 : start]
    if last.isspace():
        last = text[max(0, start - 3) : start].rstrip()[-1:]
    before = _BACKWARDS.match(text[max(0, start - 28) : start][::-1].lower()) if last.lower() in _LAST else None
    if before is not None:
        word = before[0][::-1].strip()
        if word == "up to" and quantity.unit == "°C":
            return quantity
        if quantity.unit in ("MPa", "kN", "C") and word in ("under", "over"):
            return quantity
        if word == "ca" and text[:start].rstrip().endswith("Ca"):
            return quantity  # calcium
        return Quantity(quantity.value, quantity.unit, None, _SIGNS[before["word"]])
    after = _AFTER.match(text, end) if text[end : end + 2].lstrip()[:1] in _NEXT else None
    if after is not None and (after[0].strip() != "+" or quantity.unit == "%"):
        sign = ">=" if after["ge"] else "<=" if after["le"] else "~"
        return Quantity(quantity.value, quantity.unit, None, sign)
    return quantity


_RATE_CONTEXT = re.compile(
    r"放电|充电|倍率|容量|循环|扣电|discharg|charg|capacity|rate|cycl|retention|efficiency|voltage|首效|保持率|首放|mA ?·?h|delivered|0\.\d+ ?C\b|\bC/\d",
    re.I,
)


RESTATED = frozenset({"temperature", "time", "rate", "mass", "count"})
_WEEKS = 50  # from here on 周 counts cycles
_DEGREES = frozenset({"°", "度", "deg", "degrees", "degree"})
_ANGLED = re.compile(r"XRD|2θ|2 ?theta|衍射|峰|peak|angle|角|turn|rotat", re.I)
_CYCLED = re.compile(r"循环|cycled\s(?:for\s)?", re.I)
_MAGNETIC = re.compile(r"magnet|gauss|tesla|separator|core loss|induction|\d\s?Hz|磁|场强|高斯|铁损", re.I)


def standard(quantity: Quantity, family: str, unit: Spelled, text: str, start: int) -> tuple[Quantity, str]:
    """Quantities of the families in `RESTATED`: temperatures in °C, times in h, and `C` as a rate only where
    electrochemistry is meant."""
    if unit.unit.name == "C" and (
        quantity.value > 20
        or quantity.value <= -2
        or (
            quantity.value >= 1 and len(text) > 24 and not _RATE_CONTEXT.search(text[max(0, start - 120) : start + 120])
        )
    ):
        return Quantity(quantity.value, "°C", quantity.high), "temperature"
    if unit.unit.name == "K":
        return _mapped(quantity, "°C", lambda value: value - 273.15), family
    if unit.unit.name == "°F":
        return _mapped(quantity, "°C", lambda value: (value - 32) / 1.8), family
    if family == "count":
        cycled = unit.spelling in ("次", "times") and _CYCLED.search(text[max(0, start - 12) : start])
        return (Quantity(quantity.value, "cycles", quantity.high), "cycles") if cycled else (quantity, family)
    if family == "mass":
        if unit.spelling == "T" and quantity.value < 5 and _MAGNETIC.search(text[max(0, start - 80) : start + 40]):
            return Quantity(quantity.value, "T", quantity.high), "magnetic field"
        return quantity, family
    if unit.spelling == "周":
        count = round(quantity.value / unit.factor)
        if count >= _WEEKS or "循环" in text[max(0, start - 6) : start]:
            return Quantity(count, "cycles"), "cycles"
    if unit.spelling in _DEGREES and _ANGLED.search(text[max(0, start - 24) : start + 16]):
        return quantity, "angle"
    if family == "time" and unit.unit.base != 1.0:
        return _mapped(quantity, "h", lambda value: value * unit.unit.base), family
    return quantity, family


def _mapped(quantity: Quantity, unit: str, change: Callable[[float], float]) -> Quantity:
    high = tidy(change(quantity.high)) if quantity.high is not None else None
    return Quantity(tidy(change(quantity.value)), unit, high)


def tidy(value: float) -> float:
    """A value without the dust of floating-point arithmetic."""
    return float(f"{value:.10g}")
