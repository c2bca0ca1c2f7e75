"""Runs a gateway: opens its socket, drops privileges, builds workers and records, serves, reloads and drains.

SIGHUP reads the settings again (broken ones are refused, and the gateway goes on with those it has); SIGTERM and
SIGINT stop taking messages, let those under way be answered, and end.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Protocol

from sluicegate.errors import AuditError, GatewayError, SluicegateError
from sluicegate.gateway.bypass import read_bypass
from sluicegate.gateway.gate import Desk, Gate
from sluicegate.gateway.held import HoldQueue, queue_metrics
from sluicegate.gateway.journal import Journal
from sluicegate.gateway.metrics import Metrics
from sluicegate.gateway.notices import Notices
from sluicegate.gateway.sockets import drop_privileges
from sluicegate.review.audit import Audit, read_key
from sluicegate.review.records import Records
from sluicegate.review.register import Register
from sluicegate.review.writer import AuditWriter
from sluicegate.settings import Settings
from sluicegate.workers import WorkerPool
from sluicegate.workers.pool import FACTORY

_CHECK_SECONDS = 60.0  # how often the date and the hold queue are looked at
_log = logging.getLogger(__name__)


class Front(Protocol):
    """One gateway's own part: its socket and its protocol."""

    def open(self, settings: Settings) -> socket.socket:
        """The listening socket; raises `GatewayError`."""

    async def start(self, gate: Gate, opened: socket.socket) -> None:
        """Begin to serve."""

    async def drain(self, seconds: float) -> None:
        """Take nothing new, answer what is under way, end."""


class Service:
    """A gateway from start to end. `load` reads the settings; `factory` names what builds the line in the workers."""

    def __init__(self, front: Front, load: Callable[[], Settings], *, factory: str = FACTORY) -> None:
        self._front = front
        self._load = load
        self._factory = factory
        self._settings = load()
        self._day = date.today()
        self._closing: set[asyncio.Task[None]] = set()
        self._held = (0, 0.0)

    def run(self) -> None:
        """Serve until a signal says stop; raises `SluicegateError` when it cannot begin."""
        opened = self._front.open(self._settings)
        drop_privileges(self._settings.gateway.user)
        self._pool = self._build_pool(self._settings)
        try:
            self._audit = Audit.open(self._settings)
            self._records = Records.open(self._settings)
            self._writer = AuditWriter(self._audit)
            self._writer.submit(("start", {"settings": self._settings.digest, "pid": os.getpid()})).result()
            asyncio.run(self._serve(opened))
        finally:
            self._pool.close()
            opened.close()

    async def _serve(self, opened: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        self._notices = Notices(self._settings.gateway.notices, self._records)
        self._pool.attach()
        gate = Gate(self._settings, self._pool, self._desk(self._settings), self._metrics())
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        loop.add_signal_handler(signal.SIGHUP, lambda: self._later(self._reload(gate)))
        numbers = await self._serve_metrics(gate)
        await self._front.start(gate, opened)
        tasks = [asyncio.create_task(self._notices.run(gate.metrics)), asyncio.create_task(self._upkeep(gate))]
        _log.info("serving")
        _tell_systemd("READY=1")
        await stop.wait()
        _tell_systemd("STOPPING=1")
        await self._front.drain(self._settings.gateway.drain_seconds)
        if numbers is not None:
            numbers.close()
        tasks += self._closing
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._pool.detach()
        await asyncio.to_thread(self._writer.close)

    async def _serve_metrics(self, gate: Gate) -> asyncio.Server | None:
        if self._settings.gateway.metrics is None:
            return None
        from sluicegate.gateway.http import start_metrics  # only a gateway that is asked for numbers needs HTTP

        return await start_metrics(gate, self._settings.gateway.metrics)

    def _metrics(self) -> Metrics:
        metrics = Metrics()
        metrics.gauge("held_messages", "Messages in the hold queue.", lambda: self._held[0])
        metrics.gauge("held_oldest_seconds", "Age of the oldest message in the hold queue.", lambda: self._held[1])
        return metrics

    def _build_pool(self, settings: Settings) -> WorkerPool:
        pool = WorkerPool(settings, size=settings.gateway.workers, ocr=True, factory=self._factory)
        try:
            pool.hello()
        except BaseException:
            pool.close()
            raise
        return pool

    def _desk(self, settings: Settings) -> Desk:
        folder = settings.folder("records")
        key = read_key(settings.audit.key or folder / "audit.key")
        journal = Journal(self._writer, self._records, to_syslog=settings.audit.syslog)
        return Desk(journal, Register.of(settings), partial(read_bypass, folder, key), self._notices)

    async def _reload(self, gate: Gate) -> None:
        """Read the settings again and go on with new workers; on any fault of ours, go on as before."""
        try:
            settings = self._load()
            pool = await asyncio.to_thread(self._build_pool, settings)
            pool.attach()
            self._notices.renew(settings.gateway.notices)
            old = gate.renew(settings, pool, self._desk(settings))
            self._pool = pool
        except SluicegateError as error:
            gate.metrics.count("reloads_refused")
            _log.error("reload refused, going on as before: %s", error)
            await self._note("reload_refused", {"why": type(error).__name__})
            return
        self._settings = settings
        self._day = date.today()
        _log.info("settings read again")
        await self._note("reload", {"settings": settings.digest})
        self._later(_close_when_done(old, settings.gateway.wait_seconds))

    async def _look_at_queue(self) -> None:
        """Postfix has no alarm for its hold queue, so its size and age are metrics here."""
        if self._settings.gateway.postfix is None:
            return
        try:
            held = await asyncio.to_thread(HoldQueue(self._settings.gateway.postfix).list)
            self._held = queue_metrics(held)
        except GatewayError as error:
            _log.warning("the hold queue cannot be read: %s", error)

    async def _note(self, event: str, data: dict[str, object]) -> None:
        try:
            await asyncio.wrap_future(self._writer.submit((event, data)))
        except AuditError as error:
            _log.error("%s is not on record: %s", event, error)

    async def _upkeep(self, gate: Gate) -> None:
        """A new day brings the law of that day, and removes what is older than the retention."""
        while True:
            await asyncio.sleep(_CHECK_SECONDS)
            await self._look_at_queue()
            if date.today() != self._day:
                await self._reload(gate)
                self._day = date.today()
                try:
                    days = self._settings.records.retention_days
                    await asyncio.to_thread(self._records.expire, days=days)
                except SluicegateError as error:
                    _log.error("old records stay: %s", error)

    def _later(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


async def _close_when_done(pool: WorkerPool, seconds: float) -> None:
    """Close workers that get nothing new, once they have answered, or after so long."""
    try:
        for _ in range(int(seconds * 5)):
            if not pool.stats.busy and not pool.stats.queued:
                break
            await asyncio.sleep(0.2)
    finally:
        pool.detach()
        await asyncio.to_thread(pool.close)


def _tell_systemd(state: str) -> None:
    """sd_notify(3), where systemd started us."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.connect(address.replace("@", "\0", 1) if address.startswith("@") else address)
        notify.sendall(state.encode())
