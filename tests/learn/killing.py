"""Run as a process: forks children that train or promote, kills each at a random moment, prints what is then live.

Arguments: models folder, sample file, kind (train, write, promote), how many children, seed. Forking from a process
that has the imports behind it makes the moments fall into the work, not into loading libraries.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import sklearn.linear_model  # noqa: F401 - before the forks
from skops import io as skops_io  # noqa: F401

from sluicegate.classify.model import find_model, load_model
from sluicegate.learn.fit import FitSettings
from sluicegate.learn.promote import promote
from sluicegate.learn.run import Order, run
from sluicegate.learn.shelf import LOG, promotions, write_model
from sluicegate.settings import Settings, parse_settings


def work(kind: str, models: Path, data: Path, settings: Settings) -> None:
    """What a child does until it is killed."""
    count = 0
    while True:
        count += 1
        if kind == "train":
            order = Order((data,), shipped=False, fit=replace(FitSettings(), folds=3), jobs=1)
            run(order, name=f"run-{os.getpid()}-{count}", models=models, settings=settings)
        elif kind == "write":
            files = {path.name: path.read_bytes() for path in (models / "tiny-1").iterdir()}
            write_model(models, f"copy-{os.getpid()}-{count}", files)
        else:
            promote(f"tiny-{count % 2 + 1}", settings=settings, reason=f"turn {count}", forced=False)


def main(arguments: list[str]) -> None:
    models, data, kind, children, seed = Path(arguments[0]), Path(arguments[1]), *arguments[2:5]
    settings = parse_settings({"paths": {"models": str(models)}})
    dice = random.Random(int(seed))
    for _ in range(int(children)):
        before = _lines(models)
        child = os.fork()
        if child == 0:
            try:
                work(kind, models, data, settings)
            finally:
                os._exit(3)
        if kind == "promote":  # the moment falls behind the child's first promotion, however busy the machine is
            _wait_for_more(models, before)
        time.sleep(dice.uniform(0.0, 1.2 if kind == "train" else 0.15))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        live = load_model(find_model(settings))
        for path in models.glob("run-*/"):
            load_model(path)
        visible = [path for path in models.glob("[!.]*/") if path.is_dir()]
        entry = {
            "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
            "live": live.name,
            "whole": all((path / "manifest.toml").stat().st_size > 500 for path in visible),
            "log": len(promotions(models)),
            "lines": _lines(models),
        }
        print(json.dumps(entry), flush=True)


def _wait_for_more(models: Path, before: int) -> None:
    end = time.monotonic() + 30
    while _lines(models) == before and time.monotonic() < end:
        time.sleep(0.002)


def _lines(models: Path) -> int:
    return (models / LOG).read_text("utf-8").count("\n") if (models / LOG).exists() else 0


if __name__ == "__main__":
    main(sys.argv[1:])
