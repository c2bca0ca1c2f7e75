"""Writes model folders and says which one is live, so that a kill at any moment leaves a whole live model.

A model is written into a hidden folder, flushed to disk and renamed; `current` is replaced by a rename. Each promotion
is a line in `promotions.jsonl`, with its reason.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sluicegate.classify.manifest import NAME
from sluicegate.classify.model import CURRENT, read_current
from sluicegate.errors import ModelError, ModelMissing

LOG = "promotions.jsonl"
_HIDDEN = ".new-"


def require_free(models: Path, name: str) -> None:
    """Raise `ModelError` when a model cannot have this name in the folder."""
    if not NAME.fullmatch(name):
        raise ModelError(f"{name!r} is not a name for a model: letters, digits, dots, hyphens")
    if (models / name).exists():
        raise ModelError(f"{models / name} exists already: choose another --name")


def write_model(models: Path, name: str, files: Mapping[str, bytes]) -> Path:
    """Put a complete model folder in place; raises `ModelError` when the name is taken or the folder not writable."""
    require_free(models, name)
    target = models / name
    try:
        models.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=_HIDDEN, dir=models))
        try:
            for filename, data in files.items():
                _write(fresh / filename, data)
            fresh.chmod(0o755)
            _flush(fresh)
            fresh.rename(target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        _flush(models)
    except OSError as error:
        raise ModelError(f"cannot write the model into {models}: {error.strerror}") from error
    return target


def make_current(models: Path, name: str, *, reason: str, forced: bool = False, before: str | None = None) -> None:
    """Make a model the live one, in one rename, and record it; raises `ModelMissing` when it is not there."""
    if before is None and (models / CURRENT).is_file():
        before = read_current(models)
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "to": name,
        "from": before,
        "forced": forced,
        "reason": reason,
    }
    try:
        models.mkdir(parents=True, exist_ok=True)
        torn = (models / LOG).is_file() and not (models / LOG).read_bytes().endswith(b"\n")
        with (models / LOG).open("a", encoding="utf-8") as log:
            log.write("\n" * torn + json.dumps(entry, ensure_ascii=False) + "\n")
            log.flush()
            os.fsync(log.fileno())
        handle, fresh = tempfile.mkstemp(prefix=_HIDDEN, dir=models)
        os.close(handle)
        _write(Path(fresh), f"{name}\n".encode())
        Path(fresh).chmod(0o644)
        Path(fresh).replace(models / CURRENT)
        _flush(models)
    except OSError as error:
        raise ModelError(f"cannot promote in {models}: {error.strerror}") from error


def promotions(models: Path) -> list[dict[str, Any]]:
    """The recorded promotions, oldest first; a half-written last line is left out."""
    try:
        lines = (models / LOG).read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return found


def previous(models: Path, live: str) -> str | None:
    """The model that was live before `live` was promoted; raises `ModelMissing` when nothing was promoted here."""
    for entry in reversed(promotions(models)):
        if entry.get("to") == live:
            before = entry.get("from")
            return str(before) if before is not None else None
    raise ModelMissing(f"no promotion of {live!r} is recorded in {models}")


def sweep(models: Path) -> None:
    """Remove what a killed run left behind."""
    for leftover in models.glob(f"{_HIDDEN}*"):
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _flush(folder: Path) -> None:
    """Make renames in a folder lasting; some systems cannot, and then the rename alone must do."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
