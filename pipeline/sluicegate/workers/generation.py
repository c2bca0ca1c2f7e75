"""One fork server and its workers as the pool sees them: orders go out, frames come in, nothing is decided here."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any

from sluicegate.errors import WorkerError
from sluicegate.verdict import Verdict
from sluicegate.workers.task import Task
from sluicegate.workers.wire import Decoder, above_standard, data_file, send

_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


@dataclass(slots=True, eq=False)
class Job:
    """A task that waits or runs, and the future that gets its verdict."""

    task: Task
    future: Future[Verdict]
    tries: int = 0
    running: bool = False

    def accepted(self) -> bool:
        """Mark the job as taken; False when its caller has cancelled it."""
        self.running = self.running or self.future.set_running_or_notify_cancel()
        return self.running


@dataclass(slots=True, eq=False)
class Hand:
    """One worker: its socket, its job, and when that must be done (monotonic seconds); doomed once it gets no more."""

    number: int
    sock: socket.socket
    decoder: Decoder = field(default_factory=Decoder)
    job: Job | None = None
    started: float = 0.0
    deadline: float | None = None
    done: int = 0
    resident: int = 0
    doomed: bool = False


class Generation:
    """A fork server with one model; when another model is promoted, the next generation takes over."""

    def __init__(self, order: Mapping[str, Any]) -> None:
        self._order = order
        self.hands: dict[int, Hand] = {}
        self.decoder = Decoder()
        self.hello: Mapping[str, Any] | None = None
        self.retired = False
        self.closed = False
        self._next = 0

    def start(self) -> None:
        """Start the server; raises `WorkerError` when no process can be started."""
        try:
            self._launch()
        except OSError as error:
            raise WorkerError(f"the worker server cannot be started: {error.strerror}") from error
        send(self.control, {**self._order, "folder": self.folder, "parent": os.getpid()})

    def _launch(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="sluicegate-")
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the server
        ours, theirs = (above_standard(sock) for sock in socket.socketpair())
        self.control = ours
        command = [sys.executable, "-P", "-m", "sluicegate.workers.server", str(theirs.fileno())]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._errors,
                pass_fds=(theirs.fileno(),), env=_environment(), start_new_session=True,
            )  # fmt: skip
        except OSError:
            ours.close()
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        finally:
            theirs.close()

    def spawn(self) -> Hand:
        """Ask for another worker; it may be given a job at once."""
        ours, theirs = (above_standard(sock) for sock in socket.socketpair())
        self._next += 1
        hand = Hand(self._next, ours)
        self.hands[hand.number] = hand
        send(self.control, {"do": "spawn", "worker": hand.number}, file=theirs.fileno())
        theirs.close()
        return hand

    def give(self, hand: Hand, job: Job, message: Mapping[str, Any]) -> None:
        """Hand a job to an idle worker."""
        if job.task.data is None:
            hand.job = job
            send(hand.sock, message)
            return
        descriptor = data_file(job.task.data)
        hand.job = job
        try:
            send(hand.sock, message, file=descriptor)
        finally:
            os.close(descriptor)

    def kill(self, hand: Hand) -> None:
        """Have a worker killed."""
        send(self.control, {"do": "kill", "worker": hand.number})

    def last_words(self) -> str:
        """Why a server that said nothing ended, as far as it is known."""
        code = self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read()[-2000:].decode("utf-8", "replace").strip().splitlines()
        return f"exit status {code}" + (f": {lines[-1]}" if lines else "")

    def cut_off(self) -> None:
        """Close every socket: the server ends its workers and itself."""
        self.closed = True
        for hand in self.hands.values():
            hand.sock.close()
        self.control.close()

    def wait(self) -> None:
        """Wait until the server that was cut off and its workers are gone, and remove their folder."""
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
        self._errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _environment() -> dict[str, str]:
    """The caller's environment with its import path, and one thread for every numeric library."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return {**os.environ, "PYTHONPATH": path, **dict.fromkeys(_ONE_THREAD, "1")}
