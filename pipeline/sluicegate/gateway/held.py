"""Held mail in Postfix's hold queue: listed, shown, released, screened again, deleted; each with a name and a reason.

Postfix does not ask the milter again when a held message is released, so what an outage or an older model held is
screened again first (`rescan`), and only a message that would be let through now goes without an override.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sluicegate.errors import GatewayError
from sluicegate.gateway.recipients import resolve
from sluicegate.review.audit import Audit
from sluicegate.review.records import Decided, Records, Stopped
from sluicegate.review.register import Register, apply_licences
from sluicegate.settings import Settings
from sluicegate.verdict import Decision, Verdict
from sluicegate.workers import Task, WorkerPool

_QUEUE_ID = re.compile(r"[0-9A-Za-z]{5,32}")
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Held:
    """A message in the hold queue, with what the records know about it."""

    queue_id: str
    sender: str
    recipients: tuple[str, ...]
    arrived: datetime
    size: int
    stopped: Stopped | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: whether it was done, and why."""

    done: bool
    detail: str
    verdict: Verdict | None = None


class HoldQueue:
    """Postfix's hold queue, through its own commands. Raises `GatewayError` when Postfix does not answer."""

    def __init__(self, config: Path | None = None) -> None:
        self._options = ["-c", str(config)] if config is not None else []

    def list(self) -> list[Held]:
        """What is held, oldest first."""
        rows = [json.loads(line) for line in self._run("postqueue", "-j").splitlines() if line.strip()]
        held = [_held(row) for row in rows if row["queue_name"] == "hold"]
        return sorted(held, key=lambda found: found.arrived)

    def get(self, queue_id: str) -> Held:
        """One held message; raises `GatewayError` when it is not held."""
        for held in self.list():
            if held.queue_id == queue_id:
                return held
        raise GatewayError(f"{queue_id} is not in the hold queue; see `sluicegate held list`")

    def message(self, queue_id: str) -> bytes:
        """The whole message, header and body."""
        return self._run_bytes("postcat", "-qbh", _checked(queue_id))

    def release(self, queue_id: str) -> None:
        """Let Postfix deliver it; the milter is not asked again."""
        self._run("postsuper", "-H", _checked(queue_id))

    def delete(self, queue_id: str) -> None:
        """Delete it."""
        self._run("postsuper", "-d", _checked(queue_id), "hold")

    def _run(self, program: str, *words: str) -> str:
        return self._run_bytes(program, *words).decode("utf-8", "replace")

    def _run_bytes(self, program: str, *words: str) -> bytes:
        command = [program, *self._options, *words]
        try:
            return subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS).stdout
        except FileNotFoundError:
            raise GatewayError(f"{program} is not installed here: held mail needs Postfix") from None
        except subprocess.TimeoutExpired:
            raise GatewayError(f"{program} does not answer") from None
        except subprocess.CalledProcessError as error:
            said = error.stderr.decode("utf-8", "replace").strip().splitlines()
            raise GatewayError(f"{program}: {said[-1] if said else 'failed'}") from None


