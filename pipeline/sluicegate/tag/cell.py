"""The cells of tables: a text in, what it names, measures or carries a unit for out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sluicegate.tag.binding import Binder
from sluicegate.tag.label_property import named_by_unit
from sluicegate.tag.normalise import Normalised, normalise
from sluicegate.tag.properties import Mention
from sluicegate.tag.quantity import Found, find_quantities
from sluicegate.tag.sample import sample_name
from sluicegate.tag.units import Unit

_VALUE = re.compile(
    r"(?:≥|≤|>|<|>=|<=|=|~|≈|约|不低于|不小于|不高于|不大于|大于|小于|min\.?|max\.?)?\s?[-+]?\d[\d.,]*(?:\s?[x×*]\s?10\^?-?\d+)?"
    r"(?:\s?(?:-|~|±|至|to|/)\s?[-+]?\d[\d.,]*)*\s?(?:[^\d\s]{0,14}|[a-zA-Z°%/·μ].{0,14})?(?:\s?\([^()]{1,24}\)|\s?@\s?.{1,16})?",
)
_BEFORE_UNIT = re.compile(r"^|[(\[/,]\s?|\s|(?<=[\u4e00-\u9fff])(?=[A-Za-z%°μΩ])")
_AFTER_UNIT = re.compile(r"\s?(?:[)\],;@(]|$|at\b|unless\b|except\b|除)|\s(?:Li|LiOH|Li2CO3|metal|product)\b")
CONDITION_FAMILIES = {"pressure": "pressure", "rate": "c_rate", "cycles": "cycles", "temperature": "temperature"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its normalised text, where it starts in the passage (-1 for repeated headers), what stands in it."""

    text: Normalised
    start: int
    mentions: tuple[Mention, ...]
    found: tuple[Found, ...]
    value: Found | None
    units: tuple[tuple[Unit, float], ...]

    @property
    def label(self) -> bool:
        """Whether the cell names rather than measures."""
        return self.value is None and bool(self.text.text.strip())

    @property
    def condition(self) -> bool:
        """Whether the cell is nothing but a test condition, such as the header "220 MPa" or the row label "0.1C"."""
        return self.value is not None and self.value.family in CONDITION_FAMILIES


_UNIT_AT_END = re.compile(r"\([^()\d][^()]{1,12}\)\s?$")
_LETTERS = frozenset("ACSFNMKTHB")  # names of samples and elements rather than units, when alone in a cell
_REFERRED = re.compile(r"\d+(?:\.\d+)?\s?C\s?/\s?\d+(?:\.\d+)?\s?C(?![A-Za-z])")


def cell_of(text: str, start: int, binder: Binder) -> Cell:
    """A cell with everything that stands in it; `start` is its place in the passage."""
    normal = normalise(text)
    body = normal.text
    sampled = bool(body.strip()) and sample_name(body) is not None
    mentions = tuple(binder.properties.find(body)) if body.strip() and not sampled else ()
    found = tuple(find_quantities(body, binder.units)) if body and any(char.isdigit() for char in body) else ()
    value = None
    if any(char.isdigit() for char in body) and not mentions and _VALUE.fullmatch(body.strip()) and not sampled:
        bare = find_quantities(body, binder.units, bare=True)
        value = bare[0] if bare else None
        if value is not None and _REFERRED.fullmatch(body.strip()):  # "1C/0.1C": what is kept at one rate of another
            retained = Mention("capacity_retention", frozenset({"fraction"}), 0, len(body))
            return Cell(normal, start, (retained,), found[:1], None, ())
        if value is not None and value.family == "rate" and re.search(r"[A-Za-z\u4e00-\u9fff]", body[value.end :]):
            value = None  # "0.1C efficiency (%)" is a label
    units = _units_of(body, found, binder) if value is None and not sampled else ()
    if sampled and (own := _UNIT_AT_END.search(body)) is not None:  # "Lot 7 (g/cm3)"
        units = _units_of(own[0], (), binder)
    fits = any(not mention.families or unit.family in mention.families for mention in mentions for unit, _ in units)
    if (
        value is None
        and body.strip()
        and not sampled
        and not fits
        and (units or not mentions)
        and not _only_unit(body.strip(), binder)
    ):
        mentions = mentions + named_by_unit(body.strip(), units, binder.properties)
    return Cell(normal, start, mentions, found, value, units)


_SYMBOL = re.compile(r"\s?(?:\(|/|,)\s?[^\d\s]")


def _only_unit(body: str, binder: Binder) -> bool:
    whole = binder.units.read(body.strip("()[]"), 0)
    return whole is not None and whole.end == len(body.strip("()[]")) and len(body) > 1


def _units_of(body: str, found: Sequence[Found], binder: Binder) -> tuple[tuple[Unit, float], ...]:
    """The units that a label may carry: alone, in brackets, behind a slash, a comma or a word, at its end."""
    stripped = body.strip()
    if stripped in _LETTERS:
        return ()
    whole = binder.units.read(stripped, 0)
    if whole is not None and whole.end == len(stripped):
        return ((whole.unit, whole.factor),)
    shift = len(body) - len(body.lstrip())
    taken = [(quantity.start - shift, quantity.end - shift) for quantity in found]
    units = []
    for match in _BEFORE_UNIT.finditer(stripped):
        start = match.end()
        if any(first < start < last for first, last in taken):
            continue
        spelled = binder.units.read(stripped, start)
        if spelled is None or not _AFTER_UNIT.match(stripped, spelled.end):
            continue
        single = len(spelled.spelling) == 1
        if single and not start and _SYMBOL.match(stripped, spelled.end):
            continue  # "T (°C)", "V (L)": the sign of what is measured
        if spelled.spelling == "C" and match[0].startswith("/"):
            continue  # LiFePO4/C
        lettered = spelled.spelling in ("A", "T") and not match[0].strip()  # 磷酸铁锂A and "Blend A" are samples
        if single and (lettered or (match[0].isspace() and spelled.end < len(stripped))):
            continue
        units.append((spelled.unit, spelled.factor))
        taken.append((start, spelled.end))
    return tuple(units)
