"""Feeds damaged files to the readers and says what came of it; ends with 1 when something escaped or was lost quietly.

Two ways, half of the time each. *Guided*: one libFuzzer run for each format (atheris) over our readers' byte code,
from the files of the evasion self-test. *Damaged*: copies of those files with some bytes changed, so that it is known
what they held. What breaks a process is then given to a real worker, which has to answer with an unread part.

An escape is an exception that is neither lack of memory nor of stack (a worker names those itself), or a worker
without an answer. A quiet loss is a damaged copy, nothing cut from it, of which less than half of the paragraph is
read and nothing is reported, although a second reader of the same bytes still finds it.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "pipeline"))

from sluicegate.extract.evasion import PARAGRAPH, Channel, channels  # noqa: E402
from sluicegate.settings import MIB, Extraction, Limits, Settings  # noqa: E402

LIMITS = Limits(bytes=8 * MIB, part_bytes=8 * MIB, total_bytes=32 * MIB, members=200, pages=20, seconds=10)
MEMORY = 1536 * MIB
BATCH = 150  # damaged copies for one child process
SLOW = 30  # seconds of one input after which it counts as hanging
_RAISED = "Uncaught Python exception: ==="  # what atheris says of one
_STEP = 8  # characters of the paragraph that are looked for together


def settings_of(channel: Channel | None) -> Settings:
    """Small limits, no OCR, and the password that a sample needs."""
    passwords = channel.settings.extraction.passwords if channel is not None else ()
    return Settings(limits=LIMITS, extraction=Extraction(ocr="off", passwords=passwords))


def read(data: bytes, name: str, settings: Settings) -> object:
    """The document, checked; lack of memory or stack is an answer too."""
    from sluicegate.extract.driver import extract_bytes

    try:
        document = extract_bytes(data, name=name, settings=settings)
    except (MemoryError, RecursionError):
        return None
    for passage in document.passages:
        passage.text.encode()
        rows = passage.grid.rows if passage.grid is not None else ()
        assert all(0 <= start <= end <= len(passage.text) for row in rows for start, end in row)
    return document


def share_read(text: str, paragraph: str = PARAGRAPH) -> float:
    """How much of the paragraph stands in a text, white space aside, in pieces of eight characters."""
    wanted, found = "".join(paragraph.split()), "".join(text.split())
    pieces = [wanted[place : place + _STEP] for place in range(0, len(wanted) - _STEP, _STEP)]
    return sum(piece in found for piece in pieces) / len(pieces)


def other_readings(data: bytes) -> Iterator[str]:
    """What others make of the same bytes: a look at the raw bytes, a mail program, an unpacker, pdfminer."""
    import email.policy
    import io
    import re
    import zipfile

    for codec in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        text = data.decode(codec, "ignore")
        yield text
        yield re.sub("<[^>]*>", "", text)
    try:
        for part in email.message_from_bytes(data, policy=email.policy.default).walk():
            yield str(part.get_payload(decode=True) or b"", "utf-8", "ignore")
    except Exception:  # noqa: BLE001 - the other reader may do as it likes
        yield ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield re.sub("<[^>]*>", "", archive.read(name).decode("utf-8", "ignore"))
    except Exception:  # noqa: BLE001
        yield ""
    if b"obj" in data:
        from pdfminer.high_level import extract_text

        try:
            yield extract_text(io.BytesIO(data), maxpages=5)
        except Exception:  # noqa: BLE001
            yield ""


def damage(data: bytes, chance: random.Random) -> bytes:
    """A copy with one to a dozen places changed or filled in; never shorter."""
    copy = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        place = chance.randrange(len(copy))
        match chance.randrange(5):
            case 0:
                copy[place] ^= 1 << chance.randrange(8)
            case 1:
                copy[place] = chance.choice((0, 255, 0x7F, 0x80, chance.randrange(256)))
            case 2:
                copy[place:place] = chance.randbytes(chance.choice((1, 2, 4, 16)))
            case 3:
                other = chance.randrange(len(copy))
                copy[place:place] = copy[other : other + chance.choice((4, 40, 400))]
            case _:
                number = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\0\0\0\x80"))
                copy[place : place + 4] = number[: len(copy) - place]
    return bytes(copy)


@dataclass(slots=True)
class Tally:
    """What happened so far."""

    runs: int = 0
    contained: int = 0
    escapes: list[str] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)


def damaged(found: list[Channel], *, seconds: float, seed: int, keep: Path, tally: Tally) -> None:
    """Damaged copies in child processes, until so many seconds of CPU are spent."""
    samples = [(channel, channel.make(PARAGRAPH)) for channel in found if not channel.only_reported]
    spent, number = 0.0, 0
    while spent < seconds:
        number += 1
        before = _children()
        _in_child(samples, seed * 1_000_003 + number, keep, tally)
        spent += _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _in_child(samples: list[tuple[Channel, bytes]], seed: int, keep: Path, tally: Tally) -> None:
    out = keep / "out"
    out.write_text("")
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_AS, (4 * MEMORY, 4 * MEMORY))
        with out.open("a") as said:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            for line in _batch(samples, random.Random(seed), keep):
                said.write(line + "\n")
                said.flush()
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    for line in out.read_text().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "run":
            tally.runs += 1
            tally.seen[rest] += 1
        elif kind == "lost":
            tally.lost[rest] += 1
        else:
            tally.escapes.append(rest)
    if status:
        _confirm((keep / "last").read_bytes(), (keep / "last.name").read_text(), tally, f"status {status}")


def _batch(samples: list[tuple[Channel, bytes]], chance: random.Random, keep: Path) -> Iterator[str]:
    for _ in range(BATCH):
        channel, whole = chance.choice(samples)
        data = damage(whole, chance)
        (keep / "last").write_bytes(data)
        (keep / "last.name").write_text(channel.name)
        signal.alarm(SLOW)  # ends this child; a worker then has to stop the same input at its own deadline
        label = f"{channel.format} {channel.channel}"
        try:
            document = read(data, channel.name, settings_of(channel))
        except Exception as error:  # noqa: BLE001 - any of them is a finding
            (keep / f"escape-{channel.name}").write_bytes(data)
            yield f"escape {label}: {type(error).__name__}"
            continue
        signal.alarm(0)
        yield f"run {channel.format}"
        if document is None or document.problems:
            continue
        quiet = share_read(" ".join(passage.text for passage in document.passages)) < 0.5
        if quiet and any(share_read(text) >= 0.5 for text in other_readings(data)):
            name = f"lost-{channel.channel.replace('/', '-')}-{chance.randrange(1000)}.{channel.format}"
            (keep / name).write_bytes(data)
            yield f"lost {label}"


def _confirm(data: bytes, name: str, tally: Tally, how: str) -> None:
    """What broke a process, given to a real worker: it has to end with a part unread."""
    from sluicegate.workers import Task, WorkerPool

    with WorkerPool(settings_of(None), size=1) as pool:
        verdict = pool.screen(Task(name=name, data=data))
    if verdict.problems:
        tally.contained += 1
    else:
        tally.escapes.append(f"{name}: a process ended ({how}), a worker read it")


def guided(found: list[Channel], *, seconds: float, keep: Path, tally: Tally) -> None:
    """One coverage-guided run for each format; what libFuzzer keeps as a finding goes to a worker."""
    formats = sorted({channel.format for channel in found})
    for format_ in formats:
        corpus, artifacts = keep / "corpus" / format_, keep / "found" / format_
        corpus.mkdir(parents=True)
        artifacts.mkdir(parents=True)
        for number, channel in enumerate(one for one in found if one.format == format_):
            (corpus / str(number)).write_bytes(channel.make(PARAGRAPH))
        command = [sys.executable, __file__, "--one", format_, str(corpus)]
        command += [f"-artifact_prefix={artifacts}/", f"-max_total_time={max(2, round(seconds / len(formats)))}"]
        command += ["-max_len=200000", f"-timeout={SLOW}", "-rss_limit_mb=4096", "-print_final_stats=1", "-verbosity=1"]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
        )
        executed = [line.split()[-1] for line in done.stdout.splitlines() if "number_of_executed_units" in line]
        covered = [line for line in done.stdout.splitlines() if " cov: " in line]
        edges = covered[-1].partition(" cov: ")[2].split()[0] if covered else "?"
        tally.runs += int(executed[0]) if executed else 0
        print(f"  {format_:<14} {executed[0] if executed else '?':>8} inputs, {edges} branches", flush=True)
        for path in sorted(artifacts.iterdir()):
            if _RAISED in done.stdout and path.name.startswith("crash"):  # a worker would name it damaged; we want it
                tally.escapes.append(f"{path}: {done.stdout.partition(_RAISED)[2].strip().splitlines()[0]}")
            elif path.name.startswith(("crash", "oom", "timeout")):
                _confirm(path.read_bytes(), f"sample.{format_}", tally, path.name.partition("-")[0])


def one(format_: str, arguments: list[str]) -> None:
    """The process of one guided run; does not come back."""
    import atheris

    with atheris.instrument_imports(include=["sluicegate.extract"]):
        import sluicegate.extract.driver  # noqa: F401 - so that it is instrumented
        from sluicegate.extract.registry import modules

        for name in sorted(set(modules().values())):
            __import__(name)
    settings = settings_of(None)

    def feed(data: bytes) -> None:
        read(data, f"sample.{format_}", settings)

    atheris.Setup([sys.argv[0], *arguments], feed)
    atheris.Fuzz()


def main() -> int:
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], sys.argv[3:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1800, help="in all (1800)")
    parser.add_argument("--seed", type=int, default=1, help="of the damaged copies (1)")
    parser.add_argument("--keep", type=Path, help="a folder for what was found; a new temporary one if not given")
    parser.add_argument("formats", nargs="*", help="file extensions; all if none is given")
    asked = parser.parse_args()
    found = [channel for channel in channels() if not asked.formats or channel.format in asked.formats]
    keep = asked.keep or Path(tempfile.mkdtemp(prefix="sluicegate-fuzz-"))
    keep.mkdir(parents=True, exist_ok=True)
    tally, started = Tally(), time.monotonic()
    try:
        import atheris  # noqa: F401
    except ImportError:
        print("atheris is not installed: only damaged copies")
        damaged(found, seconds=asked.seconds, seed=asked.seed, keep=keep, tally=tally)
    else:
        damaged(found, seconds=asked.seconds / 2, seed=asked.seed, keep=keep, tally=tally)
        print(f"{tally.runs} damaged copies; guided runs:")
        guided(found, seconds=asked.seconds / 2, keep=keep, tally=tally)
    print(f"{tally.runs} inputs in {time.monotonic() - started:.0f} s")
    print(f"{tally.contained} broke a process and were stopped in a worker; {len(tally.escapes)} escapes;"
          f" {tally.lost.total()} quiet losses; findings in {keep}")  # fmt: skip
    for said in tally.escapes[:20]:
        print("  escape", said)
    for said, count in tally.lost.most_common():
        print(f"  lost   {said}: {count}")
    return 1 if tally.escapes or tally.lost else 0


if __name__ == "__main__":
    sys.exit(main())
