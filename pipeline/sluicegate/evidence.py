"""Joins what was found (tags, measurements, window scores, controls) into the evidence that the policy decides on.

A window of text *touches* a control point when it names it decisively, or when its neighbourhood or its document does
and nothing in the window speaks of another technology. Thresholds are the model's unless the policy sets its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sluicegate.classify.model import Model
from sluicegate.classify.score import WindowScore
from sluicegate.controls import Controls, ListedPoint
from sluicegate.decide import PointEvidence, Subject, Teaching
from sluicegate.document import Place
from sluicegate.settings import Policy
from sluicegate.tag import Tagged
from sluicegate.tag.context import named_fields, speaks_of_rule
from sluicegate.tag.recipe import recipe_parts
from sluicegate.verdict import CriterionFinding, CriterionStatus, PointFinding, ScoredPassage, Tag
from sluicegate.weigh import joint_status, weigh

_SHOWN = 12  # scored passages in a verdict; the rest would only repeat the reason
_NEIGHBOURS = 2  # passages before and after whose subject a window without one inherits
_CODED = "coded"  # id of the tags that name a material by a code
_REAGENTS = "lithium-"  # ids of the tags of lithium and its salts
_PAIR = 2
_AROUND = 400  # characters before and after a window that may name its field
_LIKELY = 0.6  # probability of a point from which contextual terms alone make a window touch it
_UNLIKELY = 0.15  # below this a named point is what a recipe uses, not what it makes
_RECIPE = 4  # parts of a recipe that make a nameless text worth a review
_CONTEXT = 3  # different contextual terms of the point that this takes


@dataclass(frozen=True, slots=True)
class Bands:
    """Thresholds on the score: at or above `sure` a text teaches, at or above `unsure` it may."""

    sure: float
    unsure: float

    def teaching(self, score: float) -> Teaching:
        """The band that a score falls into."""
        if score >= self.sure:
            return Teaching.YES
        return Teaching.UNSURE if score >= self.unsure else Teaching.NO


@dataclass(frozen=True, slots=True)
class Touch:
    """A scored window with its tags, the labels that it touches, and what it is about if it touches none."""

    window: WindowScore
    tags: tuple[Tag, ...]
    labels: frozenset[str]
    subject: Subject | None

    @property
    def score(self) -> float:
        """Probability that the window teaches something controlled."""
        return self.window.controlled


@dataclass(frozen=True, slots=True)
class Gathered:
    """The evidence for `decide`, and the findings and passages that the verdict shows for it."""

    know_how: float
    points: tuple[PointEvidence, ...]
    findings: tuple[PointFinding, ...]
    passages: tuple[ScoredPassage, ...]
    untouched: Subject | None
    untouched_place: Place | None


def gather(
    tagged: Tagged, windows: Sequence[WindowScore], controls: Controls, model: Model, policy: Policy
) -> Gathered:
    """Evidence on one document. Pure: the same inputs give the same evidence."""
    bands = Bands(
        policy.teaches_at if policy.teaches_at is not None else model.thresholds.sure,
        policy.unsure_at if policy.unsure_at is not None else model.thresholds.unsure,
    )
    touches = _touch_all(tagged, windows, bands)
    best: dict[str, Touch] = {}
    for touch in touches:
        for label in touch.labels:
            if label not in best or touch.score > best[label].score:
                best[label] = touch
    named = {label for tags in tagged.tags for tag in tags if tag.decisive for label in tag.points}
    pairs = [
        _point(listed, best.get(listed.point.label), tagged, bands, controls)
        for listed in controls.points
        if listed.point.label in best or listed.point.label in named
    ]
    loose = max(
        (touch for touch in touches if touch.subject is not None), key=lambda touch: _loose_rank(touch), default=None
    )
    return Gathered(
        know_how=max((window.teaches for window in windows), default=0.0),
        points=tuple(evidence for evidence, _ in pairs),
        findings=tuple(sorted((finding for _, finding in pairs), key=lambda finding: -finding.score)),
        passages=_shown(touches, tagged, bands),
        untouched=loose.subject if loose else None,
        untouched_place=_place(loose.window, tagged) if loose else None,
    )


def _loose_rank(touch: Touch) -> tuple[bool, float]:
    return (touch.subject is Subject.UNNAMED, touch.window.teaches)


def _touch_all(tagged: Tagged, windows: Sequence[WindowScore], bands: Bands) -> list[Touch]:
    decisive = [Counter(_listed(tags, decisive_only=True)) for tags in tagged.tags]
    everywhere: Counter[str] = sum(decisive, Counter())
    every_tag = [tag for tags in tagged.tags for tag in tags]
    touches = []
    for window in windows:
        tags = _tags_within(tagged.tags[window.passage], window.start, window.end)
        labels = _labels(window, tags, decisive, everywhere, tagged)
        subject = None
        if not labels and max(window.teaches, window.controlled) >= bands.unsure:
            start, end = max(0, window.start - _AROUND), window.end + _AROUND
            around = tagged.document.passages[window.passage].text[start:end]
            near = _tags_within(tagged.tags[window.passage], start, end)
            labels = _guessed(window, near, around, bands)
            subject = None if labels else _subject(window, tags, every_tag, around, bands)
        touches.append(Touch(window, tags, labels, subject))
    return touches


def _labels(
    window: WindowScore, tags: tuple[Tag, ...], decisive: list[Counter[str]], everywhere: Counter[str], tagged: Tagged
) -> frozenset[str]:
    """The labels that a window touches: its own, else its passage's, its neighbours' or its document's."""
    own = Counter(_listed(tags, decisive_only=True))
    others = _speaks_of_other(tags)
    if own and (sum(own.values()) * 2 >= others or window.controlled >= 0.5):
        return _plausible(frozenset(own), window) | _likely(window, tags)
    if others > len(list(_listed(tags, decisive_only=False))):
        return frozenset()
    path = tagged.document.passages[window.passage].place.path
    for reach in range(_NEIGHBOURS + 1):
        near: Counter[str] = Counter()
        for index in {window.passage - reach, window.passage + reach}:
            if 0 <= index < len(decisive) and tagged.document.passages[index].place.path[:1] == path[:1]:
                near += decisive[index]
        if near:
            return frozenset(near)
    if everywhere:
        most = everywhere.most_common(1)[0][1]
        return frozenset(label for label, count in everywhere.items() if count * 4 >= most)
    return _likely(window, tags)


