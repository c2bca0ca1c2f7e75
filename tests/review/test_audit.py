"""The audit record: nothing acknowledged is ever lost, and what is changed, cut or rewritten is found."""

import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.errors import AuditError
from sluicegate.review.audit import Audit
from sluicegate.review.chain import START, make_entry, parse_entry, parse_heads, verify
from sluicegate.review.writer import AuditWriter
from sluicegate.settings import parse_settings

KEY = b"k" * 64


def open_audit(folder: Path, **options) -> Audit:
    settings = {
        "paths": {"records": str(folder)},
        "audit": {"syslog": False, "heads": str(folder / "heads"), **options},
    }
    return Audit.open(parse_settings(settings))


def fill(folder: Path, count: int = 5) -> Audit:
    audit = open_audit(folder)
    for number in range(count):
        audit.append([("message", {"reference": f"Q{number}", "recipients": ["a@b.example"]})])
    return audit


def faults(folder: Path, heads: str | None = "heads") -> list[str]:
    return [fault.detail for fault in open_audit(folder).verify(heads=folder / heads if heads else None)[1]]


def test_a_whole_record_verifies(tmp_path):
    audit = fill(tmp_path)
    assert audit.verify(heads=tmp_path / "heads") == (5, [])
    assert [entry.seq for entry in audit.entries()] == [1, 2, 3, 4, 5]


def test_files_are_for_the_owner_only(tmp_path):
    audit = fill(tmp_path)
    for path in (*audit.segments(), tmp_path / "audit.key", tmp_path / "audit.head"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_every_changed_byte_is_found(tmp_path):
    audit = fill(tmp_path, 3)
    path = audit.segments()[0]
    whole = path.read_bytes()
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1
        path.write_bytes(changed)
        assert faults(tmp_path), f"byte {at}"


def test_a_removed_entry_is_found(tmp_path):
    audit = fill(tmp_path)
    path = audit.segments()[0]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    assert any("removed" in fault for fault in faults(tmp_path))


def test_a_removed_tail_is_found(tmp_path):
    audit = fill(tmp_path)
    path = audit.segments()[0]
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:3]))
    assert faults(tmp_path) == ["entries 4 to 5 were announced and are missing"]
    assert faults(tmp_path, heads=None)


def test_a_removed_beginning_is_found(tmp_path):
    path = fill(tmp_path).segments()[0]
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[2:]))
    assert "entries 1 to 2 are missing" in faults(tmp_path)[0]


def test_a_chain_rewritten_with_the_key_is_found_by_the_announced_heads(tmp_path):
    audit = fill(tmp_path)
    key, prev, lines = (tmp_path / "audit.key").read_bytes().strip(), START, []
    for entry in list(audit.entries()):
        forged = make_entry(key, seq=entry.seq, time=entry.time, event=entry.event, data={"reference": "x"}, prev=prev)
        prev = forged.mac
        lines.append(forged.line)
    audit.segments()[0].write_bytes(b"".join(lines))
    (tmp_path / "audit.head").write_text(forged.head)
    assert len(faults(tmp_path)) == 5
    assert all("rewritten" in fault for fault in faults(tmp_path))


def test_a_chain_rewritten_and_announced_again_is_found(tmp_path):
    entry = make_entry(KEY, seq=1, time="t", event="e", data={}, prev=START)
    other = make_entry(KEY, seq=1, time="t", event="f", data={}, prev=START)
    _, found = parse_heads([f"Nov 23 host x: {entry.head}", other.head])
    assert "two different heads" in found[0].detail


def test_another_key_is_found(tmp_path):
    fill(tmp_path)
    (tmp_path / "audit.key").write_text("x" * 64)
    assert len(faults(tmp_path)) == 5


def test_truncation_at_every_byte_of_the_last_entry_loses_at_most_that_entry(tmp_path):
    audit = fill(tmp_path, 4)
    path = audit.segments()[0]
    whole = path.read_bytes()
    third_end = len(b"".join(whole.splitlines(keepends=True)[:3]))
    for size in range(third_end, len(whole)):
        path.write_bytes(whole[:size])
        fresh = open_audit(tmp_path)
        fresh.append([("message", {"reference": "next"})])
        events = [(entry.seq, entry.event) for entry in fresh.entries()]
        torn = [(4, "recovered"), (5, "message")] if size > third_end else [(4, "message")]
        assert events == [(1, "message"), (2, "message"), (3, "message"), *torn]
        (tmp_path / "heads").unlink()
        assert fresh.verify()[1] == []


