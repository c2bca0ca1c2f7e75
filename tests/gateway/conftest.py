"""A private Postfix on random loopback ports with a sink behind it, and gateways as processes of their own."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import random
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "pipeline"
STAND_IN = "gateway_stand_in:StandIn.build"
REAL = "sluicegate.screener:Screener.build"

MAIN = """\
compatibility_level = 3.6
queue_directory = {d}/spool
data_directory = {d}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = gw.example.test
mydestination =
local_recipient_maps =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8 192.0.2.0/24
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_authorized_xclient_hosts = 127.0.0.0/8
relayhost = [127.0.0.1]:{sink}
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_peername_lookup = no
smtp_tls_security_level = none
message_size_limit = 60000000
maillog_file = {d}/mail.log
maillog_file_prefixes = {d}
import_environment = MAIL_CONFIG
notify_classes =
minimal_backoff_time = 2s
maximal_backoff_time = 4s
queue_run_delay = 2s
default_process_limit = 150
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
sluicegate_milter = {{ unix:{d}/run/milter.sock, connect_timeout=5s, command_timeout=15s,
  content_timeout={content}s, default_action=tempfail }}
non_smtpd_milters = $sluicegate_milter
"""
MASTER = """\
127.0.0.1:{milter} inet n - n - - smtpd
  -o smtpd_milters=$sluicegate_milter
127.0.0.1:{plain} inet n - n - - smtpd
127.0.0.1:{proxied} inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:{proxy}
  -o smtpd_proxy_options=speed_adjust
127.0.0.1:{deliver} inet n - n - - smtpd
  -o receive_override_options=no_unknown_recipient_checks,no_milters
127.0.0.1:{hold} inet n - n - - smtpd
  -o smtpd_recipient_restrictions=static:HOLD,permit_mynetworks,reject
  -o receive_override_options=no_unknown_recipient_checks,no_milters
