"""Quantities of running text bound to properties, test conditions and samples.

In: one normalised text with its quantities. Out: `Bound` values in the same coordinates. A sentence binds; a clause
(up to a semicolon) is preferred; lists of equal length are paired in order ("… were 2.62 and 2.45, respectively").
"""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter

from sluicegate.tag.bound import Bound, Context, Queue, Sentence
from sluicegate.tag.condition import DENSITIES, apply_forces, with_conditions
from sluicegate.tag.properties import Mention, Properties
from sluicegate.tag.quantity import Found, find_quantities
from sluicegate.tag.ratio import find_ratios
from sluicegate.tag.sample import find_samples
from sluicegate.tag.units import Units

SENTENCE = re.compile(r"[。!?\n]+|\.(?=\s+[A-Z\u4e00-\u9fff(\[]|\s*$)")
_CLAUSE = re.compile(r";")
BARE_UNITS = {
    "compaction_density": ("g/cm3", 0.8, 4.5), "tap_density": ("g/cm3", 0.2, 4.0), "electrode_density": ("g/cm3", 0.8, 4.5),
    "specific_capacity": ("mAh/g", 40, 400), "charge_capacity": ("mAh/g", 40, 400), "first_cycle_efficiency": ("%", 40, 110),
    "mean_voltage": ("V", 1, 5.5), "capacity_retention": ("%", 20, 105), "magnetic_impurities": ("ppb", 0.5, 100000),
}  # fmt: skip
_CONNECTION = r"\s?(?:\([^()]{0,30}\)|（[^（）]{0,30}）)?\s?(?:值|含量)?\s?(?:达到|达|为|是|在|约|:|=|>=|<=|≥|≤|>|<|of|is|was|were|reached|reaches|about|到|做到|有|不低于|不小于|大于|超过|不高于|at least|控制|only|~|\s){0,4}"
_CONNECTOR = re.compile(_CONNECTION)
_REFINED = frozenset({"specific_capacity", "voltage", "mean_voltage"})
_ADJACENT = re.compile(r"\s?(?:的|of|in|as|for)?\s?(?:a |the )?(?:\w{0,12}\s)?")
_CHARGED = re.compile(r"(?<!放)充电(?!放)|(?<![a-z])charge(?! ?/? ?-?discharge)", re.I)
_SHARING = re.compile(r"均|都|\b(?:both|all|each)\b")
_TO_SAMPLE = re.compile(r"\s?\(?(?:[^\d,;]{0,24}\s)?(?:for|in|of|with|by)?\s?(?:the )?")
_SURELY = re.compile(r"\b(?:for|in|of)\s(?:the )?$|\($")
_CONNECTED = re.compile(_CONNECTION + r"(?=[-.\d半一二两三四五六七八九十C])")
_DIGIT = re.compile(r"\d")
_start = attrgetter("start")


