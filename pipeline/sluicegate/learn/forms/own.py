"""Sluicegate's own JSON lines: `{"id", "text" or "path", "label", "points", "language", "group", "passages" …}`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sluicegate.learn.forms.rows import Intake, json_rows


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
    for place, row in json_rows(path, intake):
        intake.add(row, place=place, folder=path.parent)
