"""What `sluicegate train` does: samples from everywhere in, a written model and what is doubtful about them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sluicegate.errors import SampleError
from sluicegate.learn.card import card
from sluicegate.learn.check import Doubt, alike_across, conflicts, suspects, too_few
from sluicegate.learn.documents import read_documents
from sluicegate.learn.evaluate import LEARNED_FILE, fingerprint
from sluicegate.learn.fit import FitSettings
from sluicegate.learn.load import Loaded, load_samples
from sluicegate.learn.pack import folder_files
from sluicegate.learn.progress import Progress, silent
from sluicegate.learn.sample import SHIPPED, UNLABELLED, Sample, digest_of, language_of
from sluicegate.learn.shelf import require_free, sweep, write_model
from sluicegate.learn.split import join_alike, split
from sluicegate.learn.train import Trained, shipped_samples, train, unseen_by, weigh_origins
from sluicegate.settings import Settings

_UNLABELLED_WEIGHT = 0.5  # somebody else's harmless text is worth less than one that a person called harmless


@dataclass(frozen=True, slots=True)
class Order:
    """What to learn from and how."""

    data: tuple[Path, ...]
    unlabelled: tuple[Path, ...] = ()
    shipped: bool = True
    own_weight: float = 3.0
    fit: FitSettings = field(default_factory=FitSettings)
    jobs: int = -1


@dataclass(frozen=True, slots=True)
class Result:
    """The folder of the new model, what was left out, what is doubtful, and how many documents were set aside."""

    folder: Path
    trained: Trained
    skipped: tuple[tuple[str, str], ...]
    doubts: tuple[Doubt, ...]
    suspects: tuple[Doubt, ...]
    frozen: int


def gather(order: Order, *, settings: Settings) -> Loaded:
    """All samples that the order names, near copies in one group. Raises `SampleError`."""
    own = load_samples(order.data, settings=settings, jobs=order.jobs)
    shipped = load_samples([shipped_samples()], settings=settings, origin=SHIPPED) if order.shipped else Loaded((), ())
    plain = [_ordinary(path, settings, order.jobs) for path in order.unlabelled]
    taken = {sample.id for sample in shipped.samples}
    renamed = [sample if sample.id not in taken else replace(sample, id=f"own:{sample.id}") for sample in own.samples]
    samples = (*shipped.samples, *renamed, *(sample for found in plain for sample in found.samples))
    skipped = (*own.skipped, *shipped.skipped, *(item for found in plain for item in found.skipped))
    return Loaded(tuple(join_alike(samples)), skipped)


def _ordinary(folder: Path, settings: Settings, jobs: int) -> Loaded:
    """A folder of the company's ordinary documents, taken as harmless."""
    if not folder.is_dir():
        raise SampleError(f"{folder} is not a folder of ordinary documents")
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    samples: list[Sample] = []
    skipped: list[tuple[str, str]] = []
    for path, texts in zip(paths, read_documents(paths, settings, jobs=jobs), strict=True):
        place = path.relative_to(folder).as_posix()
        kept = texts if isinstance(texts, str) else tuple(text for text in texts if text.strip())
        if isinstance(kept, str) or not kept:
            skipped.append((place, kept if isinstance(kept, str) else "it holds no text"))
            continue
        samples.append(
            Sample(
                id=f"{folder.name}/{place}", texts=kept, controlled=False, teaches=None, group=f"{folder.name}/{place}",
                language=language_of("\n".join(kept)), origin=UNLABELLED, weight=_UNLABELLED_WEIGHT, place=place,
            )
        )  # fmt: skip
    return Loaded(tuple(samples), tuple(skipped))


@dataclass(frozen=True, slots=True)
class Learned:
    """A model before it is written, all samples, those set aside among them, and what was left out of them."""

    trained: Trained
    samples: tuple[Sample, ...]
    skipped: tuple[tuple[str, str], ...]
    frozen: tuple[Sample, ...]

    def named(self, name: str) -> Learned:
        """The same under a name."""
        return replace(self, trained=replace(self.trained, recipe=replace(self.trained.recipe, name=name)))

    def fingerprints(self) -> bytes:
        """The fingerprints of the texts that it learned from, one a line."""
        return ("\n".join(sorted({fingerprint(sample.text) for sample in self.trained.corpus.samples})) + "\n").encode()


def learn(order: Order, *, settings: Settings, progress: Progress = silent) -> Learned:
    """Learn from everything but the frozen set. Raises `SampleError`."""
    progress("reading samples", 0, 1)
    loaded = gather(order, settings=settings)
    learned, frozen = split(loaded.samples)
    trained = train(
        weigh_origins(learned, own_weight=order.own_weight),
        name="",
        settings=order.fit,
        jobs=order.jobs,
        progress=progress,
    )
    data = dict(trained.recipe.data) | {"frozen": len(frozen), "paths": [str(path.resolve()) for path in order.data]}
    name = f"{datetime.now(UTC):%Y%m%d}-{digest_of(loaded.samples)[:8]}"
    trained = replace(trained, recipe=replace(trained.recipe, data=data, name=name))
    return Learned(trained, loaded.samples, loaded.skipped, tuple(frozen))


def run(order: Order, *, name: str | None, models: Path, settings: Settings, progress: Progress = silent) -> Result:
    """Learn, and write the model without making it live. Raises `SampleError`, `ModelError`; nothing is left then."""
    if name is not None:
        require_free(models, name)
    learned = learn(order, settings=settings, progress=progress)
    if name is not None:
        learned = learned.named(name)
    import numpy as np

    progress("writing", 0, 1)
    if models.is_dir():
        sweep(models)
    trained = learned.trained
    files = folder_files(trained.recipe, card(trained), extra={LEARNED_FILE: learned.fingerprints()})
    folder = write_model(models, trained.recipe.name, files)
    own = [sample for sample in learned.samples if not sample.shipped and sample.origin != UNLABELLED]
    doubts = (*conflicts(own), *alike_across(own), *too_few(learned.samples))
    aside = [sample for sample in learned.frozen if not sample.shipped]
    asked = (*trained.corpus.samples, *aside)
    doubtful = tuple(suspects(asked, np.concatenate([trained.controlled, unseen_by(trained, aside)])))
    return Result(folder, trained, learned.skipped, doubts, doubtful, len(learned.frozen))


def paths_of(data: Sequence[object]) -> tuple[Path, ...]:
    """The paths that a manifest names and that are still there."""
    return tuple(path for path in (Path(str(item)) for item in data) if path.exists())
