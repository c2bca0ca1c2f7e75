"""The fail-closed table against a real Postfix: whatever breaks, no secret reaches the sink and no message is lost."""

import signal
import smtplib
import socket
import threading
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.postfix
SECRET = "SECRET recipe\r\n"


def settings(postfix, **gateway):
    listen = {"milter": {"listen": f"unix:{postfix.socket}", "mode": 0o666, "progress_seconds": 1.0}}
    return {"gateway": {"workers": 3, "seconds": 4.0, **listen, **gateway}}


@pytest.fixture
def running(postfix, start_gateway):
    return start_gateway("milter", settings(postfix))


@pytest.fixture
def lock(tools, tmp_path):
    return tools.Lock(tmp_path / "lock")


def send_in_background(send, port, data):
    """Start to send; `answer()` waits for what the client was told."""
    said = []
    thread = threading.Thread(target=lambda: said.append(send(port, data)))
    thread.start()

    def answer():
        thread.join(120)
        return said[0]

    return answer


def test_daemon_not_running(postfix, tools):
    postfix.socket.unlink(missing_ok=True)
    assert tools.send(postfix.ports["milter"], tools.message("<a@x>", body=SECRET)).startswith("451")
    assert not postfix.delivered()
    assert not postfix.queue()


def test_killed_at_end_of_message_then_sent_again(postfix, running, tools, lock):
    data = tools.message("<killed@x>", body=SECRET, headers=lock.header)
    answer = send_in_background(tools.send, postfix.ports["milter"], data)
    lock.reached()
    running.kill()
    assert answer().startswith("451")
    assert not postfix.delivered()
    running.start()
    lock.open()
    assert tools.send(postfix.ports["milter"], data).startswith("250")
    postfix.settle({"<killed@x>"})
    assert set(postfix.held_ids()) == {"<killed@x>"}


def test_hanging_daemon(postfix, running, tools):
    running.signal(signal.SIGSTOP)
    try:
        assert tools.send(postfix.ports["milter"], tools.message("<a@x>", body=SECRET)).startswith("451")
    finally:
        running.signal(signal.SIGCONT)
    assert not postfix.delivered()
    assert tools.send(postfix.ports["milter"], tools.message("<after@x>")).startswith("250")
    postfix.settle({"<after@x>"})


def test_hanging_document_is_held_past_the_content_timeout_of_postfix(postfix, start_gateway, tools):
    start_gateway("milter", settings(postfix, seconds=11.0))  # Postfix waits 8 seconds, unless it sees progress
    data = tools.message("<slow@x>", headers="X-Do: sleep 60\r\n")
    assert tools.send(postfix.ports["milter"], data).startswith("250")
    assert set(postfix.held_ids()) == {"<slow@x>"}
    assert not postfix.delivered()


@pytest.mark.parametrize(
    ("row", "command"),
    [
        ("worker killed", "die 9"),
        ("worker crashed", "die 11"),
        ("worker out of memory", "grow 6000"),
        ("encrypted", "problem encrypted"),
        ("too large", "problem too_large"),
        ("for review", "review"),
    ],
)
def test_unread_or_doubtful_mail_is_held(postfix, running, tools, row, command):
    data = tools.message("<doubt@x>", headers=f"X-Do: {command}\r\n")
    assert tools.send(postfix.ports["milter"], data).startswith("250")
    assert set(postfix.held_ids()) == {"<doubt@x>"}
    assert tools.send(postfix.ports["milter"], tools.message("<clean@x>")).startswith("250")
    postfix.settle({"<clean@x>"})
    assert set(postfix.delivered()) == {"<clean@x>"}


def test_message_beyond_the_limit_is_held(postfix, start_gateway, tools):
    start_gateway("milter", settings(postfix) | {"limits": {"bytes": 10_000}})
    assert tools.send(postfix.ports["milter"], tools.message("<big@x>", body="x" * 900 + "\r\n" * 9_000)).startswith(
        "250"
    )
    assert set(postfix.held_ids()) == {"<big@x>"}


