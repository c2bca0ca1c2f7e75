"""The gate that all gateways share: a message in, an answer out; nothing is let through that was not decided on disk.

In order: too much at once → the client waits; every recipient exempt, or a trusted relay → accepted; an emergency
bypass; screening in a killable worker; the licence register; the action of the settings; the audit record. Whatever
fails on the way is our own trouble, and the message is not accepted for it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from sluicegate.errors import GatewayError, LicenceError, SluicegateError
from sluicegate.gateway.actions import action_for, causes_of, strictest
from sluicegate.gateway.budget import Budget
from sluicegate.gateway.bypass import Bypass, is_plain
from sluicegate.gateway.journal import Journal
from sluicegate.gateway.message import Answer, Cause, Message
from sluicegate.gateway.metrics import Metrics
from sluicegate.gateway.outcome import outcome
from sluicegate.gateway.recipients import find_exemption, find_trust, resolve
from sluicegate.review.register import Register, apply_licences
from sluicegate.settings import Action, Settings
from sluicegate.verdict import Verdict
from sluicegate.workers import Task, WorkerPool

_log = logging.getLogger(__name__)
MESSAGE = "message/rfc822"
_BUSY = "451 4.3.2 Too many messages being screened, try again later"
_TROUBLE = "451 4.7.1 The export-control gate cannot decide now, try again later"


class Notifier(Protocol):
    """Tells people about a stopped message; never fails a message."""

    def stopped(self, message: Message, answer: Answer) -> None:
        """Queue a notice."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the gate writes, and what it asks besides the screener."""

    journal: Journal
    register: Register
    bypass: Callable[[], Bypass | None]
    notifier: Notifier | None = None


class OverloadedError(GatewayError):
    """There is too much to screen at once."""


