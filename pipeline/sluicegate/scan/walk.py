"""Paths in, everything found in them out, sorted: files to screen, and with its reason each thing that is none.

Symbolic links inside a folder are not followed. One that leads to something inside the same folder is covered by that;
one that leads out is reported, because a recipient may get what it points to.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sluicegate.document import ProblemKind
from sluicegate.extract.files import why_unread
from sluicegate.workers import printable


@dataclass(frozen=True, slots=True)
class Found:
    """A file to screen, or with `kind` and `detail` the reason why it cannot be; `name` is fit to print."""

    name: str
    path: Path
    size: int = 0
    changed_ns: int = 0
    kind: ProblemKind | None = None
    detail: str = ""


def walk(paths: Iterable[Path]) -> Iterator[Found]:
    """Everything under the paths, each once, folders sorted by name; never raises for what it meets."""
    seen: set[str] = set()
    here = os.getcwd()  # noqa: PTH109 - once: the working folder may disappear midway
    for path in paths:
        root = os.path.realpath(path)
        for found in _visit(path, root):
            key = os.path.normpath(os.path.join(here, found.path))  # noqa: PTH118 - keeps links as they are
            if key not in seen:
                seen.add(key)
                yield found


def _visit(path: Path, root: str) -> Iterator[Found]:
    try:
        status = path.stat()  # a path that was named is followed, also when it is a link
    except OSError as error:
        yield _trouble(path, error)
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _folder(path, root)
    else:
        yield _file(path, status)


def _folder(path: Path, root: str) -> Iterator[Found]:
    """The contents of a folder, without recursion in Python: trees can be deeper than its stack."""
    waiting = [path]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(current) as entries:
                ordered = sorted(entries, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield _trouble(current, error, folder=True)
            continue
        folders = []
        for entry in ordered:
            here = current / entry.name
            try:
                if entry.is_symlink():
                    yield from _link(here, root)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(here)
                else:
                    yield _file(here, entry.stat(follow_symlinks=False))
            except OSError as error:
                yield _trouble(here, error)
        waiting.extend(reversed(folders))


def _file(path: Path, status: os.stat_result) -> Found:
    name = printable(str(path))
    if not stat.S_ISREG(status.st_mode):
        return Found(name, path, kind=ProblemKind.UNSUPPORTED, detail="not a regular file")
    # A file can be given any time of modification; the time of its last change of status cannot be set.
    return Found(name, path, status.st_size, max(status.st_mtime_ns, status.st_ctime_ns))


def _link(path: Path, root: str) -> Iterator[Found]:
    target = os.path.realpath(path)
    name = printable(str(path))
    if not os.path.lexists(target):
        yield Found(name, path, kind=ProblemKind.MISSING, detail="a symbolic link to nothing")
    elif target != root and not target.startswith(root.rstrip(os.sep) + os.sep):
        yield Found(name, path, kind=ProblemKind.EXTERNAL, detail="a symbolic link out of the folder, not followed")


def _trouble(path: Path, error: OSError, *, folder: bool = False) -> Found:
    name = printable(str(path)) + ("/" if folder else "")
    kind, detail = why_unread(error, what="folder" if folder else "file")
    return Found(name, path, kind=kind, detail=detail)
