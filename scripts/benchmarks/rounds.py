"""Measures CPU time fairly on a noisy machine: what is compared runs in turn, round after round; medians come out."""

from __future__ import annotations

import gc
import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure beside what is asked of it; a `goal` that is missed is said, but does not fail the run."""

    name: str
    value: float
    limit: float
    at_most: bool = True
    unit: str = "×"
    goal: bool = False
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the figure is on the right side of the bar."""
        return self.value <= self.limit if self.at_most else self.value >= self.limit


def interleaved(work: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, list[float]]:
    """CPU seconds of each piece of work in each round, after one round that does not count."""
    return _interleaved(work, rounds, time.process_time)


def interleaved_wall(work: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, list[float]]:
    """The same by the clock on the wall, for what happens in more than one process."""
    return _interleaved(work, rounds, time.perf_counter)


def _interleaved(
    work: Mapping[str, Callable[[], object]], rounds: int, clock: Callable[[], float]
) -> dict[str, list[float]]:
    spent: dict[str, list[float]] = {name: [] for name in work}
    for number in range(rounds + 1):
        names = list(work) if number % 2 else list(reversed(work))
        for name in names:
            gc.collect()
            started = clock()
            work[name]()
            if number:
                spent[name].append(clock() - started)
        if not number:
            gc.collect()
            gc.freeze()  # as a worker does once it is built: collections leave models and vocabulary alone
    gc.unfreeze()
    return spent


def ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Median over the rounds of one piece of work over another of the same round."""
    return statistics.median(one / other for one, other in zip(above, below, strict=True))


def command_cpu(command: Sequence[str], *, rounds: int) -> float:
    """Median CPU seconds (user and system, with all children that ended) of a command."""
    spent = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(spent)


def family_cpu() -> float:
    """CPU seconds so far of this process and all its living descendants (Linux)."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(entry.name)] = int(fields[1])
        ticks[int(entry.name)] = sum(map(int, fields[11:15]))
    mine = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return sum(ticks[pid] for pid in mine if pid in ticks) / os.sysconf("SC_CLK_TCK")
