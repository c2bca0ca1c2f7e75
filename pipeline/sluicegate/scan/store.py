"""Verdicts in, scans to look up, compare and reuse out: one SQLite file that only its owner can read.

Every verdict is committed when it comes, so an interrupted scan loses nothing. A verdict is reused when name, bytes and
stamp (program, model, lists, settings, tools) are the same and nothing passing was in its way, such as a deadline.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType

from sluicegate.document import ProblemKind
from sluicegate.errors import StoreError
from sluicegate.verdict import Decision, Verdict

_SCHEMA = """
CREATE TABLE IF NOT EXISTS scan (
  id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, finished TEXT, state TEXT NOT NULL,
  folder TEXT NOT NULL, paths TEXT NOT NULL, model TEXT NOT NULL, left_out INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS verdict (
  scan INTEGER NOT NULL REFERENCES scan ON DELETE CASCADE, position INTEGER NOT NULL, name TEXT NOT NULL,
  sha256 TEXT NOT NULL, decision TEXT NOT NULL, stamp TEXT NOT NULL, reused INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (scan, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS same ON verdict (sha256, name, stamp);
"""
_VERSION = 1
_PATIENCE = 30.0  # seconds that a scan waits for another one that writes
_PASSING = frozenset(
    {ProblemKind.TIMED_OUT, ProblemKind.OUT_OF_MEMORY, ProblemKind.PERMISSION, ProblemKind.MISSING, ProblemKind.CHANGED}
)


@dataclass(frozen=True, slots=True)
class Scan:
    """One run: when, over what, how it ended (`running done interrupted failed`), and how many of each decision."""

    id: int
    started: str
    finished: str | None
    state: str
    folder: str
    paths: tuple[str, ...]
    model: str
    left_out: int
    counts: Mapping[Decision, int]
    reused: int

    @property
    def total(self) -> int:
        """How many verdicts it has."""
        return sum(self.counts.values())


class ScanStore:
    """The scans of one user; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "scans.sqlite3"

    def __enter__(self) -> ScanStore:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600))
            self._base = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
            self._prepare_beside_others()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"the scan store {self._path} cannot be opened ({error}); set [paths] store") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._base.close()

    def _prepare_beside_others(self) -> None:
        """Prepare, again while another process does: SQLite does not wait where two change a new file's journal."""
        deadline = monotonic() + _PATIENCE
        while True:
            try:
                return self._prepare()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                    raise
            sleep(0.01)

    def _prepare(self) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
            self._base.execute(f"PRAGMA {pragma}")
        (version,) = self._base.execute("PRAGMA user_version").fetchone()
        if version > _VERSION:
            raise StoreError(f"the scan store {self._path} was written by a newer Sluicegate")
        self._base.executescript(_SCHEMA)
        self._base.execute(f"PRAGMA user_version={_VERSION}")

    def _run(self, statement: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        try:
            return self._base.execute(statement, values)
        except sqlite3.Error as error:
            raise StoreError(f"the scan store {self._path} failed: {error}") from error

    def begin(self, paths: Sequence[str], *, model: str) -> int:
        """A new scan; its number."""
        values = (_now(), str(Path.cwd()).encode("utf-8", "backslashreplace").decode(), json.dumps(list(paths)), model)
        insert = "INSERT INTO scan (started, state, folder, paths, model) VALUES (?, 'running', ?, ?, ?)"
        number = self._run(insert, values).lastrowid
        if number is None:
            raise StoreError("the scan store gave no number")
        return number

    def add(self, scan: int, position: int, verdict: Verdict, *, stamp: str, reused: bool = False) -> None:
        """Keep one verdict; it is on disk when this returns."""
        body = zlib.compress(json.dumps(verdict.to_json(), separators=(",", ":")).encode("ascii"), 3)
        kept = stamp if _lasting(verdict) else ""
        row = (scan, position, verdict.document, verdict.sha256, verdict.decision.value, kept, reused, body)
        self._run("INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def finish(self, scan: int, state: str, *, left_out: int = 0) -> None:
        """Note how a scan ended."""
        self._run("UPDATE scan SET finished=?, state=?, left_out=? WHERE id=?", (_now(), state, left_out, scan))

    def known(self, name: str, sha256: str, stamp: str) -> Verdict | None:
        """The verdict on the same bytes under the same name and stamp, if there is one."""
        query = "SELECT body FROM verdict WHERE sha256=? AND name=? AND stamp=? ORDER BY scan DESC LIMIT 1"
        row = self._run(query, (sha256, name, stamp)).fetchone() if stamp and sha256 else None
        return _decode(row[0]) if row is not None else None

    def scans(self) -> tuple[Scan, ...]:
        """Every scan, the oldest first."""
        rows = self._run("SELECT id, started, finished, state, folder, paths, model, left_out FROM scan ORDER BY id")
        return tuple(self._scan(row) for row in rows.fetchall())

    def find(self, reference: str) -> Scan:
        """The scan of this number, or the newest by the name "last"; raises `StoreError` when there is none."""
        columns = "SELECT id, started, finished, state, folder, paths, model, left_out FROM scan"
        if reference == "last":
            row = self._run(f"{columns} ORDER BY id DESC LIMIT 1").fetchone()
        elif reference.isascii() and reference.isdigit() and len(reference) < 18:
            row = self._run(f"{columns} WHERE id=?", (int(reference),)).fetchone()
        else:
            raise StoreError(f"{reference!r} is not the number of a scan; see sluicegate report --list")
        if row is None:
            raise StoreError(f"there is no scan {reference}; see sluicegate report --list")
        return self._scan(row)

    def _scan(self, row: Sequence[object]) -> Scan:
        number, started, finished, state, folder, paths, model, left_out = row
        counts: Counter[Decision] = Counter()
        reused = 0
        grouped = self._run(
            "SELECT decision, COUNT(*), SUM(reused) FROM verdict WHERE scan=? GROUP BY decision", (number,)
        )
        for decision, count, again in grouped.fetchall():
            counts[Decision(decision)] = count
            reused += again
        return Scan(
            int(str(number)), str(started), str(finished) if finished else None, str(state), str(folder),
            tuple(json.loads(str(paths))), str(model), int(str(left_out)), counts, reused,
        )  # fmt: skip

    def verdicts(self, scan: int, *, only: Sequence[Decision] = ()) -> Iterator[Verdict]:
        """The verdicts of a scan in the order of the walk, all or those with one of these decisions."""
        wanted = [decision.value for decision in (only or tuple(Decision))]
        marks = ",".join("?" * len(wanted))
        query = f"SELECT body FROM verdict WHERE scan=? AND decision IN ({marks}) ORDER BY position"  # noqa: S608 - marks
        for (body,) in self._run(query, (scan, *wanted)):
            yield _decode(body)

    def hashes(self, scan: int) -> Mapping[str, str]:
        """Name → SHA-256 of every document of a scan."""
        return dict(self._run("SELECT name, sha256 FROM verdict WHERE scan=?", (scan,)).fetchall())

    def prune(self, *, days: int) -> int:
        """Delete scans older than so many days, quotes and all; how many they were."""
        before = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
        return self._run("DELETE FROM scan WHERE started < ?", (before,)).rowcount


def _lasting(verdict: Verdict) -> bool:
    """Whether the same bytes would get this verdict again: a deadline or a dead process may not be met twice."""
    return bool(verdict.parts) and not any(problem.kind in _PASSING for problem in verdict.problems)


def _decode(body: bytes) -> Verdict:
    try:
        return Verdict.from_json(json.loads(zlib.decompress(body)))
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise StoreError("a verdict in the scan store is damaged or of another version") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