class Binder:
    """Binds the quantities of texts; built once."""

    def __init__(self, units: Units, properties: Properties) -> None:
        self.units = units
        self.properties = properties

    def bind(self, text: str, found: Sequence[Found], context: Context) -> list[Bound]:
        """The bound quantities of a text in order; `context` is read and brought up to date."""
        mentions = Queue(self.properties.find(text))
        samples = Queue(find_samples(text))
        quantities = Queue(found)
        bound: list[Bound] = []
        start = 0
        for border in [*(match.end() for match in SENTENCE.finditer(text)), len(text)]:
            if border > start:
                sentence = Sentence(
                    text, start, border, quantities.before(border), mentions.before(border), samples.before(border)
                )
                if sentence.found or sentence.samples or _DIGIT.search(text, start, border):
                    bound.extend(self._sentence(sentence, context))
            start = border
        return bound

    def _sentence(self, sentence: Sentence, context: Context) -> list[Bound]:
        heading = next((sample for sample in sentence.samples if sample.heading), None) if sentence.samples else None
        if heading is not None:
            context.sample = heading.name
        quantities = sentence.found
        if sentence.mentions and (bare := self._bare(sentence)):
            quantities = sorted([*quantities, *bare], key=_start)
        pairs: list[Bound] = []
        if quantities:
            quantities = apply_forces(sentence, quantities)
            if quantities is not sentence.found:
                sentence = Sentence(
                    sentence.text, sentence.start, sentence.end, quantities, sentence.mentions, sentence.samples
                )
            pairs = self._properties_of(sentence)
        if ratios := find_ratios(sentence):
            pairs = sorted([*pairs, *ratios], key=_start)
        if not pairs:
            return []
        pairs = with_conditions(pairs, sentence)
        pairs = _with_samples(pairs, sentence, context)
        _note_pressures(pairs, sentence, context)
        return pairs

    def _bare(self, sentence: Sentence) -> list[Found]:
        """Numbers without a unit right behind a property that leaves no doubt of it: 压密2.62, 克容量161, 首效97.4."""
        wanted = [mention for mention in sentence.mentions if mention.name in BARE_UNITS]
        taken = [(q.start, q.end) for q in sentence.found]
        if not any(_leads_to_number(sentence, mention, taken) for mention in wanted):
            return []
        stretch = sentence.text[sentence.start : sentence.end]
        found = []
        for number in find_quantities(stretch, self.units, bare=True):
            start, end = number.start + sentence.start, number.end + sentence.start
            if number.family or any(a < end and start < b for a, b in taken):
                continue
            owner = max((m for m in wanted if m.end <= start), key=lambda m: m.end, default=None)
            if owner is None or not _CONNECTOR.fullmatch(sentence.text[owner.end : start]):
                continue
            unit, low, high = BARE_UNITS[owner.name]
            if low <= number.quantity.value <= high:
                family = self.units.by_name[unit].family
                found.append(Found(replace(number.quantity, unit=unit), family, start, end))
        return found

    def _properties_of(self, sentence: Sentence) -> list[Bound]:
        taken: set[int] = set()
        bound: list[Bound] = []
        paired = _paired(sentence)
        for index, quantity in enumerate(sentence.found):
            mention = paired.get(index) or _nearest(sentence, index, taken)
            if mention is not None:
                taken.add(mention.start)
                name = mention.name
            else:
                name = _carried(quantity, sentence) or self.properties.default.get(quantity.family, "")
            name = _refined(name, quantity, sentence)
            if name:
                bound.append(Bound(name, quantity.quantity, quantity.start, quantity.end))
        return bound


def _leads_to_number(sentence: Sentence, mention: Mention, taken: list[tuple[int, int]]) -> bool:
    """Whether a number that is no quantity yet may stand right behind a mention."""
    place = _CONNECTED.match(sentence.text, mention.end, sentence.end)
    return place is not None and not any(start <= place.end() < end for start, end in taken)


def _paired(sentence: Sentence) -> dict[int, Mention]:
    """Mentions and quantities of one family that come as two lists of equal length, paired in order."""
    pairs: dict[int, Mention] = {}
    if len(sentence.mentions) < 2 or len(sentence.found) < 2:
        return pairs
    for family in {quantity.family for quantity in sentence.found}:
        events = [(m.start, "m", n) for n, m in enumerate(sentence.mentions) if family in m.families]
        if len(events) < 2:
            continue
        events += [(q.start, "q", n) for n, q in enumerate(sentence.found) if q.family == family]
        events.sort()
        kinds = "".join(kind for _, kind, _ in events)
        for match in re.finditer(r"(m{2,})(q{2,})", kinds):
            names = [sentence.mentions[number] for _, _, number in events[match.start(1) : match.end(1)]]
            numbers = [number for _, _, number in events[match.start(2) : match.end(2)]]
            if len(names) == len(numbers) and len({name.name for name in names}) == len(names):
                pairs.update(zip(numbers, names, strict=True))
    return pairs


def _nearest(sentence: Sentence, index: int, taken: set[int]) -> Mention | None:
    quantity = sentence.found[index]
    previous, following = _around(sentence, quantity)
    if following is None:
        if previous is None:
            return None
        if _CLAUSE.search(sentence.between(previous.end, quantity.start)):
            return previous if previous.start not in taken or quantity.family == "density" else None
    elif (previous is None or previous.start in taken) and _ADJACENT.fullmatch(
        sentence.between(quantity.end, following.start)
    ):
        return following
    if previous is not None:
        limit = 110 if quantity.family != "fraction" else 80
        return previous if quantity.start - previous.end <= limit else None
    if (
        following is not None
        and following.start - quantity.end <= 40
        and not _CLAUSE.search(sentence.between(quantity.end, following.start))
    ):
        return None if _claimed(sentence, index, following) else following
    return None


