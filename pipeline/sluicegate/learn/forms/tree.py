"""A folder tree with `controlled/` and `not/`: every file below is a document with that label.

A folder below `controlled/` that is named like a control point (`controlled/lfp/…`) gives its documents that point.
Files whose names differ only in a version ("spec v2.docx", "spec_final.docx") are one group.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sluicegate.learn.forms.rows import Intake
from sluicegate.learn.sample import POINTS

_VERSION = re.compile(
    r"[\s._-]*(?:v(?:er(?:sion)?)?[\s._-]*\d+(?:[._]\d+)*|rev[\s._-]*\w{1,3}|final|draft|copy|副本|终稿|修订|第?\d+版|\(\d+\))",
    re.I,
)


def recognises(path: Path, head: Any) -> bool:
    """A folder with `controlled/` or `not/` in it."""
    return path.is_dir() and any((path / name).is_dir() for name in ("controlled", "not"))


def read(path: Path, intake: Intake) -> None:
    """Note every file of both branches; they are read later, with the other documents."""
    for label in ("controlled", "not"):
        for file in sorted((path / label).rglob("*")):
            if not file.is_file() or file.name.startswith("."):
                continue
            place = file.relative_to(path).as_posix()
            points = [part for part in file.relative_to(path / label).parts[:-1] if part in POINTS]
            row = {"id": place, "label": label, "points": points, "group": group_of(file.relative_to(path))}
            intake.wanted.append((place, file, row))


def group_of(path: Path) -> str:
    """The path without its extension and marks of a version."""
    return (path.parent / (_VERSION.sub("", path.stem) or path.stem)).as_posix().lower()
