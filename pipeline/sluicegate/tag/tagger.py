"""The tagger: a Document in, a Tagged out, with chemistries, formulas, processes, quantities and what they belong to."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate
from typing import Any

from sluicegate.document import Document, Passage
from sluicegate.tag.aside import without_asides
from sluicegate.tag.binding import Binder
from sluicegate.tag.bound import Bound, Context
from sluicegate.tag.carry import with_stated_rate
from sluicegate.tag.coded import find_coded
from sluicegate.tag.condition import with_rates
from sluicegate.tag.decisive import Marked, settle
from sluicegate.tag.formula import anchored, find_formulas
from sluicegate.tag.language import languages_of
from sluicegate.tag.material import Materials
from sluicegate.tag.normalise import Normalised, normalise
from sluicegate.tag.properties import Mention, Properties
from sluicegate.tag.quantity import Found, find_quantities
from sluicegate.tag.structure import classify_parts
from sluicegate.tag.table import bind_table
from sluicegate.tag.tagged import Tagged
from sluicegate.tag.terms import Term, Vocabulary, load_vocabulary
from sluicegate.tag.units import Units
from sluicegate.tag.vehicle import without_vehicles
from sluicegate.verdict import Measurement, Tag, TagLabel

_ZONE = 64
_ROWS = 100  # of a table that is read for what it measures alone
_HEAD = 400  # characters of it that are looked at for properties
_JUDGED = 4096  # answers kept for the pages of one document
_YIELDING = Term("formula", TagLabel.FORMULA, (), (), ("phosphate_precursor",), yields_to=("lfp", "lmfp"))


class Tagger:
    """Tags documents; built once per process, because building reads the vocabulary and makes the automata.

    spaCy is imported with the first passage that has something to tag, not before.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.prefilter = vocabulary.prefilter()
        self._binder = Binder(Units(), Properties())
        self._judged: dict[str, bool] = {}

    @classmethod
    def load(cls) -> Tagger:
        """The tagger with the shipped vocabulary; raises `ControlListError` when a vocabulary file is invalid."""
        return cls(load_vocabulary())

    def interesting(self, text: str) -> bool:
        """Whether the text has a word of the vocabulary or the core of a cathode formula.

        Cheap, and loses nothing that `tag` would tag. Readers ask it of each page before `tag` asks it again, so the
        answers are kept until the document is tagged.
        """
        judged = self._judged.get(text)
        if judged is None:
            judged = anchored(text) or self.prefilter.any(text)
            if len(self._judged) < _JUDGED:
                self._judged[text] = judged
        return judged

    def tag(self, document: Document) -> Tagged:
        """Tags, measurements, languages and kinds of a document."""
        interesting = [self._worth(passage) for passage in document.passages]
        self._judged.clear()
        marked: list[tuple[Marked, ...]] = [()] * len(document.passages)
        normals: dict[int, Normalised] = {}
        mentions: dict[int, list[Mention]] = {}
        hits = [index for index, worth in enumerate(interesting) if worth]
        for first in range(0, len(hits), _ZONE):
            with self.spacy[0].memory_zone():
                for index in hits[first : first + _ZONE]:
                    normals[index] = normalise(document.passages[index].text)
                    marked[index] = self._marked(normals[index])
                    if document.passages[index].grid is None:  # right behind, because both fold the same text
                        mentions[index] = self._binder.properties.find(normals[index].text)
        bound: dict[int, list[Bound]] = {}
        contexts: dict[tuple[str, ...], Context] = {}
        for index in hits:
            passage = document.passages[index]
            context = contexts.setdefault(passage.place.path, Context())
            bound[index], found = self._bound(passage, normals[index], context, mentions.get(index))
            others = list(self._other_tags(passage, normals[index], bound[index], found))
            marked[index] = _merged(marked[index], others)
        tags = settle(document.passages, marked)
        measurements: list[Measurement] = []
        materials = Materials()
        for index in hits:
            measurements.extend(materials.measurements(index, document.passages[index], tags[index], bound[index]))
        named = without_asides(document.passages, tags, self.vocabulary.yields)
        parts = classify_parts(document)
        return Tagged(
            replace(document, parts=parts),
            tuple(without_vehicles(document.passages, named, measurements)),
            tuple(_with_pressures(measurements, document.passages, contexts)),
            tuple(map(_languages, document.passages)),
            parts[0].kind if parts else "other",
        )

    @cached_property
    def spacy(self) -> tuple[Any, Any]:
        """The spaCy pipeline with our tokenizer, and the ruler for its Docs."""
        from sluicegate.tag.ruler import pipeline  # imports spaCy: 0.6 s

        pair: tuple[Any, Any] = pipeline(self.vocabulary, self.prefilter)
        return pair

    def _worth(self, passage: Passage) -> bool:
        if self.interesting(passage.text):
            return True
        grid = passage.grid
        if grid is None:
            return False
        return self.interesting("\t".join(grid.header)) or (len(grid.rows) <= _ROWS and self._measures(passage))

    def _measures(self, passage: Passage) -> bool:
        """Whether a table without a word of the vocabulary still measures: two properties head its rows or columns."""
        assert passage.grid is not None
        heads = "\n".join([*passage.grid.header, passage.text[:_HEAD]])
        return len({mention.name for mention in self._binder.properties.find(heads)}) > 1

    def _marked(self, normal: Normalised) -> tuple[Marked, ...]:
        """The vocabulary in one passage, each tag with its term."""
        _, ruler = self.spacy
        lowered = normal.text.lower()
        terms: dict[str, tuple[Term, bool]] = {}
        marked: list[Marked] = []
        for first, after, key in ruler.mark(normal.text):
            if key not in terms:
                terms[key] = _beside(self.vocabulary.by_key[key], lowered)
            term, decisive = terms[key]
            start, end = normal.origin(first, after)
            text = normal.original[start:end]
            marked.append((Tag(term.label, term.id, text, start, end, term.points, decisive), term))
        return tuple(marked)

    def _bound(
        self, passage: Passage, normal: Normalised, context: Context, mentions: list[Mention] | None
    ) -> tuple[list[Bound], list[Found]]:
        if passage.grid is not None:
            return with_rates(with_stated_rate(bind_table(passage, self._binder, context), context.rates)), []
        found = find_quantities(normal.text, self._binder.units)
        bound = with_rates(with_stated_rate(self._binder.bind(normal.text, found, context, mentions), context.rates))
        placed = []
        for item in bound:
            start, end = normal.origin(item.start, item.end)
            placed.append(item.at(start, end))
        return placed, found

    def _other_tags(
        self, passage: Passage, normal: Normalised, bound: Sequence[Bound], found: Sequence[Found]
    ) -> Iterable[Tag]:
        text = passage.text
        for formula in find_formulas(normal.text):
            start, end = normal.origin(formula.start, formula.end)
            points = (formula.kind,) if formula.kind else ()
            yield Tag(
                TagLabel.FORMULA, f"formula-{formula.kind or 'compound'}", text[start:end], start, end, points,
                formula.kind in ("lfp", "lmfp", "phosphate_precursor"),
            )  # fmt: skip
        yield from find_coded(text)
        spans = {(item.start, item.end): item.property for item in bound}
        for quantity in found:
            start, end = normal.origin(quantity.start, quantity.end)
            spans.setdefault((start, end), quantity.family.replace(" ", "_") or "number")
        for (start, end), name in spans.items():
            yield Tag(TagLabel.QUANTITY, f"quantity-{name}", text[start:end], start, end)


