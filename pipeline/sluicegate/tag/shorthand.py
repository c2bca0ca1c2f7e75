"""The short forms of notes and reports, in which a number leaves its unit out because the one before it has it.

"振实密度0.92g/cm3(要求≥0.90)", "100MPa,2.33;150MPa,2.44", "粉压2.59(220)", "0.1C 160.4".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sluicegate.tag.bound import Sentence
from sluicegate.tag.quantity import Found

_LIMIT = (
    r"(?:要求|标准值?|内控|指标|限值|合格线|\blimit|\btarget|\bspec(?:ification|\.)?|\bmax\.?|\bmin\.?|\brequired?)"
)
_SAID = r"(?:\s|:|为|是|≥|≤|>|<|=|~|of\b|is\b|for this [\w ]{0,16}|not less than|at least)*"
SHORT_FORMS = re.compile(
    rf"{_LIMIT}{_SAID}\d|\d\s?MPa\s?[,:、=]\s?\d\.\d|\d\s?\(\d{{3}}\)|\dC\s?[:,]?\s?\d{{3}}(?![\d°])", re.I
)
_AFTER_LIMIT = re.compile(_LIMIT + _SAID + "$", re.I)
_AFTER_PRESSURE = re.compile(r"MPa(?:下|时)?\s?[,:、=]?\s?$")
_AFTER_RATE = re.compile(r"\d\s?C(?:放电)?\s?[:,]?\s?$")
_LIKE = 2.5  # a limit is at most so many times what is measured against it


def short_form(number: Found, start: int, known: Sequence[Found], sentence: Sentence) -> str | None:
    """The unit of a bare number that starts at a place of the text, given the quantities that have one."""
    before = sentence.text[max(sentence.start, start - 40) : start]
    value = number.quantity.value
    if _AFTER_LIMIT.search(before):
        for other in sorted(known, key=lambda found: -found.start):
            if other.start < start and value and 1 / _LIKE <= other.quantity.value / value <= _LIKE:
                return other.quantity.unit
        return None
    if _AFTER_PRESSURE.search(before) and 1.5 <= value <= 3.2:
        return "g/cm3"
    if _AFTER_RATE.search(before) and 100 <= value <= 260:
        return "mAh/g"
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
