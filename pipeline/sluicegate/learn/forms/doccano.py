"""A doccano JSON-lines export: `text` with `label` (or `labels`, `cats`): category names, or [start, end, name] marks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sluicegate.learn.forms.rows import Intake, from_names

_KEYS = ("label", "labels", "cats")


def recognises(path: Path, head: Any) -> bool:
    """JSON lines whose label is a list."""
    return path.suffix == ".jsonl" and isinstance(head, dict) and any(isinstance(head.get(key), list) for key in _KEYS)


def read(path: Path, intake: Intake) -> None:
    """Take every line; a line without any label is one that nobody has labelled."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        place = f"{path.name}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            intake.skip(place, "not JSON")
            continue
        found = next((row[key] for key in _KEYS if isinstance(row.get(key), list)), [])
        if not found:
            intake.skip(place, "nobody has labelled it")
            continue
        names = [item if isinstance(item, str) else str(item[2]) for item in found]
        marks = [item[:2] for item in found if not isinstance(item, str)]
        if marks and not any(isinstance(item, str) for item in found):
            names.append("controlled")
        kept = {key: value for key, value in row.items() if key not in _KEYS}
        intake.add(
            from_names(names, kept | {"id": str(row.get("id", place)), "passages": marks}),
            place=place,
            folder=path.parent,
        )
