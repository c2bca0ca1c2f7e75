"""Tags and window scores in, what each window is about out: which control points it touches, or why none.

A window of text *touches* a control point when it names it decisively, or when its neighbourhood or its document does,
or when several contextual terms of the point stand in it. Where its document names another technology more often, the
window touches it doubtfully: it is reviewed and not held, but no words that anybody could append release it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from sluicegate.classify.score import Thresholds, WindowScore
from sluicegate.decide import Subject, Teaching
from sluicegate.tag import Tagged
from sluicegate.tag.context import named_fields
from sluicegate.tag.recipe import recipe_parts
from sluicegate.verdict import Tag

_NEIGHBOURS = 2  # passages before and after whose subject a window without one inherits
_CODED = "coded"  # id of the tags that name a material by a code
_LIQUOR = re.compile(r"solution|溶液|[A-Z]\d?液", re.I)  # a code of the laboratory's, which hides no material
_COMPOUND = "formula-compound"  # id of the tags of formulas that belong to no class
_ELEMENT = re.compile(r"[A-Z][a-z]?")
_COMPLEX = 4  # elements besides hydrogen from which a compound is a product rather than a reagent
_REAGENTS = "lithium-"  # ids of the tags of lithium and its salts
_PAIR = 2
_LIST = 60  # characters between two names of one list
_SENTENCE_END = re.compile(r"[\n。；;!?！？]|\.\s")
_AROUND = 400  # characters before and after a window that may name its field
_LIKELY = 0.6  # probability of a point from which contextual terms alone make a window touch it
_SURE = 0.75  # probability from which one hint at the likeliest point makes a nameless text worth a review
_UNLIKELY = 0.15  # below this a named point is what a recipe uses, not what it makes
_RECIPE = 4  # parts of a recipe that make a nameless text worth a review
_POWDER = frozenset({"quantity-compaction_density", "quantity-carbon_content"})  # measured on a cathode powder
_CONTEXT = 3  # different contextual terms of the point that this takes


@dataclass(frozen=True, slots=True)
class Bands(Thresholds):
    """Thresholds on the score: the model's, or those that the policy sets."""

    def teaching(self, score: float, languages: Set[str] = frozenset()) -> Teaching:
        """The band that the score of a text in these languages falls into."""
        if score >= self.sure_of(languages):
            return Teaching.YES
        return Teaching.UNSURE if score >= self.unsure_of(languages) else Teaching.NO


@dataclass(frozen=True, slots=True)
class Touch:
    """A scored window with its tags, the labels that it touches, and what it is about if it touches none.

    `teaching` is whether it teaches something controlled, by the thresholds for its language.
    """

    window: WindowScore
    tags: tuple[Tag, ...]
    labels: frozenset[str]
    subject: Subject | None
    teaching: Teaching

    @property
    def score(self) -> float:
        """Probability that the window teaches something controlled."""
        return self.window.controlled


def could_touch(tagged: Tagged) -> bool:
    """Whether scores could make anything of the document: something is tagged in it, or a passage names a field.

    Where they could not, `touch_all` finds no label and no subject for any score: nothing need be scored.
    """
    return any(tagged.tags) or bool(named_fields("\n".join(passage.text for passage in tagged.document.passages)))


def touch_all(tagged: Tagged, windows: Sequence[WindowScore], bands: Bands) -> list[Touch]:
    """What each window is about, in the order of the windows."""
    around_passage = _Inherited(tagged)
    touches = []
    for window in windows:
        tags = _tags_within(tagged.tags[window.passage], window.start, window.end)
        labels = _labels(window, tags, around_passage)
        subject = None
        languages = tagged.languages[window.passage]
        teaching = bands.teaching(window.controlled, languages)
        if not labels and max(window.teaches, window.controlled) >= bands.unsure_of(languages):
            start, end = max(0, window.start - _AROUND), window.end + _AROUND
            text = tagged.document.passages[window.passage].text
            around = text[start:end]
            near = _tags_within(tagged.tags[window.passage], start, end)
            labels = _guessed(window, near, around, bands)
            if not labels and teaching is Teaching.YES:
                labels = _doubted(window, tags, text, around_passage, bands)
                teaching = Teaching.UNSURE if labels else teaching
            subject = None if labels else _subject(window, tags, around_passage.others, around, bands)
        touches.append(Touch(window, tags, labels, subject, teaching))
    return touches


