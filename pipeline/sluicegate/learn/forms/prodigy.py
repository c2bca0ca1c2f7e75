"""A Prodigy JSON-lines export: `answer` accept/reject with `label`, or `accept` option ids, and `spans` as marks.

https://prodi.gy/docs/api-interfaces: textcat gives `label` and `answer`, `choice` gives `accept`; `spans` has offsets.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sluicegate.learn.forms.rows import Intake, from_names, json_rows, label_of


def recognises(path: Path, head: Any) -> bool:
    """JSON lines with an `answer`."""
    return path.suffix == ".jsonl" and isinstance(head, dict) and "answer" in head


def read(path: Path, intake: Intake) -> None:
    """Take what was accepted or rejected; ignored lines are left out."""
    for place, row in json_rows(path, intake):
        names = _names(row)
        if names is None:
            intake.skip(place, "it was ignored or rejected without saying what it is instead")
            continue
        meta = row["meta"] if isinstance(row.get("meta"), dict) else {}
        kept = {key: row[key] for key in ("text", "path") if key in row} | {
            key: meta[key] for key in ("id", "group", "language", "kind", "register") if key in meta
        }
        marks = [[span["start"], span["end"]] for span in row.get("spans") or []]
        kept.setdefault("id", place)
        intake.add(from_names(names, kept | {"passages": marks}), place=place, folder=path.parent)


def _names(row: dict[str, Any]) -> list[str] | None:
    """The label names of a line; `None` when the answer says nothing about the text."""
    answer = row.get("answer")
    if answer == "ignore":
        return None
    if isinstance(row.get("accept"), list):
        return [str(name) for name in row["accept"]] if answer == "accept" and row["accept"] else None
    spans = [str(span.get("label", "")) for span in row.get("spans") or []]
    if isinstance(row.get("label"), str):
        said = label_of(row["label"])
        if answer == "accept":
            return [row["label"], *spans]
        return None if said is None else (["not"] if said == "controlled" else ["controlled"])
    return ["controlled", *spans] if spans and answer == "accept" else None
