from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sluicegate.scan.store import ScanStore
from sluicegate.settings import Settings, parse_settings
from sluicegate.workers import WorkerPool

TESTS = Path(__file__).parent.parent


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    paths = {"models": str(tmp_path / "models"), "store": str(tmp_path / "store")}
    return parse_settings({"paths": paths, "limits": {"bytes": 1000}})


@pytest.fixture
def pool(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerPool]:
    monkeypatch.syspath_prepend(str(TESTS))
    with WorkerPool(settings, size=2, factory="worker_stand_in:StandIn.build") as pool:
        yield pool


@pytest.fixture
def store(settings: Settings) -> Iterator[ScanStore]:
    with ScanStore(settings.folder("store")) as store:
        yield store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "outbox"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text("x harmless")
    (folder / "b.txt").write_text("x secret")
    (folder / "sub" / "c.txt").write_text("x harmless too")
    return folder
