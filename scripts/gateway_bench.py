"""Measures the milter with the shipped model behind a private Postfix, as ratios in one run, with the bars beside.

Throughput at ten sessions against the same Postfix without a filter (100 KB of opaque payload, 75 KB of real text);
latency at one session against one bare pass of the line; light mail beside four heavy scans.
"""

from __future__ import annotations

import importlib.util
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "pipeline"))
WORDS = "The supplier delivers the goods on the agreed date and informs the buyer about delays without undue delay"


def load(name: str):
    """A module of tests/gateway by its name."""
    path = ROOT / "tests" / "gateway" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


HARNESS = load("conftest")


def opaque() -> bytes:
    """100 KB in which nothing can be read: a film's bytes. By default it would wait for a person; here it may pass."""
    import base64
    import random

    film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + random.Random(1).randbytes(73_000)
    body = base64.encodebytes(film).decode().replace("\n", "\r\n")
    data = HARNESS.message("<bench@x>", body=body).decode()
    return data.replace(
        "Content-Type: text/plain; charset=utf-8",
        'Content-Type: video/mp4; name="film.mp4"\r\nContent-Transfer-Encoding: base64',
    ).encode()


def filled() -> bytes:
    """100 KB of one letter, the way smtp-source fills a message."""
    return HARNESS.message("<bench@x>", body=("X" * 78 + "\r\n") * 1250)


def real_text() -> bytes:
    """75 KB of ordinary office text, in it the trade's words as often as in such mail."""
    import random

    office = load("office_mail")
    chance = random.Random(7)
    paragraphs, size = [], 0
    while size < 75_000:
        chinese = chance.random() < 0.3
        paragraphs.append(office._letter(chance, chinese, "Anna Berger", "Tom Hughes"))
        size += len(paragraphs[-1].encode())
    return HARNESS.message("<bench@x>", body="\n".join(paragraphs).replace("\n", "\r\n"))


def plain_text() -> bytes:
    """The same size of text without a word of the trade, as a contract or an HR policy is."""
    import random

    office = load("office_mail")
    chance = random.Random(8)
    bodies = [body for body in office.BODY_EN if not office.TRADE.search(body)]
    paragraphs, size = [], 0
    while size < 75_000:
        paragraphs.append(office._fill(chance.choice(bodies), chance, False))
        size += len(paragraphs[-1])
    return HARNESS.message("<bench@x>", body="\n\n".join(paragraphs).replace("\n", "\r\n"))


def rates(postfix, port: int, data: bytes, *, sessions: int, count: int) -> tuple[float, float]:
    """Messages a second that the client sees accepted, and that arrive behind Postfix.

    Without a filter Postfix accepts faster than it delivers and goes on delivering when the client is done.
    """
    before = len(list(postfix.inbox.iterdir()))
    started = time.perf_counter()
    accepted = rate(port, data, sessions=sessions, count=count)
    while len(list(postfix.inbox.iterdir())) < before + count and time.perf_counter() < started + 60:
        time.sleep(0.005)
    return accepted, count / (time.perf_counter() - started)


def rate(port: int, data: bytes, *, sessions: int, count: int) -> float:
    """Messages a second that the client sees accepted, one connection each."""
    with tempfile.NamedTemporaryFile(suffix=".eml") as file:
        file.write(data.replace(b"\r\n", b"\n"))
        file.flush()
        addresses = ["-f", "li@own.example", "-t", "b@buyer.example"]
        command = ["smtp-source", "-s", str(sessions), "-m", str(count), *addresses]
        started = time.perf_counter()
        subprocess.run([*command, "-F", file.name, f"127.0.0.1:{port}"], check=True)
        return count / (time.perf_counter() - started)


def latencies(port: int, data: bytes, count: int) -> list[float]:
    """Seconds for each message at one session."""
    spent = []
    for _ in range(count):
        started = time.perf_counter()
        said = HARNESS.send(port, data)
        assert said.startswith("250"), said
        spent.append(time.perf_counter() - started)
    return spent


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def say(name: str, value: float, bar: float, *, at_least: bool = False, unit: str = "", goal: bool = False) -> bool:
    good = value >= bar if at_least else value <= bar
    word = "goal" if goal else "bar"
    asked = f"{word} {'>=' if at_least else '<='} {bar:g}{unit}"
    print(f"{name:<66} {value:8.2f}{unit}  {asked}  {'holds' if good else 'MISSED'}")
    return good or goal


def bare_passes(data: bytes, count: int) -> list[float]:
    """Seconds of the line alone, in this process."""
    from sluicegate.screener import Screener
    from sluicegate.settings import Settings

    screener = Screener.build(Settings())
    screener.screen_bytes(data, name="bench.eml")
    spent = []
    for _ in range(count):
        started = time.perf_counter()
        verdict = screener.screen_bytes(data, name="bench.eml")
        spent.append(time.perf_counter() - started)
    print("  bare verdict", verdict.decision.value, [problem.kind.value for problem in verdict.problems])
    return spent


