"""Test conditions: the bound quantities of a sentence in, the same with pressure, rate, window or cycles out."""

from __future__ import annotations

import math
import re

from sluicegate.tag.bound import Bound, Sentence
from sluicegate.tag.quantity import Found
from sluicegate.verdict import Quantity

DENSITIES = frozenset({"compaction_density", "electrode_density", "density"})
_RATED = frozenset(
    {
        "specific_capacity",
        "charge_capacity",
        "first_cycle_efficiency",
        "mean_voltage",
        "capacity_retention",
        "coulombic_efficiency",
    }
)
_CONDITIONED = DENSITIES | _RATED
_TONS = re.compile(r"压|press|compact", re.I)


def with_conditions(pairs: list[Bound], sentence: Sentence) -> list[Bound]:
    """The bound quantities of a sentence with the test conditions that it states for them."""
    if all(pair.property not in _CONDITIONED for pair in pairs):
        return pairs
    by_name: dict[str, list[Bound]] = {}
    for pair in pairs:
        by_name.setdefault(pair.property, []).append(pair)
    changed = []
    for pair in pairs:
        conditions: list[tuple[str, Quantity]] = []
        mates = by_name[pair.property]
        if pair.property in DENSITIES:
            conditions += _condition("pressure", pair, mates, by_name.get("pressure", []), sentence)
        if pair.property in _RATED:
            conditions += _condition("c_rate", pair, mates, by_name.get("c_rate", []), sentence)
            conditions += _condition("voltage_window", pair, mates, by_name.get("voltage_window", [])[:1], sentence)
        if pair.property == "capacity_retention":
            conditions += _condition("cycles", pair, mates, by_name.get("cycles", []), sentence)
        if pair.property in ("specific_capacity", "capacity_retention"):
            mild = [item for item in by_name.get("temperature", []) if -60 <= item.quantity.value <= 80]
            conditions += _condition("temperature", pair, mates, mild[:1], sentence)
        changed.append(pair.under(tuple(conditions)) if conditions else pair)
    return changed


def _condition(
    name: str, pair: Bound, mates: list[Bound], stated: list[Bound], sentence: Sentence
) -> list[tuple[str, Quantity]]:
    if not stated:
        return []
    if len(stated) == len(mates) and len(stated) > 1:
        return [(name, stated[mates.index(pair)].quantity)]
    if len(stated) == 1:
        return [(name, stated[0].quantity)]
    after = next((item for item in stated if item.start >= pair.end), None)
    before = next((item for item in reversed(stated) if item.end <= pair.start), None)
    if after is not None:
        gap = sentence.between(pair.end, after.start)
        if len(gap) <= 14 and re.match(r"\s?(?:\(|@|at\b|under\b|在|,?\s?\()", gap):
            return [(name, after.quantity)]
    if before is None:
        return [(name, after.quantity)] if after is not None else []
    return [(name, before.quantity)]


def apply_forces(sentence: Sentence, quantities: list[Found]) -> list[Found]:
    """Press forces with a die diameter become pressures; a ton beside a press is a force."""
    if not any(quantity.family == "force" or quantity.quantity.unit == "t" for quantity in quantities):
        return quantities
    stretch = sentence.text[sentence.start : sentence.end]
    pressed = _TONS.search(stretch) is not None
    changed: list[Found] = []
    diameter = next(
        (q.quantity.value for q in quantities if q.quantity.unit == "mm" and 3 <= q.quantity.value <= 60), None
    )
    for quantity in quantities:
        force = None
        if quantity.family == "force":
            force = quantity.quantity.value
        elif pressed and quantity.quantity.unit == "t" and quantity.quantity.value <= 20:
            force = quantity.quantity.value * 9.80665
        if force is None or not pressed or quantity.quantity.high is not None:
            changed.append(quantity)
        elif diameter is None:
            changed.append(quantity._replace(quantity=Quantity(force, "kN"), family="force"))
        else:
            pressure = force * 1000 / (math.pi * (diameter / 2) ** 2)
            changed.append(quantity._replace(quantity=Quantity(round(pressure, 1), "MPa"), family="pressure"))
    return changed