class HeldMail:
    """What a reviewer does with held mail; everything done goes on record before it is done."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._queue = HoldQueue(settings.gateway.postfix)
        self._records = Records.open(settings)
        self._audit = Audit.open(settings)

    def list(self) -> list[Held]:
        """The hold queue with the stored verdicts."""
        return [replace(held, stopped=self._known(held)) for held in self._queue.list()]

    def show(self, queue_id: str) -> Held:
        """One held message with its stored verdict."""
        held = self._queue.get(queue_id)
        return replace(held, stopped=self._known(held))

    def rescan(self, queue_id: str, *, by: str) -> Outcome:
        """Screen a held message with today's model, lists and licences, and keep the verdict."""
        held = self._queue.get(queue_id)
        data = self._queue.message(queue_id)
        with WorkerPool(self._settings, size=1, ocr=True) as pool:
            seconds = self._settings.gateway.seconds
            verdict = pool.screen(Task(f"{queue_id}.eml", data=data, seconds=seconds, media_type="message/rfc822"))
        recipients = resolve(held.recipients, self._settings.gateway)
        verdict = apply_licences(verdict, register=Register.of(self._settings), recipients=recipients)
        stopped = Stopped(queue_id, "rescan", held.sender, held.recipients, "rescan", "hold", verdict)
        self._records.add_stopped(stopped)
        self._audit.append([("rescan", self._entry(held, by, "", verdict))])
        return Outcome(True, f"{queue_id}: {verdict.decision.value}", verdict)

    def release(self, queue_id: str, *, by: str, reason: str, override: bool = False) -> Outcome:
        """Release a held message if its present verdict lets it through, or a person overrides it with a reason."""
        held = self.show(queue_id)
        stopped = held.stopped
        verdict = stopped.verdict if stopped is not None else None
        if not override and (verdict is None or not verdict.released or self._outdated(verdict)):
            verdict = self.rescan(queue_id, by=by).verdict
            assert verdict is not None
            if not verdict.released:
                return Outcome(False, f"{queue_id} stays held: {verdict.decision.value}", verdict)
        entry = self._entry(held, by, reason, verdict)
        event = "release" if verdict is not None and verdict.released else "override"
        self._audit.append([(event, entry)])
        self._decide(held, verdict, Decision.RELEASE, by, reason)
        self._queue.release(queue_id)
        return Outcome(True, f"{queue_id} released", verdict)

    def delete(self, queue_id: str, *, by: str, reason: str) -> Outcome:
        """Refuse a held message for good: it is deleted."""
        held = self.show(queue_id)
        verdict = held.stopped.verdict if held.stopped is not None else None
        self._audit.append([("delete", self._entry(held, by, reason, verdict))])
        self._decide(held, verdict, Decision.HOLD, by, reason)
        self._queue.delete(queue_id)
        return Outcome(True, f"{queue_id} deleted", verdict)

    def _known(self, held: Held) -> Stopped | None:
        """The record of a held message; one that is older than the message belongs to another with the same id."""
        stopped = self._records.find_stopped(held.queue_id)
        if stopped is None or not {*map(str.lower, stopped.recipients)} & {*map(str.lower, held.recipients)}:
            return None
        return stopped if datetime.fromisoformat(stopped.time) >= held.arrived.replace(microsecond=0) else None

    def _outdated(self, verdict: Verdict) -> bool:
        from sluicegate.classify.model import find_model  # scikit-learn is not wanted for listing

        return find_model(self._settings).name != verdict.provenance.model

    def _decide(self, held: Held, verdict: Verdict | None, decision: Decision, by: str, reason: str) -> None:
        sha256 = verdict.sha256 if verdict is not None else ""
        number = held.stopped.id if held.stopped is not None else None
        self._records.add_decision(Decided(sha256, f"{held.queue_id}.eml", decision, by, reason, number, verdict))

    def _entry(self, held: Held, by: str, reason: str, verdict: Verdict | None) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "reference": held.queue_id,
            "by": by,
            "reason": reason,
            "sender": held.sender,
            "recipients": list(held.recipients),
        }
        if verdict is not None:
            entry |= {
                "decision": verdict.decision.value,
                "sha256": verdict.sha256,
                "parts": [part.sha256 for part in verdict.parts[:200]],
                "licences": list(verdict.licences),
                "model": verdict.provenance.model,
                "lists": list(verdict.provenance.lists),
            }
        return entry


def queue_metrics(rows: Iterable[Held], *, now: datetime | None = None) -> tuple[int, float]:
    """How many messages are held, and the age of the oldest in seconds."""
    ages = [((now or datetime.now(UTC)) - held.arrived).total_seconds() for held in rows]
    return len(ages), max(ages, default=0.0)


def _held(row: dict[str, Any]) -> Held:
    return Held(
        row["queue_id"], row["sender"], tuple(recipient["address"] for recipient in row["recipients"]),
        datetime.fromtimestamp(row["arrival_time"], UTC), row["message_size"],
    )  # fmt: skip


def _checked(queue_id: str) -> str:
    """A queue id that is safe as an argument: `ALL` would mean every message."""
    if not _QUEUE_ID.fullmatch(queue_id) or queue_id.upper() == "ALL":
        raise GatewayError(f"{queue_id!r} is not a queue id")
    return queue_id
