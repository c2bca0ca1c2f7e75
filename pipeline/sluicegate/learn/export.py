"""Documents in, a file to label out: those that the line is least sure of, and a random share of the released ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sluicegate.learn.judge import document_of
from sluicegate.learn.progress import Progress, silent
from sluicegate.learn.sample import Sample, fraction
from sluicegate.screener import Screener
from sluicegate.verdict import Decision, Verdict


@dataclass(frozen=True, slots=True)
class Choice:
    """A document chosen for labelling: why, its text, and the offsets of the passages that the verdict shows."""

    id: str
    why: str
    text: str = field(repr=False)
    group: str
    know_how: float
    shown: tuple[tuple[int, int], ...] = ()


def choose(
    screener: Screener, documents: Sequence[tuple[Path, tuple[str, ...]]], *, uncertain: int, released: int, seed: int,
    progress: Progress = silent,
) -> list[Choice]:  # fmt: skip
    """Up to `uncertain` documents nearest to the threshold and `released` others at random (the same for a seed)."""
    ranked: list[tuple[float, Sample, Verdict, float]] = []
    for number, (path, texts) in enumerate(documents):
        sample = Sample(id=str(path), texts=texts, controlled=False, teaches=None, group=path.stem)
        score = max((found.controlled for found in screener.model.score_texts(list(texts))), default=0.0)
        verdict = screener.screen_document(document_of(sample))
        ranked.append((_doubt(score, screener), sample, verdict, score))
        progress("screening", number + 1, len(documents))
    ranked.sort(key=lambda item: (-item[0], item[1].id))
    doubtful = ranked[:uncertain]
    rest = [item for item in ranked[uncertain:] if item[2].decision is Decision.RELEASE]
    rest.sort(key=lambda item: fraction(f"{seed}:{item[1].id}"))
    return [_choice(item, "uncertain") for item in doubtful] + [
        _choice(item, "released, at random") for item in rest[:released]
    ]


def _doubt(score: float, screener: Screener) -> float:
    """1 in the middle of the unsure band, falling to both sides."""
    middle = (screener.model.thresholds.sure + screener.model.thresholds.unsure) / 2
    return 1.0 - abs(score - middle)


def _choice(item: tuple[float, Sample, Verdict, float], why: str) -> Choice:
    _, sample, verdict, score = item
    text = sample.text
    places = [(text.find(passage.quote), len(passage.quote)) for passage in verdict.passages if passage.quote]
    shown = tuple((start, start + length) for start, length in places if start >= 0)
    return Choice(sample.id, why, text, sample.group, round(score, 4), shown if why == "uncertain" else ())


def label_studio(choices: Iterable[Choice]) -> str:
    """Tasks for import into Label Studio; the choices are "controlled", "not" and the control points."""
    tasks = [{"data": _data(choice) | {"text": choice.text}, "annotations": []} for choice in choices]
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


def doccano(choices: Iterable[Choice]) -> str:
    """JSON lines for import into doccano, with an empty label."""
    return _lines({"text": choice.text, "label": []} | _data(choice) for choice in choices)


def prodigy(choices: Iterable[Choice]) -> str:
    """JSON lines for Prodigy's `choice` interface."""
    options = [{"id": name, "text": name} for name in ("controlled", "not")]
    return _lines({"text": choice.text, "options": options, "meta": _data(choice)} for choice in choices)


def _data(choice: Choice) -> dict[str, Any]:
    return {
        "id": choice.id,
        "group": choice.group,
        "why": choice.why,
        "score": choice.know_how,
        "shown": [list(span) for span in choice.shown],
    }


def _lines(rows: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


FORMATS: dict[str, Callable[[Iterable[Choice]], str]] = {
    "label-studio": label_studio,
    "doccano": doccano,
    "prodigy": prodigy,
}