def _around(sentence: Sentence, quantity: Found) -> tuple[Mention | None, Mention | None]:
    """The last fitting mention before a quantity and the first behind it."""
    previous: Mention | None = None
    for mention in sentence.mentions:
        if quantity.family in mention.families:
            if mention.end <= quantity.start:
                previous = mention
            elif mention.start >= quantity.end:
                return previous, mention
    return previous, None


def _claimed(sentence: Sentence, index: int, mention: Mention) -> bool:
    """Whether a mention behind a quantity belongs to the next quantity of the family, which stands closer to it."""
    family = sentence.found[index].family
    following = next((q for q in sentence.found[index + 1 :] if q.family == family), None)
    if following is None:
        return False
    return following.start < mention.start or following.start - mention.end <= 14


def _carried(quantity: Found, sentence: Sentence) -> str | None:
    """The property of the sentence before, when this one only says "it was 2.62 g/cm3"."""
    if quantity.family not in ("density", "specific capacity"):
        return None
    stretch = sentence.text[max(0, sentence.start - 160) : sentence.start]
    for word, name in (
        ("压实", "compaction_density"),
        ("compact", "compaction_density"),
        ("press", "compaction_density"),
        ("振实", "tap_density"),
        ("tap", "tap_density"),
    ):
        if quantity.family == "density" and word in stretch.lower():
            return name
    return None


def _refined(name: str, quantity: Found, sentence: Sentence) -> str:
    """Capacities told apart by charge and discharge, voltages by range, weights that are really forces."""
    if name not in _REFINED:
        return name
    stretch = sentence.text[max(sentence.start, quantity.start - 16) : quantity.start]
    if name == "specific_capacity" and _CHARGED.search(stretch) and "放" not in stretch:
        return "charge_capacity" if "discharge" not in stretch.lower() else name
    if name == "voltage" and quantity.quantity.high is not None:
        return "voltage_window"
    if (
        name in ("mean_voltage",)
        and quantity.quantity.high is not None
        and quantity.quantity.high - quantity.quantity.value > 0.8
    ):
        return "voltage_window"
    return name


def _with_samples(pairs: list[Bound], sentence: Sentence, context: Context) -> list[Bound]:
    samples = sentence.samples
    if not samples:
        return [pair.of(context.sample) for pair in pairs]
    counts: dict[str, int] = {}
    for pair in pairs:
        counts[pair.property] = counts.get(pair.property, 0) + 1
    seen: dict[str, int] = {}
    changed = []
    for pair in pairs:
        number = seen.get(pair.property, 0)
        seen[pair.property] = number + 1
        if counts[pair.property] == len(samples) > 1:
            changed.append(pair.of(samples[number].name))
            continue
        shared = len(samples) > 1 and counts[pair.property] == 1 and _shared(pair, sentence)
        changed.append(pair.of(context.sample if shared else _own_sample(pair, sentence) or context.sample))
    return changed


def _shared(pair: Bound, sentence: Sentence) -> bool:
    """Whether one quantity belongs to all the samples of its sentence: a test condition, or "all below 8 ppb"."""
    if pair.property in ("pressure", "c_rate", "voltage_window"):
        return True
    before = sentence.text[max(sentence.start, pair.start - 30) : pair.start]
    return _SHARING.search(before) is not None


def _own_sample(pair: Bound, sentence: Sentence) -> str | None:
    before = [sample for sample in sentence.samples if sample.end <= pair.start]
    after = [sample for sample in sentence.samples if sample.start >= pair.end]
    gap = sentence.between(pair.end, after[0].start) if after else ""
    if after and _TO_SAMPLE.fullmatch(gap) and (not before or _SURELY.search(gap)):
        return after[0].name
    if before:
        return before[-1].name
    return after[0].name if after else None


def _note_pressures(pairs: list[Bound], sentence: Sentence, context: Context) -> None:
    """Remember a test pressure from a sentence that says how density is tested but gives no density."""
    named = any(mention.name == "compaction_density" for mention in sentence.mentions)
    if named and not any(pair.property in DENSITIES for pair in pairs):
        context.pressures.extend(
            pair.quantity for pair in pairs if pair.property == "pressure" and pair.quantity.high is None
        )
