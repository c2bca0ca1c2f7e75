"""Which chemistry a measurement belongs to: the nearest one named before it, else the one spoken of last."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from operator import itemgetter

from sluicegate.document import Passage
from sluicegate.tag.bound import Bound
from sluicegate.verdict import Measurement, Tag, TagLabel

_CATHODES = ("lfp", "lmfp", "other:")
_ELECTROCHEMICAL = frozenset({
    "compaction_density", "electrode_density", "specific_capacity", "charge_capacity", "first_cycle_efficiency", "mean_voltage",
    "capacity_retention", "coulombic_efficiency", "theoretical_capacity",
})  # fmt: skip
_NAMING = (TagLabel.CHEMISTRY, TagLabel.FORMULA)
_OWN = frozenset({"lfp", "lmfp", "phosphate_precursor"})
_NOT_MATERIALS = frozenset({"other:cell", "other:electrolyte", "other:separator"})


class Materials:
    """Follows the chemistries of a document from passage to passage, each file for itself."""

    def __init__(self) -> None:
        self._last: dict[tuple[tuple[str, ...], bool], str] = {}

    def measurements(
        self, index: int, passage: Passage, tags: Sequence[Tag], bound: Sequence[Bound]
    ) -> Iterator[Measurement]:
        """The bound quantities of one passage with their materials."""
        named = [(tag.start, tag.end, material) for tag in tags if (material := _material(tag)) is not None]
        cathodes = [entry for entry in named if entry[2].startswith(_CATHODES)]
        for item in bound:
            electrochemical = item.property in _ELECTROCHEMICAL
            material = _near(cathodes if electrochemical else named, item, passage) or self._last.get(
                (passage.place.path, electrochemical)
            )
            yield Measurement(
                item.property, item.quantity, index, item.start, item.end, item.conditions, item.sample, material
            )
        for _, _, material in named:
            self._last[passage.place.path, False] = material
            if material.startswith(_CATHODES):
                self._last[passage.place.path, True] = material


def _material(tag: Tag) -> str | None:
    if tag.label not in _NAMING or not tag.points:
        return None
    kinds = [p for p in tag.points if p in _OWN or (p.startswith("other:") and p not in _NOT_MATERIALS)]
    return kinds[0] if len(kinds) == 1 else None


def _near(fitting: list[tuple[int, int, str]], item: Bound, passage: Passage) -> str | None:
    if not fitting:
        return None
    if passage.grid is not None:
        row = next(
            (cells for cells in passage.grid.rows if cells and cells[0][0] <= item.start < max(cells[-1][1], 1)), None
        )
        if row is not None:
            inside = [entry for entry in fitting if row[0][0] <= entry[0] < row[-1][1]]
            if inside:
                return inside[-1][2] if inside[-1][0] < item.start else inside[0][2]
            head = [entry for entry in fitting if entry[0] < row[0][0]]
            kinds = {entry[2] for entry in head}
            return head[0][2] if len(kinds) == 1 else None
    before = bisect_left(fitting, item.start, key=itemgetter(0))
    return fitting[max(before - 1, 0)][2]
