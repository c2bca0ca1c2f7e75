"""What a text names and measures: tags, quantities and measurements, as frozen values; a tag is JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class TagLabel(StrEnum):
    """What a tag names."""

    CHEMISTRY = "CHEMISTRY"
    FORMULA = "FORMULA"
    MATERIAL = "MATERIAL"
    PROCESS = "PROCESS"
    EQUIPMENT = "EQUIPMENT"
    PROPERTY = "PROPERTY"
    QUANTITY = "QUANTITY"


class Tag(NamedTuple):
    """A named thing in a passage: `text == passage.text[start:end]`.

    `points` are the training labels of the control points that the term belongs to (`lfp`, `brine` …); `decisive`
    says that the term alone names the controlled thing or step, else it is context.
    """

    label: TagLabel
    id: str
    text: str
    start: int
    end: int
    points: tuple[str, ...] = ()
    decisive: bool = False

    def __repr__(self) -> str:
        shown = ((name, value) for name, value in zip(self._fields, self, strict=True) if name != "text")
        return f"Tag({', '.join(f'{name}={value!r}' for name, value in shown)})"

    def to_json(self) -> dict[str, Any]:
        """The tag as the verdict's JSON has it."""
        return {
            "label": self.label.value,
            "id": self.id,
            "text": self.text,
            "start": self.start,
            "end": self.end,
            "points": list(self.points),
            "decisive": self.decisive,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Tag:
        """The inverse of `to_json`."""
        return cls(
            TagLabel(value["label"]), value["id"], value["text"], value["start"], value["end"],
            tuple(value.get("points", ())), value.get("decisive", False),
        )  # fmt: skip


class Quantity(NamedTuple):
    """A value with its unit in Sluicegate's canonical spelling ("g/cm3", "MPa", "mAh/g", "%", "°C", "h", "C").

    `comparator` is one of `= >= <= > < ~`; a range has `high` and comparator `=`.
    """

    value: float
    unit: str
    high: float | None = None
    comparator: str = "="

    def __str__(self) -> str:
        sign = "" if self.comparator == "=" else f"{self.comparator} "
        span = f"{self.value:g}–{self.high:g}" if self.high is not None else f"{self.value:g}"
        return f"{sign}{span} {self.unit}".strip()


class Measurement(NamedTuple):
    """A quantity bound to a property, its test conditions, its sample and its material, at a place of a passage.

    `passage` is the index of the passage in the document; `start` and `end` span the quantity in that passage's text.
    `conditions` are pairs such as ("pressure", Quantity(220, "MPa")). `sample` is the text's own name for what was
    measured ("example 3", "run 14"), `material` the chemistry it is made of where one is named (`lfp`, `nmc` …).
    """

    property: str
    quantity: Quantity
    passage: int
    start: int
    end: int
    conditions: tuple[tuple[str, Quantity], ...] = ()
    sample: str | None = None
    material: str | None = None
