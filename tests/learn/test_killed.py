from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sluicegate.classify.model import find_model, load_model
from sluicegate.learn.promote import promote
from sluicegate.learn.shelf import sweep
from sluicegate.settings import parse_settings
from tiny_texts import tiny_samples

HERE = Path(__file__).parent
PIPELINE = HERE.parents[1] / "pipeline"


@pytest.fixture
def models(tmp_path: Path, put_model: Callable[..., Path]) -> Path:
    folder = tmp_path / "models"
    put_model(folder, "tiny-1")
    put_model(folder, "tiny-2")
    promote("tiny-1", settings=parse_settings({"paths": {"models": str(folder)}}), reason="first", forced=False)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [{"id": one.id, "text": one.text, "label": one.label, "teaches": one.teaches} for one in tiny_samples(12)]
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PIPELINE), "OMP_NUM_THREADS": "1", **more}


def killed(models: Path, data: Path, kind: str, children: int) -> list[dict[str, Any]]:
    command = [sys.executable, str(HERE / "killing.py"), str(models), str(data), kind, str(children), "11"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == children
    assert all(entry["killed"] and entry["whole"] for entry in found)
    return found


@pytest.mark.parametrize(("kind", "children"), [("train", 5), ("write", 12)])
def test_killing_a_training_run_leaves_the_live_model_and_only_whole_ones(
    models: Path, data: Path, kind: str, children: int
) -> None:
    before = {path.name: path.read_bytes() for path in (models / "tiny-1").iterdir()}
    found = killed(models, data, kind, children)
    assert {entry["live"] for entry in found} == {"tiny-1"}
    assert {path.name: path.read_bytes() for path in (models / "tiny-1").iterdir()} == before
    assert (models / "current").read_text() == "tiny-1\n"
    assert {entry["lines"] for entry in found} == {1}
    sweep(models)
    assert not list(models.glob(".*"))


def test_killing_promotions_leaves_one_of_the_two_models_live_and_the_record_readable(models: Path, data: Path) -> None:
    found = killed(models, data, "promote", 12)
    assert {entry["live"] for entry in found} <= {"tiny-1", "tiny-2"}
    counts = [entry["log"] for entry in found]
    assert counts == sorted(counts)
    assert counts[-1] > 12
    settings = parse_settings({"paths": {"models": str(models)}})
    promote("tiny-2", settings=settings, reason="after all", forced=False)
    assert load_model(find_model(settings)).name == "tiny-2"


@pytest.mark.parametrize("command", [["train", "DATA", "--no-shipped", "--name", "new", "--jobs", "1"],
                                     ["models", "promote", "tiny-2"]])  # fmt: skip
def test_killing_the_command_itself_leaves_the_live_model(
    models: Path, data: Path, tmp_path: Path, command: list[str]
) -> None:
    config = tmp_path / "sluicegate.toml"
    config.write_text(f"[paths]\nmodels = {json.dumps(str(models))}\nrecords = {json.dumps(str(tmp_path / 'r'))}\n")
    arguments = [str(data) if word == "DATA" else word for word in command]
    child = subprocess.Popen(
        [sys.executable, "-c", "from sluicegate.cli import main; main()", *arguments, "--config", str(config)],
        env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    time.sleep(random.Random(len(command)).uniform(1.0, 2.5))
    os.killpg(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    live = load_model(find_model(parse_settings({"paths": {"models": str(models)}}))).name
    assert live == "tiny-1" or (live == "tiny-2" and command[0] == "models")
