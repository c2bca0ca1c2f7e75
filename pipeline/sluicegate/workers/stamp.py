"""A screener in, a stamp out: two equal stamps mean that the same bytes under the same name get the same verdict."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_TOOLS = ("tesseract", "bsdtar", "unrar", "7z")
_MODULES = ("rapidocr", "onnxruntime", "py7zr")


def stamp_of(screener: Any, *, explicit_date: date | None) -> str:
    """SHA-256 over everything that bears on a verdict: program, model, lists and their status, settings, tools.

    Without an explicit date, the day itself does not count, only which lists are in force on it.
    """
    provenance = screener.provenance()
    bearing = {
        "program": [provenance.sluicegate, _code()],
        "model": provenance.model,
        "lists": _lists(screener) or list(provenance.lists),
        "settings": provenance.settings,
        "as_of": explicit_date.isoformat() if explicit_date else None,
        "tools": [name for name in _TOOLS if shutil.which(name)] + [name for name in _MODULES if find_spec(name)],
    }
    return hashlib.sha256(json.dumps(bearing, sort_keys=True).encode()).hexdigest()


def _lists(screener: Any) -> list[list[str]]:
    controls = getattr(screener, "controls", None)
    if controls is None:
        return []
    return [
        [hashlib.sha256(one.model_dump_json().encode()).hexdigest(), one.status(controls.as_of).value]
        for one in controls.lists
    ]


def _code() -> str:
    """Which files this program is made of: an upgrade or a patch must not reuse older verdicts."""
    root = Path(__file__).resolve().parent.parent
    files = sorted(path for path in root.rglob("*") if path.suffix in (".py", ".toml", ".txt", ".jsonl", ".json"))
    seen = [f"{path.relative_to(root)} {stat.st_size} {stat.st_mtime_ns}" for path in files if (stat := path.stat())]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()
