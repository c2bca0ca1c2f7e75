from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sluicegate.errors import WorkerError
from sluicegate.scan.progress import Silent
from sluicegate.scan.run import scan_paths
from sluicegate.scan.store import ScanStore
from sluicegate.settings import Settings
from sluicegate.verdict import Decision
from sluicegate.workers import WorkerPool

CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None, silence_logs=50) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


def test_a_dask_cluster_gives_the_verdicts_that_workers_here_give(
    tmp_path: Path, settings: Settings, store: ScanStore
) -> None:
    pytest.importorskip("distributed")
    own = settings.model_copy(update={"paths": settings.paths.model_copy(update={"models": None})})
    (tmp_path / "canteen.txt").write_text("The canteen is closed on Friday; please bring lunch.")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    (tmp_path / "cluster.py").write_text(CLUSTER)
    with (
        subprocess.Popen(
            [sys.executable, str(tmp_path / "cluster.py")], env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        ) as cluster,
        WorkerPool(own, size=1, ocr=True) as pool,
    ):  # fmt: skip
        assert cluster.stdout is not None
        paths = [tmp_path / "canteen.txt", tmp_path / "broken.pdf"]
        address = cluster.stdout.readline().strip()
        here = scan_paths(paths, settings=own, store=store, pool=pool, progress=Silent())
        # under other settings nothing is reused, so that the cluster really screens
        settings_there = own.model_copy(update={"policy": own.policy.model_copy(update={"unread": "hold"})})
        with WorkerPool(settings_there, size=1, ocr=True) as other:
            there = scan_paths(
                paths, settings=settings_there, store=store, pool=other, progress=Silent(), dask=address
            )  # fmt: skip
        cluster.communicate()
    assert [verdict.decision for verdict in store.verdicts(here)] == [Decision.RELEASE, Decision.REVIEW]
    assert [verdict.decision for verdict in store.verdicts(there)] == [Decision.RELEASE, Decision.HOLD]
    assert [verdict.sha256 for verdict in store.verdicts(here)] == [one.sha256 for one in store.verdicts(there)]


def test_a_scheduler_that_does_not_answer_is_our_trouble(
    folder: Path, settings: Settings, store: ScanStore, pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("sluicegate.scan.remote._CONNECT_SECONDS", 1)
    with pytest.raises(WorkerError, match="no Dask scheduler"):
        scan_paths([folder], settings=settings, store=store, pool=pool, progress=Silent(), dask="tcp://127.0.0.1:9")
    assert store.find("last").state == "failed"
