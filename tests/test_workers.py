from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.document import ProblemKind
from sluicegate.errors import ModelMissing, WorkerError
from sluicegate.settings import MIB, Settings, parse_settings
from sluicegate.verdict import Decision, Verdict
from sluicegate.workers import Task, WorkerPool, printable
from sluicegate.workers.wire import LARGEST, Decoder, WireError, encode_frame

HERE = Path(__file__).parent
FACTORY = "worker_stand_in:StandIn.build"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    limits = {"seconds": 20, "cpu_seconds": 1, "memory": 900 * MIB, "total_bytes": 2 * MIB}
    return parse_settings({"limits": limits, "paths": {"models": str(tmp_path / "models")}})


@pytest.fixture
def pool(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerPool]:
    monkeypatch.syspath_prepend(str(HERE))
    with WorkerPool(settings, size=1, factory=FACTORY) as pool:
        yield pool


def obey(pool: WorkerPool, words: str, *, seconds: float | None = None) -> Verdict:
    return pool.screen(Task("order.txt", data=words.encode(), seconds=seconds))


def test_a_document_given_as_bytes_or_path_gets_its_verdict(pool: WorkerPool, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x secret")
    assert obey(pool, "hello").decision is Decision.RELEASE
    verdict = pool.screen(Task("shown.txt", path=file))
    assert (verdict.document, verdict.decision) == ("shown.txt", Decision.HOLD)


def test_a_large_document_arrives_whole(pool: WorkerPool) -> None:
    assert pool.screen(Task("big", data=b"x" * 5_000_000)).notes == ("5000000",)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("die 11", ProblemKind.DAMAGED),
        ("die 9", ProblemKind.OUT_OF_MEMORY),
        ("abort-memory", ProblemKind.OUT_OF_MEMORY),
        ("die 6", ProblemKind.OUT_OF_MEMORY),
        ("abort-damage", ProblemKind.DAMAGED),
        ("grow 2000", ProblemKind.OUT_OF_MEMORY),
        ("raise secret words", ProblemKind.DAMAGED),
        ("recurse", ProblemKind.TOO_DEEP),
        ("spin", ProblemKind.TIMED_OUT),
        ("lie", ProblemKind.DAMAGED),
        ("flood", ProblemKind.DAMAGED),
    ],
)
def test_whatever_a_document_does_it_is_unread_and_the_next_one_is_read(
    pool: WorkerPool, words: str, kind: ProblemKind
) -> None:
    verdict = obey(pool, words)
    assert verdict.decision is Decision.REVIEW
    assert [problem.kind for problem in verdict.problems] == [kind]
    assert "secret" not in json.dumps(verdict.to_json())
    assert obey(pool, "hello").released


def test_a_document_past_its_deadline_is_killed_and_costs_only_itself(settings: Settings, pool: WorkerPool) -> None:
    verdict = obey(pool, "sleep 60", seconds=0.3)
    assert [problem.kind for problem in verdict.problems] == [ProblemKind.TIMED_OUT]
    assert obey(pool, "hello").released
    assert pool.stats.killed == 1
    assert pool.stats.completed == 2


def test_a_hanging_document_does_not_stop_its_neighbours(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE))
    with WorkerPool(settings, size=2, factory=FACTORY) as pool:
        slow = pool.submit(Task("slow", data=b"sleep 60", seconds=1.5))
        quick = [pool.submit(Task("quick", data=b"hello")) for _ in range(20)]
        assert all(future.result(10).released for future in quick)
        assert not slow.done()
        assert slow.result(10).problems


def test_workers_are_reused(pool: WorkerPool) -> None:
    assert len({obey(pool, "pid").notes for _ in range(5)}) == 1


