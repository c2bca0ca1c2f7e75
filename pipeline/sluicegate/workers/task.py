"""The values that go in and out of a pool: Task, PoolStats; names made printable; the number of cores."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Task:
    """One document to screen: a file by `path`, or bytes by `data`; exactly one of them is given.

    `name` is what the verdict calls it. `seconds` replaces the deadline of the settings (wall time, counted from the
    moment a worker takes the task). `media_type` is a type known for certain, such as message/rfc822 in a gateway.
    """

    name: str
    path: Path | None = None
    data: bytes | None = field(default=None, repr=False)
    seconds: float | None = None
    media_type: str | None = None

    def __post_init__(self) -> None:
        if (self.path is None) == (self.data is None):
            raise ValueError("a task has either a path or data")

    def message(self, *, default_seconds: float) -> dict[str, object]:
        """What the worker is told; the bytes themselves travel as an open file."""
        where = {} if self.path is None else {"path": _absolute(self.path)}
        told = {"name": printable(self.name), "seconds": self.seconds or default_seconds, "media_type": self.media_type}
        return told | where


@dataclass(frozen=True, slots=True)
class PoolStats:
    """Counts of one pool: documents done, workers killed, workers replaced, busy now, waiting now."""

    completed: int = 0
    killed: int = 0
    replaced: int = 0
    busy: int = 0
    queued: int = 0


def _absolute(path: Path) -> str:
    """The path without the need of a working folder; when that is gone the file is too, and the worker says so."""
    try:
        return os.path.abspath(path)  # noqa: PTH100 - keeps `..` and links
    except FileNotFoundError:
        return str(path)


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def printable(name: str) -> str:
    """A file name that can be printed on one line: control characters and bytes outside UTF-8 as backslash escapes.

    Format characters are escaped too: a right-to-left override makes `gpj.exe` look like another file.
    """
    return name if name.isprintable() else "".join(map(_visible, name))


def _visible(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # a byte that was not UTF-8, as Python's file system encoding keeps it
        return f"\\x{ord(character) - 0xDC00:02x}"
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")
