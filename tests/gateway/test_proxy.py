"""The SMTP proxy between two ports of a real Postfix, and as a smart host for others."""

import smtplib
import ssl
import subprocess

import pytest

from sluicegate.review.audit import Audit
from sluicegate.review.records import Records
from sluicegate.settings import load_settings

pytestmark = pytest.mark.postfix
SECRET = "SECRET recipe\r\n"


@pytest.fixture
def proxy(postfix, start_gateway):
    def start(*, smtp=None, **gateway):
        ports = {name: f"127.0.0.1:{postfix.ports[name]}" for name in ("deliver", "hold")}
        listen = {"listen": f"127.0.0.1:{postfix.ports['proxy']}", "hostname": "gate.example", **ports, **(smtp or {})}
        return start_gateway("smtp", {"gateway": {"workers": 2, "smtp": listen, **gateway}})

    return start


@pytest.mark.parametrize("port", ["proxied", "proxy"], ids=["before the queue", "smart host"])
def test_clean_goes_on_and_secret_is_held(postfix, proxy, tools, port):
    gateway = proxy()
    for ident, body in (("<clean@x>", "Hello\r\n"), ("<secret@x>", SECRET)):
        assert tools.send(postfix.ports[port], tools.message(ident, body=body)).startswith("250")
    postfix.settle({"<clean@x>", "<secret@x>"})
    assert set(postfix.delivered()) == {"<clean@x>"}
    held = postfix.held_ids()
    assert set(held) == {"<secret@x>"}
    records = Records.open(load_settings(gateway.settings))
    assert records.find_stopped(held["<secret@x>"]).verdict.held
    audit = Audit.open(load_settings(gateway.settings))
    assert [entry.event for entry in audit.entries()] == ["start", "message", "message", "queued"]
    assert audit.verify()[1] == []


def test_reject_and_forged_headers(postfix, proxy, tools):
    proxy(on_hold="reject")
    said = tools.send(postfix.ports["proxy"], tools.message("<secret@x>", body=SECRET))
    assert said.startswith("550 5.7.1 Held back by export control")
    forged = "X-Sluicegate: release\r\nx-sluicegate:\r\n\tfolded\r\n"
    tools.send(postfix.ports["proxy"], tools.message("<clean@x>", headers=forged))
    postfix.settle({"<clean@x>"})
    data = postfix.delivered()["<clean@x>"].lower()
    assert b"x-sluicegate:" not in data
    assert b"x-sluicegate-loop: gate.example " in data
    assert not postfix.queue("hold")


def test_a_message_that_comes_round_is_refused(postfix, proxy, tools):
    proxy()
    once = tools.message("<a@x>", headers="X-Sluicegate-Loop: gate.example 0\r\n")
    assert tools.send(postfix.ports["proxy"], once).startswith("554 5.4.6")
    other = tools.message("<b@x>", headers="X-Sluicegate-Loop: gate.example.org 0\r\n")
    assert tools.send(postfix.ports["proxy"], other).startswith("250")


def test_strangers_are_not_served(postfix, proxy, tools):
    proxy(smtp={"clients": ["192.0.2.0/24"]})
    assert tools.send(postfix.ports["proxy"], tools.message("<a@x>")).startswith("554 5.7.1")


def test_nothing_behind_means_later(postfix, proxy, tools):
    """The client keeps the message: before a proxy that cannot hand on, and before Postfix without a proxy."""
    dead = f"127.0.0.1:{tools.free_port()}"
    gateway = proxy(smtp={"deliver": dead, "hold": dead})
    for body in ("Hello\r\n", SECRET):
        assert tools.send(postfix.ports["proxy"], tools.message("<a@x>", body=body)).startswith("451")
    gateway.stop()
    assert tools.send(postfix.ports["proxied"], tools.message("<a@x>", body=SECRET)).startswith("4")
    assert not postfix.delivered()
    assert not postfix.queue()


def test_a_recipient_refused_behind_is_refused_in_front(postfix, proxy, tools):
    proxy()
    said = tools.send(postfix.ports["proxy"], tools.message("<a@x>"), to=("b@buyer.example", "not an address"))
    assert said[:1] in "45"
    assert not postfix.delivered()


def test_long_lines_dots_and_raw_bytes_pass_unchanged(postfix, proxy, tools):
    proxy()
    body = "." * 3 + "\r\n" + "y" * 5000 + "\r\n\u7535\u6c60\r\n"
    assert tools.send(postfix.ports["proxy"], tools.message("<a@x>", body=body)).startswith("250")
    postfix.settle({"<a@x>"})
    lines = postfix.delivered()["<a@x>"].replace(b"\r\n", b"\n").split(b"\n")
    assert b"..." in lines
    assert "\u7535\u6c60".encode() in lines
    assert sum(line.count(b"y") for line in lines) >= 5000


def test_a_killed_proxy_loses_nothing(postfix, proxy, tools, tmp_path):
    import threading

    gateway = proxy()
    said = []
    lock = tools.Lock(tmp_path / "lock")
    data = tools.message("<a@x>", body=SECRET, headers=lock.header)
    thread = threading.Thread(target=lambda: said.append(tools.send(postfix.ports["proxied"], data)))
    thread.start()
    lock.reached()
    gateway.kill()
    thread.join(120)
    assert said[0].startswith("4")
    assert not postfix.delivered()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=gate.example "
        "-addext subjectAltName=DNS:gate.example "
        f"-keyout {folder}/key.pem -out {folder}/certificate.pem"
    )
    done = subprocess.run(command.split(), capture_output=True, check=False)
    if done.returncode:
        pytest.skip("openssl cannot make a certificate here")
    return folder


def test_tls_is_offered_and_can_be_demanded(postfix, proxy, tools, certificate):
    files = {"certificate": str(certificate / "certificate.pem"), "key": str(certificate / "key.pem")}
    proxy(smtp={**files, "require_tls": True})
    assert tools.send(postfix.ports["proxy"], tools.message("<a@x>")).startswith("530")
    context = ssl.create_default_context(cafile=certificate / "certificate.pem")
    with smtplib.SMTP("127.0.0.1", postfix.ports["proxy"], timeout=20) as client:
        client._host = "gate.example"
        client.starttls(context=context)
        client.sendmail("li@own.example", ["b@buyer.example"], tools.message("<tls@x>"))
    postfix.settle({"<tls@x>"})
