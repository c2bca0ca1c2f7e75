"""Normalised text in, quantities out: numbers, ranges, tolerances, lists and inequalities with their units."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from sluicegate.tag.restate import RESTATED, compared, standard, tidy
from sluicegate.tag.units import Spelled, Units
from sluicegate.verdict import Quantity

_SPACED = r"(?=\d{1,2} \d{3})(?<!ple )(?<!tep )(?<!ble )(?<!lot )(?<!tch )(?<!run )(?<!aim )(?<!例)\d{1,2} \d{3}(?= ?(?:°|mm\b|kg|MPa|L/|m3|rpm|r/min|cycles|K\b|Gs|ppm|kW|cP|[a-z]{1,2}\b))"
_DIGITS = (
    "(?:"
    + _SPACED
    + r"|\d\. (?<=[\u4e00-\u9fff(]\d\. )\d{1,2}(?=[A-Za-z%°])|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.(?<![\u4e00-\u9fff]\.)\d+)"
)
_POWER = r"(?:\s?[x×*·]\s?10\s?\^?\s?(?P<power>[-+]?\d{1,2})(?!\d))?"
_NUMBER = re.compile(
    r"1/(?<![\d./]1/)(?P<third>(?!00?(?!\d))\d{1,2})\s?C(?![A-Za-z])|"
    rf"(?:(?<![\d.A-Za-z_^])|(?<=[\u4e00-\u9fff]\.))(?<![A-Z][A-Z]-)(?P<sign>(?<![A-Za-z0-9)%°])-)?(?P<digits>{_DIGITS}){_POWER}(?P<scale>\s?[万亿](?![元吨亩])|\s?[千百](?=[克瓦]))?"
    r"|(?P<han>半|[一二两三四五六七八九十]{1,3})(?=\s?(?:个小时|小时|分钟|个月|年|天|吨|公斤|摄氏度|度(?![到至曾])|h|min))"
    r"|(?<![A-Za-z0-9/°])C/(?P<part>(?!00?(?!\d))\d{1,2})(?!\d|\.\d)"
)
_FIRST = re.compile(  # where a number may begin; led by one set of characters, which `re` looks for fast
    r"[\d.\-半一二两三四五六七八九十C](?:(?<=\d)\d*(?:\.\d+)*|(?<=[-.])(?=[\d.])|(?<=C)(?=/)|"
    r"(?<=[半一二两三四五六七八九十])(?=[一二两三四五六七八九十]{0,2}\s?[个小分天吨公摄度hm]))"
)
_HAN = {"半": 0.5, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_WORDS = {
    "half a": 0.5, "half an": 0.5, "a half": 0.5, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20, "twenty-four": 24, "thirty": 30,
    "forty": 40, "forty-five": 45, "forty-eight": 48, "fifty": 50, "sixty": 60, "seventy-two": 72, "ninety": 90,
}  # fmt: skip
_SPELLED_UNIT = re.compile(r"[ -](?<=[a-z].)(?=(?:hours?|minutes?|seconds?|days?|weeks?|months?|degrees? C)\b)", re.I)
_SPELLED = re.compile(
    rf"(?<![A-Za-z-])(?P<word>{'|'.join(sorted(_WORDS.keys() - {'a', 'an'}, key=len, reverse=True))}|(?<=for )an?|(?<=after )an?|(?<=about )an?)$",
    re.I,
)
_SPELLED_UNITS = ("hour", "minute", "day", "second", "week", "month")
_BETWEEN = re.compile(r"\s?(?:-|~|–|至|到|\bto\b|\bthrough\b|\.\.\.?|…)\s?$")
_TOLERANCE = re.compile(r"\s?(?:±|\+/-|\+-)\s?$")
_LABELLED = re.compile(
    r"(?:examples?|samples?|steps?|tables?|fig(?:ure)?s?\.?|claims?|batch|run|no\.|实施例|对比例|样品|批次|步骤|[表图第])\s?$",
    re.I,
)
_JOINED = re.compile(
    r"\s?(?:(?:提高|增加|上升|升高|降低|下降|减少|提升|增大|缩短|延长|改善|降|升|增|减|涨|缩|改)(?:到|至|为)|,|、|/|\band\b|\bor\b|和|或|及|与|,\s?and|,\s?or|&|→)\s?(?:and\s|or\s)?$"
)
_SPREAD = 40  # how many times as large as its neighbour an item of a list may be
_HOTTER = 5
_LED = re.compile(r"(?:MPa|kN|tf|bar)\s?[:=,]\s?$")
_COARSE = 20  # the coarsest mesh that is written with #
_HOT = 100  # from here on a bare number before a much smaller time is a temperature
_WIDEST = 24  # characters between two numbers that belong together
_JOINS = frozenset("-~–至到t.…±+提增上升降下减缩延改涨,、/ao和或及与;&→")  # what the patterns above begin with
_CHANGING = re.compile(  # "rose from 2.48 to 2.60" are two values, "from 2.48 to 2.60" is a range
    r"\b(?:rose|ris\w+|rais\w+|increas\w+|improv\w+|decreas\w+|fell|fall\w*|drop\w*|reduc\w+|lower\w*|went|go(?:es|ing)?|chang\w+|up|down|climb\w*|grew|lift\w*|cut|"
    r"heated|cooled|rolled|thinned|ground|milled|shorten\w*|extend\w*|declin\w+)\s(?:[a-z]+\s){0,3}from\s(?:about\s|some\s)?$",
    re.I,
)
_AND = re.compile(r"\s?(?:\band\b|和|与)\s?$")


class Found(NamedTuple):
    """A quantity at [start, end) of the normalised text. `family` is its unit's; empty for a bare number."""

    quantity: Quantity
    family: str
    start: int
    end: int


