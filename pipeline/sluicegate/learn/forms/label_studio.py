"""A Label Studio JSON export: tasks with `data.text` and annotations of choices (the label) and text labels (marks).

https://labelstud.io/guide/export: each task has `annotations`, each of them `result` items of type `choices` or `labels`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sluicegate.learn.forms.rows import Intake, from_names


def recognises(path: Path, head: Any) -> bool:
    """A JSON list of tasks with `annotations` and `data`."""
    return path.suffix == ".json" and isinstance(head, dict) and "data" in head and "annotations" in head


def read(path: Path, intake: Intake) -> None:
    """Take every task that somebody has annotated and not cancelled; the last annotation counts."""
    tasks = json.loads(path.read_text("utf-8"))
    for number, task in enumerate(tasks if isinstance(tasks, list) else [tasks], 1):
        place = f"{path.name}:{task.get('id', number)}"
        done = [found for found in task.get("annotations", []) if not found.get("was_cancelled")]
        if not done:
            intake.skip(place, "nobody has annotated it")
            continue
        data = task.get("data", {})
        names: list[str] = []
        marks: list[object] = []
        for item in done[-1].get("result", []):
            value = item.get("value", {})
            names += value.get("choices", [])
            if "labels" in value and "start" in value:
                marks.append([value["start"], value["end"]])
        row = {
            name: data[name]
            for name in ("text", "path", "points", "group", "language", "kind", "register")
            if name in data
        }
        row |= {"id": str(data.get("id", place)), "passages": marks}
        intake.add(from_names(names, row), place=place, folder=path.parent)
