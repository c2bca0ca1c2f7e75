"""Test conditions: the bound quantities of a sentence in, the same with pressure, rate, window or cycles out."""

# ruff: noqa: E501  (long lines are patterns)

from __future__ import annotations

import math
import re

from sluicegate.tag.bound import Bound, Sentence
from sluicegate.tag.quantity import Found
from sluicegate.tag.retention import rates_of_retention
from sluicegate.verdict import Quantity

DENSITIES = frozenset({"compaction_density", "electrode_density", "density"})
RATED = frozenset(
    {
        "specific_capacity",
        "charge_capacity",
        "first_cycle_efficiency",
        "mean_voltage",
        "capacity_retention",
        "coulombic_efficiency",
    }
)
_FIRST_CYCLE = frozenset({"first_cycle_efficiency", "mean_voltage"})
_CONDITIONED = DENSITIES | RATED
_TF = 9.80665  # kN in a metric ton of force
_REACH = 40  # characters from a press to its force
_OUTPUT = re.compile(
    r"(?:产出|产量|共计?|净重|数量|[发收到进购订交]货|采购|订购|库存|output|net|shipped|received|delivered|ordered|bought)[^,;。]{0,6}$",
    re.I,
)
_LABORATORY = 20  # tons that a laboratory press reaches
PRESSED = 20  # MPa from which a pressure is one that powder is pressed with
_SAME = 0.02
_STUCK = re.compile(r"\s?(?:\(|@|at\b|under\b|在|,?\s?\()")
_FORCED = re.compile(
    r"(?:force|line pressure|press load|press(?:ed|ing)? (?:with|at|under)|线压力?|压力|加压|施加|吨位)\s?(?:of|为|:|约|至)?\s?$",
    re.I,
)
_DIE = re.compile(r"\bdie\b|mou?ld|pellet|tool|模|Φ|φ|ø|Ø", re.I)
_TONS = re.compile(r"压|press|compact|\bdie\b|pellet|load of|模具|\d\s?MPa", re.I)


def with_conditions(pairs: list[Bound], sentence: Sentence, die: float | None = None) -> list[Bound]:
    """The bound quantities of a sentence with the test conditions that it states for them."""
    if all(pair.property not in _CONDITIONED for pair in pairs):
        return pairs
    by_name: dict[str, list[Bound]] = {}
    for pair in pairs:
        by_name.setdefault(pair.property, []).append(pair)
    pressures = _pressures(by_name, die)
    changed = []
    for pair in pairs:
        conditions: list[tuple[str, Quantity]] = []
        mates = by_name[pair.property]
        if pair.property in DENSITIES:
            conditions += _condition("pressure", pair, mates, pressures, sentence)
        if pair.property in RATED:
            rates = by_name.get("c_rate", [])
            if pair.property == "capacity_retention":
                rates = rates_of_retention(rates, pair, pairs, sentence)
            if pair.property in _FIRST_CYCLE and len({rate.quantity for rate in rates}) > 1:
                rates = [rate for rate in rates if _beside(rate, pair, sentence)] or _of_clause(rates, pair, sentence)
            conditions += _condition("c_rate", pair, mates, rates, sentence)
            conditions += _condition("voltage_window", pair, mates, by_name.get("voltage_window", [])[:1], sentence)
        if pair.property == "capacity_retention":
            cycles = [item for item in by_name.get("cycles", []) if ";" not in sentence.between(item.start, pair.start)]
            conditions += _condition("cycles", pair, mates, cycles, sentence)
        if pair.property in ("specific_capacity", "capacity_retention"):
            mild = [item for item in by_name.get("temperature", []) if -60 <= item.quantity.value <= 80]
            conditions += _condition("temperature", pair, mates, mild[:1], sentence)
        changed.append(pair.under(tuple(conditions)) if conditions else pair)
    return changed