def _doubted(
    window: WindowScore, tags: tuple[Tag, ...], text: str, inherited: _Inherited, bands: Bands
) -> frozenset[str]:
    """The labels that a window which teaches would have, were it not for what else stands in its document.

    Words of another technology around a recipe, or more of them in the document, make doubtful what it is about; so it
    is reviewed. They do not release it: anybody can append them.
    """
    if _speaks_of_other(tags):
        return _plausible(frozenset(_listed(_apart(tags, text), decisive_only=True)), window)
    return inherited.named_of(window.passage) or _guessed(window, tags, text[window.start : window.end], bands)


class _Inherited(dict[int, frozenset[str]]):
    """What the windows of each passage are about that name nothing themselves; fills itself in.

    It is what the passage names, else what its nearest neighbours in the same file name, else the document; nothing in
    a document `of_other` technology, which names another one more often than all that is listed.
    """

    def __init__(self, tagged: Tagged) -> None:
        super().__init__()
        passages = tagged.document.passages
        self._files = [passage.place.path[:1] for passage in passages]
        self._named = [Counter(_listed(tags, decisive_only=True)) if tags else Counter[str]() for tags in tagged.tags]
        self.others = sum(map(_speaks_of_other, tagged.tags))
        self.of_other = self.others > sum(map(Counter.total, self._named))
        if self.of_other:
            apart = [_apart(tags, passage.text) for tags, passage in zip(tagged.tags, passages, strict=True)]
            self._named = [Counter(_listed(tags, decisive_only=True)) for tags in apart]
        total: Counter[str] = sum(filter(None, self._named), Counter())
        most = max(total.values(), default=0)
        self._document = frozenset(label for label, count in total.items() if count * 4 >= most)

    def __missing__(self, passage: int) -> frozenset[str]:
        self[passage] = frozenset() if self.of_other else self.named_of(passage)
        return self[passage]

    def named_of(self, passage: int) -> frozenset[str]:
        """The same, whatever other technology the document names; there, a name beside others in a list is none."""
        for reach in range(_NEIGHBOURS + 1):
            near = {index for index in (passage - reach, passage + reach) if 0 <= index < len(self._named)}
            own = [self._named[index] for index in near if self._files[index] == self._files[passage]]
            if any(own):
                return frozenset().union(*own)
        return self._document


def _apart(tags: Sequence[Tag], text: str) -> list[Tag]:
    """The tags with no other technology in their sentence: a list of cathodes says nothing of what a text is about."""
    others = [tag for tag in tags if _is_other(tag)]
    return [
        tag for tag in tags
        if not any(
            _within_sentence(text, min(tag.end, other.end), max(tag.start, other.start))
            for other in others
        )
    ]  # fmt: skip


def _within_sentence(text: str, start: int, end: int) -> bool:
    return end - start <= _LIST and _SENTENCE_END.search(text, start, max(start, end)) is None


def _labels(window: WindowScore, tags: tuple[Tag, ...], inherited: _Inherited) -> frozenset[str]:
    """The labels that a window touches: its own, else its passage's, its neighbours' or its document's."""
    if tags:
        own = Counter(_listed(tags, decisive_only=True))
        others = _speaks_of_other(tags)
        if own and sum(own.values()) >= others:
            return _plausible(frozenset(own), window) | _likely(window, tags, inherited)
        if others > len(_listed(tags, decisive_only=False)):
            return frozenset()
    return inherited[window.passage] or _likely(window, tags, inherited)


def _plausible(labels: frozenset[str], window: WindowScore) -> frozenset[str]:
    """The named labels without those that the model finds out of the question beside one that it finds likely.

    Iron phosphate is named in every recipe for lithium iron phosphate, and lithium carbonate in both.
    """
    chances = dict(window.points)
    if not any(chances.get(label, 0.0) >= _LIKELY for label in labels):
        return labels
    return frozenset(label for label in labels if chances.get(label, 1.0) >= _UNLIKELY)


