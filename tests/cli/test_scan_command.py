from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

RUN = "from sluicegate.cli import main; main()"
LISTENING = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {RUN}"  # also in the background


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "sluicegate.toml"
    paths = "\n".join(f"{name} = {str(tmp_path / name)!r}" for name in ("store", "records", "licences"))
    file.write_text(f"[paths]\n{paths}\n")
    return file


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    folder = tmp_path / "outbox"
    folder.mkdir()
    (folder / "canteen.txt").write_text("The canteen is closed on Friday; please bring your own lunch to the meeting.")
    (folder / "empty.pdf").write_bytes(b"%PDF-1.7\n")
    return folder


def sluicegate(*words: str, config: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "SLUICEGATE_CONFIG": str(config)}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words], env=environment, capture_output=True, encoding="utf-8", timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stderr
    return done


def test_scan_report_and_diff_from_the_command_line(config: Path, outbox: Path, tmp_path: Path) -> None:
    out = tmp_path / "reports"
    done = sluicegate("scan", str(outbox), "--out", str(out), config=config, status=11)
    assert done.stdout.splitlines()[-1] == "2 documents: 0 hold, 1 review, 1 release"
    assert {file.name for file in out.iterdir()} == {"verdicts.jsonl", "summary.csv", "report.html"}
    assert {file.stat().st_mode & 0o777 for file in out.iterdir()} == {0o600}
    lines = [json.loads(line) for line in (out / "verdicts.jsonl").read_text("utf-8").splitlines()]
    assert [line["decision"] for line in lines] == ["release", "review"]

    (outbox / "empty.pdf").unlink()
    again = sluicegate("scan", str(outbox), "--format", "jsonl", config=config)
    assert json.loads(again.stdout) == lines[0]
    assert "1 unchanged, reused" in again.stderr
    assert sluicegate("diff", "1", "last", config=config).stdout.startswith("review → –")
    assert len(sluicegate("report", "--list", config=config).stdout.splitlines()) == 2
    assert "HOLD" not in sluicegate("report", "1", "--document", str(outbox / "empty.pdf"), config=config).stdout


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("scan",), 2),
        (("scan", ".", "--format", "pdf"), 2),
        (("scan", ".", "--as-of", "yesterday"), 2),
        (("scan", ".", "--jobs", "0"), 2),
        (("report", "--only", "maybe"), 2),
        (("report", "7"), 1),
        (("report", "seven"), 1),
        (("diff", "1", "2"), 1),
        (("watch", "/no/such/folder"), 2),
        (("scan", ".", "--lists", "no-such-list"), 3),
    ],
)
def test_a_wrong_call_has_its_documented_status(words: tuple[str, ...], status: int, config: Path) -> None:
    assert sluicegate(*words, config=config, status=status).stderr


def test_broken_settings_are_our_trouble(config: Path, outbox: Path) -> None:
    config.write_text("[limit]\nbytes = 1\n")
    assert "limit" in sluicegate("scan", str(outbox), config=config, status=3).stderr
    assert "limit" in sluicegate("doctor", config=config, status=1).stdout


def test_doctor_finds_nothing_wrong_here(config: Path) -> None:
    assert sluicegate("doctor", config=config).stdout.endswith("Nothing is wrong.\n")


def test_watch_says_each_document_and_ends_with_its_own_status(config: Path, outbox: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "SLUICEGATE_CONFIG": str(config)}
    command = [sys.executable, "-c", LISTENING, "watch", str(outbox), "--interval", "0.1"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().decode() for _ in range(2)]
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    assert [line.split()[0] for line in lines] == ["release", "review"]


def test_a_reader_that_leaves_early_does_not_change_the_status(config: Path, outbox: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "SLUICEGATE_CONFIG": str(config)}
    command = [sys.executable, "-c", RUN, "scan", str(outbox)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(60) == 11
