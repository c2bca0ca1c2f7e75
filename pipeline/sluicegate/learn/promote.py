"""A candidate and the live model in; the comparison on documents that neither learned from, and the promotion, out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sluicegate.classify.model import find_model, load_model, named_model, shipped_models
from sluicegate.errors import ModelMissing, SluicegateError
from sluicegate.learn.compare import Paired, compare, worse
from sluicegate.learn.evaluate import fingerprint, learned_from
from sluicegate.learn.judge import by_line
from sluicegate.learn.progress import Progress, silent
from sluicegate.learn.sample import Sample
from sluicegate.learn.shelf import make_current, previous
from sluicegate.learn.split import split
from sluicegate.screener import Screener
from sluicegate.settings import Settings


@dataclass(frozen=True, slots=True)
class Duel:
    """What was found: the champion's name (`None` when there is none), the comparisons, and how many documents."""

    champion: str | None
    found: tuple[Paired, ...]
    documents: int

    @property
    def worse(self) -> list[Paired]:
        """Where the challenger is worse."""
        return worse(self.found)


def frozen_for(samples: Sequence[Sample], reviewed: Sequence[Sample], folders: Sequence[Path]) -> list[Sample]:
    """The frozen samples and all past review decisions, without what one of the models learned from."""
    learned = frozenset().union(*(learned_from(folder) for folder in folders))
    _, frozen = split(samples)
    return [sample for sample in (*frozen, *reviewed) if fingerprint(sample.text) not in learned]


def duel(
    name: str, samples: Sequence[Sample], reviewed: Sequence[Sample], *, settings: Settings, progress: Progress = silent
) -> Duel:
    """Measure the model of this name beside the live one. Raises `ModelMissing`, `ModelRefused`."""
    folder = named_model(name, (settings.folder("models"), shipped_models()))
    challenger = load_model(folder)
    try:
        live = find_model(settings)
        champion = load_model(live)
    except SluicegateError:
        return Duel(None, (), 0)  # no live model that can be used: any sound model is better
    chosen = frozen_for(samples, reviewed, (folder, live))
    screener = Screener.build(settings)
    before = by_line(replace(screener, model=champion, model_folder=live), chosen, progress=progress)
    after = by_line(replace(screener, model=challenger, model_folder=folder), chosen, progress=progress)
    return Duel(champion.name, tuple(compare(before, after)), len(chosen))


def promote(name: str, *, settings: Settings, reason: str, forced: bool) -> None:
    """Make the model live, in one rename. Raises `ModelMissing` or `ModelRefused`; the live model then stays."""
    load_model(named_model(name, (settings.folder("models"), shipped_models())))
    try:
        before: str | None = find_model(settings).name
    except ModelMissing:
        before = None
    make_current(settings.folder("models"), name, reason=reason, forced=forced, before=before)


def rollback(*, settings: Settings, reason: str) -> str:
    """Make the model live that was live before; its name. Raises `ModelMissing` when there was none."""
    live = find_model(settings).name
    before = previous(settings.folder("models"), live)
    if before is None:
        raise ModelMissing(f"nothing was live before {live!r}")
    promote(before, settings=settings, reason=reason, forced=False)
    return before
