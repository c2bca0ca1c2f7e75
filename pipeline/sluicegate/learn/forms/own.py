"""Sluicegate's own JSON lines: `{"id", "text" or "path", "label", "points", "language", "group", "passages" …}` a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sluicegate.learn.forms.rows import Intake


def recognises(path: Path, head: Any) -> bool:
    """A .jsonl whose rows have a label of ours in one word."""
    return (
        path.suffix == ".jsonl"
        and isinstance(head, dict)
        and isinstance(head.get("label"), str)
        and "answer" not in head
    )


def read(path: Path, intake: Intake) -> None:
    """Read every line; a line that is not such a row is left out with a reason."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        place = f"{path.name}:{number}"
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            intake.skip(place, "not JSON")
            continue
        if isinstance(row, dict):
            intake.add(row, place=place, folder=path.parent)
        else:
            intake.skip(place, "not a JSON object")
