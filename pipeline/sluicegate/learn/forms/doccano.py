"""A doccano JSON-lines export: `text` with `label` (or `labels`, `cats`), names of categories or [start, end, name]."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sluicegate.learn.forms.rows import Intake, from_names, json_rows

_KEYS = ("label", "labels", "cats")


def recognises(path: Path, head: Any) -> bool:
    """JSON lines whose label is a list."""
    return path.suffix == ".jsonl" and isinstance(head, dict) and any(isinstance(head.get(key), list) for key in _KEYS)


def read(path: Path, intake: Intake) -> None:
    """Take every line; a line without any label is one that nobody has labelled."""
    for place, row in json_rows(path, intake):
        found: list[Any] = next((row[key] for key in _KEYS if isinstance(row.get(key), list)), [])
        if not found:
            intake.skip(place, "nobody has labelled it")
            continue
        spans = [item for item in found if isinstance(item, list) and len(item) >= 3]
        names = [item for item in found if isinstance(item, str)]
        kept = {key: value for key, value in row.items() if key not in _KEYS}
        marked = {"id": str(row.get("id", place)), "passages": [span[:2] for span in spans]}
        intake.add(
            from_names(names, kept | marked, marks=[str(span[2]) for span in spans]), place=place, folder=path.parent
        )
