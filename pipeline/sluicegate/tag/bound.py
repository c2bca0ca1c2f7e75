"""The values of binding: a sentence with what stands in it, bound quantities, and what earlier text hands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from sluicegate.tag.properties import Mention
from sluicegate.tag.quantity import Found
from sluicegate.tag.sample import Sample
from sluicegate.verdict import Quantity

_Item = TypeVar("_Item", Found, Mention, Sample)


class Bound(NamedTuple):
    """A quantity with its property, conditions and sample at [start, end) of a normalised text."""

    property: str
    quantity: Quantity
    start: int
    end: int
    conditions: tuple[tuple[str, Quantity], ...] = ()
    sample: str | None = None

    def at(self, start: int, end: int) -> Bound:
        """The same at another place."""
        return Bound(self.property, self.quantity, start, end, self.conditions, self.sample)

    def under(self, conditions: tuple[tuple[str, Quantity], ...]) -> Bound:
        """The same under other test conditions."""
        return Bound(self.property, self.quantity, self.start, self.end, conditions, self.sample)

    def named(self, name: str) -> Bound:
        """The same as another property."""
        return Bound(name, self.quantity, self.start, self.end, self.conditions, self.sample)

    def of(self, sample: str | None) -> Bound:
        """The same for another sample."""
        if sample == self.sample:
            return self
        return Bound(self.property, self.quantity, self.start, self.end, self.conditions, sample)


@dataclass(slots=True)
class Context:
    """What earlier text hands on: the sample whose section this is, test pressures stated for densities and C-rates
    stated for all capacities.

    Within one passage also the only sample of the last sentence that named one (and where that ends to count), the
    samples that were last listed, all in the order in which they were last named, the one that the text compares with,
    the diameter of the press's die and what was last measured in each family of units: a sentence that names nothing
    itself goes on with it.
    """

    sample: str | None = None
    pressures: list[Quantity] = field(default_factory=list)
    rates: list[Quantity] = field(default_factory=list)
    recent: str | None = None
    until: int | None = None
    listed: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    reference: str | None = None
    die: float | None = None
    last: dict[str, Bound] = field(default_factory=dict)

    def begin(self) -> None:
        """Forget what counts within one passage only."""
        self.recent, self.until, self.reference, self.die = None, None, None, None
        self.listed, self.told = (), ()
        self.last.clear()

    @property
    def current(self) -> str | None:
        """The sample that a sentence without one speaks of."""
        return self.recent or self.sample


class Sentence(NamedTuple):
    """The stretch [start, end) of a normalised text with its quantities, properties and samples, each in order."""

    text: str
    start: int
    end: int
    found: list[Found]
    mentions: list[Mention]
    samples: list[Sample]
    referred: Sequence[Sample] = ()

    def between(self, first: int, second: int) -> str:
        """The text between two places, whichever comes first."""
        return self.text[min(first, second) : max(first, second)]


class Queue(Generic[_Item]):
    """Things in the order of their places, handed out sentence by sentence."""

    def __init__(self, items: Sequence[_Item]) -> None:
        self._items: Sequence[_Item] = items
        self._next = 0

    def before(self, border: int) -> list[_Item]:
        """What has not been handed out yet and starts before a border."""
        items, first = self._items, self._next
        after, length = first, len(items)
        if after == length or items[after].start >= border:
            return []
        while after < length and items[after].start < border:
            after += 1
        self._next = after
        return list(items[first:after])
