"""Who moves a supervisor on: a thread of its own, or the event loop of the program that waits for its answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class LoopTurns:
    """Calls `turn` in an event loop when the descriptor is readable, and when `patience` (seconds, or None) is over."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        descriptor: int,
        turn: Callable[[], None],
        patience: Callable[[], float | None],
    ) -> None:
        self._loop = loop
        self._descriptor = descriptor
        self._turn = turn
        self._patience = patience
        self._timer: asyncio.TimerHandle | None = None
        loop.add_reader(descriptor, self.go_on)

    def go_on(self) -> None:
        """Take a turn."""
        self._turn()
        self.wait()

    def wait(self) -> None:
        """See to it that the next turn comes in time; an early one does no harm."""
        patience = self._patience()
        if patience is None:
            return
        due = self._loop.time() + patience
        if self._timer is not None and (self._timer.cancelled() or self._timer.when() > due):
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = self._loop.call_at(due, self._rung)

    def end(self) -> None:
        """Take no more turns."""
        if self._timer is not None:
            self._timer.cancel()
        if not self._loop.is_closed():
            self._loop.remove_reader(self._descriptor)

    def _rung(self) -> None:
        self._timer = None
        self.go_on()
