"""The number of a table cell in, the quantity in the unit that its labels or its row state for it out."""

from __future__ import annotations

import re

from sluicegate.tag.binding import BARE_UNITS
from sluicegate.tag.cell import Cell
from sluicegate.tag.properties import Mention
from sluicegate.tag.units import Unit
from sluicegate.verdict import Quantity

_MIN = re.compile(r"min(?:imum)?\.?|最小值?|下限|≥", re.I)
_MAX = re.compile(r"max(?:imum)?\.?|最大值?|上限|≤", re.I)


def cell_quantity(
    cell: Cell, labels: list[Cell], others: list[Cell], row: list[Cell], mention: Mention
) -> Quantity | None:
    """The quantity of a value cell in the unit of its labels or its row; None when it fits the property in none."""
    assert cell.value is not None
    quantity = cell.value.quantity
    if not cell.value.family:
        unit = _stated_unit([*labels, *others, *row], mention)
        if unit is not None:
            high = quantity.high * unit[1] if quantity.high is not None else None
            quantity = quantity._replace(value=float(f"{quantity.value * unit[1]:.10g}"), high=high, unit=unit[0].name)
            if unit[0].family == "time":
                factor = unit[0].base
                quantity = quantity._replace(
                    value=quantity.value * factor, high=high * factor if high is not None else None, unit="h"
                )
        elif mention.name == "cycles":
            quantity = quantity._replace(unit="cycles")
        elif mention.name in BARE_UNITS:
            name, low, top = BARE_UNITS[mention.name]
            if low <= quantity.value <= top:
                quantity = quantity._replace(unit=name)
            elif name == "%" and 0.2 <= quantity.value <= 1.1:
                quantity = quantity._replace(value=quantity.value * 100, unit="%")
            else:
                return None
        elif mention.families:
            return None
    heading = next((label.text.text.strip() for label in others), "") if others else ""
    if quantity.comparator == "=" and quantity.high is None:
        if _MIN.fullmatch(heading):
            quantity = quantity._replace(comparator=">=")
        elif _MAX.fullmatch(heading):
            quantity = quantity._replace(comparator="<=")
    return quantity


def _stated_unit(labels: list[Cell], mention: Mention) -> tuple[Unit, float] | None:
    for label in labels:
        for unit in label.units:
            if unit[0].family in mention.families:
                return unit
    return None