def with_rates(bound: list[Bound]) -> list[Bound]:
    """First efficiencies and mean voltages with the C-rate of their sample's capacity, where that has one only.

    They come from the same first cycle; a passage says the rate once: "0.1C capacity | first efficiency | voltage".
    """
    rates: dict[str | None, set[Quantity]] = {}
    for item in bound:
        if item.property == "specific_capacity":
            rates.setdefault(item.sample, set()).update(q for name, q in item.conditions if name == "c_rate")
    if not rates:
        return bound
    changed = []
    for item in bound:
        known = rates.get(item.sample, set())
        if item.property in _FIRST_CYCLE and len(known) == 1 and all(name != "c_rate" for name, _ in item.conditions):
            changed.append(item.under((*item.conditions, ("c_rate", next(iter(known))))))
        else:
            changed.append(item)
    return changed


def _pressures(by_name: dict[str, list[Bound]], die: float | None) -> list[Bound]:
    """The pressures of a sentence, and those that its press forces make on the die; a pressure that only restates
    a force ("30 kN, about 226 MPa") does not count beside it."""
    stated = by_name.get("pressure", [])
    forces = [force for force in by_name.get("press_force", []) if force.quantity.high is None]
    if not forces or die is None:
        return stated
    made = [
        Bound("pressure", Quantity(pressure_of(force.quantity.value, die), "MPa"), force.start, force.end)
        for force in forces
    ]
    others = [
        pair for pair in stated
        if pair.quantity.unit == "MPa" and pair.quantity.value >= PRESSED
        and not any(abs(pair.quantity.value - one.quantity.value) <= _SAME * one.quantity.value for one in made)
    ]  # fmt: skip
    distinct = {one.quantity.value: one for one in reversed(made)}
    return sorted([*distinct.values(), *others], key=lambda pair: pair.start)


def pressure_of(force: float, die: float) -> float:
    """The pressure in MPa that a force in kN makes on a round die of so many millimetres."""
    return round(force * 1000 / (math.pi * (die / 2) ** 2), 1)


def _beside(rate: Bound, pair: Bound, sentence: Sentence) -> bool:
    """Whether no other number stands between a rate and a first efficiency or mean voltage: "0.1C efficiency 97 %",
    "97 % at 0.1C"."""
    first, second = sorted((rate, pair), key=lambda one: one.start)
    if first is pair and _STUCK.match(sentence.between(pair.end, rate.start)) is None:
        return False
    if first is rate and _AFTER_COMMA.match(sentence.text, rate.end) and _follows_value(rate, sentence):
        return False  # "151 mAh/g at 1C, first efficiency 97 %"
    return not any(first.end <= found.start < second.start for found in sentence.found)


def _follows_value(rate: Bound, sentence: Sentence) -> bool:
    """Whether a rate stands right behind the capacity that was measured at it."""
    before = [found for found in sentence.found if found.end <= rate.start]
    if not before or before[-1].family != "specific capacity":
        return False
    return _STUCK.match(sentence.between(before[-1].end, rate.start)) is not None


_AFTER_COMMA = re.compile(r"\)?\s?(?:[,;]|and\b)")


def _of_clause(rates: list[Bound], pair: Bound, sentence: Sentence) -> list[Bound]:
    """The only rate of a clause, where it opens it: "以0.1C充放电,首放162.3mAh/g,首效98.2%;10C放电118mAh/g"."""
    start = sentence.text.rfind(";", sentence.start, pair.start) + 1
    end = sentence.text.find(";", pair.end, sentence.end)
    own = [rate for rate in rates if rate.start >= start and (end < 0 or rate.end <= end)]
    first = next((found for found in sentence.found if found.start >= start and found.family not in _SETTING), None)
    opens = len(own) == 1 and first is not None and first.start == own[0].start
    return own if opens else []


_SETTING = frozenset({"voltage", "temperature"})  # what may stand before the rate of a test