class _Number(NamedTuple):
    value: float
    start: int
    end: int
    unit: Spelled | None
    rate: bool = False


def find_quantities(text: str, units: Units, *, bare: bool = False) -> list[Found]:
    """Every quantity with a unit in the text, in order; with `bare`, numbers without a unit too."""
    numbers = [_read(match, text, units) for match in _numbers(text)]
    if any(unit in text for unit in _SPELLED_UNITS):
        spelled = [
            _Number(
                float(_WORDS[word["word"].lower()]),
                word.start("word") + unit.start() - len(before),
                unit.end(),
                units.read(text, unit.end()),
            )
            for unit in _SPELLED_UNIT.finditer(text)
            if (word := _SPELLED.search(before := text[max(0, unit.start() - 20) : unit.start()]))
        ]
        if spelled:
            numbers = sorted([*numbers, *spelled], key=lambda number: number.start)
    found: list[Found] = []
    position = 0
    while position < len(numbers):
        number = numbers[position]
        if not _near(numbers, position, text):
            position += 1
            if number.unit is not None or number.rate or bare:
                found.append(_found(number, number, number.unit, text, number.value, None))
            continue
        run, position = _run(numbers, position, text)
        unit = next((number.unit for number in reversed(run) if number.unit is not None), None)
        if unit is not None or run[-1].rate or bare:
            found.extend(_grouped(run, unit, text))
    return found


def _near(numbers: list[_Number], position: int, text: str) -> bool:
    """Whether a number may belong together with the next: a cheap look at what stands between them."""
    if position + 1 == len(numbers):
        return False
    number, start = numbers[position], numbers[position + 1].start
    end = number.unit.end if number.unit is not None else number.end
    return start - end <= _WIDEST and text[end:start].lstrip()[:1].lower() in _JOINS


def _numbers(text: str) -> Iterator[re.Match[str]]:
    """What `_NUMBER.finditer` finds, tried only where a number can begin."""
    last = 0
    for first in _FIRST.finditer(text):
        start = first.start()
        if start >= last and (match := _NUMBER.match(text, start)) is not None:
            last = match.end()
            yield match


