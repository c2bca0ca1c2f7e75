"""A folder of hostile files through `sluicegate scan`: each ends within its limits, and its neighbours are unharmed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
import zipfile
import zlib
from functools import cache
from pathlib import Path

import pytest

from sluicegate.extract.evasion._pdf import PdfFile, assembled, shown
from sluicegate.settings import MIB

SECONDS, MEMORY, PARENT = 6, 1536, 300
"""Seconds for a document, and MiB of a worker and of the parent."""
SETTINGS = f"[limits]\nseconds = {SECONDS}\ncpu_seconds = {SECONDS}\n"
COMMAND = "from sluicegate.cli import main; main()"


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


@cache
def zeros(mib: int) -> bytes:
    """This many MiB of spaces, packed (Deflate, raw)."""
    engine = zlib.compressobj(6, zlib.DEFLATED, -15)
    return b"".join([engine.compress(b" " * MIB) for _ in range(mib)]) + engine.flush()


def bomb_zip(name: str, mib: int) -> bytes:
    """A ZIP whose member states its true size and unpacks to that many MiB."""
    packed, size = zeros(mib), mib * MIB
    crc = 0
    for _ in range(mib):
        crc = zlib.crc32(b" " * MIB, crc)
    import struct

    head = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, crc, len(packed), size, len(name), 0)
    local = b"PK\x03\x04" + head + name.encode() + packed
    central = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name.encode()
    return local + central + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central), len(local), 0)


def with_forms(*forms: bytes) -> bytes:
    """A page that shows the first of these form XObjects; each can show all of them by /X0, /X1, …"""
    file = PdfFile(b"/X0 Do")
    first = 8
    names = b"".join(b"/X%d %d 0 R" % (number, first + number) for number in range(len(forms)))
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<<" + names + b">>>>"
    for form in forms:
        file.stream(form, entries)
    file.resources = b"/XObject<<" + names + b">>"
    return file.build()


def memory_pdf(mib: int) -> bytes:
    """A page whose content unpacks, by two filters, from some kilobytes to many MiB."""
    packed = zlib.compress(zlib.compress(b"", 9)[:2] + zeros(mib) + b"\0\0\0\0", 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
        b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    return assembled(objects)


def many_pages(count: int) -> bytes:
    kids = " ".join(f"{n} 0 R" for n in range(4, count + 4))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>".encode(),
        b"<</Length 0>>stream\n\nendstream",
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 3 0 R>>"] * count,
    ]
    return assembled(objects)


def nested(depth: int) -> bytes:
    data = b"innermost words"
    for number in range(depth):
        data = zipped((f"{number}.zip", data), method=zipfile.ZIP_STORED)
    return data


def hostile() -> dict[str, bytes]:
    """Name → bytes; none of them may be released."""
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return {
        "bomb.docx": bomb_zip("word/document.xml", 900),
        "bomb.zip": bomb_zip("notes.txt", 900),
        "nested.zip": nested(200),
        "members.zip": zipped(*[(f"{n}.txt", b"x") for n in range(60_000)], method=zipfile.ZIP_STORED),
        "laughs.xml": f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "laugh">{laughs}]><a>&e9;</a>'.encode(),
        "outside.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>',
        "recursive.pdf": with_forms(b"/X0 Do /X0 Do"),
        "exponential.pdf": with_forms(*[b"/X%d Do /X%d Do" % (n + 1, n + 1) for n in range(28)], b"0 0 9 9 re f"),
        "memory.pdf": memory_pdf(1800),
        "pages.pdf": many_pages(10_000),
    }


HARMLESS = {"../climb.txt": b"words", "C:\\climb.txt": b"words", "/etc/climb.txt": b"words"}


def family(pid: int) -> dict[int, int]:
    """Process → most memory it has had so far in MiB, for a process and its descendants."""
    parents: dict[int, int] = {}
    peaks: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = dict(line.split(":", 1) for line in (entry / "status").read_text().splitlines())
            except OSError:
                continue
            parents[int(entry.name)] = int(status["PPid"])
            peaks[int(entry.name)] = int(status.get("VmHWM", "0 kB").split()[0]) // 1024
    mine = {pid}
    while more := {child for child, parent in parents.items() if parent in mine} - mine:
        mine |= more
    return {child: peaks[child] for child in mine if child in peaks}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_hostile_files_end_within_their_limits_and_cost_only_themselves(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    files = hostile()
    for number, (name, data) in enumerate(files.items()):
        (folder / f"{number:02}-{name}").write_bytes(data)
        (folder / f"{number:02}-{name}.neighbour.txt").write_text(f"The {number}th meeting is moved to Wednesday.")
    (folder / "climb.zip").write_bytes(zipped(*HARMLESS.items()))
    (folder / "plain.pdf").write_bytes(PdfFile(shown("The meeting is moved to Thursday.")).build())
    (tmp_path / "sluicegate.toml").write_text(SETTINGS)
    before = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    home = {"HOME": str(tmp_path / "home"), "XDG_DATA_HOME": str(tmp_path / "data"), "TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()
    environment = {**os.environ, **home, "PYTHONPATH": os.pathsep.join(sys.path)}
    arguments = ["scan", str(folder), "--config", str(tmp_path / "sluicegate.toml"), "--jobs", "2", "--format", "jsonl"]
    started = time.monotonic()
    with (tmp_path / "out.jsonl").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments], env=environment, stdout=out, stderr=subprocess.DEVNULL
        )
        peaks: dict[int, int] = {}
        while process.poll() is None:
            peaks |= {pid: max(peak, peaks.get(pid, 0)) for pid, peak in family(process.pid).items()}
            time.sleep(0.05)
    seconds = time.monotonic() - started
    verdicts = {Path(v["document"]).name: v for v in map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())}
    assert process.returncode == 11
    assert len(verdicts) == 2 * len(files) + 2
    for number, name in enumerate(files):
        assert verdicts[f"{number:02}-{name}"]["decision"] == "review", name
        assert verdicts[f"{number:02}-{name}"]["problems"], name
        assert verdicts[f"{number:02}-{name}.neighbour.txt"]["decision"] == "release", name
    assert verdicts["climb.zip"]["decision"] == verdicts["plain.pdf"]["decision"] == "release"
    assert seconds < 30 + (SECONDS + 2) * len(files)
    parent = peaks.pop(process.pid)
    assert parent < PARENT, f"parent {parent} MiB"
    assert max(peaks.values()) <= MEMORY, f"worker {max(peaks.values())} MiB"
    written = {path for path in tmp_path.rglob("*") if path.is_file()} - set(before)
    assert not [path for path in written if "climb" in path.name]
    assert not list((tmp_path / "tmp").iterdir())
    print(json.dumps({"seconds": round(seconds), "parent": parent, "workers": sorted(peaks.values())}))
