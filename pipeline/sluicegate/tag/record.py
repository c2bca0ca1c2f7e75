"""Values of a table in their rows and columns in, the same with the test conditions that other cells state out.

A pressure, a rate or a number of cycles may stand in a column of its own ("Test pressure (MPa)"), in a row of its own,
in the table's title or in a note below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sluicegate.tag.bound import Bound
from sluicegate.tag.condition import PRESSED, RATED, pressure_of
from sluicegate.verdict import Quantity


@dataclass(frozen=True, slots=True)
class Placed:
    """A bound value with its row and column, whether its property stands to its left, and whether it heads a column
    (a test condition there is no value of its own)."""

    bound: Bound
    row: int
    column: int
    sideways: bool
    heading: bool = False

    @property
    def record(self) -> tuple[bool, int]:
        """What the values of one sample and one test share: their row, or in a turned table their column."""
        return self.sideways, self.column if self.sideways else self.row


def with_tests(placed: Sequence[Placed], noted: Sequence[Bound], die: float | None = None) -> list[Bound]:
    """The bound values, densities pressed, capacities rated and retentions cycled as their record or a note says;
    with the diameter of the die a press force is a pressure too."""
    stated: dict[tuple[str, tuple[bool, int]], list[Quantity]] = {}
    for one in placed:
        if die is not None and one.bound.property == "press_force" and one.bound.quantity.high is None:
            made = Quantity(pressure_of(one.bound.quantity.value, die), "MPa")
            stated.setdefault(("pressure", one.record), []).append(made)
        if one.bound.property in _SOURCES and _states_test(one.bound):
            stated.setdefault((one.bound.property, one.record), []).append(one.bound.quantity)
    notes: dict[str, set[Quantity]] = {}
    for note in noted:
        if note.property in _SOURCES and _states_test(note):
            notes.setdefault(note.property, set()).add(note.quantity)
    return [
        _tested(one, stated, notes) for one in placed
        if not one.heading or one.bound.property not in _SOURCES
    ]  # fmt: skip


_SOURCES = ("pressure", "c_rate", "cycles")


def _states_test(item: Bound) -> bool:
    return item.quantity.high is None and (item.property != "pressure" or item.quantity.value >= PRESSED)


def _tested(
    one: Placed, stated: dict[tuple[str, tuple[bool, int]], list[Quantity]], notes: dict[str, set[Quantity]]
) -> Bound:
    item = one.bound
    known = {name for name, _ in item.conditions}
    if item.property == "density" and item.quantity.value >= 1:
        pressed = "pressure" in known or ("pressure", one.record) in stated
        item = item.named("compaction_density") if pressed else item
    wanted = []
    if item.property == "compaction_density":
        wanted = ["pressure"]
    elif item.property in RATED:
        wanted = ["c_rate", "cycles"] if item.property == "capacity_retention" else ["c_rate"]
    for name in wanted:
        if name in known:
            continue
        own = stated.get((name, one.record), [])
        if not own and len(notes.get(name, ())) == 1 and not (name == "c_rate" and "cycles" in known):
            own = list(notes[name])
        if own:
            item = item.under((*item.conditions, (name, own[0])))
    return item
