"""What gateways stopped and what people decided: verdicts and decisions in, rows out of one SQLite file (0600).

Verdicts can carry controlled quotes. With `records.redact` quotes and terms are left out before anything is written.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sluicegate.errors import StoreError
from sluicegate.settings import Settings
from sluicegate.verdict import Decision, Verdict

_SCHEMA = """
CREATE TABLE IF NOT EXISTS stopped (
    id INTEGER PRIMARY KEY, time TEXT NOT NULL, reference TEXT NOT NULL, origin TEXT NOT NULL, sender TEXT NOT NULL,
    recipients TEXT NOT NULL, cause TEXT NOT NULL, action TEXT NOT NULL, verdict TEXT);
CREATE INDEX IF NOT EXISTS stopped_reference ON stopped (reference, time);
CREATE TABLE IF NOT EXISTS decisions (
    id INTEGER PRIMARY KEY, time TEXT NOT NULL, sha256 TEXT NOT NULL, document TEXT NOT NULL, decision TEXT NOT NULL,
    by_whom TEXT NOT NULL, reason TEXT NOT NULL, stopped INTEGER, verdict TEXT);
CREATE INDEX IF NOT EXISTS decisions_sha256 ON decisions (sha256);
"""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A message that a gateway did not simply let through. `verdict` is `None` when it was not screened."""

    reference: str
    origin: str
    sender: str
    recipients: tuple[str, ...]
    cause: str
    action: str
    verdict: Verdict | None = field(default=None, repr=False)
    time: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided about a document, and why."""

    sha256: str
    document: str
    decision: Decision
    by: str
    reason: str
    stopped: int | None = None
    verdict: Verdict | None = field(default=None, repr=False)
    time: str = ""
    id: int = 0


class Records:
    """The records file. Every method raises `StoreError` when it cannot be read or written."""

    def __init__(self, path: Path, *, redact: bool = False) -> None:
        self.path = path
        self._redact = redact

    @classmethod
    def open(cls, settings: Settings) -> Records:
        """The records of these settings, made on first use."""
        folder = settings.folder("records")
        records = cls(folder / "records.sqlite", redact=settings.records.redact)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            records.path.touch(mode=0o600, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot open the records in {folder}: {error.strerror}") from error
        with records._connected() as connection:
            connection.executescript(_SCHEMA)
        return records

    def add_stopped(self, stopped: Stopped) -> int:
        """Keep a stopped message; its number."""
        verdict = self._written(stopped.verdict)
        row = (
            _now(), stopped.reference, stopped.origin, stopped.sender, json.dumps(stopped.recipients), stopped.cause,
            stopped.action, verdict,
        )  # fmt: skip
        with self._connected() as connection:
            cursor = connection.execute(
                "INSERT INTO stopped (time, reference, origin, sender, recipients, cause, action, verdict) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            return int(cursor.lastrowid or 0)

    def rename(self, reference: str, queue_id: str) -> None:
        """Give a stopped message the queue id under which it is held."""
        with self._connected() as connection:
            connection.execute("UPDATE stopped SET reference = ? WHERE reference = ?", (queue_id, reference))

    def find_stopped(self, reference: str) -> Stopped | None:
        """The latest message with this queue id (Postfix uses ids again)."""
        rows = self._stopped("WHERE reference = ? ORDER BY id DESC LIMIT 1", (reference,))
        return rows[0] if rows else None

    def get_stopped(self, number: int) -> Stopped | None:
        """The message with this number."""
        rows = self._stopped("WHERE id = ?", (number,))
        return rows[0] if rows else None

    def waiting(self) -> list[Stopped]:
        """Stopped messages with a verdict that nobody has decided about, oldest first."""
        return self._stopped(
            "WHERE verdict IS NOT NULL AND id NOT IN (SELECT stopped FROM decisions WHERE stopped IS NOT NULL) "
            "ORDER BY id",
            (),
        )

    def stopped_since(self, time: str) -> list[Stopped]:
        """Messages stopped at or after a time (ISO 8601, UTC)."""
        return self._stopped("WHERE time >= ? ORDER BY id", (time,))

    def add_decision(self, decided: Decided) -> int:
        """Keep a person's decision; its number."""
        row = (
            _now(), decided.sha256, decided.document, decided.decision.value, decided.by, decided.reason,
            decided.stopped, self._written(decided.verdict),
        )  # fmt: skip
        with self._connected() as connection:
            cursor = connection.execute(
                "INSERT INTO decisions (time, sha256, document, decision, by_whom, reason, stopped, verdict) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            return int(cursor.lastrowid or 0)

    def decisions(self) -> list[Decided]:
        """Every decision, oldest first."""
        with self._connected() as connection:
            rows = connection.execute(
                "SELECT sha256, document, decision, by_whom, reason, stopped, verdict, time, id "
                "FROM decisions ORDER BY id"
            ).fetchall()
        return [
            Decided(sha256, document, Decision(decision), by, reason, stopped, _read(verdict), time, number)
            for sha256, document, decision, by, reason, stopped, verdict, time, number in rows
        ]

    def expire(self, *, days: int) -> int:
        """Delete what is older than so many days; how many rows went."""
        limit = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
        with self._connected() as connection:
            gone = connection.execute("DELETE FROM stopped WHERE time < ?", (limit,)).rowcount
            return gone + connection.execute("DELETE FROM decisions WHERE time < ?", (limit,)).rowcount

    def _stopped(self, where: str, values: tuple[object, ...]) -> list[Stopped]:
        columns = "reference, origin, sender, recipients, cause, action, verdict, time, id"
        with self._connected() as connection:
            rows = connection.execute(f"SELECT {columns} FROM stopped {where}", values).fetchall()  # noqa: S608 - fixed
        return [
            Stopped(reference, origin, sender, tuple(json.loads(to)), cause, action, _read(verdict), time, number)
            for reference, origin, sender, to, cause, action, verdict, time, number in rows
        ]

    def _written(self, verdict: Verdict | None) -> str | None:
        if verdict is None:
            return None
        return json.dumps((redacted(verdict) if self._redact else verdict).to_json(), ensure_ascii=False)

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=20)) as connection, connection:
                yield connection
        except sqlite3.Error as error:
            raise StoreError(f"the records in {self.path} cannot be used: {error}") from error


def redacted(verdict: Verdict) -> Verdict:
    """The verdict without any text of the document: no quotes, terms or tags, only places, scores and criteria."""
    points = tuple(
        replace(point, criteria=tuple(replace(finding, quote="") for finding in point.criteria))
        for point in verdict.control_points
    )
    passages = tuple(replace(passage, quote="", terms=(), tags=()) for passage in verdict.passages)
    return replace(verdict, control_points=points, passages=passages)


def _read(text: str | None) -> Verdict | None:
    return Verdict.from_json(json.loads(text)) if text else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