def _plausible(labels: frozenset[str], window: WindowScore) -> frozenset[str]:
    """The named labels without those that the model finds out of the question beside one that it finds likely.

    Iron phosphate is named in every recipe for lithium iron phosphate, and lithium carbonate in both.
    """
    chances = dict(window.points)
    if not any(chances.get(label, 0.0) >= _LIKELY for label in labels):
        return labels
    return frozenset(label for label in labels if chances.get(label, 1.0) >= _UNLIKELY)


def _likely(window: WindowScore, tags: tuple[Tag, ...]) -> frozenset[str]:
    """Labels that the model finds likely and several contextual terms support, in a text that hides no name."""
    if _is_coded(tags):
        return frozenset()
    context = {(tag.id, label) for tag in tags for label in tag.points}
    support = Counter(label for _, label in context)
    return frozenset(label for label, chance in window.points if chance >= _LIKELY and support[label] >= _CONTEXT)


def _guessed(window: WindowScore, tags: tuple[Tag, ...], text: str, bands: Bands) -> frozenset[str]:
    """Labels of a window that may teach, from the contextual terms around it and what the model finds likely.

    Two different terms of a label are as good as its name, one where the model is sure; but a lithium salt alone is a
    reagent of half of chemistry. Not in a text that hides its material or speaks of another technology.
    """
    if _is_coded(tags) or _speaks_of_other(tags):
        return frozenset()
    fields = named_fields(text)
    terms = {(tag.id, label) for tag in tags for label in tag.points}
    telling = Counter(label for term, label in terms if not term.startswith(_REAGENTS))
    support = Counter(label for _, label in terms)
    likely = {label for label, chance in window.points if chance >= _LIKELY}
    most = max((support[label] for label in fields), default=0)
    sure = window.controlled >= bands.sure
    named = {
        label for label in fields if support[label] == most and telling[label] and (sure or support[label] >= _PAIR)
    }
    return frozenset(named | (likely & fields))


def _is_coded(tags: Sequence[Tag]) -> bool:
    return any(tag.id == _CODED for tag in tags)


def _speaks_of_other(tags: Sequence[Tag]) -> int:
    return sum(1 for tag in tags if tag.points and all(point.startswith("other:") for point in tag.points))


