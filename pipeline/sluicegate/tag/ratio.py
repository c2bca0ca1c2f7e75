"""A sentence in, its pH values and ratios out: the numbers that need no unit."""

# ruff: noqa: E501  (long lines are patterns)

from __future__ import annotations

import re

from sluicegate.tag.bound import Bound, Sentence
from sluicegate.verdict import Quantity

_PH = re.compile(
    r"pH\s?(?:值|value)?\s?(?:of|is|was|to|at|about|around|between|=|:|为|至|到|调节?至|调节?到|控制在?|控制为|约|在|于|达到|达|大于|小于|≥|≤|>|<|adjusted to|controlled at|~|\s){0,4}"
    r"(?P<low>\d{1,2}(?:\.\d+)?)(?:\s?(?:-|~|至|到|to|and)\s?(?P<high>\d{1,2}(?:\.\d+)?))?(?![\d.]*\s?(?:°C|h\b|%))"
)
_RATIO = re.compile(
    r"(?P<name>铁磷比|磷铁比|锂铁比|锂磷比|锰铁比|铁锰比|镁锂比|液固比|固液比|料液比|摩尔比|质量比|重量比|(?:Fe|Li|Mn|Mg|P|Na)\s?[/:]\s?(?:Fe|P|Li|Mn)(?:\s(?:molar |mass )?ratio)?|(?:molar|mass|weight|liquid-to-solid) ratio)"
    r"[^\d\n。;,]{0,40}?(?P<low>\d+(?:\.\d+)?)(?P<parts>(?:\s?:\s?\d+(?:\.\d+)?)*)(?:\s?(?:-|~|至|to)\s?(?P<high>\d+(?:\.\d+)?))?"
)


def find_ratios(sentence: Sentence) -> list[Bound]:
    """The bound pH values and ratios (Fe/P, 液固比, molar ratio 1:1.02) of a sentence."""
    stretch = sentence.text[sentence.start : sentence.end]
    bound = []
    for match in _PH.finditer(stretch):
        high = float(match["high"]) if match["high"] else None
        value, end = float(match["low"]), match.end("high") if match["high"] else match.end("low")
        if value <= 14 and (high or 0) <= 14:
            bound.append(_plain("ph", value, high, match.start("low"), end, sentence))
    if "比" in stretch or ":" in stretch or "/" in stretch or "ratio" in stretch:
        for match in _RATIO.finditer(stretch):
            high = float(match["high"]) if match["high"] else None
            end = match.end("high") if match["high"] else match.end("parts")
            bound.append(_plain("ratio", float(match["low"]), high, match.start("low"), end, sentence))
    return bound


def _plain(name: str, value: float, high: float | None, start: int, end: int, sentence: Sentence) -> Bound:
    return Bound(name, Quantity(value, "", high), start + sentence.start, end + sentence.start)
