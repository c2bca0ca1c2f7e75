"""What tagging yields: the document with tags, measurements, languages and a kind, and places that name sections."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sluicegate.document import Document, Place
from sluicegate.tag.structure import section_at
from sluicegate.verdict import Measurement, Tag


@dataclass(frozen=True, slots=True)
class Tagged:
    """A document after tagging.

    `tags` and `languages` run parallel to `document.passages`; tag offsets count in the passage's original text. A
    passage of formulas and numbers only has no language. `kind` is that of the whole document.
    """

    document: Document
    tags: tuple[tuple[Tag, ...], ...] = field(repr=False)
    measurements: tuple[Measurement, ...] = field(repr=False)
    languages: tuple[frozenset[str], ...]
    kind: str

    def locate(self, passage: int, offset: int) -> Place:
        """The place of a character, with its table row and what the document calls the section."""
        place = self.document.passages[passage].place_at(offset)
        if place.section is not None:
            return place
        return replace(place, section=section_at(self.document.passages, passage, offset))