def _read(match: re.Match[str], text: str, units: Units) -> _Number:
    start, end = match.span()
    third, sign, digits, power, scale, han, part = match.groups()
    if digits is None:
        if han is None:
            return _Number(1 / float(part or third), start, end, None, rate=True)
        return _Number(_han(han), start, end, units.read(text, end))
    value = float(digits.replace(",", "").replace(" ", "") if "," in digits or " " in digits else digits)
    if power:
        value *= 10.0 ** int(power)
    if scale:
        value *= {"万": 1e4, "亿": 1e8, "千": 1e3, "百": 1e2}[scale.strip()]
    if sign:
        value = -value
    unit = units.read(text, end)
    if unit is None and text[end : end + 1] == ")" and _BRACKETED.search(text, max(0, end - 24), end):
        unit = units.read(text, end + 1)  # "(1080 ± 20) °C"
    before = text[start - 1 : start]
    if before == "第" or (before == ":" and _CLOCK.search(text, max(0, start - 3), end)):
        return _Number(value, start, end, None)
    if unit is not None and unit.spelling in _DOUBTFUL and _doubted(unit, value, text, start, end):
        unit = None
    return _Number(value, start, end, unit)


_VERBS = {"升": frozenset("到至高温压速华级"), "分": frozenset("别成为布段级散离步子析")}
_BRACKETED = re.compile(r"\([\d.,\s~±+/-]+$")
_RATES = frozenset(
    (0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.33, 0.5, 0.6, 0.8, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30)
)
_DOUBTFUL = frozenset({"N", "#", "升", "分", "度", "克"})
_CLOCK = re.compile(r"\d:[0-5]\d$")


def _doubted(unit: Spelled, value: float, text: str, start: int, end: int) -> bool:
    """Whether a sign is no unit here: 4N, 6N are nines of purity, 3# is a kiln and 325# a sieve."""
    if unit.spelling == "N":
        return text[end] != " "
    if unit.spelling == "克":
        return text.startswith(("容量", "比容量", "电容量", "发挥"), unit.end)  # "2.58 克容量160"
    if unit.spelling == "#":
        return value < _COARSE
    if unit.spelling == "度":
        return text[start:end] == "一"
    return text[unit.end : unit.end + 1] in _VERBS[unit.spelling]


def _han(text: str) -> float:
    if text in _HAN:
        return float(_HAN[text])
    tens, _, ones = text.partition("十")
    return float((_HAN.get(tens, 1) if "十" in text else 0) * 10 + _HAN.get(ones, 0))


def _run(numbers: list[_Number], position: int, text: str) -> tuple[list[_Number], int]:
    """Numbers that share one unit: a list, a range or a tolerance whose unit stands at its end. The first two are
    near each other."""
    run = [numbers[position]]
    position += 1
    while len(run) == 1 or _near(numbers, position - 1, text):
        last, following = run[-1], numbers[position]
        gap = text[last.unit.end if last.unit else last.end : following.start]
        ranged = not last.rate and (_link(gap) in ("between", "tolerance") or _spans(last, following, gap, text))
        if (ranged and (last.unit is None or (following.unit is not None and _rising(last, following)))) or _listed(
            last, following, gap, text
        ):
            run.append(following)
        else:
            break
        position += 1
    return run, position


@lru_cache(maxsize=1024)  # there are few
def _link(gap: str) -> str:
    """How two numbers with this text between them belong together; no two of the patterns fit one text."""
    for name, pattern in (("between", _BETWEEN), ("tolerance", _TOLERANCE), ("joined", _JOINED)):
        if pattern.fullmatch(gap):
            return name
    return ""


def _rising(first: _Number, second: _Number) -> bool:
    """Whether two numbers make a range: in one unit, or in two of a family and rising ("2 h to 1 min" is none)."""
    assert first.unit is not None
    assert second.unit is not None
    if first.unit.unit.family != second.unit.unit.family:
        return False
    low = first.value * first.unit.factor * first.unit.unit.base
    high = second.value * second.unit.factor * second.unit.unit.base
    return first.unit.spelling == second.unit.spelling or low < high


_HALF = re.compile(r"(?<![A-Za-z])(?<![A-Za-z]\d)(?<![\d.])[\d.]+[:/]$")  # "0.25:", not "D90:"


