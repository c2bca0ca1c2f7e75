"""The short forms of notes and reports, in which a number leaves its unit out because the one before it has it.

"振实密度0.92g/cm3(要求≥0.90)", "100MPa,2.33;150MPa,2.44", "粉压2.59(220)", "0.1C 160.4".
"""

# ruff: noqa: E501  (long lines are patterns)

from __future__ import annotations

import re
from collections.abc import Sequence

from sluicegate.tag.bound import Sentence
from sluicegate.tag.properties import Mention
from sluicegate.tag.quantity import Found
from sluicegate.tag.units import Unit, Units

_LIMIT = r"(?:(?<!权利)要求|标准值?|内控|指标|限值|合格线|\blimit|\btarget|\bspec(?:ification|\.)?|\bmax\.?|\bmin\.?|\brequired?)"
_SAID = r"(?:\s|:|为|是|≥|≤|>|<|=|~|of\b|is\b|for this [\w ]{0,16}|not less than|at least)*"
_USUAL = r"(?:\btypically|\btypical(?: values?)?|\btyp\.?|\bactual(?:ly)?|实际|实测|\bon average|典型值?|均值|平均值?)"
_BARE_FORMS = re.compile(
    r"\d\.\d+\s?(?:@|\((?:at )?)\s?\d{3}\s?MPa|\d\([≥≤<>]\s?\d|\d\s?C\s?(?:分别|依次)|\d\s?(?:MPa|kN)\s?[,:、=]\s?\d\.\d|\d\s?\(\d{3}\)|\dC(?:放电|放出|出来|做到|有|\s?dis(?:charge)?\.?|\s?dchg)?\s?[:,]?\s?\d{3}(?![\d°])"
)
_NOTED = re.compile(rf"(?:{_USUAL}|{_LIMIT}){_SAID}\d", re.I)
_NOTES = re.compile(
    "要求|标准|内控|指标|限值|合格线|典型|均值|平均|实际|实测|typ|actual|average|limit|target|spec|max|min|require"
)


def has_short_forms(sentence: Sentence) -> bool:
    """Whether a sentence may leave out a unit as notes do."""
    if _BARE_FORMS.search(sentence.text, sentence.start, sentence.end) is not None:
        return True
    lowered = sentence.text[sentence.start : sentence.end].lower()
    return _NOTES.search(lowered) is not None and _NOTED.search(lowered) is not None


DEMANDED = re.compile("要求|标准|协议值?|约定|希望|[Tt]arget|[Rr]equire|[Ss]pec|[Aa]greed|[Ww]ish")
AFTER_DEMAND = re.compile(
    r"(?:(?<!权利)要求|标准值?|协议值?|约定值?|希望\w{0,6}?(?:控制)?在?|\bagreed(?: value| limit)?|\btarget|\brequired?|\bspec(?:ification|\.)?)"
    + _SAID
    + "$",
    re.I,
)
_AFTER_LIMIT = re.compile(_LIMIT + _SAID + "$", re.I)
_AFTER_USUAL = re.compile(_USUAL + _SAID + "$", re.I)
_AFTER_PRESSURE = re.compile(r"(?:MPa|kN)(?:下|时)?\s?[,:、=]?\s?$")
_AFTER_RATE = re.compile(
    r"\d\s?C(?:放电|放出|出来|做到|有|是|约|为|分别为?|依次为?|dis(?:charge)?\.?|dchg)?\s?[:,]?\s?$"
)
_AT_PRESSURE = re.compile(r"\s?(?:@|\((?:at )?)\s?\d{3}\s?MPa")
_LIKE = 2.5  # a limit is at most so many times what is measured against it


def unit_before(mention: Mention, units: Units, sentence: Sentence) -> tuple[Unit, float, int] | None:
    """The unit that stands between a property and its bare numbers, as in the flattened line of a specification:
    "Tap density g/cc ≥0.9 / 1.06", "D50 (µm): 0.8-1.6"; with its factor and where the numbers begin."""
    led = _UNIT_LED.match(sentence.text, mention.end, sentence.end)
    if led is None:
        return None  # the mention itself runs over the end of the sentence
    spelled = units.read(sentence.text, led.end())
    if spelled is None or spelled.unit.family not in mention.families:
        return None
    place = _NUMBER_LED.match(sentence.text, spelled.end, sentence.end)
    return (spelled.unit, spelled.factor, place.end()) if place is not None else None


