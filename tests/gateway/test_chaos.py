"""Thousands of messages through a real Postfix while workers and gateway are killed, stopped and reloaded at random."""

import hashlib
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from sluicegate.review.audit import Audit
from sluicegate.settings import load_settings

SENDERS = 8
PATIENCE = 90.0  # seconds for which a sender tries one message again, as a mail server would


def command_for(number: int, total: int) -> str:
    """What the line does with a message: a few kill their worker, hang or eat memory, spread over the run."""
    troubles = {7: "die 9", 23: "die 11", 41: "problem encrypted", 59: "review"}
    if total >= 1000:
        troubles |= {101: "sleep 30", 211: "grow 6000"}
    return next((word for step, word in troubles.items() if number % step == step - 1), "")


class Traffic:
    """Senders that keep trying each message until it is taken or refused for good."""

    def __init__(self, tools, port: int, count: int) -> None:
        self.tools = tools
        self.port = port
        self.numbers = iter(range(count))
        self.count = count
        self.lock = threading.Lock()
        self.data: dict[str, bytes] = {}
        self.final: dict[str, str] = {}
        self.tries: Counter[str] = Counter()

    def run(self) -> None:
        threads = [threading.Thread(target=self._send_all) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _send_all(self) -> None:
        while True:
            with self.lock:
                number = next(self.numbers, None)
            if number is None:
                return
            ident = f"<c{number}@x>"
            command = command_for(number, self.count)
            body = f"SECRET {number}\r\n" if number % 4 == 0 else f"Hello {number}\r\n"
            self.data[ident] = self.tools.message(ident, body=body, headers=f"X-Do: {command}\r\n" if command else "")
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                said = self.tools.send(self.port, self.data[ident])
                self.tries[said[:3]] += 1
                self.final[ident] = said
                if said[:1] in "25":
                    break
                time.sleep(0.2)

    def secret(self, ident: str) -> bool:
        return b"SECRET" in self.data[ident]

    def doubtful(self, ident: str) -> bool:
        return b"X-Do:" in self.data[ident]


class Chaos(threading.Thread):
    """Harms the gateway at random until told to stop; always leaves it running."""

    def __init__(self, gateway, seed: int, pause: tuple[float, float]) -> None:
        super().__init__()
        self.gateway = gateway
        self.random = random.Random(seed)
        self.pause = pause
        self.over = threading.Event()
        self.done: Counter[str] = Counter()

    def run(self) -> None:
        harms = [self.kill_worker] * 4 + [self.kill_gateway, self.stop_gateway, self.freeze, self.reload]
        while not self.over.wait(self.random.uniform(*self.pause)):
            harm = self.random.choice(harms)
            self.done[harm.__name__] += 1
            harm()

    def kill_worker(self) -> None:
        family = descendants(self.gateway.process.pid)
        if family:
            try:
                signal_process(self.random.choice(family), signal.SIGKILL)
            except ProcessLookupError:
                self.done["already gone"] += 1

    def kill_gateway(self) -> None:
        self.gateway.kill()
        self.gateway.start()

    def stop_gateway(self) -> None:
        self.gateway.stop()
        self.gateway.log.unlink(missing_ok=True)
        self.gateway.start()

    def freeze(self) -> None:
        self.gateway.signal(signal.SIGSTOP)
        time.sleep(self.random.uniform(0.2, 1.0))
        self.gateway.signal(signal.SIGCONT)

    def reload(self) -> None:
        self.gateway.signal(signal.SIGHUP)


def descendants(parent: int) -> list[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found, waiting = [], [parent]
    while waiting:
        above = waiting.pop()
        below = [pid for pid, its_parent in parents.items() if its_parent == above]
        found += below
        waiting += below
    return found


def signal_process(pid: int, number: int) -> None:
    import os

    os.kill(pid, number)


def run_chaos(postfix, start_gateway, tools, *, count, seed, pause):
    listen = {"milter": {"listen": f"unix:{postfix.socket}", "mode": 0o666, "progress_seconds": 1.0}}
    values = {"gateway": {"workers": 4, "seconds": 4.0, "drain_seconds": 10.0, **listen}}
    gateway = start_gateway("milter", values)
    traffic = Traffic(tools, postfix.ports["milter"], count)
    chaos = Chaos(gateway, seed, pause)
    chaos.start()
    traffic.run()
    chaos.over.set()
    chaos.join()
    taken = {ident for ident, said in traffic.final.items() if said.startswith("250")}
    clean = {ident for ident in taken if not traffic.secret(ident) and not traffic.doubtful(ident)}
    tools.wait_until(lambda: len(postfix.delivered()) + len(postfix.queue("hold")) >= len(taken), 240, "delivery")
    tools.wait_until(lambda: not [row for row in postfix.queue() if row["queue_name"] != "hold"], 60, "an empty queue")
    delivered, held = set(postfix.delivered()), set(postfix.held_ids())
    report = {
        "messages": count, "delivered": len(delivered), "held": len(held), "both": len(delivered & held),
        "refused for good": count - len(taken), "answers": dict(traffic.tries), "harm": dict(chaos.done),
        "secret delivered": sum(traffic.secret(ident) for ident in delivered),
        "doubtful delivered": sum(traffic.doubtful(ident) for ident in delivered),
        "lost": len(taken - delivered - held),
    }  # fmt: skip
    print(report)
    assert report["secret delivered"] == 0
    assert report["doubtful delivered"] == 0
    assert report["lost"] == 0
    assert taken == set(traffic.data)
    audit = Audit.open(load_settings(gateway.settings))
    entries, faults = audit.verify(heads=gateway.folder / "heads")
    print({"audit entries": entries, "faults": faults})
    assert faults == []
    accepted = {
        row.data["sha256"] for row in audit.entries() if row.event == "message" and row.data["action"] == "accept"
    }
    for ident in delivered:
        assert hashlib.sha256(traffic.data[ident]).hexdigest() in accepted
    print({"clean held though delivered in time": len(clean - delivered)})


@pytest.mark.postfix
def test_short_chaos(postfix, start_gateway, tools):
    run_chaos(postfix, start_gateway, tools, count=500, seed=11, pause=(0.1, 0.3))


@pytest.mark.full
@pytest.mark.postfix
def test_5000_messages_with_random_kills(postfix, start_gateway, tools):
    run_chaos(postfix, start_gateway, tools, count=5_000, seed=int(time.time()), pause=(0.3, 1.5))
