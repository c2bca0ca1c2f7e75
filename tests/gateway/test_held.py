"""Held mail over a real Postfix queue: listed, explained, screened again, released, deleted; each on record."""

import json
import os
import subprocess
import sys

import pytest

from sluicegate.errors import GatewayError
from sluicegate.gateway.held import HeldMail, HoldQueue
from sluicegate.review.audit import Audit
from sluicegate.review.records import Records
from sluicegate.settings import load_settings

SECRET = "SECRET recipe\r\n"


@pytest.mark.parametrize("queue_id", ["ALL", "all", "", "-d", "A B", "../x", "A;B"])
def test_what_is_no_queue_id_is_refused(queue_id):
    with pytest.raises(GatewayError, match="not a queue id"):
        HoldQueue().release(queue_id)


def test_without_postfix_it_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(GatewayError, match="needs Postfix"):
        HoldQueue().list()


@pytest.fixture
def gateway(postfix, start_gateway):
    listen = {"milter": {"listen": f"unix:{postfix.socket}", "mode": 0o666}}
    return start_gateway("milter", {"gateway": {"workers": 2, "postfix": str(postfix.conf), **listen}})


def command(gateway, *words):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    code = "from sluicegate.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *words, "--config", str(gateway.settings)],
        capture_output=True, text=True, check=False, env=environment, timeout=120,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, done.stdout


def events(gateway):
    return [entry.event for entry in Audit.open(load_settings(gateway.settings)).entries()]


@pytest.mark.postfix
def test_list_show_override_delete(postfix, gateway, tools):
    for ident in ("<one@x>", "<two@x>"):
        tools.send(postfix.ports["milter"], tools.message(ident, body=SECRET))
    one, two = postfix.held_ids()["<one@x>"], postfix.held_ids()["<two@x>"]
    status, said = command(gateway, "held", "list", "--json")
    rows = [json.loads(line) for line in said.splitlines()]
    assert {row["queue_id"]: row["decision"] for row in rows} == {one: "hold", two: "hold"}
    status, said = command(gateway, "held", "show", one, "--json")
    assert json.loads(said)["verdict"]["control_points"][0]["id"] == "252604X.1"
    words = ("--reason", "licence on paper", "--by", "Chen", "--override")
    status, said = command(gateway, "held", "release", one, *words)
    assert (status, said) == (0, f"{one} released\n")
    status, said = command(gateway, "held", "delete", two, "--reason", "not to leave", "--by", "Chen")
    assert status == 0
    postfix.settle({"<one@x>"})
    assert set(postfix.delivered()) == {"<one@x>"}
    assert not postfix.queue("hold")
    assert events(gateway)[-2:] == ["override", "delete"]
    decided = Records.open(load_settings(gateway.settings)).decisions()
    assert [(row.decision.value, row.by, row.reason) for row in decided] == [
        ("release", "Chen", "licence on paper"), ("hold", "Chen", "not to leave"),
    ]  # fmt: skip
    assert command(gateway, "held", "list")[1] == "nothing is held\n"


@pytest.mark.postfix
def test_what_an_outage_held_is_screened_before_it_is_released(postfix, gateway, tools):
    """Held by Postfix itself, without us: no verdict is stored, so `release` screens first, with the real line."""
    lunch = tools.message("<lunch@x>", body="Shall we meet for lunch on Friday?\r\n")
    odd = tools.message("<odd@x>", body="%PDF-1.7\r\nbroken\r\n").replace(b"text/plain", b"application/pdf")
    for data in (lunch, odd):
        assert tools.send(postfix.ports["hold"], data).startswith("250")
    held = postfix.held_ids()
    status, said = command(gateway, "held", "list")
    assert said.count("unscreened") == 2
    status, said = command(gateway, "held", "release", held["<odd@x>"], "--reason", "after the outage")
    assert status == 1
    assert "stays held" in said
    status, said = command(gateway, "held", "release", held["<lunch@x>"], "--reason", "after the outage")
    assert (status, said) == (0, f"{held['<lunch@x>']} released\n")
    postfix.settle({"<lunch@x>"})
    assert set(postfix.delivered()) == {"<lunch@x>"}
    assert events(gateway)[-3:] == ["rescan", "rescan", "release"]


@pytest.mark.postfix
def test_a_message_that_is_not_held_is_an_error(postfix, gateway):
    with pytest.raises(GatewayError, match="not in the hold queue"):
        HeldMail(load_settings(gateway.settings)).show("ABCDEF1")
