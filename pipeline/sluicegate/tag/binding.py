"""Quantities of running text bound to properties, test conditions and samples.

In: one normalised text with its quantities. Out: `Bound` values in the same coordinates. A sentence binds; a clause
(up to a semicolon) is preferred; lists of equal length are paired in order ("… were 2.62 and 2.45, respectively").
"""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import attrgetter

from sluicegate.tag.assign import follow, lead, with_samples
from sluicegate.tag.beside import beside
from sluicegate.tag.bound import Bound, Context, Queue, Sentence
from sluicegate.tag.carry import CONTINUED, by_unit, carried, continued, refined
from sluicegate.tag.condition import apply_forces, die_of, with_conditions
from sluicegate.tag.nearest import CONNECTION, CONNECTOR, adjacent, nearest, paired
from sluicegate.tag.properties import Mention, Properties
from sluicegate.tag.quantity import Found, find_quantities
from sluicegate.tag.ratio import find_ratios
from sluicegate.tag.restate import tidy
from sluicegate.tag.retention import kept_at_rate
from sluicegate.tag.sample_code import all_samples, apart
from sluicegate.tag.shorthand import (
    RUN,
    RUN_ON,
    has_short_forms,
    leads_to_bare,
    same_unit,
    short_form,
    unit_before,
    unit_of_mate,
)
from sluicegate.tag.stated_test import hold_on, note_pressures, note_rates
from sluicegate.tag.units import Unit, Units

SENTENCE = re.compile(  # led by one set of characters, which `re` looks for fast; "Dis. Cap.", "No. A12" end no sentence
    r"[。!?\n.](?:(?<=[。!?\n])[。!?\n]*|(?<=\.)(?=\s+[A-Z\u4e00-\u9fff(\[]|\s+\d(?:\.\d+)?\s?C\s?:|\s*$)"
    r"(?<!\b(?:No|no|Ex|ex|vs)\.)(?<!\b(?:Dis|Cap|Eff|Nos|dis|cap|eff|nos|typ|Typ)\.)(?<!\b(?:Comp|comp|temp|Temp|spec|Spec)\.))"
)
BARE_UNITS = {
    "compaction_density": ("g/cm3", 0.8, 4.5), "tap_density": ("g/cm3", 0.2, 4.0), "electrode_density": ("g/cm3", 0.8, 4.5),
    "specific_capacity": ("mAh/g", 40, 400), "charge_capacity": ("mAh/g", 40, 400), "first_cycle_efficiency": ("%", 40, 110),
    "carbon_content": ("%", 0.1, 40), "surface_area": ("m2/g", 0.05, 300),
    "mean_voltage": ("V", 1, 5.5), "capacity_retention": ("%", 20, 105), "magnetic_impurities": ("ppb", 0.5, 100000),
}  # fmt: skip
_CONNECTED = re.compile(CONNECTION + r"(?=[-.\d半一二两三四五六七八九十C])")
_CHANGED = re.compile(
    r"(?:下降|降低|提高|增加|减少|上升|提升|升高|相差|差|(?<!最)[高低]|(?<![至最不许])[多少]|掉)(?:了|出|约)?\s?$|(?:by|(?:drop|increase|decrease|gain|loss|difference) of)\s(?:about |only )?$",
    re.I,
)
_MORE_THAN = re.compile(r"\s?(?:more|less|higher|lower|better|worse|above|below) than\b")
_CHANGE_ENDS = frozenset("低高加少升差了约降多掉出yft")  # what the pattern above ends with
_TESTS = frozenset({"pressure", "rate"})  # "2.53 (220 MPa)", "0.1C 160.2" name nothing else
_TOLD = frozenset({"fraction", "length"})
_ALSO = re.compile(
    r"(?: of (?:(?:the|its) (?:\S{1,5} ?C )?capacity|that at)[^,;]{0,30})?\s?(?:的\w{1,3})?\s?(?:,|、|/|和|及|and|or|to|against|至|减薄至|增加?[到至]|[降升减][到至])?\s?(?:preferably |more preferably |更?优选)?(?:为)?(?:and )?(?:(?:at|with|在)? ?[\d.]+ ?[A-Za-z]+(?:下|时|为| )?(?:仍)?(?:为)?)?(?:≥|≤|<|>|=)*\s?(?:[A-Z][\w-]{0,8}\s)?(?:only |just |仅)?"
)
_DIGIT = re.compile(r"\d")
_COUNT = re.compile(r"[\d半一二两三四五六七八九十]")
_start = attrgetter("start")


