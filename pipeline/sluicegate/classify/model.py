"""A model folder in, a Model out that scores documents window by window.

The live model is the company's own promoted one (`current` in the models folder of the settings), else the shipped
one, which travels in the wheel.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sluicegate.classify.columns import COLUMNS, columns_of
from sluicegate.classify.manifest import NAME, Manifest, verify
from sluicegate.classify.modelfile import read_content
from sluicegate.classify.score import Thresholds, WindowScore
from sluicegate.classify.vectors import window_logits
from sluicegate.document import Document
from sluicegate.errors import ModelMissing, ModelRefused
from sluicegate.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CURRENT = "current"
TEACHES = "teaches"
LISTED = "listed"
_BATCH = 256  # passages scored in one call; bounds the memory of a long document


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded model.

    The heads are `teaches`, `listed` (given that a window teaches, is it something listed?) and one for each control
    point (given the same). `weights` has shape (COLUMNS, heads), `calibration` (2, heads): a head's probability is
    sigmoid(slope * logit + shift). Whether a text teaches is so learned apart from what it is about.
    """

    name: str
    languages: frozenset[str]
    thresholds: Thresholds
    heads: tuple[str, ...]
    weights: NDArray[np.float32] = field(repr=False)
    intercepts: NDArray[np.float32] = field(repr=False)
    calibration: NDArray[np.float64] = field(repr=False)
    manifest: Manifest = field(repr=False)

    def score(self, document: Document) -> tuple[WindowScore, ...]:
        """A score for every window of every passage, in reading order; empty passages have none."""
        texts = [passage.text for passage in document.passages]
        return tuple(
            score
            for first in range(0, len(texts), _BATCH)
            for score in self._score(texts[first : first + _BATCH], first)
        )

    def score_texts(self, texts: list[str]) -> tuple[WindowScore, ...]:
        """The same for plain texts, each taken as one passage."""
        return tuple(
            score
            for first in range(0, len(texts), _BATCH)
            for score in self._score(texts[first : first + _BATCH], first)
        )

    def _score(self, texts: list[str], first: int) -> list[WindowScore]:
        logits, spans = window_logits(texts, self.weights)
        if not spans:
            return []
        chances = self._calibrated(logits)
        teaches = chances[:, 0].tolist()
        rest = (chances[:, :1] * chances[:, 1:]).tolist()
        names = self.heads[2:]
        return [
            WindowScore(first + passage, start, end, teaching, row[0], tuple(zip(names, row[1:], strict=True)))
            for (passage, start, end), teaching, row in zip(spans, teaches, rest, strict=True)
        ]

    def _calibrated(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Calibrated probabilities, shape (windows, heads), of the weights' sums."""
        import numpy as np

        calibrated = (logits + self.intercepts) * self.calibration[0] + self.calibration[1]
        found: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(calibrated, -40.0, 40.0)))
        return found

    def explain(self, text: str, *, top: int = 12) -> tuple[tuple[str, float], ...]:
        """The terms of `text` that drove its controlled score, strongest first, with what each added to the logits."""
        from sluicegate.classify.terms import Spelling

        spelling = Spelling(text)
        if not spelling.features:
            return ()
        columns = columns_of(spelling.features)
        drive = (self.weights[columns, :2] @ self.calibration[0][:2] / len(columns) ** 0.5).tolist()
        strongest = sorted(zip(spelling.features, drive, strict=True), key=lambda pair: -abs(pair[1]))[: 8 * top]
        added: dict[str, float] = {}
        for feature, weight in strongest:
            name = spelling.of(feature)
            added[name] = added.get(name, 0.0) + weight
        ranked = sorted(added.items(), key=lambda item: (-abs(item[1]), item[0]))
        return tuple((name, round(weight, 3)) for name, weight in ranked[:top] if abs(weight) >= 0.005)


@cache
def shipped_models() -> Path:
    """The folder of the models that come with Sluicegate: in the wheel, or beside the sources."""
    packaged = Path(__file__).resolve().parent.parent / "shipped_models"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[3] / "models"


def find_model(settings: Settings) -> Path:
    """The folder of the model to use: the one that the settings name, else the promoted one, else the shipped one.

    Raises `ModelMissing` when the named or promoted model is not there: another one is never used in silence.
    """
    own, shipped = settings.folder("models"), shipped_models()
    if settings.model is not None:
        return named_model(settings.model, (own, shipped))
    if (own / CURRENT).is_file():
        return named_model(read_current(own), (own, shipped))
    if (shipped / CURRENT).is_file():
        return named_model(read_current(shipped), (shipped,))
    raise ModelMissing(f"no model is promoted in {own} and none is shipped in {shipped}: run sluicegate train")


def named_model(name: str, folders: tuple[Path, ...]) -> Path:
    """The folder of the model of this name, in the first of the folders that has it."""
    if NAME.fullmatch(name):
        for folder in folders:
            if (folder / name).is_dir():
                return folder / name
    raise ModelMissing(f"no model named {name!r} in {' or '.join(map(str, folders))}: see sluicegate models list")


def read_current(folder: Path) -> str:
    """The name in the folder's `current`; raises `ModelRefused` when it cannot be read."""
    try:
        return (folder / CURRENT).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelRefused(f"cannot read {folder / CURRENT}: run sluicegate models promote NAME") from error


def load_model(folder: Path) -> Model:
    """Load a model after checking all of it; raises `ModelMissing` or `ModelRefused`, and nothing is built then."""
    manifest, data = verify(folder)
    return build_model(read_content(data, shown=str(folder)), manifest)


def build_model(content: Any, manifest: Manifest) -> Model:
    """A model from the unpacked content of its file; raises `ModelRefused` when its shape is not ours."""
    import numpy as np

    heads = (TEACHES, LISTED, *manifest.points)
    regressions = content.get("heads") if isinstance(content, dict) else None
    if not isinstance(regressions, dict) or set(regressions) != set(heads):
        raise ModelRefused(f"model {manifest.name}: its heads are not the ones that its manifest names")
    weights = np.zeros((COLUMNS, len(heads)), dtype=np.float32)
    intercepts = np.zeros(len(heads), dtype=np.float32)
    try:
        columns = np.asarray(content["columns"], dtype=np.int64)
        calibration = np.asarray([content["calibration"][name] for name in heads], dtype=np.float64).T
        for number, name in enumerate(heads):
            weights[columns, number] = regressions[name].coef_.reshape(columns.shape)
            intercepts[number] = regressions[name].intercept_.reshape(1)[0]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise ModelRefused(f"model {manifest.name}: its heads are not regressions over its columns") from None
    if calibration.shape != (2, len(heads)) or columns.ndim != 1 or (len(columns) and columns.min() < 0):
        raise ModelRefused(f"model {manifest.name}: its calibration or its columns are not ours")
    if not (np.isfinite(weights).all() and np.isfinite(intercepts).all() and np.isfinite(calibration).all()):
        raise ModelRefused(f"model {manifest.name} holds numbers that are not finite")
    return Model(
        manifest.name, manifest.languages, manifest.thresholds, heads, weights, intercepts, calibration, manifest
    )
