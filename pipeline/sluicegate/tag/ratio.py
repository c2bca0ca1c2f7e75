"""A sentence in, its pH values and ratios out: the numbers that need no unit."""

# ruff: noqa: E501  (long lines are patterns)

from __future__ import annotations

import re

from sluicegate.tag.bound import Bound, Sentence
from sluicegate.tag.restate import tidy
from sluicegate.verdict import Quantity

_PH = re.compile(
    r"pH\s?(?:值|value)?\s?(?:\([^()\n]{1,16}\)\s?)?(?:of (?:a|the) (?:\d+(?:\.\d+)?\s?% )?(?:solution|slurry|liquor|filtrate|suspension)\s?)?"
    r"(?:of|is|was|has|had|comes?|came|come down|drops?|dropped|fell|falls?|rose|rises?|goes up|reache[sd]|to|at|about|around|between|stays|=|:|为|至|到|也|已|了|取|调|升|降|升到了?|降到了?|升至|降至|调节?至|调节?到|控制在?|控制为|维持在?|保持在?|稳定在?|维持|保持|约|在|于|达到|达|大于|小于|≥|≤|>|<|adjusted to|controlled at|~|\s){0,8}"
    r"(?P<low>\d{1,2}(?:\.\d+)?)(?:\s?(?:(?P<spread>±|\+/-|\+-)|-|~|至|到|to|and)\s?(?P<high>\d{1,2}(?:\.\d+)?))?(?![\d.]*\s?(?:°C|h\b|%))"
)
_METAL = r"(?:Fe|Li|Mn|Mg|P|Na|Al|K|\(?(?:Fe\+Mn|Mn\+Fe|Li\+Na)\)?)"
_VALUED = (
    r"[^\d\n。;,]{0,40}?(?P<low>\d+(?:\.\d+)?)(?:\s?(?:(?P<spread>±|\+/-|\+-)|-|~|至|to)\s?(?P<high>\d+(?:\.\d+)?))?+(?P<parts>(?:\s?[:∶]\s?\d+(?:\.\d+)?)*+)"
    r"(?![\d.]*\s?(?:%|°C|wt|mol|vol|g/|ppm|MPa|V\b|h\b|m[gmLlA]|[)）]?\s?:))"
)
_RATIO = re.compile(
    r"(?P<name>铁磷比|磷铁比|锂铁比|锂磷比|锰铁比|铁锰比|镁锂比|钠锂比|液固质量比|液固比|固液比|料液比|球料比|料球比|酸料比|相比|摩尔比|质量比|重量比|体积比|"
    rf"[rR]atio\b|(?<![A-Za-z]){_METAL}\s?[/:]\s?{_METAL}(?![A-Za-z])(?:\s(?:molar |mass |atomic )?ratio)?|(?<![A-Za-z])L/S(?![A-Za-z])(?:\sratio)?|"
    r"按(?=\s?[\d.]+\s?[:∶]\s?[\d.]+))" + _VALUED
)
_NAMED = re.compile(  # led by one set of characters, which `re` looks for fast
    r"[比按aL/:](?:(?<=[比按])|(?<=a)tio|(?<=L)/S|(?<=[/:])\s?[FLMPNAK(])"
)
_SECOND = re.compile(
    r"\s?(?:降至|降到|升至|升到|提高到|提高至|增加到|降低到|降低至|和|与|、|(?:down |up )?to|and)\s?(?:about |约)?(?P<low>\d+(?:\.\d+)?)(?:\s?:\s?1(?![\d.:]))?(?![\d.]*\s?[%°A-Za-z:])"
)
_TO_RATIO = re.compile(r"\s?(?:-|~|至|到|to)\s?1\s?[:∶]\s?(\d+(?:\.\d+)?)")  # "1:2 to 1:4"
_LIQUID = re.compile(r"液固|固液|料液|L/S|liquid|pulp", re.I)


_TO_ONE = re.compile(r"\s?[:∶]\s?1(?:\.0)?")


def find_ratios(sentence: Sentence) -> list[Bound]:
    """The bound pH values and ratios (Fe/P, 液固比, molar ratio 1:1.02) of a sentence."""
    stretch = sentence.text[sentence.start : sentence.end]
    bound = []
    for match in _PH.finditer(stretch) if "pH" in stretch else ():
        (value, high), end = _spanned(match), match.end("high") if match["high"] else match.end("low")
        if value <= 14 and (high or 0) <= 14:
            bound.append(_plain("ph", value, high, match.start("low"), end, sentence))
    if _NAMED.search(stretch) is not None:
        for match in _RATIO.finditer(stretch):
            number, high = _valued(match)
            if number is None:
                continue
            led = stretch[max(0, match.start() - 18) : match.end("name")] if match["name"][-1] == "o" else match["name"]
            name = "liquid_solid_ratio" if _LIQUID.search(led) else "ratio"
            bound.append(_plain(name, number, high, match.start("low"), match.end(), sentence))
            second = _SECOND.match(stretch, match.end())
            if second is not None and (not match["parts"] or _TO_ONE.fullmatch(match["parts"])):
                bound.append(_plain(name, float(second["low"]), None, second.start("low"), second.end(), sentence))
    return bound


def _spanned(match: re.Match[str]) -> tuple[float, float | None]:
    """The number or range of a match: 2.0, 2.0-2.2, 10.8 ± 0.3."""
    low, high = float(match["low"]), float(match["high"]) if match["high"] else None
    if match["spread"] and high is not None:
        return tidy(low - high), tidy(low + high)
    return low, high


def _valued(match: re.Match[str]) -> tuple[float | None, float | None]:
    """The number of a ratio: 0.97, 2.5:1, 1:1.05 and ranges of them; 7:3 and 1:0.5:2 are no single number."""
    low, high = _spanned(match)
    parts = [float(part) for part in match["parts"].replace("∶", ":").split(":")[1:]]
    if not parts or parts == [1.0]:
        return low, high
    if len(parts) == 1 and low == 1.0 and high is None:
        further = _TO_RATIO.match(match.string, match.end())
        return parts[0], float(further[1]) if further is not None else None
    return None, None


def _plain(name: str, value: float, high: float | None, start: int, end: int, sentence: Sentence) -> Bound:
    return Bound(name, Quantity(value, "", high), start + sentence.start, end + sentence.start)