class Binder:
    """Binds the quantities of texts; built once."""

    def __init__(self, units: Units, properties: Properties) -> None:
        self.units = units
        self.properties = properties

    def bind(
        self, text: str, found: Sequence[Found], context: Context, mentions: Sequence[Mention] | None = None
    ) -> list[Bound]:
        """The bound quantities of a text in order; `context` is read and brought up to date.

        `mentions` are the properties that the text names, where they are known already.
        """
        context.begin()
        named = Queue(self.properties.find(text) if mentions is None else mentions)
        named_samples = all_samples(text)
        samples = Queue([sample for sample in named_samples if not sample.reference])
        referred = Queue([sample for sample in named_samples if sample.reference])
        quantities = Queue(apart(found, named_samples))
        bound: list[Bound] = []
        start = 0
        for border in [*(match.end() for match in SENTENCE.finditer(text)), len(text)]:
            if border > start:
                sentence = Sentence(
                    text, start, border, quantities.before(border), named.before(border), samples.before(border),
                    referred.before(border),
                )  # fmt: skip
                if sentence.found or sentence.samples or _DIGIT.search(text, start, border):
                    bound.extend(self._sentence(sentence, context))
            start = border
        return bound

    def _sentence(self, sentence: Sentence, context: Context) -> list[Bound]:
        heading = next((sample for sample in sentence.samples if sample.heading), None) if sentence.samples else None
        if heading is not None:
            context.sample, context.recent = heading.name, None
            context.listed, context.reference = (), None
        lead(sentence, context)
        quantities = sentence.found
        told = sentence.mentions or any(quantity.family in _TESTS for quantity in quantities)
        if told and _has_bare(sentence) and (bare := self._bare(sentence)):
            quantities = sorted([*quantities, *bare], key=_start)
        pairs: list[Bound] = []
        if quantities:
            quantities = apply_forces(sentence, quantities)
            if quantities is not sentence.found:
                sentence = sentence._replace(found=quantities)
            context.die = die_of(sentence, quantities) or context.die
            pairs = self._properties_of(sentence, context)
        if ratios := find_ratios(sentence):
            pairs = sorted([*pairs, *ratios], key=_start)
        if pairs:
            pairs = with_conditions(pairs, sentence, context.die)
            if any(pair.property in CONTINUED for pair in pairs):
                pairs = [continued(pair, sentence, context) for pair in pairs]
            pairs = with_samples(pairs, sentence, context)
            pairs = hold_on(pairs, sentence, context)
            note_pressures(pairs, sentence, context)
            note_rates(pairs, sentence, context)
            context.last.update((pair.property, pair) for pair in pairs)
        follow(sentence, context)
        return pairs

    def _bare(self, sentence: Sentence) -> list[Found]:
        """Numbers without a unit right behind a property that leaves no doubt of it: 压密2.62, 克容量161, 首效97.4; and
        the short forms of notes: "(要求≥0.90)", "150MPa,2.44", "粉压2.59(220)", "0.1C 160.4"."""
        wanted = [mention for mention in sentence.mentions if mention.name in BARE_UNITS]
        taken = [(q.start, q.end) for q in sentence.found]
        pressed = any(quantity.family == "pressure" for quantity in sentence.found)
        noted = (pressed or bool(wanted)) and has_short_forms(sentence)
        led = [
            entry for mention in sentence.mentions if (entry := unit_before(mention, self.units, sentence)) is not None
        ]
        mated = len(sentence.samples) > 1 and bool(taken) and leads_to_bare(sentence, taken)
        if (
            not noted
            and not led
            and not mated
            and not any(_leads_to_number(sentence, mention, taken) for mention in wanted)
        ):
            return []
        stretch = sentence.text[sentence.start : sentence.end]
        found: list[Found] = []
        for number in find_quantities(stretch, self.units, bare=True):
            start, end = number.start + sentence.start, number.end + sentence.start
            if number.family or any(a < end and start < b for a, b in taken):
                continue
            if (before := _led_by(led, start, found, sentence)) is not None:
                found.append(_in_unit(number, before[0], before[1], start, end))
                continue
            unit = self._unit_behind(number, start, wanted, sentence)
            if unit is None and found and RUN_ON.fullmatch(sentence.text, found[-1].end, start) is not None:
                unit = same_unit(number, found[-1])
            if unit is None and len(sentence.samples) > 1:
                unit = unit_of_mate(number, start, [*found, *sentence.found], sentence)
            if unit is None and noted:
                unit = short_form(number, start, [*sentence.found, *found], sentence)
            if unit is not None:
                family = self.units.by_name[unit].family
                found.append(Found(number.quantity._replace(unit=unit), family, start, end))
        return found

    def _unit_behind(self, number: Found, start: int, wanted: list[Mention], sentence: Sentence) -> str | None:
        owner = max((m for m in wanted if m.end <= start), key=lambda m: m.end, default=None)
        if owner is None or not CONNECTOR.fullmatch(sentence.text[owner.end : start]):
            return None
        unit, low, high = BARE_UNITS[owner.name]
        return unit if low <= number.quantity.value <= high else None

    def _properties_of(self, sentence: Sentence, context: Context) -> list[Bound]:
        taken: set[int] = set()
        bound: list[Bound] = []
        before: tuple[str, int] | None = None
        lists = paired(sentence)
        for index, quantity in enumerate(sentence.found):
            only = self.properties.only.get(quantity.family)
            mention = lists.get(index) or adjacent(sentence, quantity) if only is None else None
            told = None
            if sentence.text[quantity.start - 2 : quantity.start].strip()[-1:] in _CHANGE_ENDS and _CHANGED.search(
                sentence.text[max(sentence.start, quantity.start - 20) : quantity.start]
            ):
                mention, told = None, ""
            elif _MORE_THAN.match(sentence.text, quantity.end, sentence.end) and quantity.quantity.comparator == "=":
                mention, told = None, ""  # "1.9 mAh/g more than comparative example 1"
            elif only is not None:
                told = only
            elif quantity.family == "fraction" and kept_at_rate(sentence, index):
                mention, told = None, "capacity_retention"
            elif mention is None:
                told = beside(sentence, quantity)
                if told is None and before is not None and before[0] and quantity.family in _TOLD:
                    told = before[0] if _ALSO.fullmatch(sentence.text, before[1], quantity.start) else None
            if quantity.family in _TOLD:
                before = (told, quantity.end) if told is not None else None
            if mention is None and told is None:
                mention = nearest(sentence, index, taken)
            if mention is not None:
                taken.add(mention.start)
                name = mention.name
            elif told is not None:
                name = told
            else:
                name = carried(quantity, sentence, context) or by_unit(quantity, sentence, self.properties.default)
            name = refined(name, quantity, sentence)
            if name:
                value = quantity.quantity
                if name == "power_consumption" and value.unit == "Wh/kg":
                    value = value._replace(unit="kWh/t")
                bound.append(Bound(name, value, quantity.start, quantity.end))
        return bound