def _languages(passage: Passage) -> frozenset[str]:
    return frozenset() if "prompt" in passage.flags else languages_of(passage.text)


def _beside(term: Term, lowered: str) -> tuple[Term, bool]:
    """The term as it counts in a lower-cased text, and whether it is decisive there."""
    if term.not_with and any(word in lowered for word in term.not_with):
        return replace(term, decisive_with=()), False
    return term, term.decisive


def _replaces(formula: Tag, tag: Tag) -> bool:
    """Whether a formula is the longer spelling of what the vocabulary found inside it."""
    inside = formula.start <= tag.start and tag.end <= formula.end and formula.end - formula.start > tag.end - tag.start
    return inside and bool(set(formula.points) & set(tag.points))


def _merged(marked: Sequence[Marked], others: Sequence[Tag]) -> tuple[Marked, ...]:
    """All tags by place; what the vocabulary already names at the same place is not named twice."""
    formulas = [tag for tag in others if tag.label is TagLabel.FORMULA]
    if formulas:
        ordered = sorted(formulas, key=lambda tag: tag.start)
        starts = [tag.start for tag in ordered]
        marked = [entry for entry in marked if not _covered(entry[0], ordered, starts)]
    seen = {(tag.start, tag.end, tag.id) for tag, _ in marked}
    begins = [tag.start for tag, _ in marked]
    reaches = [*accumulate((tag.end for tag, _ in marked), max, initial=0)]
    kept: list[Marked] = [
        (tag, _YIELDING if tag.points == ("phosphate_precursor",) else None)
        for tag in others
        if (tag.start, tag.end, tag.id) not in seen
        and (tag.label is not TagLabel.FORMULA or reaches[bisect_right(begins, tag.start)] < tag.end)
    ]
    return tuple(sorted([*marked, *kept], key=lambda entry: (entry[0].start, -entry[0].end, entry[0].id)))


def _covered(tag: Tag, formulas: Sequence[Tag], starts: Sequence[int]) -> bool:
    """Whether the formula that starts last before the end of a tag (formulas never overlap) replaces it."""
    number = bisect_right(starts, tag.start) - 1
    return number >= 0 and _replaces(formulas[number], tag)


def _with_pressures(
    measurements: Iterable[Measurement], passages: Sequence[Passage], contexts: dict[tuple[str, ...], Context]
) -> Iterable[Measurement]:
    """Densities without a pressure take the one that their own file states, once and for all, for its density test."""
    for measurement in measurements:
        stated = contexts[passages[measurement.passage].place.path].pressures
        lacking = measurement.property == "compaction_density" and "pressure" not in dict(measurement.conditions)
        if lacking and stated and len({pressure.value for pressure in stated}) == 1:
            yield measurement._replace(conditions=(*measurement.conditions, ("pressure", stated[0])))
        else:
            yield measurement