pickup  unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr    unix n - n 300 1 qmgr
tlsmgr  unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce  unix - - n - 0 bounce
defer   unix - - n - 0 bounce
trace   unix - - n - 0 bounce
verify  unix - - n - 1 verify
flush   unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp    unix - - n - - smtp
relay   unix - - n - - smtp
showq   unix n - n - - showq
error   unix - - n - - error
retry   unix - - n - - error
discard unix - - n - - discard
local   unix - n n - - local
lmtp    unix - - n - - lmtp
anvil   unix - - n - 1 anvil
scache  unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def free_port() -> int:
    """A free port below those that the system gives to clients: nobody's connection takes it before its server does."""
    while True:
        port = random.SystemRandom().randrange(10_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def wait_until(ready, seconds: float = 60.0, what: str = "the condition"):
    """Poll until something is true, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := ready():
            return value
        time.sleep(0.03)
    raise TimeoutError(f"{what} did not come about within {seconds} s")


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def install_tools() -> str | None:
    """Install Postfix, swaks and miltertest where that is possible; else why the tests are skipped."""
    wanted = [tool for tool in ("postfix", "smtp-sink", "swaks", "miltertest") if shutil.which(tool) is None]
    if os.geteuid() != 0:
        return "driving a private Postfix needs root"
    if not wanted:
        return None
    if shutil.which("apt-get") is None:
        return f"{', '.join(wanted)} missing, and there is no apt-get"
    choice = "postfix postfix/main_mailer_type select No configuration\n"
    subprocess.run(["debconf-set-selections"], input=choice, text=True, check=False)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "postfix", "swaks", "miltertest"]
    for command in (["apt-get", "update", "-qq"], install):
        subprocess.run(command, env=environment, check=False, capture_output=True)
    missing = [tool for tool in ("postfix", "smtp-sink", "swaks", "miltertest") if shutil.which(tool) is None]
    return f"{', '.join(missing)} could not be installed" if missing else None


class Postfix:
    """A Postfix with its own configuration, queue and sink."""

    def __init__(self, *, content_seconds: int = 60) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="sluicegate-postfix-"))
        names = ("milter", "plain", "proxied", "proxy", "deliver", "hold", "sink")
        self.ports = {name: free_port() for name in names}
        self.conf = self.folder / "conf"
        self.inbox = self.folder / "sink"
        self.socket = self.folder / "run" / "milter.sock"
        self.folder.chmod(0o755)
        for folder in (self.conf, self.folder / "spool", self.folder / "data", self.inbox, self.folder / "run"):
            folder.mkdir()
        self.inbox.chmod(0o777)
        os.chown(self.folder / "data", pwd.getpwnam("postfix").pw_uid, -1)
        main = MAIN.format(d=self.folder, sink=self.ports["sink"], content=content_seconds)
        (self.conf / "main.cf").write_text(main)
        (self.conf / "master.cf").write_text(MASTER.format(**self.ports))

    def start(self) -> Postfix:
        sink = f"127.0.0.1:{self.ports['sink']}"
        self._sink = subprocess.Popen(
            ["smtp-sink", "-u", "postfix", "-c", "-d", str(self.inbox / "m."), sink, "256"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        done = self.run("postfix", "-c", str(self.conf), "start", check=False)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr + self.log())
        wait_until(lambda: listens(self.ports["milter"]) and listens(self.ports["sink"]), what="Postfix")
        return self

    def stop(self) -> None:
        self.run("postfix", "-c", str(self.conf), "stop", check=False)
        self._sink.send_signal(signal.SIGTERM)
        self._sink.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *command: str, check: bool = True, text: str | None = None) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "MAIL_CONFIG": str(self.conf)}
        return subprocess.run(command, check=check, capture_output=True, text=True, input=text, env=environment)

    def log(self) -> str:
        file = self.folder / "mail.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def queue(self, name: str | None = None) -> list[dict]:
        rows = [json.loads(line) for line in self.run("postqueue", "-c", str(self.conf), "-j").stdout.splitlines()]
        return [row for row in rows if name is None or row["queue_name"] == name]

    def moving(self) -> list[dict]:
        """What is neither held nor waiting for another try."""
        return [row for row in self.queue() if row["queue_name"] not in ("hold", "deferred")]

    def clear(self) -> None:
        """Empty queue and sink once nothing is on its way: a late message would reach the next test."""
        wait_until(lambda: not self.moving(), what="an end of deliveries")

        def emptied() -> bool:
            self.run("postsuper", "-c", str(self.conf), "-d", "ALL", check=False)
            return not self.queue()

        wait_until(emptied, what="an empty queue")
        for file in self.inbox.iterdir():
            file.unlink()

    def held_ids(self) -> dict[str, str]:
        """Message-ID → queue id of what is in the hold queue."""
        found = {}
        for row in self.queue("hold"):
            text = self.run("postcat", "-c", str(self.conf), "-qh", row["queue_id"], check=False).stdout
            if match := re.search(r"(?im)^message-id:\s*(\S+)", text):
                found[match[1]] = row["queue_id"]
        return found

    def delivered(self) -> dict[str, bytes]:
        """Message-ID → text of what reached the sink."""
        found = {}
        for file in list(self.inbox.iterdir()):
            data = file.read_bytes()
            if match := re.search(rb"(?im)^message-id:\s*(\S+)", data):
                found[match[1].decode()] = data
        return found

    def settle(self, ids, seconds: float = 60.0) -> None:
        """Wait until each of these messages is delivered or held, and nothing is on its way."""

        def settled() -> bool:
            return set(ids) <= self.delivered().keys() | self.held_ids().keys() and not self.moving()

        wait_until(settled, seconds, "delivery")


class Gateway:
    """A gateway process."""

    def __init__(self, front: str, folder: Path, values: dict, *, factory: str = STAND_IN) -> None:
        self.front = front
        self.folder = folder
        self.settings = folder / "sluicegate.toml"
        self.log = folder / "gateway.log"
        self.factory = factory
        self.write(values)
        self.process: subprocess.Popen | None = None

    def write(self, values: dict | str) -> None:
        self.settings.write_text(values if isinstance(values, str) else to_toml(values))

    def start(self, *, ready: bool = True, seconds: float = 120.0) -> Gateway:
        environment = {**os.environ, "PYTHONPATH": f"{SOURCE}{os.pathsep}{HERE}"}
        command = [sys.executable, str(HERE / "gateway_daemon.py"), self.front, str(self.settings), self.factory]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment)
        if ready:
            wait_until(lambda: "serving" in self.said() or self.process.poll() is not None, seconds, "the gateway")
            assert self.process.poll() is None, self.said()
        return self

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
        if self.process is not None:
            self.process.wait(10)
        self.log.unlink(missing_ok=True)

    def stop(self, seconds: float = 60.0) -> int:
        if self.process is None or self.process.poll() is not None:
            return 0 if self.process is None else self.process.returncode
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


def to_toml(values: dict) -> str:
    """Nested settings as TOML; enough for these tests (no table inside a list of tables)."""

    def spell(value) -> str:
        if isinstance(value, dict):
            return "{ " + ", ".join(f"{name} = {spell(inner)}" for name, inner in value.items()) + " }"
        if isinstance(value, list | tuple):
            return "[" + ", ".join(map(spell, value)) + "]"
        return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)

    return "\n".join(f"{name} = {spell(value)}" for name, value in values.items()) + "\n"


def message(ident: str, *, body: str = "Good morning,\r\nthe minutes are below.\r\n", headers: str = "") -> bytes:
    lines = (
        f"From: Li Wei <li.wei@own.example>\r\nTo: partner@buyer.example\r\nSubject: minutes\r\n"
        f"Message-ID: {ident}\r\nDate: Mon, 23 Nov 2026 10:00:00 +0800\r\n{headers}"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}"
    )
    return lines.encode()


class Lock:
    """Where the stand-in stops with a message until the test opens it, however fast the machine is."""

    def __init__(self, path: Path) -> None:
        self._opened = path
        self._reached = path.with_suffix(".reached")
        self.header = f"X-Do: wait {path}\r\n"

    def reached(self) -> None:
        """Wait until a worker has the message."""
        wait_until(self._reached.exists, what="the message in a worker")

    def open(self) -> None:
        """Let the message go on."""
        self._opened.touch()


def send(port: int, data: bytes, *, sender="li.wei@own.example", to=("partner@buyer.example",), client=None) -> str:
    """Send one message; the server's last answer as "CODE text", whichever command it came to; 000 when none."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=120) as smtp:
            smtp.ehlo("client.example.test")
            if client:
                code, text = smtp.docmd(f"XCLIENT ADDR={client} NAME=relay.example.test")
                smtp.ehlo("client.example.test")
            for command, argument in (("MAIL", f"FROM:<{sender}>"), *(("RCPT", f"TO:<{address}>") for address in to)):
                code, text = smtp.docmd(command, argument)
                if code >= 400:
                    return f"{code} {text.decode(errors='replace')}"
            code, text = smtp.data(data)
            return f"{code} {text.decode(errors='replace')}"
    except smtplib.SMTPDataError as error:
        return f"{error.smtp_code} {error.smtp_error.decode(errors='replace')}"
    except (smtplib.SMTPException, OSError) as error:
        return f"000 {type(error).__name__}: {error}"


@pytest.fixture(scope="session")
def tools():
    """What the tests here share; a namespace, as test modules cannot import from one another."""
    names = (free_port, wait_until, listens, message, send, to_toml, Postfix, Gateway, Lock)
    return type("Tools", (), {one.__name__: staticmethod(one) for one in names} | {"REAL": REAL, "STAND_IN": STAND_IN})


@pytest.fixture(scope="session")
def postfix_session() -> Iterator[Postfix]:
    reason = install_tools()
    if reason is not None:
        pytest.skip(reason)
    postfix = Postfix(content_seconds=8)
    try:
        yield postfix.start()
    finally:
        postfix.stop()


@pytest.fixture
def postfix(postfix_session: Postfix) -> Iterator[Postfix]:
    """The session's Postfix with empty queues and an empty sink."""
    postfix_session.clear()
    yield postfix_session
    postfix_session.clear()


@pytest.fixture
def start_gateway(tmp_path, request) -> Iterator:
    """Start a gateway: `start_gateway("milter", {"gateway": {...}})`; it is stopped at the end."""
    started: list[Gateway] = []

    def start(front: str, values: dict, *, factory: str = STAND_IN, ready: bool = True) -> Gateway:
        folder = tmp_path / f"gateway{len(started)}"
        folder.mkdir()
        paths = {"records": folder / "records", "licences": folder / "licences", "store": folder / "store"}
        base = {"audit": {"syslog": False, "heads": str(folder / "heads")}}
        base |= values
        base["paths"] = {**paths, **values.get("paths", {})}
        gateway = Gateway(front, folder, base, factory=factory)
        gateway.values = base
        started.append(gateway)
        return gateway.start(ready=ready)

    yield start
    for gateway in started:
        with contextlib.suppress(subprocess.TimeoutExpired):
            gateway.stop()
