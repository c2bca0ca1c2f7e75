"""The pool that scans, checks and gateways share: a Task in, a future Verdict out."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import Future
from datetime import date
from types import TracebackType
from typing import Any

from sluicegate.document import ProblemKind
from sluicegate.errors import WorkerError
from sluicegate.settings import Settings
from sluicegate.unread import renewed, unread_verdict
from sluicegate.verdict import Provenance, Verdict
from sluicegate.workers.generation import Job
from sluicegate.workers.ledger import Hello
from sluicegate.workers.supervisor import Supervisor
from sluicegate.workers.task import PoolStats, Task, cores

FACTORY = "sluicegate.screener:Screener.build"


class WorkerPool:
    """Worker processes behind one supervisor thread; safe to use from any thread.

    `size` defaults to the number of cores. `ocr` gives workers the larger memory limit where an OCR engine is
    installed; without it images stay unread. `factory` names what builds the Screener, as "module:attribute"; `warm`
    says whether the server imports what most documents need before it forks (default: for more than one worker).
    """

    def __init__(
        self,
        settings: Settings,
        *,
        as_of: date | None = None,
        size: int | None = None,
        ocr: bool = False,
        factory: str = FACTORY,
        warm: bool | None = None,
    ) -> None:
        self._settings = settings if ocr else _without_ocr(settings)
        self._size = size if size is not None else cores()
        warm = self._size > 1 if warm is None else warm
        order = _order(self._settings, as_of, factory, warm=warm)
        self._supervisor = Supervisor(
            order, size=self._size, seconds=settings.limits.seconds, unread=self._unread_verdict
        )
        self._started = False

    @property
    def size(self) -> int:
        """The most workers at a time."""
        return self._size

    @property
    def stats(self) -> PoolStats:
        """Counts as of now."""
        return self._supervisor.stats()

    def __enter__(self) -> WorkerPool:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the first server without waiting for it; raises `WorkerError` where there are no Unix processes."""
        if sys.platform == "win32":
            raise WorkerError("worker processes need Linux or macOS; on Windows use Sluicegate inside WSL")
        if not self._started:
            self._started = True
            self._supervisor.start()

    def hello(self, *, timeout: float | None = None) -> Hello:
        """Wait until the line is built: its provenance and stamp. Raises what building it raised, from `errors`."""
        self.start()
        return self._supervisor.hello().result(timeout)

    def attach(self) -> None:
        """Do without a thread: the running event loop, the caller's, moves the workers on. Waits until they are ready.

        To be detached, in the loop, before the pool is closed; tasks are submitted from the loop's thread.
        """
        self.hello()
        self._supervisor.attach(asyncio.get_running_loop())

    def detach(self) -> None:
        """Leave the event loop; the pool can only be closed now."""
        self._supervisor.detach()

    def submit(self, task: Task) -> Future[Verdict]:
        """Queue a document. Its future raises for our own trouble (`SluicegateError`), never for a bad document."""
        self.start()
        future: Future[Verdict] = Future()
        self._supervisor.add(Job(task, future))
        return future

    def screen(self, task: Task) -> Verdict:
        """Screen a document and wait for its verdict."""
        return self.submit(task).result()

    def unread(self, name: str, kind: ProblemKind, detail: str) -> Verdict:
        """The verdict on something that no worker can be given: a vanished file, a folder without permission."""
        return self._unread_verdict(name, kind, detail, self.hello().provenance)

    def close(self) -> None:
        """Kill and remove all workers and their folders; documents not done get a `WorkerError`."""
        if self._started:
            self._supervisor.close()

    def _unread_verdict(self, name: str, kind: ProblemKind, detail: str, provenance: Provenance) -> Verdict:
        return unread_verdict(name, kind, detail, settings=self._settings, provenance=renewed(provenance))


def ocr_installed() -> bool:
    """Whether any OCR engine could be used."""
    from sluicegate.extract.ocr import find_ocr

    return find_ocr() is not None


def _order(settings: Settings, as_of: date | None, factory: str, *, warm: bool) -> dict[str, Any]:
    limits = settings.limits
    ocr = settings.extraction.ocr != "off" and ocr_installed()
    return {
        "settings": settings.model_dump_json(),
        "as_of": as_of.isoformat() if as_of is not None else None,
        "factory": factory,
        "memory": limits.ocr_memory if ocr else limits.memory,
        "warm": warm,
    }


def _without_ocr(settings: Settings) -> Settings:
    return settings.model_copy(update={"extraction": settings.extraction.model_copy(update={"ocr": "off"})})