def _likely(window: WindowScore, tags: tuple[Tag, ...], document: _Inherited) -> frozenset[str]:
    """Labels that the model finds likely and several contextual terms support, in a text that hides no name.

    Where another technology is named, its terms may be those of the other one: then the model has to be surer, and the
    document must not be about the other one.
    """
    if not tags or _is_coded(tags):
        return frozenset()
    if _speaks_of_other(tags) and (window.controlled < _LIKELY or document.of_other):
        return frozenset()
    context = {(tag.id, label) for tag in tags for label in tag.points}
    support = Counter(label for _, label in context)
    return frozenset(label for label, chance in window.points if chance >= _LIKELY and support[label] >= _CONTEXT)


def _guessed(window: WindowScore, tags: tuple[Tag, ...], text: str, bands: Bands) -> frozenset[str]:
    """Labels of a window that may teach, from the contextual terms around it and what the model finds likely.

    Two different terms of a label are as good as its name, one where the model is sure and does not rule the label out;
    but a lithium salt alone is a reagent of half of chemistry. Not in a text that speaks of another technology; one
    with codes must have a label that the model finds likely, in a field that it names.
    """
    if _speaks_of_other(tags):
        return frozenset()
    fields = named_fields(text)
    likely = fields & {label for label, chance in window.points if chance >= _LIKELY}
    if _is_coded(tags):
        return likely
    terms = {(tag.id, label) for tag in tags for label in tag.points}
    telling = Counter(label for term, label in terms if not term.startswith(_REAGENTS))
    support = Counter(label for _, label in terms)
    most = max((support[label] for label in fields), default=0)
    chances = dict(window.points)
    alone = {label for label in fields if window.controlled >= bands.sure and chances.get(label, 1.0) >= _UNLIKELY}
    named = {
        label for label in fields
        if support[label] == most and telling[label] and (support[label] >= _PAIR or label in alone)
    }  # fmt: skip
    return frozenset(named | likely)


def _is_coded(tags: Sequence[Tag]) -> bool:
    return any(tag.id == _CODED for tag in tags)


def _speaks_of_other(tags: Sequence[Tag]) -> int:
    """How often the tags name another technology, by its words or by the formula of an unlisted compound."""
    return sum(1 for tag in tags if _is_other(tag))


def _is_other(tag: Tag) -> bool:
    if tag.points:
        return all(point.startswith("other:") for point in tag.points)
    elements = set(_ELEMENT.findall(tag.text)) - {"H"} if tag.id == _COMPOUND else set()
    return len(elements) >= _COMPLEX


def _subject(window: WindowScore, tags: tuple[Tag, ...], elsewhere: int, around: str, bands: Bands) -> Subject | None:
    """What a window that teaches but touches nothing is about; `None` if nothing can be said of it.

    `elsewhere` is how often its document names another technology. A text that hides its material behind codes is
    unnamed unless it speaks of another technology at least as often;
    one without codes needs words of the listed fields and parts of a recipe, since a score alone is little.
    """
    if max(window.teaches, window.controlled) < bands.sure:
        return None
    others = _speaks_of_other(tags) or elsewhere
    coded = sum(tag.id == _CODED and not _LIQUOR.match(tag.text) for tag in tags)
    if coded and window.controlled >= bands.unsure and others < coded:
        return Subject.UNNAMED
    hints = {
        tag.id: tag.points for tag in tags if tag.id in _POWDER or any(not at.startswith("other:") for at in tag.points)
    }
    if not others and _hides(window, hints, bands) and len(recipe_parts(around)) >= _RECIPE:
        return Subject.UNNAMED
    return Subject.OTHER if others else None


def _hides(window: WindowScore, hints: Mapping[str, tuple[str, ...]], bands: Bands) -> bool:
    """Whether a window is about a listed point without its name: by several hints, or by one that the model is sure of.

    `hints` are ids of contextual tags with their labels.
    """
    if len(hints) >= _CONTEXT and window.controlled >= bands.sure:
        return True
    hinted = {label for labels in hints.values() for label in labels}
    return window.controlled >= _SURE and any(label in hinted and chance >= _LIKELY for label, chance in window.points)


def _listed(tags: Sequence[Tag], *, decisive_only: bool) -> list[str]:
    return [
        label
        for tag in tags
        if tag.decisive or not decisive_only
        for label in tag.points
        if not label.startswith("other:")
    ]


def _tags_within(tags: tuple[Tag, ...], start: int, end: int) -> tuple[Tag, ...]:
    first = bisect_left(tags, start, key=lambda tag: tag.start)
    return tuple(tag for tag in tags[first:] if tag.start < end and tag.end <= end)
