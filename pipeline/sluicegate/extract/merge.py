"""Passages in, fewer passages out: joins neighbouring short passages of one place, so that each has some context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from operator import attrgetter

from sluicegate.document import Passage, Place

TARGET = 1500
"""Characters a merged passage may reach: half a page, a few paragraphs of context."""
_region = attrgetter(*(field.name for field in fields(Place) if field.name != "paragraph"))


def merge_passages(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Join adjacent passages of the same path, page, sheet, slide, section, channel and flags with a line break.

    The first one's paragraph number stays. Tables are never merged, and no passage grows beyond `TARGET` characters.
    """
    held: list[Passage] = []
    size = 0
    for passage in passages:
        if held and not (size + len(passage.text) < TARGET and _mergeable(passage) and _alike(held[0], passage)):
            yield _joined(held)
            held, size = [], 0
        held.append(passage)
        size += len(passage.text) + 1
        if not _mergeable(passage):
            yield _joined(held)
            held, size = [], 0
    if held:
        yield _joined(held)


def _mergeable(passage: Passage) -> bool:
    return passage.grid is None and passage.place.table is None and passage.place.row is None


def _alike(one: Passage, other: Passage) -> bool:
    return one.flags == other.flags and _region(one.place) == _region(other.place)


def _joined(held: list[Passage]) -> Passage:
    return held[0] if len(held) == 1 else replace(held[0], text="\n".join(passage.text for passage in held))
