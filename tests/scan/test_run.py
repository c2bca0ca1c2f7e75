from __future__ import annotations

import io
import multiprocessing
import os
import subprocess
import sys
import tempfile
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from sluicegate.document import ProblemKind
from sluicegate.errors import ModelMissing, StoreError
from sluicegate.scan.compare import changes
from sluicegate.scan.progress import Plain, Silent
from sluicegate.scan.run import scan_paths
from sluicegate.scan.since import unchanged_since
from sluicegate.scan.store import Scan, ScanStore
from sluicegate.settings import Settings
from sluicegate.verdict import Decision, Verdict
from sluicegate.workers import Task, WorkerPool

HERE = Path(__file__).parent


def run(paths: list[Path], settings: Settings, store: ScanStore, pool: WorkerPool, *, since: str | None = None) -> Scan:
    left_out = unchanged_since(since, store) if since else lambda found, sha256: False
    number = scan_paths(paths, settings=settings, store=store, pool=pool, progress=Silent(), left_out=left_out)
    return store.find(str(number))


def by_name(store: ScanStore, scan: Scan) -> dict[str, Verdict]:
    return {Path(verdict.document).name: verdict for verdict in store.verdicts(scan.id)}


def test_a_scan_keeps_every_verdict_in_the_order_of_the_walk(
    folder: Path, settings: Settings, store: ScanStore, pool: WorkerPool
) -> None:
    scan = run([folder], settings, store, pool)
    assert [Path(verdict.document).name for verdict in store.verdicts(scan.id)] == ["a.txt", "b.txt", "c.txt"]
    assert (scan.state, scan.total, scan.counts) == ("done", 3, {Decision.RELEASE: 2, Decision.HOLD: 1})
    assert [verdict.document for verdict in store.verdicts(scan.id, only=[Decision.HOLD])] == [str(folder / "b.txt")]


def test_every_trouble_is_a_line_and_the_run_goes_on(
    folder: Path, settings: Settings, store: ScanStore, pool: WorkerPool
) -> None:
    (folder / "crash.txt").write_text("die 11")
    (folder / "large.txt").write_text("x" * 2000)
    os.mkfifo(folder / "pipe")
    scan = run([folder, folder / "gone"], settings, store, pool)
    kinds = {name: [one.kind for one in verdict.problems] for name, verdict in by_name(store, scan).items()}
    assert kinds["crash.txt"] == [ProblemKind.DAMAGED]
    assert kinds["pipe"] == [ProblemKind.UNSUPPORTED]
    assert kinds["gone"] == [ProblemKind.MISSING]
    assert kinds["a.txt"] == []
    assert by_name(store, scan)["crash.txt"].sha256


def test_unchanged_files_are_reused_until_bytes_or_model_change(
    folder: Path, settings: Settings, store: ScanStore, pool: WorkerPool
) -> None:
    run([folder], settings, store, pool)
    assert run([folder], settings, store, pool).reused == 3
    (folder / "a.txt").write_text("x now secret")
    third = run([folder], settings, store, pool)
    assert (third.reused, third.counts[Decision.HOLD]) == (2, 2)
    settings.folder("models").mkdir()
    (settings.folder("models") / "current").write_text("two")
    assert run([folder], settings, store, pool).total == 3
    assert run([folder], settings, store, pool).reused == 3


def test_a_verdict_that_a_deadline_or_crash_made_is_not_reused(
    tmp_path: Path, settings: Settings, store: ScanStore, pool: WorkerPool
) -> None:
    (tmp_path / "crash.txt").write_text("die 11")
    (tmp_path / "grow.txt").write_text("grow 9000")
    run([tmp_path / "crash.txt", tmp_path / "grow.txt"], settings, store, pool)
    assert run([tmp_path / "crash.txt", tmp_path / "grow.txt"], settings, store, pool).reused == 0