def _has_bare(sentence: Sentence) -> bool:
    """Whether a digit or a Chinese number stands outside the quantities of a sentence."""
    text, start = sentence.text, sentence.start
    for quantity in sentence.found:
        if _COUNT.search(text, start, quantity.start) is not None:
            return True
        start = quantity.end
    return _COUNT.search(text, start, sentence.end) is not None


def _led_by(
    led: list[tuple[Unit, float, int]], start: int, found: list[Found], sentence: Sentence
) -> tuple[Unit, float, int] | None:
    """The unit before a bare number, or before the first of the numbers in a row that it belongs to."""
    for entry in led:
        if entry[2] <= start <= entry[2] + 3:
            return entry
        last = found[-1] if found else None
        follows = last is not None and entry[2] <= last.start and last.family == entry[0].family
        if last is not None and follows and RUN.fullmatch(sentence.text, last.end, start) is not None:
            return entry
    return None


def _in_unit(number: Found, unit: Unit, factor: float, start: int, end: int) -> Found:
    name = unit.name
    if unit.family == "time":
        name, factor = "h", factor * unit.base
    value = number.quantity
    high = tidy(value.high * factor) if value.high is not None else None
    return Found(value._replace(value=tidy(value.value * factor), high=high, unit=name), unit.family, start, end)


def _leads_to_number(sentence: Sentence, mention: Mention, taken: list[tuple[int, int]]) -> bool:
    """Whether a number that is no quantity yet may stand right behind a mention."""
    place = _CONNECTED.match(sentence.text, mention.end, sentence.end)
    return place is not None and not any(start <= place.end() < end for start, end in taken)
