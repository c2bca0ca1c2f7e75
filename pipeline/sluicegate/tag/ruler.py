"""The spaCy part: a Doc in, vocabulary spans in `doc.spans["sluicegate"]` and `doc.ents` out.

The component is registered as `sluicegate_ruler` and the tokenizer as `sluicegate.tokenizer.v1`, so both go into any
spaCy pipeline: `spacy.blank("en").add_pipe("sluicegate_ruler")` after importing this module. Phrase patterns only:
their cost does not grow with their number. What the matcher cannot see (a word broken by spaces, dashes or invisible
characters) comes from the skeleton filter and joins the same spans.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import Any

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans, registry

from sluicegate.tag.normalise import normalise
from sluicegate.tag.prefilter import Hit, Prefilter
from sluicegate.tag.terms import Vocabulary, load_vocabulary
from sluicegate.tag.tokenise import Tokeniser

SPANS = "sluicegate"
Stretch = tuple[int, int, str]
_HAN = re.compile("[\u4e00-\u9fff]+")


class Ruler:
    """Marks the vocabulary in a Doc; a span's label is the tag label, its id the term's key in the vocabulary."""

    def __init__(self, nlp: Any, vocabulary: Vocabulary, prefilter: Prefilter | None = None) -> None:
        self._vocabulary = vocabulary
        self._keys = tuple(key for _, _, key in vocabulary.phrases)
        self._labels = {key: term.label.value for key, term in vocabulary.by_key.items()}
        self._prefilter = prefilter or vocabulary.prefilter()
        self._han = tuple(len(text) if _HAN.fullmatch(text) else -1 for text, _, _ in vocabulary.phrases)
        self._tokeniser = Tokeniser(nlp.vocab)
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._strings = nlp.vocab.strings
        self._names: dict[int, str] = {}
        patterns: dict[str, list[Doc]] = {}
        for phrase, exact, key in vocabulary.phrases:
            if not exact:
                patterns.setdefault(key, []).append(nlp.make_doc(normalise(phrase).text))
        for key, docs in patterns.items():
            self._matcher.add(key, docs)
            self._names[self._strings[key]] = key

    def __call__(self, doc: Doc) -> Doc:
        """Fill `doc.spans["sluicegate"]` (all) and `doc.ents` (the longest, where they overlap)."""
        starts = [token.idx for token in doc]
        ends = [token.idx + len(token) for token in doc]
        found = self._found(doc, starts, ends, self._prefilter.hits(doc.text))
        places = (
            {start: number for number, start in enumerate(starts)},
            {end: number for number, end in enumerate(ends)},
        )
        spans = [
            self._span(doc, places[0][start], places[1][end] + 1, key) for start, end, key in self._outermost(found)
        ]
        doc.spans[SPANS] = spans
        doc.ents = filter_spans([*spans, *doc.ents])
        return doc

    def mark(self, text: str) -> list[Stretch]:
        """The same for a bare text: characters [start, end) with the key of the term.

        A hit of unbroken Chinese characters is the matcher's span as it stands, because each of them is a token. The
        matcher sees the words around all other hits, which loses nothing that it would find.
        """
        found: dict[Stretch, None] = {}
        rest: list[Hit] = []
        for hit in self._prefilter.hits(text):
            phrase, start, end = hit
            if self._han[phrase] == end - start:
                found[start, end, self._keys[phrase]] = None
            else:
                rest.append(hit)
        if rest:
            found.update(self._found(*self._tokeniser.around(text, [(start, end) for _, start, end in rest]), rest))
        return self._outermost(found)

    def _found(self, doc: Doc, starts: list[int], ends: list[int], hits: Iterable[Hit]) -> dict[Stretch, None]:
        """What the matcher finds in tokens with these edges, then what the skeleton filter does."""
        names = self._names
        found = {(starts[first], ends[after - 1], names[match]): None for match, first, after in self._matcher(doc)}
        for phrase, start, end in hits:
            first, last = bisect_right(starts, start) - 1, bisect_left(starts, end) - 1
            found.setdefault((starts[first], ends[last], self._keys[phrase]))
        return found

    def _outermost(self, found: Iterable[Stretch]) -> list[Stretch]:
        """The stretches that neither lie in a longer one (磷酸铁 in 磷酸铁锂) nor begin in it and hang over."""
        labels = self._labels
        kept: list[Stretch] = []
        reach, widest, widest_label = -1, (-1, -1), ""
        for start, end, key in sorted(found, key=_by_place):
            inside = end <= reach and (start, end) != widest
            shorter = end - start <= widest[1] - widest[0]
            if inside or (start < reach < end and shorter and labels[key] == widest_label):
                continue
            if end > reach:
                reach, widest, widest_label = end, (start, end), labels[key]
            kept.append((start, end, key))
        return kept

    def _span(self, doc: Doc, first: int, after: int, key: str) -> Span:
        term = self._vocabulary.by_key[key]
        return Span(doc, first, after, label=term.label.value, span_id=key, kb_id=term.id)


def _by_place(stretch: Stretch) -> tuple[int, int]:
    return stretch[0], -stretch[1]


@Language.factory("sluicegate_ruler", assigns=["doc.spans", "doc.ents"])
def make_ruler(nlp: Language, name: str) -> Ruler:
    """The component with the shipped vocabulary."""
    del name
    return Ruler(nlp, load_vocabulary())


@registry.tokenizers("sluicegate.tokenizer.v1")  # type: ignore[untyped-decorator]
def make_tokeniser() -> Callable[[Any], Tokeniser]:
    """The tokenizer for a pipeline's configuration."""
    return lambda nlp: Tokeniser(nlp.vocab)


def pipeline(vocabulary: Vocabulary, prefilter: Prefilter) -> Any:
    """A blank pipeline with our tokenizer and ruler, its lexeme attributes trimmed to what phrases need."""
    nlp = spacy.blank("xx")
    nlp.max_length = 100_000_000
    vocab: Any = nlp.vocab
    getters = vocab.lex_attr_getters
    vocab.lex_attr_getters = {
        attribute: getters[attribute] for attribute in (spacy.attrs.LOWER,) if attribute in getters
    }
    nlp.tokenizer = Tokeniser(nlp.vocab)
    ruler = Ruler(nlp, vocabulary, prefilter)
    return nlp, ruler
