"""What waits for a pool: the queue of jobs, the greeting of the newest server, and why the line could not be built."""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass

from sluicegate.errors import SluicegateError, WorkerError
from sluicegate.verdict import Provenance
from sluicegate.workers.generation import Job

_REST_SECONDS = 2.0  # between two attempts to build after a refusal


@dataclass(frozen=True, slots=True)
class Hello:
    """What a pool screens with: provenance of its verdicts (but for the time), and the stamp for reuse."""

    provenance: Provenance
    stamp: str


class Ledger:
    """The state that callers' threads share with the supervisor's."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: deque[Job] = deque()
        self._hello: Future[Hello] = Future()
        self._refused: tuple[SluicegateError, float] | None = None
        self._closing = False

    def __len__(self) -> int:
        return len(self._jobs)

    @property
    def closing(self) -> bool:
        """Whether no more jobs are taken."""
        return self._closing

    def add(self, job: Job) -> None:
        """Queue a job; raises `WorkerError` when the pool is closed."""
        with self._lock:
            if self._closing:
                raise WorkerError("the pool is closed")
            self._jobs.append(job)

    def put_back(self, job: Job) -> None:
        """Queue a job again, before all others."""
        self._jobs.appendleft(job)

    def take(self) -> Job | None:
        """The next job that its caller has not cancelled."""
        while self._jobs:
            job = self._jobs.popleft()
            if job.accepted():
                return job
        return None

    def hello(self) -> Future[Hello]:
        """The greeting of the newest server, awaited or there."""
        with self._lock:
            return self._hello

    def await_hello(self) -> None:
        """A new server was started: its greeting is yet to come."""
        with self._lock:
            if self._hello.done():
                self._hello = Future()

    def greet(self, hello: Hello) -> None:
        """A server is ready."""
        self._refused = None
        self._hello.set_result(hello)

    def resting(self) -> SluicegateError | None:
        """Why the last server was not built, if that was a moment ago: building is not tried for every job."""
        if self._refused is None or time.monotonic() - self._refused[1] >= _REST_SECONDS:
            return None
        return self._refused[0]

    def refuse(self, error: SluicegateError) -> None:
        """The line could not be built: whoever waits is told."""
        self._refused = (error, time.monotonic())
        if not self._hello.done():
            self._hello.set_exception(error)
        self.refuse_jobs(error)

    def refuse_jobs(self, error: SluicegateError) -> None:
        """Tell the error to everyone whose job waits."""
        while (job := self.take()) is not None:
            job.future.set_exception(error)

    def close(self) -> None:
        """Take no more jobs."""
        with self._lock:
            self._closing = True
