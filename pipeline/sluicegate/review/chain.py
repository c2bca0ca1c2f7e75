"""The audit record's entries as text and back: one JSON line each, chained by a keyed hash (HMAC-SHA256). Pure.

An entry's `mac` covers its sequence number, time, event, data and the `mac` before it, so that a changed, removed or
inserted entry breaks the chain; a line counts only in its one canonical spelling.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

START = "0" * 64
_HEAD = re.compile(r"sluicegate-audit seq=(\d+) head=([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the record."""

    seq: int
    time: str
    event: str
    data: Mapping[str, Any]
    prev: str
    mac: str

    @property
    def line(self) -> bytes:
        """The entry's one spelling, with its line end."""
        return _spell({**_body(self), "mac": self.mac}) + b"\n"

    @property
    def head(self) -> str:
        """What is announced elsewhere: the number and the hash, no data."""
        return f"sluicegate-audit seq={self.seq} head={self.mac}"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the record, where, and in words."""

    seq: int
    detail: str


def make_entry(key: bytes, *, seq: int, time: str, event: str, data: Mapping[str, Any], prev: str) -> Entry:
    """The next entry of a chain."""
    unsigned = Entry(seq, time, event, data, prev, "")
    return Entry(seq, time, event, data, prev, _mac(key, unsigned))


def parse_entry(line: bytes) -> Entry | None:
    """An entry from its line without line end; `None` when the line is not in the one spelling."""
    try:
        value = json.loads(line)
        entry = Entry(value["seq"], value["time"], value["event"], value["data"], value["prev"], value["mac"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return entry if entry.line == line + b"\n" and isinstance(entry.seq, int) else None


def verify(lines: Iterable[bytes], key: bytes, *, heads: Mapping[int, str] | None = None) -> tuple[int, list[Fault]]:
    """Check a whole record, oldest line first (without line ends): number of entries, and every fault.

    `heads` are numbers and hashes announced elsewhere: what is missing or differs from them was cut or rewritten.
    """
    known = dict(heads or {})
    faults: list[Fault] = []
    expired: dict[int, str] = {}
    start: tuple[int, str] | None = None
    last: Entry | None = None
    count = 0
    for number, line in enumerate(lines, 1):
        entry = parse_entry(line)
        if entry is None:
            faults.append(Fault((last.seq if last else 0) + 1, f"line {number} is not an entry"))
            continue
        count += 1
        start = start or (entry.seq, entry.prev)
        faults += _check(entry, last, key, known.pop(entry.seq, None))
        if entry.event == "retention":
            expired[entry.data.get("last_seq", 0)] = entry.data.get("head", "")
        last = entry
    if start is not None and start != (1, START) and expired.get(start[0] - 1) != start[1]:
        faults.insert(0, Fault(1, f"entries 1 to {start[0] - 1} are missing, and no retention entry says why"))
    first = start[0] if start else 1
    missing = sorted(seq for seq in known if seq >= first)
    if missing:
        faults.append(Fault(missing[0], f"entries {missing[0]} to {missing[-1]} were announced and are missing"))
    return count, faults


def parse_heads(lines: Iterable[str]) -> tuple[dict[int, str], list[Fault]]:
    """Announced heads from syslog lines or a heads file; two different heads for one number are a fault."""
    heads: dict[int, str] = {}
    faults = []
    for line in lines:
        found = _HEAD.search(line)
        if found is None:
            continue
        seq, head = int(found[1]), found[2]
        if heads.setdefault(seq, head) != head:
            faults.append(Fault(seq, "two different heads were announced: the record was rewritten"))
    return heads, faults


def _check(entry: Entry, last: Entry | None, key: bytes, announced: str | None) -> list[Fault]:
    faults = []
    if not hmac.compare_digest(entry.mac, _mac(key, entry)):
        faults.append(Fault(entry.seq, "the entry was changed, or written with another key"))
    if last is not None and entry.seq != last.seq + 1:
        faults.append(Fault(entry.seq, f"follows entry {last.seq}: entries were removed or inserted"))
    if last is not None and entry.prev != last.mac:
        faults.append(Fault(entry.seq, "does not continue the entry before it"))
    if announced is not None and announced != entry.mac:
        faults.append(Fault(entry.seq, "differs from the head that was announced: the record was rewritten"))
    return faults


def _mac(key: bytes, entry: Entry) -> str:
    return hmac.new(key, _spell(_body(entry)), hashlib.sha256).hexdigest()


def _body(entry: Entry) -> dict[str, Any]:
    return {"seq": entry.seq, "time": entry.time, "event": entry.event, "data": entry.data, "prev": entry.prev}


def _spell(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
