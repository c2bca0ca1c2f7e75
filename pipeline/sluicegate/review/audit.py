"""The audit record on disk: entries in, a durable chain of lines out, its head announced elsewhere with each entry.

One file a month (`audit-2026-11.jsonl`), appended under a lock by every process that decides something, and on disk
before anybody acts on the decision. A torn last line, from a power cut while writing, is cut off and said in the next
entry: it was never acted on.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import syslog
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sluicegate.errors import AuditError
from sluicegate.review.chain import START, Entry, Fault, make_entry, parse_entry, parse_heads, verify
from sluicegate.settings import Settings

Event = tuple[str, Mapping[str, Any]]
_TAIL = 4 * 1024 * 1024  # an entry is far shorter: at most some thousand recipients and hashes


@dataclass(frozen=True, slots=True)
class _Tail:
    path: Path
    size: int
    seq: int
    mac: str
    changed: int = 0
    """When a file was last made or removed in the folder (nanoseconds)."""


class Audit:
    """The record in one folder. Safe for several processes; one thread at a time within a process."""

    def __init__(self, folder: Path, key: bytes, *, announce: Callable[[Entry], None]) -> None:
        self.folder = folder
        self._key = key
        self._announce = announce
        self._tail: _Tail | None = None

    @classmethod
    def open(cls, settings: Settings) -> Audit:
        """The record of these settings, made on first use; raises `AuditError`."""
        folder = settings.folder("records")
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            key = read_key(settings.audit.key or folder / "audit.key")
        except OSError as error:
            raise AuditError(f"cannot open the audit record in {folder}: {error.strerror}") from error
        return cls(folder, key, announce=_announcer(settings))

    def append(self, events: Sequence[Event]) -> list[Entry]:
        """Add entries and return them once they are on disk; raises `AuditError`, and then none of them counts."""
        try:
            with self._locked():
                tail, torn = self._find_tail()
                now = datetime.now(UTC)
                if torn:
                    events = [("recovered", {"torn_bytes": torn}), *events]
                entries = self._chain(tail, events, now.isoformat(timespec="milliseconds"))
                self._write(entries, now, tail)
        except OSError as error:
            self._tail = None
            raise AuditError(f"cannot write the audit record in {self.folder}: {error.strerror}") from error
        for entry in entries:
            self._announce(entry)
        return entries

    def lines(self) -> Iterator[bytes]:
        """Every whole line, oldest first, without line ends; a torn last line is left out."""
        for path in self.segments():
            data = path.read_bytes()
            yield from data[: data.rfind(b"\n") + 1].splitlines() if b"\n" in data else ()

    def entries(self) -> Iterator[Entry]:
        """Every readable entry, oldest first."""
        return (entry for line in self.lines() if (entry := parse_entry(line)) is not None)

    def verify(self, *, heads: Path | None = None) -> tuple[int, list[Fault]]:
        """Check the chain, against the heads in a file (syslog or heads file) and the last head kept here."""
        known: dict[int, str] = {}
        faults: list[Fault] = []
        if heads is not None:
            with heads.open(encoding="utf-8", errors="replace") as stream:
                known, faults = parse_heads(stream)
        with contextlib.suppress(FileNotFoundError):
            kept, _ = parse_heads((self.folder / "audit.head").read_text("ascii", "replace").splitlines())
            known = kept | known
        count, found = verify(self.lines(), self._key, heads=known)
        return count, faults + found

    def expire(self, *, days: int) -> list[Path]:
        """Remove the files whose every entry is older than so many days, and record it; the files removed."""
        limit = (datetime.now(UTC) - timedelta(days=days)).strftime("audit-%Y-%m.jsonl")
        old = [path for path in self.segments()[:-1] if path.name < limit]
        last = None
        for path in old:
            for line in path.read_bytes().splitlines():
                last = parse_entry(line) or last
        if last is None:
            return []
        self.append([("retention", {"last_seq": last.seq, "head": last.mac, "files": [path.name for path in old]})])
        for path in old:
            path.unlink()
        return old

    def segments(self) -> list[Path]:
        """The record's files, oldest first."""
        return sorted(self.folder.glob("audit-????-??.jsonl"))

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        handle = os.open(self.folder / "audit.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _chain(self, tail: _Tail | None, events: Sequence[Event], time: str) -> list[Entry]:
        seq, prev = (tail.seq, tail.mac) if tail is not None else (0, START)
        entries = []
        for event, data in events:
            seq += 1
            entry = make_entry(self._key, seq=seq, time=time, event=event, data=data, prev=prev)
            prev = entry.mac
            entries.append(entry)
        return entries

    def _write(self, entries: Sequence[Entry], now: datetime, tail: _Tail | None) -> None:
        path = self.folder / now.strftime("audit-%Y-%m.jsonl")
        if tail is None or tail is not self._tail or path != tail.path:  # else it is known to be the last file
            path = max([path, *self.segments()[-1:]])  # a clock that runs back does not reorder the files
        fresh = not path.exists()
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(handle).st_size
            lines = b"".join(entry.line for entry in entries)
            try:
                _write_all(handle, lines)
                os.fdatasync(handle)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(handle, size)
                raise
        finally:
            os.close(handle)
        if fresh:
            _sync_folder(self.folder)
        changed = self.folder.stat().st_mtime_ns
        self._tail = _Tail(path, size + len(lines), entries[-1].seq, entries[-1].mac, changed)
        with contextlib.suppress(OSError):  # a convenience for `verify`; the announced heads are the proof
            _write_head(self.folder / "audit.head", entries[-1].head)

    def _find_tail(self) -> tuple[_Tail | None, int]:
        """The last entry, and how many bytes of a torn line were cut off behind it."""
        tail = self._tail
        untouched = tail is not None and self.folder.stat().st_mtime_ns == tail.changed
        segments = [] if untouched else self.segments()
        if tail is not None and (untouched or (segments and segments[-1] == tail.path)):
            with contextlib.suppress(FileNotFoundError):
                if tail.path.stat().st_size == tail.size:
                    return tail, 0
        segments = segments or self.segments()
        torn = 0
        for path in reversed(segments):
            size, lost = _cut_torn(path)
            torn += lost
            if size:
                return self._read_tail(path, size), torn
        return None, torn

    def _read_tail(self, path: Path, size: int) -> _Tail:
        with path.open("rb") as stream:
            stream.seek(max(0, size - _TAIL))
            line = stream.read().splitlines()[-1]
        entry = parse_entry(line)
        if entry is None:
            raise AuditError(
                f"the last line of {path} is not an entry; run `sluicegate audit verify`, then move it away"
            )
        return _Tail(path, size, entry.seq, entry.mac)


def read_key(path: Path) -> bytes:
    """The chain's key, made on first use (0600)."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes().strip()
        if len(key) < 32:
            raise AuditError(f"the key in {path} is too short: 32 characters at least") from None
        return key
    key = secrets.token_hex(32).encode()
    try:
        _write_all(handle, key + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)
    _sync_folder(path.parent)
    return key


def _announcer(settings: Settings) -> Callable[[Entry], None]:
    def announce(entry: Entry) -> None:
        if settings.audit.syslog:
            syslog.syslog(syslog.LOG_MAIL | syslog.LOG_INFO, entry.head)
        if settings.audit.heads is not None:
            with contextlib.suppress(OSError), settings.audit.heads.open("a", encoding="ascii") as stream:
                stream.write(entry.head + "\n")

    return announce


def _cut_torn(path: Path) -> tuple[int, int]:
    """Cut an unfinished last line off a file: its size now, and how many bytes went."""
    size = path.stat().st_size
    if size == 0:
        return 0, 0
    with path.open("rb+") as stream:
        start = max(0, size - _TAIL)
        stream.seek(start)
        end = stream.read().rfind(b"\n") + 1
        whole = start + end if end or start == 0 else size
        if whole < size:
            stream.truncate(whole)
            os.fsync(stream.fileno())
    return whole, size - whole


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _write_head(path: Path, head: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.pwrite(handle, f"{head}\n".encode(), 0)
        os.ftruncate(handle, len(head) + 1)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