def test_changed_since_a_scan_leaves_out_the_same_bytes_and_counts_them(
    folder: Path, settings: Settings, store: ScanStore, pool: WorkerPool
) -> None:
    first = run([folder], settings, store, pool)
    (folder / "new.txt").write_text("x secret")
    second = run([folder], settings, store, pool, since=str(first.id))
    assert (second.left_out, second.total) == (3, 1)


def test_changed_since_a_date(folder: Path, settings: Settings, store: ScanStore, pool: WorkerPool) -> None:
    assert run([folder], settings, store, pool, since="2001-01-01").total == 3
    assert run([folder], settings, store, pool, since="2999-01-01T00:00+00:00").left_out == 3


@pytest.mark.parametrize("reference", ["yesterday", "99", "last"])
def test_changed_since_nonsense_is_refused(store: ScanStore, reference: str) -> None:
    with pytest.raises(StoreError):
        unchanged_since(reference, store)


def test_diff_names_what_changed_came_and_went(
    folder: Path, settings: Settings, store: ScanStore, pool: WorkerPool
) -> None:
    first = run([folder], settings, store, pool)
    (folder / "a.txt").write_text("x now secret")
    (folder / "b.txt").unlink()
    (folder / "d.txt").write_text("x")
    second = run([folder], settings, store, pool)
    found = {Path(one.document).name: (one.before, one.after) for one in changes(store, first.id, second.id)}
    assert found == {
        "a.txt": (Decision.RELEASE, Decision.HOLD), "b.txt": (Decision.HOLD, None), "d.txt": (None, Decision.RELEASE)
    }  # fmt: skip


def test_a_missing_model_fails_the_scan(folder: Path, settings: Settings, store: ScanStore, pool: WorkerPool) -> None:
    settings.folder("models").mkdir()
    (settings.folder("models") / "current").write_text("refused")
    with pytest.raises(ModelMissing):
        run([folder], settings, store, pool)


def test_a_file_that_changes_while_it_is_screened_goes_to_review(
    folder: Path, settings: Settings, store: ScanStore, pool: WorkerPool
) -> None:
    from sluicegate.scan.run import Item, Screening
    from sluicegate.scan.walk import walk

    screening = Screening(store, pool, settings, Silent())
    number = screening.begin([folder])
    found = next(iter(walk([folder])))
    verdict = pool.screen(Task(found.name, path=found.path))
    found.path.write_text("x other")
    settled = screening.keep(Item(0, found, "0" * 64), verdict)
    assert settled.decision is Decision.REVIEW
    assert [one.kind for one in settled.problems] == [ProblemKind.CHANGED]
    assert store.find(str(number)).counts == {Decision.REVIEW: 1}