def test_disk_full(postfix, running, tools):
    """Nothing is let through that cannot be put on record; what is to be held is held all the same."""
    full = running.folder / "records" / "audit-9999-12.jsonl"
    full.symlink_to("/dev/full")
    assert tools.send(postfix.ports["milter"], tools.message("<clean@x>")).startswith("451")
    tools.send(postfix.ports["milter"], tools.message("<secret@x>", body=SECRET))
    assert not postfix.delivered()
    full.unlink()
    assert tools.send(postfix.ports["milter"], tools.message("<clean@x>")).startswith("250")
    postfix.settle({"<clean@x>"})
    assert set(postfix.delivered()) == {"<clean@x>"}


def test_model_missing(postfix, start_gateway, tools):
    gateway = start_gateway("milter", settings(postfix) | {"model": "missing"}, ready=False)
    assert gateway.process.wait(120) != 0
    assert "no model named 'missing'" in gateway.said()
    assert tools.send(postfix.ports["milter"], tools.message("<a@x>", body=SECRET)).startswith("4")
    assert not postfix.delivered()


@pytest.mark.parametrize(
    "broken", ["not [ toml", '[gateway]\non_hodl = "accept"\n', 'model = "missing"\n'], ids=["syntax", "key", "model"]
)
def test_settings_broken_on_reload(postfix, running, tools, broken):
    running.write(broken)
    running.signal(signal.SIGHUP)
    tools.wait_until(lambda: "reload refused" in running.said(), what="the refusal")
    for ident, body in (("<clean@x>", "Hello\r\n"), ("<secret@x>", SECRET)):
        assert tools.send(postfix.ports["milter"], tools.message(ident, body=body)).startswith("250")
    postfix.settle({"<clean@x>", "<secret@x>"})
    assert set(postfix.delivered()) == {"<clean@x>"}


def test_reload_takes_effect_and_loses_nothing_under_way(postfix, start_gateway, tools, lock):
    running = start_gateway("milter", settings(postfix, seconds=60.0))
    slow = tools.message("<slow@x>", headers=lock.header)
    answer = send_in_background(tools.send, postfix.ports["milter"], slow)
    lock.reached()
    values = settings(postfix, on_hold="reject", reject_text="Ask the officer about {reference}")
    running.write(running.values | values)
    running.signal(signal.SIGHUP)
    tools.wait_until(lambda: "settings read again" in running.said(), what="the reload")
    lock.open()
    assert answer().startswith("250")
    said = tools.send(postfix.ports["milter"], tools.message("<secret@x>", body=SECRET))
    assert said.startswith("550")
    assert "5.7.1 Ask the officer about " in said
    postfix.settle({"<slow@x>"})
    assert set(postfix.delivered()) == {"<slow@x>"}


def test_sigterm_answers_what_is_under_way(postfix, start_gateway, tools, lock):
    running = start_gateway("milter", settings(postfix, seconds=60.0))
    slow = tools.message("<slow@x>", body=SECRET, headers=lock.header)
    answer = send_in_background(tools.send, postfix.ports["milter"], slow)
    lock.reached()
    running.signal(signal.SIGTERM)
    tools.wait_until(lambda: not takes_connections(postfix.socket), what="the end of new sessions")
    lock.open()
    assert running.stop() == 0
    assert answer().startswith("250")
    assert set(postfix.held_ids()) == {"<slow@x>"}
    assert tools.send(postfix.ports["milter"], tools.message("<later@x>")).startswith("4")
    assert not postfix.delivered()


