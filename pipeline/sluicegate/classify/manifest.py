"""A model folder in, its checked manifest out; everything is verified here before any of it is built.

A model is a folder with `model.skops`, `manifest.toml` and `card.md`. The manifest names the other files with their
SHA-256. Refused: a missing or unknown file, a wrong hash, another schema or feature version, a scikit-learn outside
the range that the model was made for.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from sluicegate.classify.score import Thresholds
from sluicegate.classify.tokens import feature_version
from sluicegate.errors import ModelMissing, ModelRefused

SCHEMA = 1
MODEL_FILE = "model.skops"
MANIFEST_FILE = "manifest.toml"
CARD_FILE = "card.md"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says. `values` holds all of it, for cards and listings."""

    name: str
    created: str
    languages: frozenset[str]
    points: tuple[str, ...]
    thresholds: Thresholds
    values: Mapping[str, Any] = field(repr=False)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a model folder, without looking at the other files.

    Raises `ModelMissing` when there is no such model, `ModelRefused` when the manifest is not one we can use.
    """
    path = folder / MANIFEST_FILE
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise ModelMissing(f"no model in {folder}: {MANIFEST_FILE} is missing") from None
    except OSError as error:
        raise ModelRefused(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ModelRefused(f"{path} is not valid TOML; take the model from a backup or train again") from None
    if values.get("schema") != SCHEMA:
        raise ModelRefused(
            f"{path} has schema {values.get('schema')!r}; this version reads {SCHEMA}: use the sluicegate that made it"
        )
    try:
        thresholds = _thresholds(values["thresholds"])
        manifest = Manifest(
            str(values["name"]), str(values["created"]), frozenset(map(str, values["languages"])),
            tuple(map(str, values["points"])), thresholds, values,
        )  # fmt: skip
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ModelRefused(f"{path} lacks a name, languages, points or thresholds") from None
    spoken: list[frozenset[str]] = [frozenset()]
    spoken += [frozenset({language}) for language, _ in (*thresholds.unsure_in, *thresholds.sure_in)]
    if not all(0 <= thresholds.unsure_of(own) <= thresholds.sure_of(own) <= 1 for own in spoken):
        raise ModelRefused(f"{path}: thresholds must satisfy 0 <= unsure <= sure <= 1")
    return manifest


def _thresholds(values: Mapping[str, Any]) -> Thresholds:
    unsure_in, sure_in = (
        tuple((str(language), float(value)) for language, value in values.get(name, {}).items())
        for name in ("unsure_in", "sure_in")
    )
    return Thresholds(float(values["sure"]), float(values["unsure"]), unsure_in, sure_in)


def verify(folder: Path) -> tuple[Manifest, bytes]:
    """The manifest and the bytes of the model file, after every check that needs no building of anything."""
    manifest = read_manifest(folder)
    if manifest.name != folder.name:
        raise ModelRefused(f"{folder} holds a model named {manifest.name!r}: do not rename model folders")
    _check_versions(manifest, folder)
    hashes = manifest.values.get("files")
    if not isinstance(hashes, dict) or MODEL_FILE not in hashes:
        raise ModelRefused(f"{folder / MANIFEST_FILE} names no {MODEL_FILE}")
    foreign = {path.name for path in folder.iterdir()} - set(hashes) - {MANIFEST_FILE}
    if foreign:
        raise ModelRefused(f"{folder} holds files that its manifest does not name: {', '.join(sorted(foreign))}")
    contents = {name: _read(folder / name, expected) for name, expected in hashes.items()}
    data = contents[MODEL_FILE]
    if not data.startswith(b"PK\x03\x04"):
        raise ModelRefused(f"{folder / MODEL_FILE} is not a skops file (a pickle is never loaded)")
    return manifest, data


def _check_versions(manifest: Manifest, folder: Path) -> None:
    made_with = manifest.values.get("feature_version")
    if made_with != feature_version():
        raise ModelRefused(
            f"{folder} was trained with feature version {made_with!r}, this is {feature_version()!r}: train it again"
        )
    accepted = manifest.values.get("scikit_learn", [])
    running = metadata.version("scikit-learn")
    if len(accepted) != 2 or not _numbers(str(accepted[0])) <= _numbers(running) < _numbers(str(accepted[1])):
        raise ModelRefused(
            f"{folder} is for scikit-learn {' to below '.join(map(str, accepted))}; {running} is installed"
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _read(path: Path, expected: object) -> bytes:
    if not NAME.fullmatch(path.name):
        raise ModelRefused(f"{path.parent}: its manifest names a file outside the model folder")
    try:
        if path.is_symlink() or path.stat().st_size > _LARGEST:
            raise ModelRefused(f"{path} is a link or too large for a model file")
        data = path.read_bytes()
    except OSError as error:
        raise ModelRefused(f"cannot read {path}: {error.strerror}") from error
    if hashlib.sha256(data).hexdigest() != expected:
        raise ModelRefused(
            f"{path} is not the file that its manifest names (SHA-256 differs): tampered with or truncated"
        )
    return data