_UNIT_LED = re.compile(r"\s?(?:\([^()\d][^()]{0,20}\)|\([^()]{0,12}\d ?(?:MPa|C|°C)\))?[\s,:/]{0,2}[(\[]?")
_NUMBER_LED = re.compile(r"[)\]]?[\s:|,=/]{0,3}(?=[≥≤<>~]?=?\s?-?\.?\d)")
RUN = re.compile(r"\s?(?:/|\||;|,|\s|\()\s?[≥≤<>~]?=?\s?")

RUN_ON = re.compile(r"\s?(?:、|/|,|和|,? and)\s?")


def same_unit(number: Found, last: Found) -> str | None:
    """The unit of a bare number that goes on with a list: "碳含量1.33、1.29、1.24"."""
    value, before = number.quantity.value, last.quantity.value
    return last.quantity.unit if before and 1 / _ALIKE <= value / before <= _ALIKE else None


def leads_to_bare(sentence: Sentence, taken: Sequence[tuple[int, int]]) -> bool:
    """Whether a number that is no quantity yet stands right behind a sample."""
    for sample in sentence.samples:
        told = _TOLD_NUMBER.match(sentence.text, sample.end, sentence.end)
        if told is not None and not any(start <= told.end() < end for start, end in taken):
            return True
    return False


def unit_of_mate(number: Found, start: int, known: Sequence[Found], sentence: Sentence) -> str | None:
    """The unit of a bare number right behind a sample, where a number like it has one: "lot 31 gave 2.55 and lot 32
    2.58 g/cm3", "sample A: 2.55 g/cm3; sample B: 2.58"."""
    owner = next((sample for sample in reversed(sentence.samples) if sample.end <= start), None)
    if owner is None or number.end - number.start < _DIGITS or not _TOLD_OF.fullmatch(sentence.text, owner.end, start):
        return None
    value = number.quantity.value
    for other in sorted(known, key=lambda found: abs(found.start - start)):
        mate = other.quantity.value
        if other.family in _MATES and mate and 1 / _CLOSE <= value / mate <= _CLOSE:
            return other.quantity.unit
    return None


_TOLD_OF = re.compile(r"\s?(?:为|是|达|:|=|,|has|had|is|was|gave|gives|shows?|reached|reaches|at|with|\s){0,3}")
_DIGITS = 3  # characters of the shortest measured number, "2.5"; the 2 of "examples 1, 2 and 3" is none
_TOLD_NUMBER = re.compile(_TOLD_OF.pattern + r"(?=\d[\d.]{2})")
_MATES = frozenset({"density", "specific capacity", "fraction", "adsorption capacity", "voltage"})
_CLOSE = 1.25  # numbers of one property of several samples lie so close together
_ALIKE = 1.5  # numbers of one list lie so close together


_LIMIT_INSIDE = re.compile(r"\((?:≥|≤|<|>|>=|<=)\s?$")


def short_form(number: Found, start: int, known: Sequence[Found], sentence: Sentence) -> str | None:
    """The unit of a bare number that starts at a place of the text, given the quantities that have one."""
    before = sentence.text[max(sentence.start, start - 40) : start]
    value = number.quantity.value
    if _AFTER_LIMIT.search(before) or _AFTER_USUAL.search(before):
        for other in sorted(known, key=lambda found: -found.start):
            if other.start < start and value and 1 / _LIKE <= other.quantity.value / value <= _LIKE:
                return other.quantity.unit
        return None
    if _AFTER_PRESSURE.search(before) and 1.5 <= value <= 3.2:
        return "g/cm3"
    if _AFTER_RATE.search(before) and 100 <= value <= 260:
        return "mAh/g"
    if 1.5 <= value <= 3.2 and _AT_PRESSURE.match(sentence.text, start + number.end - number.start):
        return "g/cm3"
    if _LIMIT_INSIDE.search(before):  # "1.02 g/cm3 (≥0.90)"
        opened = start - len(before) + before.rindex("(")
        return next((other.quantity.unit for other in known if 0 <= opened - other.end <= 1), None)
    inside = (
        before.endswith("(")
        and sentence.text[start + number.end - number.start : start + number.end - number.start + 1] == ")"
    )
    if (
        inside
        and value in (220, 300)
        and any(0 <= start - other.end <= 2 and other.family == "density" for other in known)
    ):
        return "MPa"
    return None
