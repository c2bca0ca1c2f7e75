"""Joins what was found (tags, measurements, window scores, controls) into the evidence that the policy decides on.

Thresholds on the scores are the model's unless the policy sets its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sluicegate.classify.model import Model
from sluicegate.classify.score import WindowScore
from sluicegate.controls import Controls, ListedPoint
from sluicegate.decide import PointEvidence, Subject, Teaching
from sluicegate.document import Place
from sluicegate.settings import Policy
from sluicegate.tag import Tagged
from sluicegate.tag.context import speaks_of_rule
from sluicegate.tag.recipe import recipe_parts
from sluicegate.touch import Bands, Touch, touch_all
from sluicegate.verdict import CriterionFinding, CriterionStatus, PointFinding, ScoredPassage, Tag
from sluicegate.weigh import joint_status, weigh

_SHOWN = 12  # scored passages in a verdict; the rest would only repeat the reason


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
        () if policy.unsure_at is not None else model.thresholds.unsure_in,
        () if policy.teaches_at is not None else model.thresholds.sure_in,
    )
    touches = touch_all(tagged, windows, bands)
    best: dict[str, Touch] = {}
    for touch in touches:
        for label in touch.labels:
            if label not in best or _rank(touch) > _rank(best[label]):
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
        passages=_shown(touches, tagged),
        untouched=loose.subject if loose else None,
        untouched_place=_place(loose.window, tagged) if loose else None,
    )


def _rank(touch: Touch) -> tuple[bool, float]:
    return (touch.teaching is not Teaching.NO, touch.score)


def _loose_rank(touch: Touch) -> tuple[bool, float]:
    return (touch.subject is Subject.UNNAMED, touch.window.teaches)


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
        teaching=touch.teaching if touch is not None else bands.teaching(score),
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


def _shown(touches: Sequence[Touch], tagged: Tagged) -> tuple[ScoredPassage, ...]:
    """The windows worth showing, best first: all that may teach, or the best one alone."""
    ranked = sorted(touches, key=lambda touch: -max(touch.score, touch.window.teaches if touch.subject else 0.0))
    chosen: list[Touch] = []
    for touch in ranked:
        if len(chosen) == _SHOWN:
            break
        if chosen and touch.teaching is Teaching.NO:
            continue
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
