"""The spaCy part: a Doc in, vocabulary spans in `doc.spans["sluicegate"]` and `doc.ents` out.

The component is registered as `sluicegate_ruler` and the tokenizer as `sluicegate.tokenizer.v1`, so both go into any
spaCy pipeline: `spacy.blank("en").add_pipe("sluicegate_ruler")` after importing this module. Phrase patterns only:
their cost does not grow with their number. What the matcher cannot see (a word broken by spaces, dashes or invisible
characters) comes from the skeleton filter and joins the same spans.
"""

from __future__ import annotations

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
from sluicegate.verdict import TagLabel

SPANS = "sluicegate"
Stretch = tuple[int, int, str]


class Ruler:
    """Marks the vocabulary in a Doc; a span's label is the tag label, its id the term's key in the vocabulary."""

    def __init__(self, nlp: Any, vocabulary: Vocabulary, prefilter: Prefilter | None = None) -> None:
        self._vocabulary = vocabulary
        self._keys = tuple(key for _, _, key in vocabulary.phrases)
        self._prefilter = prefilter or vocabulary.prefilter()
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
        found = self._found(doc, starts, self._prefilter.hits(doc.text))
        spans = [self._span(doc, *stretch) for stretch in found]
        doc.spans[SPANS] = spans
        doc.ents = filter_spans([*spans, *doc.ents])
        return doc

    def mark(self, text: str) -> list[Stretch]:
        """The same for a bare text, as characters [start, end) with the key of the term.

        The matcher sees the words around what the skeleton filter hits, which loses nothing that it would find.
        """
        hits = self._prefilter.hits(text)
        doc, starts, ends = self._tokeniser.around(text, [(start, end) for _, start, end in hits])
        return [(starts[first], ends[after - 1], key) for first, after, key in self._found(doc, starts, hits)]

    def _found(self, doc: Doc, starts: list[int], hits: Iterable[Hit]) -> list[Stretch]:
        """Token stretches [first, after) with the key of their term: the matcher's, then the skeleton filter's."""
        names = self._names
        found = {(first, after, names[match]): None for match, first, after in self._matcher(doc)}
        for phrase, start, end in hits:
            found.setdefault((bisect_right(starts, start) - 1, bisect_left(starts, end), self._keys[phrase]))
        labels = self._vocabulary.by_key
        return outermost((first, after, key, labels[key].label) for first, after, key in found)

    def _span(self, doc: Doc, first: int, after: int, key: str) -> Span:
        term = self._vocabulary.by_key[key]
        return Span(doc, first, after, label=term.label.value, span_id=key, kb_id=term.id)


def outermost(found: Iterable[tuple[int, int, str, TagLabel]]) -> list[Stretch]:
    """The stretches that neither lie in a longer one (磷酸铁 in 磷酸铁锂) nor begin in it and hang over (铁锂粉)."""
    kept: list[Stretch] = []
    reach, widest = -1, (-1, -1)
    widest_label: TagLabel | None = None
    for first, after, key, label in sorted(found, key=lambda stretch: (stretch[0], -stretch[1])):
        inside = after <= reach and (first, after) != widest
        shorter = after - first <= widest[1] - widest[0]
        hanging = first < reach < after and shorter and label is widest_label
        if inside or hanging:
            continue
        if after > reach:
            reach, widest, widest_label = after, (first, after), label
        kept.append((first, after, key))
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
        attribute: getters[attribute] for attribute in (spacy.attrs.LOWER,) if attribute in getters
    }
    nlp.tokenizer = Tokeniser(nlp.vocab)
    ruler = Ruler(nlp, vocabulary, prefilter)
    return nlp, ruler
