"""Files in, verdicts out, screened by the workers of a Dask cluster through joblib's Dask backend (extra `dask`).

The cluster must see the files under the same paths and have the same Sluicegate and model. A Dask scheduler without TLS
runs whatever anyone sends to it: use `tls://` addresses with certificates, or a network of your own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from sluicegate.errors import WorkerError
from sluicegate.scan.run import Item
from sluicegate.settings import Settings
from sluicegate.verdict import Verdict
from sluicegate.workers import Task, WorkerPool

_BATCH = 16  # files: about a second of work, or Dask's own cost (measured 40 %) shows
_ROUND = 4096  # files between two looks at the results; keeps the parent small
_CONNECT_SECONDS = 30


def screen_remotely(
    items: Iterator[Item], *, address: str, settings: Settings, as_of: date | None
) -> Iterator[tuple[Item, Verdict]]:
    """Each item with its verdict, as batches come back; raises `WorkerError` when Dask is missing or silent."""
    try:
        from distributed import Client  # an extra, and a second to import
    except ImportError:
        raise WorkerError("--dask needs Dask: pip install 'sluicegate[dask]'") from None
    try:
        connect: Any = Client  # untyped where it is installed, unknown where it is not
        client = connect(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise WorkerError(f"no Dask scheduler answers at {address}") from error
    with client:
        while chosen := list(islice(items, _ROUND)):
            by_position = {item.position: item for item in chosen}
            for position, line in _compute(client, chosen, settings, as_of):
                yield by_position[position], Verdict.from_json(json.loads(line))


def _compute(client: Any, items: Sequence[Item], settings: Settings, as_of: date | None) -> Iterator[tuple[int, str]]:
    from joblib import Parallel, delayed, parallel_config

    day = as_of.isoformat() if as_of is not None else None
    work = settings.model_dump_json()
    with parallel_config(backend="dask", client=client, wait_for_workers_timeout=_CONNECT_SECONDS):
        runner = Parallel(return_as="generator_unordered", batch_size=1)
        for answers in runner(delayed(screen_batch)(batch, work, day) for batch in _batches(items)):
            yield from answers


def _batches(items: Sequence[Item]) -> Iterator[list[tuple[int, str, str]]]:
    for start in range(0, len(items), _BATCH):
        part = items[start : start + _BATCH]
        yield [(item.position, item.found.name, str(item.found.path.absolute())) for item in part]


def screen_batch(batch: Iterable[tuple[int, str, str]], settings: str, as_of: str | None) -> list[tuple[int, str]]:
    """Runs on a Dask worker: the verdicts of one batch as JSON, from a pool that lives as long as that worker."""
    pool = _pool_of_worker(settings, as_of)
    futures = [(position, pool.submit(Task(name, path=Path(path)))) for position, name, path in batch]
    return [(position, json.dumps(future.result().to_json())) for position, future in futures]


def _pool_of_worker(settings: str, as_of: str | None) -> WorkerPool:
    """The pool kept on the Dask worker itself: its threads share it, and it ends with the worker's process."""
    from distributed import get_worker

    worker = get_worker()
    key = (settings, as_of)
    with worker._lock:
        pools: dict[tuple[str, str | None], WorkerPool] = worker.__dict__.setdefault("sluicegate_pools", {})
        if key not in pools:
            day = date.fromisoformat(as_of) if as_of else None
            size = max(1, worker.state.nthreads)
            pools[key] = WorkerPool(Settings.model_validate_json(settings), as_of=day, size=size, ocr=True)
            pools[key].start()
        return pools[key]
