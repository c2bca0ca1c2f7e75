"""The spaCy part: a Doc in, vocabulary spans in `doc.spans["sluicegate"]` and `doc.ents` out.

The component is registered as `sluicegate_ruler` and the tokenizer as `sluicegate.tokenizer.v1`, so both go into any
spaCy pipeline: `spacy.blank("en").add_pipe("sluicegate_ruler")` after importing this module. Phrase patterns only:
their cost does not grow with their number. What the matcher cannot see (a word broken by spaces, dashes or invisible
characters) comes from the skeleton filter and joins the same spans.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans, registry

from sluicegate.tag.normalise import normalise
from sluicegate.tag.prefilter import Prefilter
from sluicegate.tag.terms import Vocabulary, load_vocabulary
from sluicegate.tag.tokenise import Tokeniser

SPANS = "sluicegate"


class Ruler:
    """Marks the vocabulary in a Doc; a span's label is the tag label, its id the term's key in the vocabulary."""

    def __init__(self, nlp: Any, vocabulary: Vocabulary, prefilter: Prefilter | None = None) -> None:
        self._vocabulary = vocabulary
        self._keys = tuple(key for _, _, key in vocabulary.phrases)
        self._prefilter = prefilter or vocabulary.prefilter()
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        patterns: dict[str, list[Doc]] = {}
        for phrase, exact, key in vocabulary.phrases:
            if not exact:
                patterns.setdefault(key, []).append(nlp.make_doc(normalise(phrase).text))
        for key, docs in patterns.items():
            self._matcher.add(key, docs)

    def __call__(self, doc: Doc) -> Doc:
        """Fill `doc.spans["sluicegate"]` (all) and `doc.ents` (the longest, where they overlap)."""
        return self.mark(doc, doc.text)

    def mark(self, doc: Doc, text: str) -> Doc:
        """The same for a caller who has the Doc's text at hand: spaCy puts it together from tokens, which is dear."""
        found: dict[tuple[int, int, str], Span] = {}
        for match, start, end in self._matcher(doc):
            key = doc.vocab.strings[match]
            found[start, end, key] = self._span(doc, start, end, key)
        for hit in self._prefilter.hits(text):
            span = doc.char_span(hit.start, hit.end, alignment_mode="expand")
            key = self._keys[hit.phrase]
            if span is not None and (span.start, span.end, key) not in found:
                found[span.start, span.end, key] = self._span(doc, span.start, span.end, key)
        spans = outermost(list(found.values()))
        doc.spans[SPANS] = spans
        doc.ents = filter_spans([*spans, *doc.ents])
        return doc

    def _span(self, doc: Doc, start: int, end: int, key: str) -> Span:
        term = self._vocabulary.by_key[key]
        return Span(doc, start, end, label=term.label.value, span_id=key, kb_id=term.id)


def outermost(spans: list[Span]) -> list[Span]:
    """The spans that neither lie inside a longer one (磷酸铁 in 磷酸铁锂) nor begin in it and hang over (铁锂粉)."""
    kept: list[Span] = []
    reach, widest, label = -1, (-1, -1), ""
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        place = (span.start, span.end)
        inside = span.end <= reach and place != widest
        shorter = span.end - span.start <= widest[1] - widest[0]
        hanging = span.start < reach < span.end and shorter and span.label_ == label
        if inside or hanging:
            continue
        if span.end > reach:
            reach, widest, label = span.end, place, span.label_
        kept.append(span)
    return kept


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
        attribute: getters[attribute]
        for attribute in (spacy.attrs.LOWER, spacy.attrs.NORM, spacy.attrs.IS_SPACE)
        if attribute in getters
    }
    nlp.tokenizer = Tokeniser(nlp.vocab)
    ruler = Ruler(nlp, vocabulary, prefilter)
    return nlp, ruler
    return nlp
