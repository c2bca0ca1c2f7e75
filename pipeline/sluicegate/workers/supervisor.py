"""The thread behind a pool: jobs in, verdicts into their futures; it starts, feeds, times and replaces workers."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from sluicegate.document import ProblemKind
from sluicegate.errors import WorkerError
from sluicegate.verdict import Provenance, Verdict
from sluicegate.workers import failure
from sluicegate.workers.failure import Failure
from sluicegate.workers.generation import Generation, Hand, Job
from sluicegate.workers.ledger import Hello, Ledger
from sluicegate.workers.task import PoolStats, printable
from sluicegate.workers.wire import CHUNK, WireError, received

_BUILD_SECONDS = 120.0  # loading lists and model takes two; a network drive may take longer
_TASKS = 1000  # then a worker is replaced: whatever it leaked goes with it
_GROWTH = 256 * 1024 * 1024  # the same when it holds so much more than after its first document


Unread = Callable[[str, ProblemKind, str, Provenance], Verdict]


class Supervisor:
    """All state belongs to its thread; others only append jobs and ring."""

    def __init__(self, order: Mapping[str, Any], *, size: int, seconds: float, unread: Unread) -> None:
        self._order, self._size, self._seconds, self._unread = order, size, seconds, unread
        self._ledger = Ledger()
        self._selector = selectors.DefaultSelector()
        self._bell, self._ear = socket.socketpair()
        self._current: Generation | None = None
        self._building: float | None = None
        self._old: list[Generation] = []
        self._counts = PoolStats()
        self._thread = threading.Thread(target=self._run, name="sluicegate-workers", daemon=True)

    def start(self) -> None:
        """Start the thread, and with it the first server."""
        self._thread.start()

    def add(self, job: Job) -> None:
        """Queue a job, from any thread; raises `WorkerError` when the pool is closed."""
        self._ledger.add(job)
        self._ring()

    def hello(self) -> Future[Hello]:
        """The greeting of the newest server."""
        return self._ledger.hello()

    def stats(self) -> PoolStats:
        """Counts as of now."""
        busy = sum(hand.job is not None for _, hand in self._hands())
        return replace(self._counts, busy=busy, queued=len(self._ledger))

    def close(self) -> None:
        """End everything: what waits is cancelled, what runs is killed."""
        self._ledger.close()
        self._ring()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # full: it rings already; closed: nobody listens any more
            self._bell.send(b"!", getattr(socket, "MSG_DONTWAIT", 0))

    def _run(self) -> None:
        self._ear.setblocking(False)
        self._selector.register(self._ear, selectors.EVENT_READ, self._hear)
        try:
            self._begin()
            while not self._ledger.closing:
                self._dispatch()
                for key, _ in self._selector.select(self._patience()):
                    key.data()
                self._expire()
        finally:
            self._end()

    def _hear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._ear.recv(4096)

    def _begin(self) -> None:
        generation = Generation(self._order)
        self._ledger.await_hello()
        try:
            generation.start()
        except WorkerError as error:
            self._ledger.refuse(error)
            return
        self._current, self._building = generation, time.monotonic()
        self._selector.register(generation.control, selectors.EVENT_READ, lambda: self._listen_to_server(generation))

    def _dispatch(self) -> None:
        if self._ledger and self._current is None:
            trouble = self._ledger.resting()
            if trouble is not None:
                self._ledger.refuse_jobs(trouble)
                return
            self._begin()
        current = self._current
        if current is None or current.hello is None:
            return
        idle = deque(hand for hand in current.hands.values() if hand.job is None and not hand.doomed)
        while (idle or len(current.hands) < self._size) and (job := self._ledger.take()) is not None:
            try:
                self._give(current, idle.popleft() if idle else self._spawn(current), job)
            except OSError as error:  # out of descriptors, memory or disk: ours, and perhaps over in a moment
                job.future.set_exception(WorkerError(f"a document cannot be given to a worker: {error.strerror}"))

    def _spawn(self, generation: Generation) -> Hand:
        hand = generation.spawn()
        if hand.number > self._size:
            self._counts = replace(self._counts, replaced=self._counts.replaced + 1)
        self._selector.register(hand.sock, selectors.EVENT_READ, lambda: self._listen(generation, hand))
        return hand

    def _give(self, generation: Generation, hand: Hand, job: Job) -> None:
        seconds = job.task.seconds or self._seconds
        generation.give(hand, job, job.task.message(default_seconds=self._seconds))
        hand.started = time.monotonic()
        hand.deadline = hand.started + seconds
        job.tries += 1

    def _patience(self) -> float | None:
        deadlines = [hand.deadline for _, hand in self._hands() if hand.deadline is not None]
        if self._building is not None:
            deadlines.append(self._building + _BUILD_SECONDS)
        return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None

    def _expire(self) -> None:
        now = time.monotonic()
        if self._building is not None and now > self._building + _BUILD_SECONDS and self._current is not None:
            self._drop(self._current)
            self._ledger.refuse(WorkerError(f"the model and lists were not loaded within {_BUILD_SECONDS:g} s"))
        for generation, hand in self._hands():
            if hand.deadline is not None and now >= hand.deadline:
                self._kill(generation, hand, failure.timed_out(hand.deadline - hand.started))

    def _hands(self) -> list[tuple[Generation, Hand]]:
        """Every worker with its server, as of now."""
        return [(generation, hand) for generation in self._generations() for hand in list(generation.hands.values())]

    def _generations(self) -> list[Generation]:
        return [*self._old, *([self._current] if self._current is not None else [])]

    def _kill(self, generation: Generation, hand: Hand, why: Failure) -> None:
        """Kill a worker and answer for it at once: its slot is free although its burial is still to come."""
        hand.doomed = True
        generation.kill(hand)
        self._counts = replace(self._counts, killed=self._counts.killed + 1)
        self._fail(generation, hand, why)
        self._forget(generation, hand)

    def _forget(self, generation: Generation, hand: Hand) -> None:
        with contextlib.suppress(KeyError, ValueError):  # it may have been closed at the other end already
            self._selector.unregister(hand.sock)
        hand.sock.close()
        generation.hands.pop(hand.number, None)
        self._retire_if_done(generation)

    def _listen(self, generation: Generation, hand: Hand) -> None:
        """Read what a worker sent; when its socket is closed, its server is about to say how it ended."""
        try:
            while hand.number in generation.hands:
                data = received(hand.sock)
                if not data:
                    self._selector.unregister(hand.sock)
                    hand.doomed = True
                    return
                for frame in hand.decoder.feed(data):
                    self._heard(generation, hand, frame)
        except BlockingIOError:
            return
        except (WireError, KeyError, ValueError, TypeError, OSError):
            if hand.number in generation.hands:
                self._kill(generation, hand, failure.unclear())

    def _heard(self, generation: Generation, hand: Hand, frame: Mapping[str, Any]) -> None:
        job = hand.job
        if job is None:
            raise WireError("an answer that nobody asked for")
        if frame.get("stale"):
            hand.job, hand.deadline, job.tries = None, None, 0
            self._ledger.put_back(job)
            self._succeed_generation(generation)
            if hand.number in generation.hands:  # its server was succeeded before
                self._forget(generation, hand)
            return
        if "failed" in frame:
            self._fail(generation, hand, Failure(ProblemKind(frame["failed"]), str(frame["detail"])[:200]))
        else:
            verdict = Verdict.from_json(frame["verdict"])
            hand.job, hand.deadline = None, None
            self._finish(job, verdict)
        hand.done += 1
        hand.resident = hand.resident or int(frame["resident"])
        if generation.retired or hand.done >= _TASKS or int(frame["resident"]) > hand.resident + _GROWTH:
            self._forget(generation, hand)  # its socket closed, the worker ends by itself

    def _finish(self, job: Job, verdict: Verdict) -> None:
        self._counts = replace(self._counts, completed=self._counts.completed + 1)
        job.future.set_result(verdict)

    def _fail(self, generation: Generation, hand: Hand, why: Failure) -> None:
        """Give a job that did not come back its verdict: unread, with the reason."""
        job = hand.job
        if job is None or generation.hello is None:
            return
        provenance = Provenance.from_json(generation.hello["provenance"])
        verdict = self._unread(printable(job.task.name), why.kind, why.detail, provenance)
        hand.job, hand.deadline = None, None
        self._finish(job, replace(verdict, elapsed_ms=(time.monotonic() - hand.started) * 1000))

    def _listen_to_server(self, generation: Generation) -> None:
        if generation.closed:
            return
        try:
            data = generation.control.recv(CHUNK)
        except OSError:
            data = b""
        for frame in generation.decoder.feed(data):
            if "ready" in frame:
                self._greet(generation, frame["ready"])
            elif "error" in frame:
                self._drop(generation)
                self._ledger.refuse(failure.translated(frame["error"], frame["message"]))
                return
            elif "ended" in frame:
                self._bury(generation, frame["ended"], frame["code"], frame["hint"])
        if not data:
            self._server_died(generation)

    def _greet(self, generation: Generation, hello: Mapping[str, Any]) -> None:
        generation.hello = hello
        self._building = None
        self._ledger.greet(Hello(Provenance.from_json(hello["provenance"]), hello["stamp"]))

    def _bury(self, generation: Generation, number: int, code: int, hint: str) -> None:
        """A worker is gone; if it had a job, first see whether the answer was sent before it ended."""
        hand = generation.hands.get(number)
        if hand is None:
            return
        if not hand.doomed:
            self._listen(generation, hand)
        if hand.job is not None:
            why = failure.ended(code, hint)
            if code == -9 and hand.job.tries < 2:  # killed from outside: not this document's doing, or not surely
                self._ledger.put_back(hand.job)
                hand.job, hand.deadline = None, None
            else:
                self._fail(generation, hand, why)
        self._counts = replace(self._counts, killed=self._counts.killed + 1)
        if number in generation.hands:
            self._forget(generation, hand)

    def _server_died(self, generation: Generation) -> None:
        """Its workers died with it: their documents are tried once more by the next server."""
        for hand in list(generation.hands.values()):
            if hand.job is not None and hand.job.tries < 2:
                self._ledger.put_back(hand.job)
            else:
                self._fail(generation, hand, failure.lost())
        unborn = generation.hello is None
        words = generation.last_words() if unborn else ""
        self._drop(generation)
        if unborn:
            self._ledger.refuse(WorkerError(f"the worker server ended at its start ({words}); try `sluicegate doctor`"))

    def _succeed_generation(self, generation: Generation) -> None:
        """Another model was promoted: idle workers go, busy ones finish, a new server takes the queue."""
        if generation.retired:
            return
        generation.retired = True
        self._old.append(generation)
        self._current = None
        for hand in list(generation.hands.values()):
            if hand.job is None and not hand.doomed:
                self._forget(generation, hand)
        self._retire_if_done(generation)

    def _retire_if_done(self, generation: Generation) -> None:
        if generation.retired and not generation.hands and generation in self._old:
            self._drop(generation)

    def _drop(self, generation: Generation) -> None:
        for sock in (generation.control, *(hand.sock for hand in generation.hands.values())):
            with contextlib.suppress(KeyError, ValueError):
                self._selector.unregister(sock)
        generation.close()
        generation.hands.clear()
        if generation is self._current:
            self._current, self._building = None, None
        if generation in self._old:
            self._old.remove(generation)

    def _end(self) -> None:
        """The thread's last act, also after a defect of its own: nobody is left waiting, nothing is left running."""
        self._ledger.close()
        closed = WorkerError("the pool was closed before this document was done")
        for generation in self._generations():
            jobs = [hand.job for hand in generation.hands.values() if hand.job is not None]
            self._drop(generation)
            for job in jobs:
                job.future.set_exception(closed)
        self._ledger.refuse(closed)
        self._selector.close()
        self._bell.close()
        self._ear.close()