def test_truncation_at_every_byte_of_a_batch_keeps_every_whole_entry_before_it(tmp_path):
    """A batch is one write: a power cut in the middle of it tears one entry, and nobody was told of any of them."""
    fill(tmp_path, 1)
    open_audit(tmp_path).append([("message", {"reference": f"B{number}"}) for number in range(3)])
    path = open_audit(tmp_path).segments()[0]
    whole = path.read_bytes()
    ends = [len(b"".join(whole.splitlines(keepends=True)[:count])) for count in range(1, 5)]
    for size in range(ends[0], len(whole)):
        path.write_bytes(whole[:size])
        (tmp_path / "audit.head").unlink(missing_ok=True)
        fresh = open_audit(tmp_path)
        fresh.append([("next", {})])
        kept = sum(end <= size for end in ends)
        torn = ["recovered"] if size not in ends else []
        assert [entry.event for entry in fresh.entries()] == ["message"] * kept + [*torn, "next"]
        assert fresh.verify()[1] == []


def test_two_processes_share_one_chain(tmp_path):
    first, second = open_audit(tmp_path), open_audit(tmp_path)
    for _ in range(3):
        first.append([("message", {})])
        second.append([("release", {}), ("message", {})])
    assert first.verify(heads=tmp_path / "heads") == (9, [])


def test_kill_9_while_writing_loses_nothing_that_was_acknowledged(tmp_path):
    """The child says each number once it is on disk; whatever it said has to be there."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path\n"
        "from sluicegate.settings import parse_settings; from sluicegate.review.audit import Audit\n"
        "audit = Audit.open(parse_settings({'paths': {'records': sys.argv[1]}, 'audit': {'syslog': False}}))\n"
        "while True:\n    print(audit.append([('message', {'text': 'x' * 3000})])[-1].seq, flush=True)\n"
    )
    source = str(Path(__file__).parents[2] / "pipeline")
    for _ in range(4):
        command = [sys.executable, "-c", script, str(tmp_path), source]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            first = child.stdout.readline()
            time.sleep(random.Random(first).uniform(0.0, 0.15))
            os.kill(child.pid, signal.SIGKILL)
            said = [
                int(line) for line in (first, *child.stdout.read().splitlines(keepends=True)) if line.endswith("\n")
            ]
        audit = open_audit(tmp_path)
        audit.append([("after", {})])
        kept = {entry.seq for entry in audit.entries()}
        assert set(said) <= kept
        assert audit.verify()[1] == []


def test_a_full_disk_leaves_the_record_as_it_was(tmp_path):
    audit = fill(tmp_path, 2)
    before = audit.segments()[0].read_bytes()
    (tmp_path / "audit-9999-12.jsonl").symlink_to("/dev/full")
    with pytest.raises(AuditError, match="No space left"):
        open_audit(tmp_path).append([("message", {})])
    (tmp_path / "audit-9999-12.jsonl").unlink()
    assert audit.segments()[0].read_bytes() == before


def test_old_files_expire_and_the_rest_still_verifies(tmp_path):
    audit = fill(tmp_path, 3)
    audit.segments()[0].rename(tmp_path / "audit-2001-01.jsonl")
    audit = open_audit(tmp_path)
    newest = tmp_path / "audit-2001-02.jsonl"
    entry = list(audit.entries())[-1]
    following = make_entry(
        (tmp_path / "audit.key").read_bytes().strip(), seq=4, time=entry.time, event="message", data={}, prev=entry.mac
    )
    newest.write_bytes(following.line)
    assert [path.name for path in audit.expire(days=365)] == ["audit-2001-01.jsonl"]
    (tmp_path / "heads").unlink()
    assert open_audit(tmp_path).verify()[1] == []
    newest.unlink()
    assert open_audit(tmp_path).verify()[1]


def test_the_writer_flushes_many_at_once_and_numbers_each(tmp_path):
    writer = AuditWriter(open_audit(tmp_path))
    futures = [writer.submit(("message", {"number": number})) for number in range(300)]
    assert [future.result() for future in futures] == list(range(1, 301))
    writer.close()
    assert open_audit(tmp_path).verify(heads=tmp_path / "heads") == (300, [])


def test_the_writer_passes_a_failure_on_and_recovers(tmp_path):
    audit = open_audit(tmp_path)
    writer = AuditWriter(audit)
    (tmp_path / "audit-9999-12.jsonl").symlink_to("/dev/full")
    with pytest.raises(AuditError):
        writer.submit(("message", {})).result()
    (tmp_path / "audit-9999-12.jsonl").unlink()
    assert writer.submit(("message", {})).result() == 1
    writer.close()


def test_a_line_counts_in_one_spelling_only():
    entry = make_entry(KEY, seq=1, time="t", event="e", data={"a": 1, "b": "é"}, prev=START)
    assert parse_entry(entry.line[:-1]) == entry
    assert parse_entry(json.dumps(json.loads(entry.line)).encode()) is None


@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text())), min_size=1, max_size=6))
def test_any_data_survives_and_verifies(rows):
    prev, lines = START, []
    for seq, data in enumerate(rows, 1):
        entry = make_entry(KEY, seq=seq, time="t", event="e", data=data, prev=prev)
        prev = entry.mac
        lines.append(entry.line[:-1])
    assert verify(lines, KEY) == (len(rows), [])
    assert [parse_entry(line).data for line in lines] == rows
