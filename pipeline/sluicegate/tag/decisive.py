"""Which tags are decisive once the whole document is known: feeds with their products, raw materials that yield."""

from __future__ import annotations

from collections.abc import Sequence

from sluicegate.document import Passage
from sluicegate.tag.terms import Term
from sluicegate.verdict import Tag, TagLabel

Marked = tuple[Tag, Term | None]


def settle(passages: Sequence[Passage], marked: Sequence[Sequence[Marked]]) -> list[tuple[Tag, ...]]:
    """The tags of each passage with their final `decisive`, in the order given."""
    ids = frozenset([tag.id for entries in marked for tag, _ in entries])
    by_file: dict[tuple[str, ...], set[str]] = {}
    for passage, entries in zip(passages, marked, strict=True):
        points = by_file.setdefault(passage.place.path, set())
        points.update([point for tag, term in entries if _stands_alone(tag, term) for point in tag.points])
    settled = []
    for passage, entries in zip(passages, marked, strict=True):
        steps = {
            point
            for tag, term in entries
            if tag.label is TagLabel.PROCESS and _stands_alone(tag, term)
            for point in tag.points
        }
        present = by_file[passage.place.path]
        settled.append(tuple(_settled(tag, term, ids, present, steps) for tag, term in entries))
    return settled


def _stands_alone(tag: Tag, term: Term | None) -> bool:
    return tag.decisive and (term is None or not term.yields_to)


def _settled(tag: Tag, term: Term | None, ids: frozenset[str], present: set[str], steps: set[str]) -> Tag:
    if term is None or not (term.decisive_with or term.yields_to):
        return tag
    if not tag.decisive and not ids.isdisjoint(term.decisive_with):
        return tag._replace(decisive=True)
    if tag.decisive and present.intersection(term.yields_to) and not steps.intersection(tag.points):
        return tag._replace(decisive=False)
    return tag
