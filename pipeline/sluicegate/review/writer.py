"""A thread that writes the audit record for a gateway: events from many sessions in, one flush for a whole batch."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future

from sluicegate.errors import AuditError
from sluicegate.review.audit import Audit, Event

_BATCH = 256


class AuditWriter:
    """Appends events in the background; a future is done when its entry is on disk."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._queue: queue.SimpleQueue[tuple[Event, Future[int]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
        self._thread.start()

    def submit(self, event: Event) -> Future[int]:
        """Hand an event in; the future holds its number, or the `AuditError` that kept it off the disk."""
        future: Future[int] = Future()
        self._queue.put((event, future))
        return future

    def close(self) -> None:
        """Write what is queued, then stop."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        open_ = True
        while open_:
            batch, open_ = self._take()
            if not batch:
                continue
            try:
                entries = self._audit.append([event for event, _ in batch])
            except AuditError as error:
                for _, future in batch:
                    future.set_exception(error)
                continue
            for (_, future), entry in zip(batch, entries[-len(batch) :], strict=True):
                future.set_result(entry.seq)

    def _take(self) -> tuple[list[tuple[Event, Future[int]]], bool]:
        """What is queued, at least one; and whether to go on."""
        batch: list[tuple[Event, Future[int]]] = []
        item = self._queue.get()
        while item is not None:
            batch.append(item)
            if len(batch) == _BATCH or self._queue.empty():
                return batch, True
            item = self._queue.get()
        return batch, False