def start(postfix, folder: Path, factory: str, **gateway):
    values = {
        "paths": {"records": folder / "records", "licences": folder / "licences"}, "audit": {"syslog": False},
        "gateway": {"workers": 8, "milter": {"listen": f"unix:{postfix.socket}", "mode": 0o666}, **gateway},
    }  # fmt: skip
    folder.mkdir()
    return HARNESS.Gateway("milter", folder, values, factory=factory).start()


def throughput(postfix, *, rounds: int) -> bool:
    good = True
    mails = (
        ("100 KB opaque", opaque(), 0.7, 150),
        ("100 KB of one letter", filled(), 0.7, 150),
        ("75 KB of text without the trade's words", plain_text(), 0.25, 60),
        ("75 KB of text with them", real_text(), 0.25, 40),
    )
    for name, data, bar, count in mails:
        with_gate, without = [], []
        for _ in range(rounds):
            without.append(rates(postfix, postfix.ports["plain"], data, sessions=10, count=count))
            settle(postfix)
            with_gate.append(rates(postfix, postfix.ports["milter"], data, sessions=10, count=count))
            settle(postfix)
        for step, what in enumerate(("accepted", "delivered")):
            gated, free = [one[step] for one in with_gate], [one[step] for one in without]
            ratio = statistics.median(above / below for above, below in zip(gated, free, strict=True))
            said = f"{statistics.median(gated):.0f}/s of {statistics.median(free):.0f}/s"
            good &= say(f"{what}, {name}, 10 sessions ({said})", ratio, bar, at_least=True, goal=step == 1)
    return good


def settle(postfix) -> None:
    held = len(postfix.queue("hold"))
    if held:
        print(f"  {held} messages of the bench were held: this is not clean mail")
    HARNESS.wait_until(lambda: len(postfix.queue()) == len(postfix.queue("hold")), 120, "an empty queue")
    postfix.clear()


def latency(postfix, *, count: int) -> bool:
    data = load("office_mail").make_mail(17)
    for name, mail in (("an office mail", data), ("75 KB of real text", real_text())):
        bare = bare_passes(mail, count)
        latencies(postfix.ports["milter"], mail, 20)
        without, with_gate = [], []
        for _ in range(count // 10):
            without += latencies(postfix.ports["plain"], mail, 10)
            with_gate += latencies(postfix.ports["milter"], mail, 10)
        added = (p95(with_gate) - p95(without) - p95(bare)) * 1000
        medians = (statistics.median(with_gate) - statistics.median(without) - statistics.median(bare)) * 1000
        print(f"  {name}: bare p95 {p95(bare) * 1e3:.1f} ms, Postfix p95 {p95(without) * 1e3:.1f} ms, with the gate"
              f" {p95(with_gate) * 1e3:.1f} ms; medians add {medians:.1f} ms")  # fmt: skip
        say(f"added latency p95 beyond one bare pass, {name}", added, 10, unit=" ms", goal=True)
        settle(postfix)
    return True


def light_beside_heavy(postfix) -> bool:
    heavy = HARNESS.message("<heavy@x>", headers="X-Do: spin 2.5\r\n")
    light = HARNESS.message("<light@x>")
    spent: list[float] = []
    threads = [
        threading.Thread(target=lambda: spent.extend(latencies(postfix.ports["milter"], heavy, 1))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    lights = []
    while any(thread.is_alive() for thread in threads):
        lights += latencies(postfix.ports["milter"], light, 1)
        time.sleep(0.1)
    for thread in threads:
        thread.join()
    print(f"  light p95 {p95(lights) * 1e3:.0f} ms of {len(lights)}, heavy {max(spent):.1f} s")
    return say("light p95 over a heavy one's time, four 2.5 s scans in flight", p95(lights) / max(spent), 0.1)


def main() -> int:
    reason = HARNESS.install_tools()
    if reason is not None:
        print(reason)
        return 3
    quick = "--quick" in sys.argv
    postfix = HARNESS.Postfix(content_seconds=60)
    folder = Path(tempfile.mkdtemp(prefix="sluicegate-bench-"))
    gateways = []
    try:
        postfix.start()
        gateways.append(start(postfix, folder / "real", HARNESS.REAL, on_unreadable="accept"))
        good = throughput(postfix, rounds=2 if quick else 5)
        good &= latency(postfix, count=30 if quick else 100)
        gateways[0].stop()
        gateways.append(start(postfix, folder / "stand-in", HARNESS.STAND_IN))
        good &= light_beside_heavy(postfix)
    finally:
        for gateway in gateways:
            gateway.stop()
        postfix.stop()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
