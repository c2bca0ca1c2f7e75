"""Paths in, labelled samples out: finds the form of each file, reads the documents it names, says what was left out.

What can be given: a folder tree with `controlled/` and `not/`, JSON lines, CSV or XLSX of paths and labels, exports of
Label Studio, doccano and Prodigy, or a folder that holds any of these files.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from sluicegate.errors import SampleError
from sluicegate.learn import forms
from sluicegate.learn.documents import read_documents, read_text
from sluicegate.learn.forms.rows import Intake
from sluicegate.learn.sample import OWN, Sample
from sluicegate.settings import Settings

_TABLES = {".jsonl", ".json", ".csv", ".xlsx"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """Samples, and (place, reason) of everything that was left out."""

    samples: tuple[Sample, ...]
    skipped: tuple[tuple[str, str], ...]


def load_samples(paths: Sequence[Path], *, settings: Settings, origin: str = OWN, jobs: int = -1) -> Loaded:
    """Read all of them; raises `SampleError` when a path is missing or of no known form."""
    intake = Intake(lambda path: read_text(path, settings), origin)
    for path in paths:
        if not path.exists():
            raise SampleError(f"{path} is not there")
        for part in _parts(path):
            _form_of(part).read(part, intake)
    for (place, _, row), texts in zip(
        intake.wanted, read_documents([path for _, path, _ in intake.wanted], settings, jobs=jobs), strict=True
    ):
        if isinstance(texts, str):
            intake.skip(place, texts)
        else:
            intake.finish(row, texts, place=place)
    return Loaded(_unique(intake.samples), tuple(intake.skipped))


def _parts(path: Path) -> Iterator[Path]:
    """The path itself, or the sample files in a folder that is not itself a labelled tree."""
    if path.is_file() or any((path / name).is_dir() for name in ("controlled", "not")):
        yield path
        return
    found = sorted(child for child in path.iterdir() if child.suffix in _TABLES and child.is_file())
    if not found:
        raise SampleError(f"{path} has neither controlled/ and not/ nor sample files ({', '.join(sorted(_TABLES))})")
    yield from found


def form_modules() -> tuple[ModuleType, ...]:
    """Every module of the forms package that reads a form."""
    names = sorted(module.name for module in pkgutil.iter_modules(forms.__path__))
    modules = [importlib.import_module(f"{forms.__name__}.{name}") for name in names]
    return tuple(module for module in modules if hasattr(module, "recognises"))


def _form_of(path: Path) -> ModuleType:
    head = _head(path)
    for module in form_modules():
        if module.recognises(path, head):
            return module
    raise SampleError(
        f"{path}: not a form of labelled samples that is known (a tree with controlled/ and not/, JSON lines with a "
        "label, CSV or XLSX with path or text and label, a Label Studio, doccano or Prodigy export)"
    )


def _head(path: Path) -> Any:
    """The first value of a JSON or JSON-lines file, parsed; `None` for other files."""
    if path.suffix not in (".json", ".jsonl") or not path.is_file():
        return None
    try:
        with path.open(encoding="utf-8-sig") as stream:
            if path.suffix == ".json":
                whole = json.load(stream)
                return whole[0] if isinstance(whole, list) and whole else whole
            return next((json.loads(line) for line in stream if line.strip()), None)
    except UnicodeDecodeError:
        raise SampleError(f"{path} is not UTF-8: save it as UTF-8") from None
    except (OSError, json.JSONDecodeError) as error:
        raise SampleError(f"{path} cannot be read as JSON: {type(error).__name__}") from None


def _unique(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """The samples in the order of their ids; an id that comes twice gets a number behind it."""
    from dataclasses import replace

    seen: dict[str, int] = {}
    named = []
    for sample in samples:
        seen[sample.id] = seen.get(sample.id, 0) + 1
        count = seen[sample.id]
        named.append(sample if count == 1 else replace(sample, id=f"{sample.id}#{count}"))
    return tuple(sorted(named, key=lambda sample: sample.id))