class Gate:
    """Judges messages; used from one event loop. `pool` and `settings` are exchanged by `renew` on a reload."""

    def __init__(self, settings: Settings, pool: WorkerPool, desk: Desk, metrics: Metrics) -> None:
        self.settings = settings
        self.metrics = metrics
        self.budget = Budget(settings.gateway.bytes)
        self._pool = pool
        self._desk = desk
        self._inside = 0
        self._idle = asyncio.Event()
        self._idle.set()
        metrics.gauge("messages_in_flight", "Messages being judged now.", lambda: self._inside)
        metrics.gauge("bytes_in_memory", "Bytes of messages held in memory.", lambda: self.budget.used)
        metrics.gauge("workers_busy", "Workers screening now.", lambda: self._pool.stats.busy)
        metrics.gauge("workers_replaced", "Workers replaced since the start.", lambda: self._pool.stats.replaced)

    @property
    def full(self) -> bool:
        """Whether another message has to wait."""
        return self._inside >= self.settings.gateway.messages

    def renew(self, settings: Settings, pool: WorkerPool, desk: Desk) -> WorkerPool:
        """Go on with other settings and workers; the workers used so far, to be closed once they are done."""
        old, self._pool = self._pool, pool
        self.settings = settings
        self._desk = desk
        return old

    async def idle(self, seconds: float) -> bool:
        """Wait until no message is being judged, for at most so long; whether that is so."""
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def judge(self, message: Message) -> Answer:
        """What to do with a message. Never raises, and never accepts because something failed."""
        if self.full:
            self.metrics.count("messages", action="tempfail", cause=Cause.OVERLOAD.value)
            return Answer("tempfail", Cause.OVERLOAD, _BUSY)
        self._inside += 1
        self._idle.clear()
        started = time.perf_counter()
        try:
            answer = self._worded(await self._answer(message), message)
            answer = await self._record(message, answer, started)
        except Exception as error:  # noqa: BLE001 - the gateway's one: whatever fails, nothing is lost or let through
            _log.error("%s cannot be judged: %s", message.reference or "a message", type(error).__name__)
            answer = self._trouble(message)
        finally:
            self._inside -= 1
            if not self._inside:
                self._idle.set()
        self.metrics.count("messages", action=answer.action, cause=answer.cause.value)
        self.metrics.observe(time.perf_counter() - started)
        return answer

    async def _answer(self, message: Message) -> Answer:
        settings = self.settings.gateway
        recipients = resolve(message.recipients, settings)
        if recipients and find_exemption(recipients, settings) is not None:
            return Answer("accept", Cause.EXEMPT)
        if find_trust(message.sender, message.client, settings) is not None:
            return Answer("accept", Cause.TRUSTED)
        if self._desk.bypass() is not None:
            plain = message.oversize is None and is_plain(message.data)
            return Answer("accept" if plain else "hold", Cause.BYPASS)
        if message.oversize is not None:
            return Answer(action_for(Cause.TOO_BIG, settings), Cause.TOO_BIG)
        try:
            verdict = await self._screen(f"{message.reference or 'message'}.eml", message.data, media_type=MESSAGE)
        except (SluicegateError, TimeoutError) as error:
            _log.error("%s could not be screened: %s", message.reference or "a message", error)
            return Answer(action_for(Cause.ERROR, settings), Cause.ERROR)
        try:
            verdict = apply_licences(verdict, register=self._desk.register, recipients=recipients, day=date.today())
        except LicenceError as error:
            _log.error("the licence register is not used: %s", error)
        causes = causes_of(verdict)
        cause, action = strictest(causes, settings) if causes else (Cause.CLEAN, "accept")
        return Answer(action, cause, verdict=verdict, licences=verdict.licences)

    async def screen(
        self, name: str, data: bytes, addresses: tuple[str, ...], *, media_type: str | None = None
    ) -> Verdict:
        """The verdict on one file or message for these addresses, on record; `SluicegateError` when we cannot."""
        if self.full:
            raise OverloadedError("too many documents being screened, try again later")
        self._inside += 1
        self._idle.clear()
        try:
            verdict = await self._screen(name, data, media_type=media_type)
            recipients = resolve(addresses, self.settings.gateway)
            verdict = apply_licences(verdict, register=self._desk.register, recipients=recipients, day=date.today())
            await self._desk.journal.write_screened(verdict, addresses)
        except TimeoutError as error:
            raise OverloadedError("no worker was free in time, try again later") from error
        finally:
            self._inside -= 1
            if not self._inside:
                self._idle.set()
        self.metrics.count("screened", decision=verdict.decision.value)
        return verdict

    async def queued_as(self, reference: str, queue_id: str) -> None:
        """Note under which queue id the mail system behind keeps a message that a proxy handed on."""
        try:
            await self._desk.journal.write_queued(reference, queue_id)
        except SluicegateError as error:
            _log.error("%s is held as %s, which is not on record: %s", reference, queue_id, error)

    async def _screen(self, name: str, data: bytes, *, media_type: str | None) -> Verdict:
        settings = self.settings.gateway
        task = Task(name, data=data, seconds=settings.seconds, media_type=media_type)
        return await outcome(self._pool.submit(task), seconds=settings.wait_seconds)

    def _worded(self, answer: Answer, message: Message) -> Answer:
        """The answer with its words: SMTP reply and result header; in monitor mode nothing is stopped."""
        settings = self.settings.gateway
        action: Action = answer.action
        if settings.monitor_only and action != "accept":
            action = "header"
        header = header_value(answer) if action == "header" or settings.monitor_only else None
        text = _TROUBLE if action == "tempfail" else ""
        if action == "reject":
            text = "550 5.7.1 " + settings.reject_text.replace("{reference}", message.reference or "none")
        return replace(answer, action=action, text=text, header=header)

    async def _record(self, message: Message, answer: Answer, started: float) -> Answer:
        """Put the answer on record; an acceptance that cannot be recorded is our trouble."""
        try:
            await self._desk.journal.write(message, answer, milliseconds=(time.perf_counter() - started) * 1000)
        except SluicegateError as error:
            self.metrics.count("audit_failures")
            _log.error("%s cannot be put on record: %s", message.reference or "a message", error)
            if answer.action in ("accept", "header"):
                return self._trouble(message)
        if answer.action in ("hold", "reject") and self._desk.notifier is not None:
            self._desk.notifier.stopped(message, answer)
        return answer

    def _trouble(self, message: Message) -> Answer:
        answer = Answer(action_for(Cause.ERROR, self.settings.gateway), Cause.ERROR)
        return self._worded(answer, message)


def header_value(answer: Answer) -> str:
    """The result header: decision, cause and control points, ASCII, no document text."""
    decision = answer.verdict.decision.value if answer.verdict is not None else "unscreened"
    words = [decision, f"cause={answer.cause.value}"]
    if answer.verdict is not None:
        points = sorted({f"{point.list}:{point.id}" for point in answer.verdict.control_points if point.score >= 0.5})
        words += [f"points={','.join(points)}"] if points else []
        words.append(f"model={answer.verdict.provenance.model}")
    return "; ".join(words).encode("ascii", "replace").decode()
