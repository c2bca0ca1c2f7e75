"""What moves a pool on, a thread or the caller's event loop: jobs go to free workers, late ones are given up."""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from sluicegate.errors import WorkerError
from sluicegate.workers import failure
from sluicegate.workers.crew import Crew, Unread
from sluicegate.workers.generation import Generation, Hand, Job
from sluicegate.workers.ledger import Hello
from sluicegate.workers.task import PoolStats, cores
from sluicegate.workers.turns import LoopTurns

_BUILD_SECONDS = 120.0  # loading lists and model takes two; a network drive may take longer
_QUICK_SECONDS = 0.03  # most documents are done by then; a longer one runs beside the quick ones


class Supervisor(Crew):
    """All state belongs to its thread, or to the event loop that it was attached to; others only append and ring."""

    def __init__(self, order: Mapping[str, Any], *, size: int, seconds: float, unread: Unread) -> None:
        super().__init__(order, size=size, unread=unread)
        self._seconds = seconds
        self._quick = cores() + 1  # one is handed its document while the others work
        self._bell, self._ear = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="sluicegate-workers", daemon=True)
        self._turns: LoopTurns | None = None
        self._leaving = False
        self._home = 0

    def start(self) -> None:
        """Start the thread, and with it the first server."""
        self._thread.start()

    def add(self, job: Job) -> None:
        """Queue a job, from any thread; raises `WorkerError` when the pool is closed."""
        self._ledger.add(job)
        if self._turns is not None and threading.get_ident() == self._home:
            self._dispatch()
            self._turns.wait()
        else:
            self._ring()

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Go on in the caller's event loop: no job and no answer waits for another thread to wake up any more."""
        if not isinstance(self._selector, selectors.EpollSelector):
            return
        self._leaving = True
        self._ring()
        self._thread.join()
        self._leaving, self._patient, self._home = False, False, threading.get_ident()
        self._turns = LoopTurns(loop, self._selector.fileno(), self._turn, self._patience)
        self._turns.go_on()

    def detach(self) -> None:
        """Leave the event loop; what is left to do is to close."""
        if self._turns is not None:
            self._turns.end()

    def hello(self) -> Future[Hello]:
        """The greeting of the newest server."""
        return self._ledger.hello()

    def stats(self) -> PoolStats:
        """Counts as of now."""
        busy = sum(hand.job is not None for _, hand in self._hands())
        return replace(self._counts, busy=busy, queued=len(self._ledger))

    def close(self) -> None:
        """End everything: what waits is cancelled, what runs is killed. Detach it first, in its loop."""
        self._ledger.close()
        if self._turns is not None:
            self._turns, self._patient = None, True
            self._end()
            return
        self._ring()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join()

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # full: it rings already; closed: nobody listens any more
            self._bell.send(b"!", getattr(socket, "MSG_DONTWAIT", 0))

    def _run(self) -> None:
        self._ear.setblocking(False)
        self._selector.register(self._ear, selectors.EVENT_READ, self._hear)
        leaves = False
        try:
            self._begin()
            while not self._ledger.closing and not leaves:
                self._dispatch()
                for key, _ in self._selector.select(self._patience()):
                    key.data()
                self._expire()
                leaves = self._leaving
        finally:
            if not leaves:
                self._end()

    def _turn(self) -> None:
        """What the thread does between two rests, in the event loop."""
        try:
            for key, _ in self._selector.select(0):
                key.data()
            self._expire()
            self._dispatch()
        except BaseException:
            self.detach()
            self.close()
            raise

    def _hear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._ear.recv(4096)

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
        if not self._ledger:
            return
        idle = deque(hand for hand in current.hands.values() if hand.job is None and not hand.doomed)
        places = self._quick - len(self._fresh(time.monotonic()))
        while places > 0 and (idle or len(current.hands) < self._size) and (job := self._ledger.take()) is not None:
            places -= 1
            try:
                self._give(current, idle.popleft() if idle else self._spawn(current), job)
            except OSError as error:  # out of descriptors, memory or disk: ours, and perhaps over in a moment
                job.future.set_exception(WorkerError(f"a document cannot be given to a worker: {error.strerror}"))

    def _give(self, generation: Generation, hand: Hand, job: Job) -> None:
        seconds = job.task.seconds or self._seconds
        generation.give(hand, job, job.task.message(default_seconds=self._seconds))
        hand.started = time.monotonic()
        hand.deadline = hand.started + seconds
        job.tries += 1

    def _fresh(self, now: float) -> list[float]:
        """When the documents were begun that may be done in a moment.

        They are few at a time: taking turns would make each of them slower and none of them sooner.
        """
        began = [hand.started for _, hand in self._hands() if hand.job is not None]
        return [started for started in began if now - started < _QUICK_SECONDS]

    def _patience(self) -> float | None:
        deadlines = [hand.deadline for _, hand in self._hands() if hand.deadline is not None]
        if self._ledger:
            fresh = self._fresh(time.monotonic())
            deadlines += [min(fresh) + _QUICK_SECONDS] if len(fresh) >= self._quick else []
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
        for burial in self._burials:
            burial.join()
        self._selector.close()
        self._bell.close()
        self._ear.close()