def _condition(
    name: str, pair: Bound, mates: list[Bound], stated: list[Bound], sentence: Sentence
) -> list[tuple[str, Quantity]]:
    if not stated:
        return []
    if (
        len(stated) == len(mates)
        and len(stated) > 1
        and in_order([item.start for item in stated], [item.start for item in mates])
    ):
        return [(name, stated[mates.index(pair)].quantity)]
    if len(stated) == 1:
        return [(name, stated[0].quantity)]
    if (own := _of_run(pair, mates, stated, sentence)) is not None:
        return [(name, own.quantity)]
    after = next((item for item in stated if item.start >= pair.end), None)
    before = next((item for item in reversed(stated) if item.end <= pair.start), None)
    if after is not None:
        gap = sentence.between(pair.end, after.start)
        if len(gap) <= 14 and _STUCK.match(gap):
            return [(name, after.quantity)]
    if before is None:
        return [(name, after.quantity)] if after is not None else []
    return [(name, before.quantity)]


def _of_run(pair: Bound, mates: list[Bound], stated: list[Bound], sentence: Sentence) -> Bound | None:
    """The condition of a value in a list that follows a list of conditions as long: "0.5C与1C首放分别为153.2、147.6"."""
    values = _run_of(pair, mates, sentence)
    before = [item for item in stated if item.end <= values[0].start]
    if len(values) < _LIST or not before:
        return None
    tests = _run_of(before[-1], stated, sentence)
    if len(tests) != len(values) or tests[-1] is not before[-1]:
        return None
    return tests[values.index(pair)]


def _run_of(item: Bound, items: list[Bound], sentence: Sentence) -> list[Bound]:
    """The items that stand in one list with an item."""
    run: list[Bound] = []
    for other in items:
        if run and _LISTED.fullmatch(sentence.text, run[-1].end, other.start) is None:
            if item in run:
                break
            run = []
        run.append(other)
    return run


_LIST = 2
_LISTED = re.compile(r"\s?(?:下|时)?\s?(?:[/,、和与及]|,?\s?and)\s?(?:at |在)?")


def in_order(first: list[int], second: list[int]) -> bool:
    """Whether the places of two kinds of things make two lists, or take turns."""
    events = sorted([*((place, "a") for place in first), *((place, "b") for place in second)])
    return re.fullmatch(r"a+b+|b+a+|(?:ab)+|(?:ba)+", "".join(kind for _, kind in events)) is not None


def die_of(sentence: Sentence, quantities: list[Found]) -> float | None:
    """The diameter in millimetres of the press's die that a sentence states."""
    if not any(quantity.quantity.unit == "mm" for quantity in quantities):
        return None
    if _DIE.search(sentence.text, sentence.start, sentence.end) is None:
        return None
    return next((q.quantity.value for q in quantities if q.quantity.unit == "mm" and 3 <= q.quantity.value <= 60), None)


def apply_forces(sentence: Sentence, quantities: list[Found]) -> list[Found]:
    """A ton beside a press is a force, not a mass."""
    if not any(quantity.quantity.unit == "t" for quantity in quantities):
        return quantities
    changed: list[Found] = []
    for quantity in quantities:
        value = quantity.quantity
        if value.unit == "t" and value.high is None and _is_force(sentence, quantity):
            changed.append(
                quantity._replace(quantity=value._replace(value=value.value * _TF, unit="kN"), family="force")
            )
        else:
            changed.append(quantity)
    return changed


_CLAUSE_END = re.compile(r"[,;](?!\s?(?:保|持|for|held|hold|\d|[ΦφØø]|die|mou?ld|模|得|测))")


def _is_force(sentence: Sentence, quantity: Found) -> bool:
    first, last = max(sentence.start, quantity.start - _REACH), min(sentence.end, quantity.end + _REACH)
    if (end := _CLAUSE_END.search(sentence.text, quantity.end, last)) is not None:
        last = end.start()  # "10 t received, compaction density 2.54"
    small = quantity.quantity.value <= _LABORATORY
    if small and _TONS.search(sentence.text, first, last) and not _OUTPUT.search(sentence.text, first, quantity.start):
        return True
    return _FORCED.search(sentence.text[max(sentence.start, quantity.start - 24) : quantity.start]) is not None