def _subject(
    window: WindowScore, tags: tuple[Tag, ...], everywhere: Sequence[Tag], around: str, bands: Bands
) -> Subject | None:
    """What a window that teaches but touches nothing is about; `None` if nothing can be said of it.

    A text that hides its material behind codes is unnamed unless it speaks of another technology at least as often;
    one without codes needs words of the listed fields and parts of a recipe, since a score alone is little.
    """
    if max(window.teaches, window.controlled) < bands.sure:
        return None
    others = _speaks_of_other(tags) or _speaks_of_other(everywhere)
    coded = sum(tag.id == _CODED for tag in tags)
    if coded and window.controlled >= bands.unsure and others < coded:
        return Subject.UNNAMED
    hints = {tag.id for tag in tags if any(not point.startswith("other:") for point in tag.points)}
    nameless = window.controlled >= bands.sure and not others and len(hints) >= _CONTEXT
    if nameless and len(recipe_parts(around)) >= _RECIPE:
        return Subject.UNNAMED
    return Subject.OTHER if others else None


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


def _point(
    listed: ListedPoint, touch: Touch | None, tagged: Tagged, bands: Bands, controls: Controls
) -> tuple[PointEvidence, PointFinding]:
    score = touch.score if touch is not None else 0.0
    criteria = weigh(listed.point, tagged.measurements, tagged) if listed.point.numeric else ()
    joint = joint_status(criteria) if listed.point.numeric else None
    place = _place(touch.window, tagged) if touch is not None else None
    title = {"en": listed.point.title.en, "zh": listed.point.title.zh}
    evidence = PointEvidence(
        list=listed.list,
        id=listed.point.id,
        title=title,
        status=listed.status,
        teaching=bands.teaching(score),
        criteria=joint,
        place=place,
        goods=listed.point.subject == "goods",
        product_data_met=joint is CriterionStatus.MET and not _quotes_the_rule(criteria, tagged, controls),
    )
    return evidence, PointFinding(listed.list, listed.point.id, title, listed.status.value, score, criteria)


def _quotes_the_rule(criteria: Sequence[CriterionFinding], tagged: Tagged, controls: Controls) -> bool:
    """Whether every number met is a threshold of some list, quoted in a text about the rule and not of a product."""
    thresholds = {
        (criterion.property, criterion.value) for listed in controls.points for criterion in listed.point.criteria
    }
    met = [finding for finding in criteria if finding.status is CriterionStatus.MET]
    return all(
        finding.stated is not None and (finding.property, finding.stated.get("value")) in thresholds for finding in met
    ) and any(speaks_of_rule(passage.text) for passage in tagged.document.passages)


def _shown(touches: Sequence[Touch], tagged: Tagged, bands: Bands) -> tuple[ScoredPassage, ...]:
    """The windows worth showing, best first: all that may teach, or the best one alone."""
    ranked = sorted(touches, key=lambda touch: -max(touch.score, touch.window.teaches if touch.subject else 0.0))
    chosen: list[Touch] = []
    for touch in ranked:
        if len(chosen) == _SHOWN or (chosen and touch.score < bands.unsure):
            break
        if not any(_overlap(touch.window, other.window) for other in chosen):
            chosen.append(touch)
    return tuple(_scored(touch, tagged) for touch in chosen)


def _place(window: WindowScore, tagged: Tagged) -> Place:
    """Where a window stands: a table's first row, else its middle, since its first words may end another section."""
    in_table = tagged.document.passages[window.passage].grid is not None
    return tagged.locate(window.passage, window.start if in_table else (window.start + window.end) // 2)


def _overlap(first: WindowScore, second: WindowScore) -> bool:
    return first.passage == second.passage and first.start < second.end and second.start < first.end


def _scored(touch: Touch, tagged: Tagged) -> ScoredPassage:
    window = touch.window
    text = tagged.document.passages[window.passage].text
    quote = text[window.start : window.end]
    return ScoredPassage(
        place=_place(window, tagged),
        score=touch.score,
        quote=quote,
        tags=tuple(_shifted(tag, window.start) for tag in touch.tags),
        recipe=tuple(sorted(recipe_parts(quote))),
        points=tuple(sorted(touch.labels)),
    )


def _shifted(tag: Tag, start: int) -> Tag:
    return Tag(tag.label, tag.id, tag.text, tag.start - start, tag.end - start, tag.points, tag.decisive)
