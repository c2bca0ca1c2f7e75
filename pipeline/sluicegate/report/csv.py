"""Verdicts in, CSV out: one row a document, safe to open in a spreadsheet program.

A cell that a spreadsheet would take for a formula (it begins with = + - @, a tab or a line break; OWASP "CSV
Injection") gets an apostrophe in front. The file starts with a byte order mark: without it Excel reads Chinese wrongly.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from sluicegate.report.flat import COLUMNS, row
from sluicegate.verdict import Verdict

SUFFIX = ".csv"
BINARY = False
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def render(verdicts: Iterable[Verdict], stream: TextIO, *, redact: bool = False, language: str = "en") -> None:
    """Write a heading and one row for each verdict. No cell quotes a document, so `redact` changes nothing."""
    stream.write("\ufeff")
    writer = csv.writer(stream, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for verdict in verdicts:
        writer.writerow([safe(value) for value in row(verdict).values()])


def safe(value: str | float | int) -> str | float | int:
    """A cell that no spreadsheet program runs."""
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) else text
