"""Verdicts in, JSON lines out: one object a line, schema 1, UTF-8."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from sluicegate.report.redact import redacted
from sluicegate.verdict import Verdict

SUFFIX = ".jsonl"
BINARY = False


def encode(verdict: Verdict, *, redact: bool = False) -> str:
    """One verdict as one line of JSON, without the newline."""
    value = (redacted(verdict) if redact else verdict).to_json()
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # JSON allows these two inside strings, but many readers of "lines" end a line there
    return line.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


def render(verdicts: Iterable[Verdict], stream: TextIO, *, redact: bool = False, language: str = "en") -> None:
    """Write one line for each verdict."""
    for verdict in verdicts:
        stream.write(encode(verdict, redact=redact) + "\n")
