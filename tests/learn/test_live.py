from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from sluicegate.learn.promote import promote
from sluicegate.settings import parse_settings
from sluicegate.verdict import Verdict
from sluicegate.workers import Task, WorkerPool
from tiny_texts import recipe, talk


def test_a_running_pool_takes_the_new_model_up_between_documents(
    tmp_path: Path, put_model: Callable[..., Path]
) -> None:
    models = tmp_path / "models"
    put_model(models, "tiny-1")
    put_model(models, "tiny-2")
    settings = parse_settings({"paths": {"models": str(models)}})
    promote("tiny-1", settings=settings, reason="first", forced=False)
    with WorkerPool(settings, size=1) as pool:

        def screen(number: int) -> Verdict:
            return pool.screen(Task(f"{number}.txt", data=(recipe(number) + talk(number)).encode()))

        assert screen(1).provenance.model == "tiny-1"
        pending = [pool.submit(Task(f"{number}.txt", data=recipe(number).encode())) for number in range(6)]
        promote("tiny-2", settings=settings, reason="better", forced=False)
        found = [future.result(timeout=60) for future in pending]
        until = time.monotonic() + 60
        while (last := screen(7)).provenance.model != "tiny-2" and time.monotonic() < until:
            pass
        assert last.provenance.model == "tiny-2"
        assert screen(8).provenance.model == "tiny-2"
    assert not any(verdict.problems for verdict in found)
    assert {verdict.provenance.model for verdict in found} <= {"tiny-1", "tiny-2"}
