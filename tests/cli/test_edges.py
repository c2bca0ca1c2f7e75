"""Whatever stands in a folder, and however the command is called: a clear line for each, and the documented status."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

RUN = "from sluicegate.cli import main; main()"
WITHOUT_RIGHTS = f"""
import ctypes, os, sys
if os.geteuid() == 0:  # a root that reads only what it may: CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH are given up
    assert not any(ctypes.CDLL(None).prctl(24, number, 0, 0, 0) for number in (1, 2)), "PR_CAPBSET_DROP"
os.execv(sys.executable, [sys.executable, "-c", {RUN!r}, *sys.argv[1:]])
"""
CANTEEN = "The canteen is closed on Friday; please bring your own lunch to the meeting."
SAMPLES = Path(__file__).parents[1] / "samples"
Command = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A working folder of its own; the user's data folder is beside it."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def command(place: Path) -> Command:
    def start(*words: str, code: str = RUN, **changes: Any) -> subprocess.Popen[str]:
        environment = {
            **os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
            "HOME": str(place.parent / "home"), "XDG_DATA_HOME": str(place.parent / "data"), **changes.pop("env", {}),
        }  # fmt: skip
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | changes
        line = [sys.executable, "-c", code, *words]
        return subprocess.Popen(line, cwd=place, env=environment, encoding="utf-8", **streams)

    return start


@pytest.fixture
def sluicegate(command: Command) -> Callable[..., tuple[int, str, str]]:
    def run(*words: str, **changes: Any) -> tuple[int, str, str]:
        with command(*words, **changes) as process:
            out, err = process.communicate(timeout=120)
        return process.returncode, out or "", err or ""

    return run


def test_the_package_runs_as_a_module(sluicegate: Any) -> None:
    module = "import runpy; runpy.run_module('sluicegate', run_name='__main__')"
    status, out, _ = sluicegate("--help", code=module)
    assert status == 0
    assert "scan" in out


def strange_folder(place: Path) -> None:
    folder = place / "in"
    folder.mkdir()
    (folder / "empty.txt").touch()
    (folder / "empty.pdf").touch()
    (folder / "policy.pdf").write_bytes((SAMPLES / "leave-policy.docx").read_bytes())
    (folder / "cut.pdf").write_bytes((SAMPLES / "lfp-process-manual.pdf").read_bytes()[:2000])
    pypdfium2.PdfDocument.new().save(folder / "pageless.pdf")
    (folder / "two\nlines.txt").write_text(CANTEEN)
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt")).write_text(CANTEEN)
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        before = Path.cwd()
        os.chdir(folder)  # the address of a socket is short
        listener.bind("socket")
        os.chdir(before)
    (folder / "loop").symlink_to("loop")
    (folder / "itself").symlink_to(".")
    (folder / "out").symlink_to("/dev/null")
    (folder / "gone").symlink_to("nothing")


STRANGE = [
    (r"\xff\xfe.txt", "release", "No passage"),
    ("cut.pdf", "review", "damaged"),
    ("empty.pdf", "review", "the file is empty"),
    ("empty.txt", "release", "No passage"),
    ("gone", "review", "a symbolic link to nothing"),
    ("out", "review", "a symbolic link out of the folder, not followed"),
    ("pageless.pdf", "review", "without pages"),
    ("pipe", "review", "not a regular file"),
    ("policy.pdf", "release", "No passage"),
    ("socket", "review", "not a regular file"),
    (r"two\nlines.txt", "release", "No passage"),
]


def test_each_strange_thing_in_a_folder_has_one_line(place: Path, sluicegate: Any) -> None:
    strange_folder(place)
    status, out, _ = sluicegate("scan", "in")
    *lines, last = out.splitlines()
    assert status == 11
    assert last == "11 documents: 0 hold, 7 review, 4 release"
    found = [(*line.split(None, 2)[1::-1], line) for line in lines]
    wanted = sorted(STRANGE)
    assert sorted((name, decision) for name, decision, _ in found) == [(f"in/{name}", word) for name, word, _ in wanted]
    said = {name: line for name, _, line in found}
    assert [name for name, _, why in wanted if why not in said[f"in/{name}"]] == []


def test_one_strange_file_is_checked_without_waiting(place: Path, sluicegate: Any) -> None:
    os.mkfifo(place / "pipe")
    status, out, _ = sluicegate("check", "pipe")
    assert (status, out.splitlines()[1]) == (11, "  · A part went unread (unsupported) at pipe: not a regular file.")


def test_a_file_and_a_folder_without_permission_are_problems(place: Path, sluicegate: Any) -> None:
    (place / "open.txt").write_text(CANTEEN)
    (place / "private.txt").touch(mode=0)
    (place / "private").mkdir(mode=0)
    status, out, err = sluicegate("scan", "open.txt", "private.txt", "private", code=WITHOUT_RIGHTS)
    assert status == 11, err
    assert [line.split()[0] for line in out.splitlines()] == ["release", "review", "review", "3"]
    assert "no permission to read the file" in out
    assert "no permission to read the folder" in out


def test_a_data_folder_that_cannot_be_written_is_our_trouble(place: Path, sluicegate: Any) -> None:
    (place / "a.txt").write_text(CANTEEN)
    (place.parent / "data").mkdir(mode=0o500)
    status, out, err = sluicegate("scan", "a.txt", code=WITHOUT_RIGHTS)
    assert (status, out, err.count("\n")) == (3, "", 1)
    assert "set [paths] store" in err
    assert sluicegate("check", "a.txt", code=WITHOUT_RIGHTS)[0] == 0  # keeps nothing, and needs nothing


def test_a_working_folder_that_is_gone_is_our_trouble(place: Path, sluicegate: Any) -> None:
    leave = f"import os; os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone'); {RUN}"
    assert sluicegate("scan", ".", code=leave)[::2] == (
        3,
        "sluicegate: the working folder is gone: change to another\n",
    )


def test_a_folder_that_disappears_midway_is_said_and_the_rest_is_screened(
    place: Path, command: Command, sluicegate: Any
) -> None:
    for folder in ("a", "b", "c"):
        (place / folder).mkdir()
        (place / folder / "note.txt").write_text(CANTEEN)
    code = f"""