def test_workers_have_no_network_even_through_another_program(pool: WorkerPool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert obey(pool, f"connect {port}").notes[0].startswith("refused")
        by_program = obey(pool, f"connect-program {port}").notes[0]
    if os.geteuid() == 0:  # a namespace of its own needs privileges or a kernel that permits it to everyone
        assert by_program == "refused"


def test_a_worker_lives_in_a_private_folder_that_is_emptied_and_removed(pool: WorkerPool) -> None:
    first = obey(pool, "litter").notes[0].split()
    second = obey(pool, "litter").notes[0].split()
    assert first[0] == second[0] == "0"
    assert first[1] == first[2] == second[1]
    folder = Path(first[1])
    assert folder.stat().st_mode & 0o777 == 0o700
    pool.close()
    assert not folder.parent.exists()


def test_a_worker_cannot_write_a_file_past_its_limit(pool: WorkerPool) -> None:
    assert obey(pool, "write 1").notes == ("written",)
    assert obey(pool, "write 4").notes == ("OSError",)


def test_a_newly_promoted_model_serves_the_next_document(pool: WorkerPool, settings: Settings) -> None:
    assert obey(pool, "hello").provenance.model == "none"
    folder = settings.folder("models")
    folder.mkdir()
    (folder / "current").write_text("two")
    assert obey(pool, "hello").provenance.model == "two"
    assert pool.hello().provenance.model == "two"


def test_the_old_server_goes_when_all_its_workers_have_seen_the_new_model(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(HERE))
    with WorkerPool(settings, size=3, factory=FACTORY) as pool:
        futures = [pool.submit(Task("x", data=b"sleep 0.3")) for _ in range(3)]
        wait_for(lambda: pool.stats.busy == 3)
        folder = settings.folder("models")
        folder.mkdir()
        (folder / "current").write_text("two")
        futures += [pool.submit(Task("x", data=b"pid")) for _ in range(6)]
        models = [future.result(20).provenance.model for future in futures]
        assert models[-6:] == ["two"] * 6  # the first three may have begun before or after
        server = parent_of(int(futures[-1].result().notes[0]))
        wait_for(lambda: children_of(os.getpid()) == {server})


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def children_of(pid: int) -> set[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    found = {int(word) for task in tasks for word in (task / "children").read_text().split()}
    return {child for child in found if b"workers.server" in Path(f"/proc/{child}/cmdline").read_bytes()}


def test_a_refused_model_is_our_trouble_and_a_sound_one_is_taken_up_again(
    pool: WorkerPool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = settings.folder("models")
    folder.mkdir()
    (folder / "current").write_text("refused")
    monkeypatch.setattr("sluicegate.workers.ledger._REST_SECONDS", 0.0)
    for _ in range(2):
        with pytest.raises(ModelMissing, match="nothing is promoted"):
            obey(pool, "hello")
    (folder / "current").write_text("sound")
    assert obey(pool, "hello").provenance.model == "sound"


@pytest.mark.parametrize("factory", ["worker_stand_in:Missing", "no_such_module:Line", "worker_stand_in:StandIn.no"])
def test_a_line_that_cannot_be_built_raises_for_every_document(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, factory: str
) -> None:
    monkeypatch.syspath_prepend(str(HERE))
    with WorkerPool(settings, size=1, factory=factory) as pool:
        futures = [pool.submit(Task("x", data=b"x")) for _ in range(3)]
        for future in futures:
            with pytest.raises(WorkerError):
                future.result(20)


def test_a_memory_limit_below_the_program_itself_is_said(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE))
    limits = settings.limits.model_copy(update={"memory": 20 * MIB})
    with (
        WorkerPool(settings.model_copy(update={"limits": limits}), size=1, factory=FACTORY) as pool,
        pytest.raises(WorkerError, match=r"limits\.memory"),
    ):
        pool.hello(timeout=20)


def test_closing_ends_what_runs_and_what_waits(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE))
    pool = WorkerPool(settings, size=1, factory=FACTORY)
    futures = [pool.submit(Task("slow", data=b"sleep 60")) for _ in range(3)]
    pool.hello(timeout=20)
    pool.close()
    for future in futures:
        with pytest.raises(WorkerError):
            future.result(0)
    with pytest.raises(WorkerError, match="closed"):
        pool.submit(Task("late", data=b"x"))


def test_a_cancelled_document_is_not_screened(pool: WorkerPool) -> None:
    slow = pool.submit(Task("slow", data=b"sleep 0.5"))
    waiting = pool.submit(Task("waiting", data=b"hello"))
    assert waiting.cancel()
    assert slow.result(20).released
    assert pool.stats.completed == 1


def test_many_threads_share_a_pool(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(HERE))
    verdicts: list[Verdict] = []
    with WorkerPool(settings, size=2, factory=FACTORY) as pool:
        threads = [
            threading.Thread(target=lambda: verdicts.extend(obey(pool, "hello") for _ in range(20))) for _ in range(5)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(verdicts) == 100
    assert all(verdict.released for verdict in verdicts)


PARENT = """
import os, sys
sys.path.insert(0, {here!r})
from sluicegate.settings import Settings
from sluicegate.workers import Task, WorkerPool
pool = WorkerPool(Settings(), size=1, factory={factory!r})
{before}
pid = pool.screen(Task("x", data=b"pid")).notes[0]
folder = pool.screen(Task("x", data=b"litter")).notes[0].split()[1]
with open({out!r}, "w") as file:
    heavy = [name for name in ("spacy", "sklearn", "numpy") if name in sys.modules]
    file.write(" ".join([pid, folder, *heavy]))
{after}
"""


def run_parent(
    tmp_path: Path, *, before: str = "", after: str = "pool.close()"
) -> tuple[subprocess.Popen[bytes], Path]:
    out = tmp_path / "out"
    code = PARENT.format(here=str(HERE), factory=FACTORY, out=str(out), before=before, after=after)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL), out


def test_it_works_with_all_standard_streams_closed_and_the_parent_stays_light(tmp_path: Path) -> None:
    process, out = run_parent(tmp_path, before="for number in (0, 1, 2): os.close(number)")
    assert process.wait(30) == 0
    assert out.read_text().split()[2:] == []


@pytest.mark.parametrize("busy", [False, True])
def test_no_orphan_and_no_folder_is_left_when_the_parent_is_killed(tmp_path: Path, busy: bool) -> None:
    after = "pool.submit(Task('x', data=b'sleep 60')).result()" if busy else "import time; time.sleep(60)"
    process, out = run_parent(tmp_path, after=after)
    wait_for(lambda: out.exists() and bool(out.read_text().strip()))
    worker, folder = int(out.read_text().split()[0]), Path(out.read_text().split()[1])
    time.sleep(0.2 if busy else 0)
    assert folder.is_dir()
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    wait_for(lambda: not alive(worker) and not folder.parent.exists())


def test_a_worker_killed_from_outside_while_busy_costs_nothing_but_a_second_try(
    pool: WorkerPool, tmp_path: Path
) -> None:
    worker = int(obey(pool, "pid").notes[0])
    future = pool.submit(Task("x", data=b"sleep 0.4"))
    wait_for(lambda: pool.stats.busy == 1)
    os.kill(worker, signal.SIGKILL)
    assert future.result(20).notes == ("slept",)


def test_a_worker_killed_before_it_took_its_document_costs_nothing_either(pool: WorkerPool) -> None:
    worker = int(obey(pool, "pid").notes[0])
    os.kill(worker, signal.SIGSTOP)  # so that the document stays unread in its socket
    future = pool.submit(Task("x", data=b"hello"))
    wait_for(lambda: pool.stats.busy == 1)
    os.kill(worker, signal.SIGKILL)
    assert future.result(20).released


def test_a_dead_server_is_replaced_and_its_documents_are_tried_again(pool: WorkerPool) -> None:
    worker = int(obey(pool, "pid").notes[0])
    server = parent_of(worker)
    future = pool.submit(Task("x", data=b"sleep 0.4"))
    wait_for(lambda: pool.stats.busy == 1)
    os.kill(server, signal.SIGKILL)
    assert future.result(20).notes == ("slept",)


def wait_for(condition: object, *, seconds: float = 20.0) -> None:
    assert callable(condition)
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_task_has_a_path_or_bytes_but_not_both() -> None:
    with pytest.raises(ValueError, match="either"):
        Task("x")
    with pytest.raises(ValueError, match="either"):
        Task("x", path=Path("x"), data=b"")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("offer.pdf", "offer.pdf"),
        ("报价 单.pdf", "报价 单.pdf"),
        ("two\nlines", "two\\nlines"),
        ("bad\udcff\udc80", "bad\\xff\\x80"),
        ("\ud800", "\\ud800"),
        ("exe\u202efdp", "exe\\u202efdp"),
        ("全\u3000角", "全\u3000角"),
    ],
)
def test_names_are_shown_on_one_line_with_escapes(name: str, shown: str) -> None:
    assert printable(name) == shown


@given(st.text(alphabet=st.characters(codec=None)))
def test_any_shown_name_is_utf8_and_printable(name: str) -> None:
    shown = printable(name)
    shown.encode("utf-8")
    assert "\n" not in shown
    assert printable(shown) == shown


values = st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=20), max_size=4)


@given(st.lists(values, max_size=5), st.lists(st.integers(1, 40), min_size=1, max_size=10))
def test_frames_survive_any_cut_of_the_stream(frames: list[dict[str, object]], cuts: list[int]) -> None:
    stream = b"".join(encode_frame(frame) for frame in frames)
    decoder = Decoder()
    got: list[dict[str, object]] = []
    at = index = 0
    while at < len(stream):
        step = cuts[index % len(cuts)]
        got.extend(decoder.feed(stream[at : at + step]))
        at, index = at + step, index + 1
    assert got == frames


@pytest.mark.parametrize("noise", [b"\xff\xff\xff\xff", (LARGEST + 1).to_bytes(4), b"\0\0\0\x02[]", b"\0\0\0\x02{]"])
def test_what_is_no_frame_is_refused(noise: bytes) -> None:
    with pytest.raises(WireError):
        list(Decoder().feed(noise))
