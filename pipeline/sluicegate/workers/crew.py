"""The workers behind a pool and the servers that fork them: frames in, verdicts into futures, the dead replaced."""

from __future__ import annotations

import contextlib
import selectors
import threading
import time
from collections.abc import Callable, Mapping
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

_TASKS = 1000  # then a worker is replaced: whatever it leaked goes with it
_GROWTH = 256 * 1024 * 1024  # the same when it holds so much more than after its first document

Unread = Callable[[str, ProblemKind, str, Provenance], Verdict]


class Crew:
    """Generations of workers, each behind its server; all of it belongs to one thread at a time."""

    def __init__(self, order: Mapping[str, Any], *, size: int, unread: Unread) -> None:
        self._order, self._size, self._unread = order, size, unread
        self._ledger = Ledger()
        self._selector = selectors.DefaultSelector()
        self._current: Generation | None = None
        self._building: float | None = None
        self._old: list[Generation] = []
        self._counts = PoolStats()
        self._patient = True
        """Whether this thread may wait for processes to end; an event loop must not."""
        self._burials: list[threading.Thread] = []

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

    def _spawn(self, generation: Generation) -> Hand:
        hand = generation.spawn()
        if hand.number > self._size:
            self._counts = replace(self._counts, replaced=self._counts.replaced + 1)
        self._selector.register(hand.sock, selectors.EVENT_READ, lambda: self._listen(generation, hand))
        return hand

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
                if len(data) < CHUNK:
                    return  # nothing more has come, or the selector says so
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
        generation.cut_off()
        generation.hands.clear()
        if self._patient:
            generation.wait()
        else:
            self._burials.append(threading.Thread(target=generation.wait, name="burial", daemon=True))
            self._burials[-1].start()
        if generation is self._current:
            self._current, self._building = None, None
        if generation in self._old:
            self._old.remove(generation)