def takes_connections(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def test_100_parallel_sessions(postfix, start_gateway, tools):
    start_gateway("milter", settings(postfix, workers=4, seconds=30.0))
    answers = {}

    def one(number):
        body = SECRET if number % 4 == 0 else "Hello\r\n"
        answers[f"<p{number}@x>"] = tools.send(postfix.ports["milter"], tools.message(f"<p{number}@x>", body=body))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    taken = {ident for ident, said in answers.items() if said.startswith("250")}
    assert len(answers) == 100
    assert all(said.startswith(("250", "451")) for said in answers.values())
    postfix.settle(taken, 60)
    secret = {f"<p{number}@x>" for number in range(0, 100, 4)}
    assert set(postfix.held_ids()) == taken & secret
    assert set(postfix.delivered()) == taken - secret
    assert len(taken) == 100


def test_more_than_the_gate_takes_is_told_to_wait(postfix, start_gateway, tools, lock):
    start_gateway("milter", settings(postfix, messages=1, seconds=60.0))
    slow = tools.message("<slow@x>", headers=lock.header)
    answer = send_in_background(tools.send, postfix.ports["milter"], slow)
    lock.reached()
    assert tools.send(postfix.ports["milter"], tools.message("<second@x>")).startswith("451")
    lock.open()
    assert answer().startswith("250")


STEPS = ("EHLO client.example", "MAIL FROM:<a@own.example>", "RCPT TO:<b@buyer.example>", "DATA", "half", "whole")


def talk(port: int, data: bytes, until: str) -> socket.socket:
    """An SMTP session up to a step, still open."""
    connection = socket.create_connection(("127.0.0.1", port), 60)
    connection.settimeout(60)
    connection.recv(4096)
    for step in STEPS:
        if step == "half":
            connection.sendall(data[: len(data) // 2])
        elif step == "whole":
            connection.sendall(data[len(data) // 2 :] + b"\r\n.\r\n")
        else:
            connection.sendall(step.encode() + b"\r\n")
            connection.recv(4096)
        if step == until:
            break
    return connection


@pytest.mark.parametrize("step", STEPS)
def test_client_cut_at_each_step(postfix, running, tools, step):
    """The client knows of no success, so it may send again; whatever was taken is held, never delivered."""
    talk(postfix.ports["milter"], tools.message("<cut@x>", body=SECRET), step).close()
    time.sleep(0.3)
    assert not postfix.delivered()
    assert tools.send(postfix.ports["milter"], tools.message("<next@x>")).startswith("250")
    postfix.settle({"<next@x>"})
    assert set(postfix.delivered()) == {"<next@x>"}


@pytest.mark.parametrize("step", STEPS[:-1])
def test_daemon_dies_at_each_step(postfix, running, tools, step):
    data = tools.message("<died@x>", body=SECRET)
    connection = talk(postfix.ports["milter"], data, step)
    running.kill()
    done = STEPS.index(step)
    said = b""
    for later in STEPS[done + 1 :]:
        if later == "half" and not said.startswith(b"354"):
            break
        if later == "half":
            connection.sendall(data[: len(data) // 2])
        elif later == "whole":
            rest = data[len(data) // 2 :]
            connection.sendall(rest + b"\r\n.\r\n")
            said = connection.recv(4096)
        else:
            connection.sendall(later.encode() + b"\r\n")
            said = connection.recv(4096)
    connection.close()
    assert not said.startswith((b"250 2.0.0", b"354"))
    assert not postfix.delivered()
    assert not postfix.held_ids()


def test_no_worker_and_no_daemon_stays_behind(postfix, start_gateway, tools):
    gateway = start_gateway("milter", settings(postfix))
    tools.send(postfix.ports["milter"], tools.message("<a@x>"))
    family = children_of(gateway.process.pid)
    assert family
    gateway.kill()
    tools.wait_until(lambda: not [pid for pid in family if alive(pid)], 60, "the end of all workers")


def children_of(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := stat_of(int(entry.name))) and int(fields[1]) == parent:
            found += [int(entry.name), *children_of(int(entry.name))]
    return found


def alive(pid: int) -> bool:
    fields = stat_of(pid)
    return bool(fields) and fields[0] != "Z"


def stat_of(pid: int) -> list[str]:
    """State, parent and so on of a process; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def test_clients_are_told_the_truth_by_smtplib_too(postfix, running, tools):
    with smtplib.SMTP("127.0.0.1", postfix.ports["milter"], timeout=30) as client:
        client.sendmail("a@own.example", ["b@buyer.example"], tools.message("<one@x>"))
        client.sendmail("a@own.example", ["b@buyer.example"], tools.message("<two@x>", body=SECRET))
    postfix.settle({"<one@x>", "<two@x>"})
    assert set(postfix.held_ids()) == {"<two@x>"}
