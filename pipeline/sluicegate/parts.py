"""What each file of a document leads to by itself: tagged document and scores in, parts with their own decisions out.

The subject of a passage is still found in the whole document (a recipe in one file may be named in another), so a
part's own decision is never milder than what its passages contribute to the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from sluicegate.classify.model import Model
from sluicegate.classify.score import WindowScore
from sluicegate.controls import Controls
from sluicegate.decide import Evidence, decide, points_behind
from sluicegate.document import Part, Problem
from sluicegate.evidence import gather
from sluicegate.settings import Policy
from sluicegate.tag import Tagged
from sluicegate.verdict import Decision, Measurement

Path = tuple[str, ...]
_MOST_JUDGED = 64  # files that hold something; beyond, each counts as the whole document does


def judge_parts(
    tagged: Tagged,
    windows: Sequence[WindowScore],
    evidence: Evidence,
    *,
    controls: Controls,
    model: Model,
    policy: Policy,
) -> tuple[Part, ...]:
    """The document's parts, each with its own decision and the control points behind it."""
    parts = tagged.document.parts
    paths = {part.path for part in parts}
    homes = [_home(passage.place.path, paths) for passage in tagged.document.passages]
    scored: dict[Path, list[WindowScore]] = defaultdict(list)
    measured: dict[Path, list[Measurement]] = defaultdict(list)
    unread: dict[Path, list[Problem]] = defaultdict(list)
    for window in windows:
        scored[homes[window.passage]].append(window)
    for measurement in tagged.measurements:
        measured[homes[measurement.passage]].append(measurement)
    for problem in evidence.problems:
        unread[_home(problem.place.path, paths)].append(problem)
    filled = scored.keys() | measured.keys() | unread.keys()
    if len(filled) > _MOST_JUDGED:
        whole = (decide(evidence, unread=policy.unread).decision.value, points_behind(evidence))
        return tuple(replace(part, decision=whole[0], points=whole[1]) for part in parts)
    judged: dict[Path, tuple[str, tuple[str, ...]]] = {}
    for path in filled:
        own = replace(tagged, measurements=tuple(measured[path]))
        gathered = gather(own, scored[path], controls, model, policy)
        found = Evidence(gathered.points, gathered.untouched, gathered.untouched_place, tuple(unread[path]))
        judged[path] = (decide(found, unread=policy.unread).decision.value, points_behind(found))
    nothing: tuple[str, tuple[str, ...]] = (Decision.RELEASE.value, ())
    rows = [(part, judged.get(part.path, nothing)) for part in parts]
    return tuple(replace(part, decision=decision, points=points) for part, (decision, points) in rows)


def _home(path: Path, paths: set[Path]) -> Path:
    """The part that a place belongs to: the innermost file that became a part."""
    for depth in range(len(path), 0, -1):
        if path[:depth] in paths:
            return path[:depth]
    return min(paths, key=len)
