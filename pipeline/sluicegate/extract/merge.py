"""Passages in, passages of an even length out: short ones of one place are joined, so that each has some context, and
what would take long to be gone through as a whole is cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from itertools import chain
from operator import attrgetter

from sluicegate.document import Passage, Place
from sluicegate.extract.pieces import pieces

TARGET = 1500
"""Characters a merged passage may reach: half a page, a few paragraphs of context."""
LONGEST = 6000
"""Characters of a text from twice of which it is cut into pieces of about so many; a page has fewer."""
_region = attrgetter(*(field.name for field in fields(Place) if field.name != "paragraph"))


def merge_passages(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Join adjacent passages of the same path, page, sheet, slide, section, channel and flags with a line break.

    The first one's paragraph number stays. Tables are neither joined nor cut, and no passage grows beyond `TARGET`
    characters.
    """
    held: list[Passage] = []
    size = 0
    for passage in chain.from_iterable(map(_cut, passages)):
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


def _cut(passage: Passage) -> Iterable[Passage]:
    if passage.grid is not None or len(passage.text) <= 2 * LONGEST:
        return (passage,)
    return (replace(passage, text=piece) for piece in pieces(passage.text, LONGEST))


def _mergeable(passage: Passage) -> bool:
    return passage.grid is None and passage.place.table is None and passage.place.row is None


def _alike(one: Passage, other: Passage) -> bool:
    return one.flags == other.flags and _region(one.place) == _region(other.place)


def _joined(held: list[Passage]) -> Passage:
    return held[0] if len(held) == 1 else replace(held[0], text="\n".join(passage.text for passage in held))