def _listed(last: _Number, following: _Number, gap: str, text: str) -> bool:
    """Whether two numbers are items of one list and neither is the number of an example, step or table."""
    if last.unit is not None or last.rate or following.rate or _link(gap) != "joined":
        return False
    if last.value and following.value and not 1 / _SPREAD <= last.value / following.value <= _SPREAD:
        return False
    if text[max(0, last.start - 3) : last.start].rstrip()[-1:] in ("比", "H"):
        return False  # "酸矿比1.1,90 °C", "pH 6.2, 75 °C"
    if _LED.search(text[max(0, last.start - 6) : last.start]):
        return False  # "10 kN: 2.21, 20 kN: 2.40"
    heated = following.unit is not None and following.unit.unit.family == "temperature"
    if heated and 0 < last.value < following.value / _HOTTER:
        return False
    if following.unit is not None and following.unit.unit.name == "C" and last.value not in _RATES:
        return False  # "2.53, 0.1C": no rate that cells are tested at
    slashes = text[last.start - 1 : last.start] == "/" and gap.strip() == "/"  # "0.4/1.2/4.9 µm"
    if (
        last.start
        and not slashes
        and text[last.start - 1] in ":/"
        and _HALF.search(text, max(0, last.start - 8), last.start)
    ):
        return False  # the second half of a ratio: "0.25:1 and 93 %"
    if (
        following.unit is not None
        and following.unit.unit.family == "time"
        and last.value >= max(_HOT, 20 * following.value)
    ):
        return False  # "to 425, 2.5 h": a temperature without its unit and a time
    return not _LABELLED.search(text[max(0, last.start - 12) : last.start])


def _grouped(run: list[_Number], unit: Spelled | None, text: str) -> Iterator[Found]:
    index = 0
    while index < len(run):
        number = run[index]
        following = run[index + 1] if index + 1 < len(run) else None
        gap = text[number.unit.end if number.unit else number.end : following.start] if following else ""
        own = number.unit or unit
        link = _link(gap)
        if following and link == "tolerance":
            spread = following.value
            if following.unit and own and following.unit.spelling == "%" and own.spelling != "%":
                spread = number.value * spread / 100
            yield _found(number, following, own, text, number.value - spread, number.value + spread)
            index += 2
        elif following and gap.strip() == "to" and _CHANGING.search(text[max(0, number.start - 60) : number.start]):
            yield _found(number, number, own, text, number.value, None)
            index += 1
        elif following and (link == "between" or (_AND.fullmatch(gap) and _between(text, number.start))):
            low, high = number.value, following.value
            if gap.strip() == "-" and high < 0 <= low:
                high = -high
            yield _found(number, following, own, text, low, high)
            index += 2
        else:
            yield _found(number, number, own, text, number.value, None)
            index += 1


def _spans(last: _Number, following: _Number, gap: str, text: str) -> bool:
    """Whether two numbers with a unit each are the ends of a range: "between 9.0 % and 11.0 %"."""
    same = last.unit is not None and following.unit is not None and last.unit.spelling == following.unit.spelling
    return same and _AND.fullmatch(gap) is not None and _BETWEEN_BEFORE.search(text, 0, last.start) is not None


_BETWEEN_BEFORE = re.compile(r"(?:\bbetween\s|介于\s?)$", re.I)


def _between(text: str, start: int) -> bool:
    return re.search(r"\bbetween\s$|介于$|在$", text[max(0, start - 9) : start], re.I) is not None


def _found(first: _Number, last: _Number, unit: Spelled | None, text: str, value: float, high: float | None) -> Found:
    end = last.unit.end if last.unit else last.end
    if unit is None:
        family, name = ("rate", "C") if first.rate else ("", "")
        quantity = Quantity(value, name, high)
    else:
        family, name = unit.unit.family, unit.unit.name
        if unit.factor != 1.0 or high is not None:
            value, high = tidy(value * unit.factor), tidy(high * unit.factor) if high is not None else None
        quantity = Quantity(value, name, high)
        if family in RESTATED:
            quantity, family = standard(quantity, family, unit, text, first.start)
    if quantity.high is not None and quantity.high < quantity.value:
        quantity = Quantity(quantity.high, quantity.unit, quantity.value)
    return Found(compared(quantity, text, first.start, end), family, first.start, end)
