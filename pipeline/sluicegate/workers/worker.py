"""The life of one worker: takes tasks from its socket, screens, answers with a verdict as JSON, and is ready again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sluicegate.document import ProblemKind
from sluicegate.settings import Settings
from sluicegate.verdict import Provenance, Verdict
from sluicegate.workers import confine
from sluicegate.workers.wire import Receiver, send


class Line(Protocol):
    """What a worker needs of a Screener."""

    def screen_file(self, path: Path, *, name: str | None = None) -> Verdict:
        """Screen one file."""

    def screen_bytes(self, data: bytes, *, name: str, media_type: str | None = None) -> Verdict:
        """Screen bytes."""

    def stale(self) -> bool:
        """Whether another model was promoted."""

    def provenance(self) -> Provenance:
        """What verdicts are made with."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a worker lives: its socket, its folder, its file for standard error, and its limits."""

    sock: socket.socket
    folder: Path
    errors: int
    memory: int
    settings: Settings


def serve_tasks(screener: Line, cell: Cell) -> None:
    """Screen until the pool closes the socket."""
    _settle(cell)
    receiver = Receiver(cell.sock)
    while (message := receiver.read()) is not None:
        data = receiver.file() if "path" not in message else None
        if screener.stale():
            send(cell.sock, {"stale": True})
        else:
            confine.limit_cpu(cell.settings.limits.cpu_seconds)
            send(cell.sock, _answer(screener, message, data))
            _tidy(cell)
        if data is not None:
            os.close(data)


def _settle(cell: Cell) -> None:
    confine.die_with_parent()
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    os.dup2(cell.errors, 2)
    os.chdir(cell.folder)
    os.umask(0o077)
    os.environ["TMPDIR"] = tempfile.tempdir = str(cell.folder)
    confine.forbid_network()
    confine.limit_process(memory=cell.memory, file_bytes=cell.settings.limits.total_bytes)


def _answer(screener: Line, message: dict[str, Any], data: int | None) -> dict[str, Any]:
    try:
        verdict = _screen(screener, message, data)
    except MemoryError:
        return _failed(ProblemKind.OUT_OF_MEMORY, "the document needs more memory than a worker may use")
    except RecursionError:
        return _failed(ProblemKind.TOO_DEEP, "nested too deeply to be read")
    except Exception as error:  # noqa: BLE001 - a document must not end the run: whatever it breaks, it is unread, not clean
        return _failed(ProblemKind.DAMAGED, f"could not be screened: {_origin(error)}")
    return {"verdict": verdict.to_json(), "resident": confine.resident()}


def _failed(kind: ProblemKind, detail: str) -> dict[str, Any]:
    return {"failed": kind.value, "detail": detail, "resident": confine.resident()}


def _origin(error: BaseException) -> str:
    """The class of an error and the line of ours that it came through; never its message, which may quote the text."""
    traceback = error.__traceback__
    where = ""
    while traceback is not None:
        module = traceback.tb_frame.f_globals.get("__name__", "")
        if module.startswith("sluicegate."):
            where = f" in {module.removeprefix('sluicegate.')}, line {traceback.tb_lineno}"
        traceback = traceback.tb_next
    return type(error).__name__ + where


def _screen(screener: Line, message: dict[str, Any], data: int | None) -> Verdict:
    if data is None:
        return screener.screen_file(Path(message["path"]), name=message["name"])
    with open(data, "rb", closefd=False) as file:
        return screener.screen_bytes(file.read(), name=message["name"], media_type=message.get("media_type"))


def _tidy(cell: Cell) -> None:
    """Leave nothing of one document for the next: temporary files and standard error are emptied."""
    os.ftruncate(2, 0)
    os.lseek(2, 0, os.SEEK_SET)
    with os.scandir(cell.folder) as entries:
        left = list(entries)
    for entry in left:
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            Path(entry.path).unlink(missing_ok=True)
