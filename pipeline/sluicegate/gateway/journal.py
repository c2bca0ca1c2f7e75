"""One entry in the audit record and one syslog line for each message; stopped messages also keep their verdict."""

from __future__ import annotations

import asyncio
import hashlib
import syslog
from typing import Any

from sluicegate.gateway.message import Answer, Cause, Message
from sluicegate.gateway.outcome import outcome
from sluicegate.review.records import Records, Stopped
from sluicegate.review.writer import AuditWriter
from sluicegate.verdict import Verdict
from sluicegate.workers import printable

_MOST_HASHES = 200  # of a message's parts in its entry; the outermost hash covers the rest


class Journal:
    """Writes what a gateway decided."""

    def __init__(self, writer: AuditWriter, records: Records, *, to_syslog: bool) -> None:
        self._writer = writer
        self._records = records
        self._to_syslog = to_syslog

    async def write(self, message: Message, answer: Answer, *, milliseconds: float) -> None:
        """Put a message on record, durably; raises `AuditError` or `StoreError`."""
        entry = entry_for(message, answer)
        seq = await outcome(self._writer.submit(("message", entry)))
        if answer.action != "accept" or answer.cause is Cause.BYPASS:
            await asyncio.to_thread(self._records.add_stopped, _stopped(message, answer))
        if self._to_syslog:
            line = log_line(message, answer, seq=seq, milliseconds=milliseconds)
            syslog.syslog(syslog.LOG_MAIL | syslog.LOG_INFO, line)

    async def write_queued(self, reference: str, queue_id: str) -> None:
        """Put on record which queue id a proxied message got; raises `AuditError` or `StoreError`."""
        await asyncio.to_thread(self._records.rename, reference, queue_id)
        entry = {"reference": reference, "queue_id": queue_id}
        await outcome(self._writer.submit(("queued", entry)))

    async def write_screened(self, verdict: Verdict, addresses: tuple[str, ...]) -> None:
        """Put a document screened on request on record; raises `AuditError`."""
        entry: dict[str, Any] = {"origin": "http", "document": printable(verdict.document), "sha256": verdict.sha256}
        entry |= {"recipients": [printable(address) for address in addresses]} | _screened(verdict)
        await outcome(self._writer.submit(("screened", entry)))


def entry_for(message: Message, answer: Answer) -> dict[str, Any]:
    """The audit entry of a message: who, what, decision and versions; no document text."""
    entry: dict[str, Any] = {
        "origin": message.origin,
        "reference": message.reference,
        "sender": printable(message.sender),
        "user": printable(message.user),
        "client": message.client,
        "recipients": [printable(recipient) for recipient in message.recipients],
        "action": answer.action,
        "cause": answer.cause.value,
        "sha256": hashlib.sha256(message.data).hexdigest(),
        "bytes": message.oversize if message.oversize is not None else len(message.data),
    }
    return entry if answer.verdict is None else entry | _screened(answer.verdict)


def _screened(verdict: Verdict) -> dict[str, Any]:
    return {
        "decision": verdict.decision.value,
        "know_how": round(verdict.know_how, 4),
        "points": sorted({f"{point.list}:{point.id}" for point in verdict.control_points}),
        "problems": sorted({problem.kind.value for problem in verdict.problems}),
        "parts": [part.sha256 for part in verdict.parts[:_MOST_HASHES]],
        "licences": list(verdict.licences),
        "model": verdict.provenance.model,
        "lists": list(verdict.provenance.lists),
        "settings": verdict.provenance.settings,
        "sluicegate": verdict.provenance.sluicegate,
    }


def log_line(message: Message, answer: Answer, *, seq: int, milliseconds: float) -> str:
    """One line for syslog, `name=value` words, each printable and without spaces."""
    words = {
        "id": message.reference or "-",
        "action": answer.action,
        "cause": answer.cause.value,
        "decision": answer.verdict.decision.value if answer.verdict is not None else "-",
        "from": f"<{message.sender}>",
        "nrcpt": str(len(message.recipients)),
        "bytes": str(len(message.data)),
        "ms": f"{milliseconds:.0f}",
        "licences": ",".join(answer.licences) or "-",
        "audit": str(seq),
    }
    return "sluicegate: " + " ".join(f"{name}={_word(value)}" for name, value in words.items())


def _word(value: str) -> str:
    return printable(value).replace(" ", "_")[:300]


def _stopped(message: Message, answer: Answer) -> Stopped:
    return Stopped(
        message.reference, message.origin, message.sender, message.recipients, answer.cause.value, answer.action,
        answer.verdict,
    )  # fmt: skip
