"""A Label Studio JSON export: tasks with `data.text` and annotations of choices (the label) and text labels (marks).

https://labelstud.io/guide/export: each task has `annotations`, each of them with `result`: items of type
`choices` or `labels`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sluicegate.errors import SampleError
from sluicegate.learn.forms.rows import Intake, from_names, read_utf8


def recognises(path: Path, head: Any) -> bool:
    """A JSON list of tasks with `annotations` and `data`."""
    return path.suffix == ".json" and isinstance(head, dict) and "data" in head and "annotations" in head


def read(path: Path, intake: Intake) -> None:
    """Take every task that somebody has annotated and not cancelled; the last annotation counts."""
    for place, task in _tasks(path, intake):
        done = [found for found in task.get("annotations") or [] if not found.get("was_cancelled")]
        if not done:
            intake.skip(place, "nobody has annotated it")
            continue
        data = task.get("data") or {}
        names: list[str] = []
        marks: list[str] = []
        spans: list[object] = []
        for item in done[-1].get("result") or []:
            value = item.get("value", {})
            names += value.get("choices", [])
            if "labels" in value and "start" in value:
                spans.append([value["start"], value["end"]])
                marks += value["labels"]
        row = {
            name: data[name]
            for name in ("text", "path", "points", "group", "language", "kind", "register")
            if name in data
        }
        row |= {"id": str(data.get("id", place)), "passages": spans}
        intake.add(from_names(names, row, marks=marks), place=place, folder=path.parent)


def _tasks(path: Path, intake: Intake) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        tasks = json.loads(read_utf8(path))
    except json.JSONDecodeError:
        raise SampleError(f"{path} is not valid JSON: export it again") from None
    for number, task in enumerate(tasks if isinstance(tasks, list) else [tasks], 1):
        if isinstance(task, dict):
            yield f"{path.name}:{task.get('id', number)}", task
        else:
            intake.skip(f"{path.name}:{number}", "not a task")
