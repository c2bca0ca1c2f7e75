"""A scored passage in, its quote cut into marked and unmarked stretches out, for every report that shows text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sluicegate.verdict import ScoredPassage, Tag, TagLabel

_RANK = {
    TagLabel.QUANTITY: 0, TagLabel.FORMULA: 1, TagLabel.CHEMISTRY: 2, TagLabel.PROCESS: 3,
    TagLabel.MATERIAL: 4, TagLabel.EQUIPMENT: 5, TagLabel.PROPERTY: 6,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a quote with the tags over it (none: plain text); the first tag is the one to show."""

    text: str = field(repr=False)
    tags: tuple[Tag, ...] = ()


def stretches(passage: ScoredPassage) -> tuple[Stretch, ...]:
    """The quote in order, without loss: the texts joined are the quote. Overlapping tags share one stretch."""
    quote = passage.quote
    pieces: list[Stretch] = []
    at = 0
    for start, end, tags in _clusters(passage.tags, len(quote)):
        if start > at:
            pieces.append(Stretch(quote[at:start]))
        pieces.append(Stretch(quote[start:end], tags))
        at = end
    if at < len(quote):
        pieces.append(Stretch(quote[at:]))
    return tuple(pieces)


def _clusters(tags: Sequence[Tag], length: int) -> list[tuple[int, int, tuple[Tag, ...]]]:
    """Groups of overlapping tags with the span they cover together."""
    usable = sorted((tag for tag in tags if 0 <= tag.start < tag.end <= length), key=lambda tag: (tag.start, -tag.end))
    clusters: list[tuple[int, int, list[Tag]]] = []
    for tag in usable:
        if clusters and tag.start < clusters[-1][1]:
            start, end, members = clusters[-1]
            clusters[-1] = (start, max(end, tag.end), [*members, tag])
        else:
            clusters.append((tag.start, tag.end, [tag]))
    return [(start, end, tuple(sorted(members, key=_weight))) for start, end, members in clusters]


def _weight(tag: Tag) -> tuple[bool, int, int]:
    return (not tag.decisive, tag.start - tag.end, _RANK[tag.label])