import shutil
from sluicegate.scan import run
walk = run.walk
def losing(paths):
    for found in walk(paths):
        yield found
        shutil.rmtree("b", ignore_errors=True)  # after the first file was found
run.walk = losing
{RUN}
"""
    status, out, _ = sluicegate("scan", "a", "b", "c", code=code)
    assert status == 11
    assert [line.split()[:2] for line in out.splitlines()[:-1]] == [
        ["release", "a/note.txt"],
        ["review", "b"],
        ["release", "c/note.txt"],
    ]


@pytest.mark.parametrize(
    ("words", "status"), [(("scan", "in"), 11), (("check", "in/bad.pdf"), 11), (("report",), 0), (("--help",), 0)]
)
def test_a_reader_that_leaves_does_not_change_the_status(
    words: tuple[str, ...], status: int, place: Path, command: Command, sluicegate: Any
) -> None:
    (place / "in").mkdir()
    (place / "in" / "bad.pdf").touch()
    if words == ("report",):
        sluicegate("scan", "in")
    with command(*words) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        err = process.stderr.read()
        assert process.wait(60) == status, err
    assert "Error" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("verb", ["scan", "check"])
def test_output_that_cannot_be_written_is_our_trouble(verb: str, place: Path, sluicegate: Any) -> None:
    (place / "a.txt").write_text(CANTEEN)
    with Path("/dev/full").open("w") as full:
        status, _, err = sluicegate(verb, "a.txt", stdout=full)
    assert (status, err.splitlines()[-1]) == (3, "sluicegate: No space left on device")


def test_closed_streams_are_no_trouble(place: Path, sluicegate: Any) -> None:
    (place / "bad.pdf").touch()
    closed = "import os; [os.close(n) for n in (0, 1, 2)]; os.execv(sys.executable, [sys.executable, '-c', RUN, *W])"
    for words, status in ((("scan", "."), 11), (("check", "bad.pdf"), 11), (("check", "-"), 2)):
        code = f"import sys; RUN = {RUN!r}; W = {words!r}; {closed}"
        assert sluicegate(code=code)[0] == status


def test_without_a_home_the_password_file_says_where_it_is(place: Path, sluicegate: Any) -> None:
    (place / "a.txt").write_text(CANTEEN)
    code = f"import os; os.environ.pop('HOME'); {RUN}"
    assert sluicegate("scan", "a.txt", code=code)[0] == 0
    assert [path.name for path in place.iterdir()] == ["a.txt"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user whom the system does not know")
def test_a_user_with_no_home_at_all_is_told_so(sluicegate: Any) -> None:
    unknown = "import os, platformdirs, platformdirs.unix, pwd; os.environ.pop('HOME'); os.environ.pop('XDG_DATA_HOME')"
    code = f"""{unknown}
from sluicegate.errors import SettingsError
from sluicegate.settings import load_settings
os.setuid(54321)
settings = load_settings()
try:
    settings.folder("store")
except SettingsError as error:
    print(error)
"""
    assert sluicegate(code=code)[1] == "this user has no home folder: set HOME, or store in [paths]\n"


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"LANG": "C", "LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}])
def test_a_poor_terminal_changes_how_it_looks_only(environment: dict[str, str], place: Path, sluicegate: Any) -> None:
    (place / "会议.txt").write_text(CANTEEN)
    status, out, err = sluicegate("check", "会议.txt", env=environment)
    assert status == 0, err
    assert out.startswith("RELEASE  ")
    assert out.isascii() is ("PYTHONIOENCODING" in environment)


def test_two_scans_at_once_keep_apart(place: Path, command: Command, sluicegate: Any) -> None:
    for number in range(4):
        (place / f"{number}.txt").write_text(CANTEEN)
    with command("scan", ".") as one, command("scan", ".") as two:
        outputs = [process.communicate(timeout=120) for process in (one, two)]
    assert (one.returncode, two.returncode) == (0, 0), outputs
    assert outputs[0][0] == outputs[1][0]
    numbers = {re.findall(r"^scan (\d+)", err, re.M)[0] for _, err in outputs}
    assert numbers == {"1", "2"}
    assert len(sluicegate("report", "--list")[1].splitlines()) == 2


@pytest.mark.parametrize(("words", "seconds"), [(("scan", "."), 0), (("scan", "."), 0.7), (("check", "a.txt"), 0.3)])
def test_an_interruption_has_its_own_status(
    words: tuple[str, ...], seconds: float, place: Path, command: Command
) -> None:
    (place / "a.txt").write_text(CANTEEN)
    code = f"""
import os, signal, threading
from sluicegate.workers import pool
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
enter = pool.WorkerPool.__enter__
def entered(self):
    threading.Timer({seconds}, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    return enter(self)
pool.WorkerPool.__enter__ = entered
{RUN}
"""
    with command(*words, code=code, start_new_session=True) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err.splitlines()[-1] == "sluicegate: interrupted"
    assert "Traceback" not in err
