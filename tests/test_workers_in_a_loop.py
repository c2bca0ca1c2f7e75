"""A pool attached to an event loop: the same promises as behind its own thread, and the loop is never blocked."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from sluicegate.document import ProblemKind
from sluicegate.errors import WorkerError
from sluicegate.gateway.outcome import outcome
from sluicegate.settings import MIB, Settings, parse_settings
from sluicegate.verdict import Verdict
from sluicegate.workers import Task, WorkerPool

HERE = Path(__file__).parent
FACTORY = "worker_stand_in:StandIn.build"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.syspath_prepend(str(HERE))
    limits = {"seconds": 20, "cpu_seconds": 1, "memory": 900 * MIB, "total_bytes": 2 * MIB}
    return parse_settings({"limits": limits, "paths": {"models": str(tmp_path / "models")}})


def run(settings: Settings, work: Callable[[WorkerPool], Awaitable[None]], *, size: int = 2) -> None:
    async def attached() -> None:
        pool = WorkerPool(settings, size=size, factory=FACTORY)
        try:
            await asyncio.to_thread(pool.hello)
            pool.attach()
            await asyncio.wait_for(work(pool), 60)
        finally:
            pool.detach()
            await asyncio.to_thread(pool.close)

    before = threading.active_count()
    asyncio.run(attached())
    assert threading.active_count() <= before + 1  # asyncio's own helper thread may take a moment


async def obey(pool: WorkerPool, words: str, *, seconds: float | None = None) -> Verdict:
    return await outcome(pool.submit(Task("order.txt", data=words.encode(), seconds=seconds)))


def test_many_documents_get_their_verdicts(settings: Settings) -> None:
    async def work(pool: WorkerPool) -> None:
        verdicts = await asyncio.gather(*(obey(pool, "x" * number) for number in range(1, 200)))
        assert [verdict.notes for verdict in verdicts] == [(str(number),) for number in range(1, 200)]

    run(settings, work)


def test_deadline_crash_and_dead_server_cost_what_they_cost_behind_a_thread(settings: Settings) -> None:
    async def work(pool: WorkerPool) -> None:
        late = await obey(pool, "sleep 60", seconds=0.3)
        assert [problem.kind for problem in late.problems] == [ProblemKind.TIMED_OUT]
        assert (await obey(pool, "die 11")).problems
        worker = int((await obey(pool, "pid")).notes[0])
        server = int(Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[1])
        future = pool.submit(Task("x", data=b"sleep 0.5"))
        os.kill(server, signal.SIGKILL)
        assert (await outcome(future)).notes == ("slept",)

    run(settings, work)


def test_a_newly_promoted_model_is_taken_up_and_the_loop_goes_on_meanwhile(settings: Settings) -> None:
    async def work(pool: WorkerPool) -> None:
        assert (await obey(pool, "hello")).provenance.model == "none"
        folder = settings.folder("models")
        folder.mkdir()
        (folder / "current").write_text("two")
        longest, seen = 0.0, time.monotonic()
        waiting = asyncio.ensure_future(obey(pool, "hello"))
        while not waiting.done():
            await asyncio.sleep(0.01)
            longest, seen = max(longest, time.monotonic() - seen), time.monotonic()
        assert (await waiting).provenance.model == "two"
        assert longest < 4  # ending a server may take five seconds

    run(settings, work)


def test_quick_documents_pass_slow_ones(settings: Settings) -> None:
    async def work(pool: WorkerPool) -> None:
        slow = [pool.submit(Task("slow", data=b"sleep 3")) for _ in range(5)]
        assert (await obey(pool, "hello")).released
        assert not any(future.done() for future in slow)

    run(settings, work, size=8)


def test_who_waits_no_longer_gets_a_timeout_and_closing_ends_the_rest(settings: Settings) -> None:
    running = []

    async def work(pool: WorkerPool) -> None:
        running.append(pool.submit(Task("x", data=b"sleep 60")))
        with pytest.raises(TimeoutError):
            await outcome(pool.submit(Task("y", data=b"hello")), seconds=0.2)

    run(settings, work, size=1)
    with pytest.raises(WorkerError, match="closed"):
        running[0].result(0)


def test_other_threads_may_submit_too(settings: Settings) -> None:
    async def work(pool: WorkerPool) -> None:
        future = await asyncio.to_thread(pool.submit, Task("x", data=b"hello"))
        assert (await outcome(future)).released

    run(settings, work)