INTERRUPTED = """
import os, signal, sys, threading
sys.path.insert(0, {tests!r})
from pathlib import Path
from sluicegate.scan.progress import Silent
from sluicegate.scan.run import scan_paths
from sluicegate.scan.store import ScanStore
from sluicegate.settings import parse_settings
from sluicegate.workers import WorkerPool
signal.signal(signal.SIGINT, signal.default_int_handler)
settings = parse_settings({{"paths": {{"store": {store!r}, "models": "/nonexistent"}}}})
class Count(Silent):
    seen = 0
    def done(self, verdict):
        self.seen += 1
        if self.seen == 3:
            os.kill(os.getpid(), signal.SIGINT)
try:
    pool = WorkerPool(settings, size=1, factory="worker_stand_in:StandIn.build")
    with ScanStore(settings.folder("store")) as store, pool:
        scan_paths([Path({folder!r})], settings=settings, store=store, pool=pool, progress=Count())
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_an_interrupted_scan_keeps_what_was_done(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text("x")
    (folder / "7.txt").write_text("sleep 60")
    where = tmp_path / "store"
    code = INTERRUPTED.format(tests=str(HERE.parent), store=str(where), folder=str(folder))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=environment, timeout=60, check=False).returncode == 130
    with ScanStore(where) as store:
        scan = store.find("last")
    assert scan.state == "interrupted"
    assert scan.total >= 3


def test_the_store_is_private_and_old_scans_are_deleted(
    folder: Path, settings: Settings, store: ScanStore, pool: WorkerPool
) -> None:
    scan = run([folder], settings, store, pool)
    place = settings.folder("store")
    assert place.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in place.iterdir()} == {0o600}
    assert store.prune(days=1) == 0
    assert store.prune(days=-1) == 1
    assert list(store.verdicts(scan.id)) == []


def open_new_stores(folders: list[Path], together: Barrier, numbers: Queue[int]) -> None:
    for folder in folders:
        together.wait(timeout=60)
        with ScanStore(folder) as store:
            numbers.put(store.begin(["."], model="none"))


def test_processes_that_make_the_same_store_at_once_wait_for_each_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    together, numbers = context.Barrier(4), context.Queue()
    arguments = ([tmp_path / str(turn) for turn in range(12)], together, numbers)
    processes = [context.Process(target=open_new_stores, args=arguments) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * 4
    assert sorted(numbers.get(timeout=10) for _ in range(48)) == sorted([1, 2, 3, 4] * 12)


def test_a_store_that_is_no_database_is_our_trouble(tmp_path: Path) -> None:
    (tmp_path / "scans.sqlite3").write_bytes(b"this is not a database, but a note of some length" * 40)
    with pytest.raises(StoreError, match="cannot be opened"), ScanStore(tmp_path):
        pass


def test_redaction_by_settings_reaches_the_store(
    folder: Path, settings: Settings, store: ScanStore, pool: WorkerPool
) -> None:
    records = settings.records.model_copy(update={"redact": True})
    scan = run([folder], settings.model_copy(update={"records": records}), store, pool)
    assert scan.total == 3
    assert all(not passage.quote for verdict in store.verdicts(scan.id) for passage in verdict.passages)


def test_plain_progress_says_where_it_stands(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sluicegate.scan.progress._EVERY", 0.0)
    stream = io.StringIO()
    with Plain(stream) as progress:
        progress.begin(None)
        progress.done(pool.screen(Task("a", data=b"x secret")))
    assert stream.getvalue() == "1 hold · 0 review · 0 release\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up its privileges; others have none")
def test_a_file_and_a_folder_without_permission_are_said(
    settings: Settings, store: ScanStore, pool: WorkerPool
) -> None:
    with tempfile.TemporaryDirectory(prefix="closed-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "closed.txt").write_text("x")
        (folder / "closed").mkdir()
        (folder / "open.txt").write_text("x")
        for closed in (folder / "closed.txt", folder / "closed"):
            closed.chmod(0)
        pool.hello()
        os.seteuid(65534)
        try:
            scan = run([folder], settings, store, pool)
        finally:
            os.seteuid(0)
    kinds = {name: [one.kind for one in verdict.problems] for name, verdict in by_name(store, scan).items()}
    assert kinds == {"closed.txt": [ProblemKind.PERMISSION], "closed": [ProblemKind.PERMISSION], "open.txt": []}


def test_watching_screens_what_appears_once_it_has_settled(
    folder: Path, settings: Settings, store: ScanStore, pool: WorkerPool
) -> None:
    from sluicegate.scan.run import Screening
    from sluicegate.scan.watch import watch_folder

    screening = Screening(store, pool, settings, Silent())
    number = screening.begin([folder])
    looks = 0

    def pause() -> bool:
        nonlocal looks
        looks += 1
        if looks == 2:
            (folder / "new.txt").write_text("x secret")
        if looks == 5:
            (folder / "new.txt").write_text("x no longer")
        return looks < 8

    watching = watch_folder(folder, screening=screening, pool=pool, pause=pause, existing=False)
    seen = [(Path(verdict.document).name, verdict.decision) for verdict in watching]
    assert seen == [("new.txt", Decision.HOLD), ("new.txt", Decision.RELEASE)]
    assert store.find(str(number)).total == 2
