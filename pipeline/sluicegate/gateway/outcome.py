"""A future of another thread in, its result out on the event loop; without a detour when it ends on the loop's own."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


async def outcome(future: Future[T], *, seconds: float | None = None) -> T:
    """Wait for a future, for at most so long (`TimeoutError`); it is cancelled when nobody waits for it any more."""
    loop = asyncio.get_running_loop()
    here = threading.get_ident()
    waiting = loop.create_future()

    def release() -> None:
        if not waiting.done():
            waiting.set_result(None)

    def ended(_: Future[T]) -> None:
        if threading.get_ident() == here:
            release()
        else:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
                loop.call_soon_threadsafe(release)

    future.add_done_callback(ended)
    timer = loop.call_later(seconds, release) if seconds is not None else None
    try:
        await waiting
    finally:
        if timer is not None:
            timer.cancel()
        if not future.done():
            future.cancel()
    if not future.done() or future.cancelled():
        raise TimeoutError
    return future.result()
