"""Control lists as values: what a list file says, validated; and which of it is in force on a date."""

from __future__ import annotations

import builtins
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Section(BaseModel):
    """A table of a list file: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LegalStatus(StrEnum):
    """What the law says of a list or point on a date."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    SUSPENDED = "suspended"
    UNCONFIRMED = "unconfirmed"
    EXPIRED = "expired"


class Title(Section):
    """A title in both languages."""

    en: str
    zh: str


class Source(Section):
    """Where a statement comes from: `official` text read in full, a `secondary` report, or the `draft`."""

    title: str
    url: str = ""
    kind: Literal["official", "secondary", "draft"]
    read: date


class Condition(Section):
    """A test condition of a criterion, such as a pressure of 220 MPa or a rate of 0.1 C."""

    name: str
    value: float
    unit: str

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}"


class Criterion(Section):
    """A number that a control point names: property, comparator, value, unit, test condition.

    `confirmed` is whether the value stands in the official text as read by the list's author; `note` says what is
    doubtful and which bound was taken. `joint` criteria must all hold on one sample for the point to apply.
    """

    property: str
    comparator: Literal[">=", ">", "<=", "<"]
    value: float
    unit: str
    condition: Condition | None = None
    joint: bool = True
    confirmed: bool
    source: str
    note: str = ""

    @builtins.property
    def threshold(self) -> str:
        """The demand for people: ">= 2.58 g/cm3 at 220 MPa"."""
        at = f" at {self.condition}" if self.condition else ""
        return f"{self.comparator} {self.value:g} {self.unit}{at}"


class Point(Section):
    """A control point: what may not leave without a licence.

    `label` is the name used by training samples; `numeric` points have criteria, qualitative ones are met by teaching
    the step at all. `subject` is what is controlled: the technology or (dual-use lists) the goods.
    """

    id: str
    label: str
    title: Title
    subject: Literal["technology", "goods"] = "technology"
    sub_items: tuple[Title, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    note: str = ""

    @property
    def numeric(self) -> bool:
        """Whether the point has numeric criteria."""
        return bool(self.criteria)


class ControlList(Section):
    """A dated list of control points, one TOML file. `id` is the announcement, such as `cn-2025-28`."""

    schema_version: Literal[1] = Field(alias="schema")
    id: str
    title: Title
    issuer: Title
    published: date
    effective: date
    suspended_from: date | None = None
    suspended_to: date | None = None
    after_suspension: Literal["in_force", "unconfirmed", "expired"] = "in_force"
    expired: date | None = None
    note: str = ""
    sources: dict[str, Source]
    points: tuple[Point, ...]

    @model_validator(mode="after")
    def _sources_exist(self) -> ControlList:
        for point in self.points:
            for criterion in point.criteria:
                if criterion.source not in self.sources:
                    raise ValueError(f"{point.id} {criterion.property}: source {criterion.source!r} is not listed")
        return self

    def status(self, as_of: date) -> LegalStatus:
        """What the law says of this list on a date."""
        if as_of < self.effective:
            return LegalStatus.NOT_YET
        if self.expired is not None and as_of >= self.expired:
            return LegalStatus.EXPIRED
        if self.suspended_from is not None and as_of >= self.suspended_from:
            if self.suspended_to is None or as_of <= self.suspended_to:
                return LegalStatus.SUSPENDED
            return LegalStatus(self.after_suspension)
        return LegalStatus.IN_FORCE
