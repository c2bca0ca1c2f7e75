"""What `doctor` asks about gateways: settings in, findings out, each with what to do about it. Nothing is changed."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sluicegate.errors import SluicegateError
from sluicegate.gateway.http import read_token
from sluicegate.gateway.smtp import tls_context
from sluicegate.review.register import Register
from sluicegate.settings import Settings

_LEAST_DISK = 1024**3
_ACTIONS = ("on_hold", "on_review", "on_unreadable", "on_too_big", "on_timeout", "on_error")
_TIMEOUT = re.compile(r"content_timeout\s*=\s*(\d+)\s*([smh]?)")


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, how it is, and what to do about it."""

    level: Level
    what: str
    advice: str = ""


def check_gateway(settings: Settings) -> list[Finding]:
    """Everything about the gateways of these settings."""
    return [
        *check_actions(settings),
        *check_disk(settings),
        *check_socket(settings),
        *check_front_files(settings),
        *check_register(settings),
        *check_postfix(settings),
        *check_syslog(settings),
    ]


def check_actions(settings: Settings) -> list[Finding]:
    """Whether any class of trouble lets mail through."""
    gateway = settings.gateway
    findings = [
        Finding(Level.WARN, f"gateway.{name} = {action!r} lets such mail leave", "use hold, reject or tempfail")
        for name in _ACTIONS
        if (action := getattr(gateway, name)) in ("accept", "header")
    ]
    if gateway.monitor_only:
        findings.append(Finding(Level.WARN, "monitor_only: nothing is held", "set it to false after the first weeks"))
    return findings or [Finding(Level.OK, "every failure holds mail back")]


def check_disk(settings: Settings) -> list[Finding]:
    """Room for records: without it every message has to wait."""
    folder = settings.folder("records")
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < _LEAST_DISK:
        return [Finding(Level.FAIL, f"{free // 1024**2} MiB free at {folder}", "without room for records mail waits")]
    return [Finding(Level.OK, f"{free // 1024**3} GiB free at {folder}")]


def check_socket(settings: Settings) -> list[Finding]:
    """The milter's socket: there, and Postfix may use it while others may not."""
    listen = settings.gateway.milter.listen
    if not listen.startswith("unix:"):
        return [
            Finding(Level.WARN, f"the milter listens on {listen}", "a Unix socket is faster and needs no allow list")
        ]
    path = Path(listen.removeprefix("unix:"))
    try:
        found = path.stat()
    except OSError:
        return [Finding(Level.WARN, f"no milter listens at {path}", "start sluicegate serve milter")]
    if not stat.S_ISSOCK(found.st_mode):
        return [Finding(Level.FAIL, f"{path} is not a socket", "move it away")]
    if found.st_mode & 0o006:
        return [Finding(Level.WARN, f"{path} is open to every user", "gateway.milter.mode = 0o660, group = 'postfix'")]
    if not _postfix_may_use(found):
        return [Finding(Level.FAIL, f"Postfix may not use {path}", "gateway.milter.group = 'postfix'")]
    return [Finding(Level.OK, f"the milter's socket {path}")]


def check_front_files(settings: Settings) -> list[Finding]:
    """Token and certificate."""
    findings = []
    for what, check in (("HTTP token", read_token), ("TLS certificate", lambda _: tls_context(settings.gateway.smtp))):
        try:
            check(settings)
        except SluicegateError as error:
            findings.append(Finding(Level.FAIL, f"{what}: {error}"))
    return findings


def check_register(settings: Settings) -> list[Finding]:
    """The licence register."""
    try:
        licences = Register.of(settings).licences()
    except SluicegateError as error:
        return [Finding(Level.FAIL, str(error), "until it is right, no licence releases anything")]
    return [Finding(Level.OK, f"licence register: {len(licences)} entries")]


def check_postfix(settings: Settings) -> list[Finding]:
    """Postfix's own settings: it has to hold mail back without us, and wait longer than we screen."""
    if shutil.which("postconf") is None:
        return [Finding(Level.WARN, "Postfix is not installed here", "held mail needs it; else use HTTP or check -")]
    options = ["-c", str(settings.gateway.postfix)] if settings.gateway.postfix else []
    done = subprocess.run(["postconf", *options, "-x"], capture_output=True, text=True, check=False, timeout=30)
    values = dict(line.split(" = ", 1) for line in done.stdout.splitlines() if " = " in line)
    used = [name for name in ("smtpd_milters", "non_smtpd_milters") if values.get(name, "").strip()]
    findings = []
    if not used:
        findings.append(Finding(Level.WARN, "main.cf names no milter", "see scripts/deploy/postfix-milter-main.cf"))
    for name in used:
        action = re.search(r"default_action\s*=\s*(\w+)", values[name])
        default = action[1] if action else values.get("milter_default_action", "tempfail")
        if default not in ("tempfail", "quarantine", "reject"):
            findings.append(
                Finding(Level.FAIL, f"{name}: default_action={default} delivers without us", "use tempfail")
            )
        timeout = _seconds(values[name])
        if timeout is not None and timeout <= settings.gateway.milter.progress_seconds:
            advice = "gateway.milter.progress_seconds has to be shorter"
            findings.append(Finding(Level.FAIL, f"{name}: content_timeout={timeout}s", advice))
    return findings or [Finding(Level.OK, "Postfix holds mail back without us")]


def check_syslog(settings: Settings) -> list[Finding]:
    """Whether the heads of the audit record go anywhere."""
    if settings.audit.syslog and not Path("/dev/log").exists() and settings.audit.heads is None:
        advice = "start a syslog daemon, or set audit.heads; without heads a record rewritten as a whole is not found"
        return [Finding(Level.WARN, "there is no syslog at /dev/log", advice)]
    return []


def _postfix_may_use(found: os.stat_result) -> bool:
    try:
        user = pwd.getpwnam("postfix")
    except KeyError:
        return True
    groups = {user.pw_gid} | {group.gr_gid for group in grp.getgrall() if "postfix" in group.gr_mem}
    if found.st_uid == user.pw_uid:
        return bool(found.st_mode & stat.S_IWUSR)
    return found.st_gid in groups and bool(found.st_mode & stat.S_IWGRP)


def _seconds(text: str) -> int | None:
    found = _TIMEOUT.search(text)
    return int(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[found[2]] if found else None
