"""A folder in, a verdict out for each file that appears or changes in it, once it has stopped growing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from sluicegate.scan.run import Screening
from sluicegate.scan.walk import Found, walk
from sluicegate.verdict import Verdict
from sluicegate.workers import Task, WorkerPool

_State = tuple[int, int, str]


def watch_folder(
    folder: Path, *, screening: Screening, pool: WorkerPool, pause: Callable[[], bool], existing: bool = True
) -> Iterator[Verdict]:
    """Look, wait, look again: a file is screened when two looks find the same size and time of change.

    `pause` waits until the next look and says whether there is to be one. `existing` says whether the files that are
    there at the start are screened too. A file that is screened is screened again when it changes.
    """
    done: dict[str, _State] = {}
    if not existing:
        done = {found.name: _state(found) for found in walk([folder])}
    before: dict[str, _State] = {}
    position = 0
    while True:
        now: dict[str, _State] = {}
        for found in walk([folder]):
            now[found.name] = _state(found)
            settled = before.get(found.name) == now[found.name]
            if settled and done.get(found.name) != now[found.name]:
                done[found.name] = now[found.name]
                verdict = _screen(position, found, screening, pool)
                position += 1
                yield verdict
        done = {name: state for name, state in done.items() if name in now}  # what is gone may come back
        before = now
        if not pause():
            return


def _state(found: Found) -> _State:
    return (found.size, found.changed_ns, found.kind.value if found.kind else "")


def _screen(position: int, found: Found, screening: Screening, pool: WorkerPool) -> Verdict:
    if found.kind is not None:
        return screening.record(position, found, pool.unread(found.name, found.kind, found.detail))
    return screening.record(position, found, pool.screen(Task(found.name, path=found.path)))
