"""Fitted heads in, the bytes of a model folder out: a skops file without foreign types, a manifest, a card."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from sluicegate import __version__
from sluicegate.classify.manifest import CARD_FILE, MANIFEST_FILE, MODEL_FILE, SCHEMA
from sluicegate.classify.score import Thresholds
from sluicegate.classify.tokens import feature_version
from sluicegate.learn.fit import Fitted

_SKLEARN = ("1.6", "2")


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that goes into a model folder besides its card."""

    name: str
    fitted: Fitted = field(repr=False)
    calibration: Mapping[str, tuple[float, float]]
    thresholds: Thresholds
    languages: Sequence[str]
    data: Mapping[str, object]
    settings: Mapping[str, object]
    drift: Mapping[str, object]


def model_bytes(recipe: Recipe) -> bytes:
    """The skops file: logistic regressions over shared columns, and the calibration as plain numbers."""
    import zipfile

    import numpy as np
    from skops import io as skops_io

    content = {
        "heads": {name: _lean(regression) for name, regression in recipe.fitted.heads.items()},
        "columns": recipe.fitted.columns.astype(np.int32),
        "calibration": {name: [float(slope), float(shift)] for name, (slope, shift) in recipe.calibration.items()},
    }
    data: bytes = skops_io.dumps(content, compression=zipfile.ZIP_DEFLATED)
    return data


def _lean(regression: Any) -> Any:
    """The regression with single-precision coefficients: half the size, the same ranking."""
    import copy

    import numpy as np

    lean = copy.copy(regression)
    lean.coef_ = regression.coef_.astype(np.float32)
    return lean


def folder_files(recipe: Recipe, card: str, *, extra: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """Every file of the model folder by name."""
    files = {MODEL_FILE: model_bytes(recipe), CARD_FILE: card.encode(), **(extra or {})}
    return files | {MANIFEST_FILE: _manifest(recipe, files).encode()}


def _manifest(recipe: Recipe, files: Mapping[str, bytes]) -> str:
    top = {
        "schema": SCHEMA,
        "name": recipe.name,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "feature_version": feature_version(),
        "scikit_learn": list(_SKLEARN),
        "languages": sorted(recipe.languages),
        "points": list(recipe.fitted.heads)[2:],
    }
    made_with = {name: metadata.version(name) for name in ("scikit-learn", "skops", "numpy")} | {
        "sluicegate": __version__
    }
    tables: dict[str, Mapping[str, object]] = {
        "thresholds": {
            "sure": recipe.thresholds.sure,
            "unsure": recipe.thresholds.unsure,
            "unsure_in": dict(recipe.thresholds.unsure_in),
            "sure_in": dict(recipe.thresholds.sure_in),
        },
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        "data": recipe.data,
        "settings": recipe.settings,
        "drift": recipe.drift,
        "made_with": made_with,
    }
    lines = [f"{key} = {_toml(value)}" for key, value in top.items()]
    for title, table in tables.items():
        lines += ["", f"[{title}]", *(f"{_key(key)} = {_toml(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _key(key: str) -> str:
    return key if key.replace("_", "").isalnum() and key.isascii() else _toml(key)


def _toml(value: object) -> str:
    """A TOML value; the kinds that a manifest has."""
    import json

    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(key))} = {_toml(item)}" for key, item in value.items()) + " }"
    return json.dumps(str(value), ensure_ascii=False)
