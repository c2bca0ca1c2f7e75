"""The emergency bypass: a signed file with reason, person and end; and which messages may then leave unscreened.

Only plain messages do: a message that carries, or may carry, a file is held as always.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sluicegate.errors import GatewayError

LONGEST = timedelta(hours=24)
_LARGEST_PLAIN = 256 * 1024
_NAME = "bypass.json"
_TYPE = re.compile(rb"content-type\s*:\s*([^\s;]*)", re.IGNORECASE)
_PLAIN_TYPES = frozenset({b"text/plain", b"text/html", b"multipart/alternative", b"multipart/related"})
_CARRIES = re.compile(
    rb"content-disposition\s*:\s*attachment|name\*?[0-9*]*\s*=|^begin(-base64)? [0-7]{3,4} |;base64,"
    rb"|content-transfer-encoding\s*:\s*[^\r\n]*(base64|uuencode|binary)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Bypass:
    """An emergency bypass that a person has set."""

    by: str
    reason: str
    until: datetime


def start_bypass(folder: Path, key: bytes, *, by: str, reason: str, until: datetime) -> Bypass:
    """Set the bypass; raises `GatewayError` without a reason, a person, or an end within a day."""
    now = datetime.now(UTC)
    if not by.strip() or not reason.strip():
        raise GatewayError("a bypass needs a reason and the name of the person who orders it")
    if not now < until <= now + LONGEST:
        raise GatewayError(f"a bypass ends within {LONGEST // timedelta(hours=1)} hours from now")
    body = {"by": by, "reason": reason, "until": until.astimezone(UTC).isoformat(timespec="seconds")}
    path = folder / _NAME
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({**body, "mac": _mac(key, body)}), "utf-8")
    fresh.replace(path)
    return Bypass(by, reason, until)


def stop_bypass(folder: Path) -> bool:
    """End the bypass; whether there was one."""
    try:
        (folder / _NAME).unlink()
    except FileNotFoundError:
        return False
    return True


def read_bypass(folder: Path, key: bytes, *, now: datetime | None = None) -> Bypass | None:
    """The bypass in force; `None` when there is none, it has ended, or it was not made with this key."""
    try:
        value = json.loads((folder / _NAME).read_text("utf-8"))
        body = {name: str(value[name]) for name in ("by", "reason", "until")}
        until = datetime.fromisoformat(body["until"])
        genuine = hmac.compare_digest(str(value["mac"]), _mac(key, body))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    moment = now if now is not None else datetime.now(UTC)
    if not genuine or until.tzinfo is None or not moment < until <= moment + LONGEST:
        return None
    return Bypass(body["by"], body["reason"], until)


def is_plain(data: bytes) -> bool:
    """Whether a message surely carries no file: text parts only, none encoded, none named, and short.

    Cautious on purpose: everything unusual counts as a file. A named or encoded part is looked for in the raw bytes,
    so that no parser's view of the message matters.
    """
    if len(data) > _LARGEST_PLAIN or _CARRIES.search(data):
        return False
    return all(found[1].strip(b'"').lower() in _PLAIN_TYPES for found in _TYPE.finditer(data))


def _mac(key: bytes, body: dict[str, str]) -> str:
    spelled = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(key, b"bypass:" + spelled, hashlib.sha256).hexdigest()
