"""Verdicts in, a table out: on a terminal a drawn one that fits its width, elsewhere one plain line a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from sluicegate.report.console import STYLES, console_for
from sluicegate.verdict import Decision, Verdict

SUFFIX = ".txt"
BINARY = False
_DRAWN = 500  # rows; the rest is counted and stands in the other formats


def render(verdicts: Iterable[Verdict], stream: TextIO, *, redact: bool = False, language: str = "en") -> None:
    """Write decision, document and reason of each verdict, then a count. Nothing here quotes a document."""
    if not stream.isatty():
        counts: Counter[Decision] = Counter()
        for verdict in verdicts:
            counts[verdict.decision] += 1
            stream.write(line(verdict) + "\n")
        stream.write(summary(counts) + "\n")
        return
    _draw(verdicts, stream)


def line(verdict: Verdict) -> str:
    """One verdict on one line: decision, document, points, first reason."""
    return f"{verdict.decision.value:<8} {verdict.document}  {why(verdict)}"


def why(verdict: Verdict) -> str:
    """The weightiest reason, and how many more there are."""
    more = len(verdict.reasons) - 1
    return (verdict.reasons[0] if verdict.reasons else "") + (f" (+{more} more)" if more > 0 else "")


def summary(counts: Mapping[Decision, int]) -> str:
    """ "32 documents: 12 hold, 5 review, 15 release"."""
    total = sum(counts.values())
    shares = ", ".join(f"{counts.get(decision, 0)} {decision.value}" for decision in reversed(Decision))
    return f"{total} document{'' if total == 1 else 's'}: {shares}"


def _draw(verdicts: Iterable[Verdict], stream: Any) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    console = console_for(stream)
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    table.add_column("decision", no_wrap=True, width=8)
    table.add_column("document", overflow="fold", ratio=2)
    table.add_column("why", overflow="fold", ratio=3)
    counts: Counter[Decision] = Counter()
    for verdict in verdicts:
        counts[verdict.decision] += 1
        if table.row_count < _DRAWN:
            style = STYLES[verdict.decision]
            table.add_row(Text(verdict.decision.value, style), Text(verdict.document), Text(why(verdict)))
    console.print(table)
    hidden = sum(counts.values()) - table.row_count
    if hidden > 0:
        console.print(f"… and {hidden} more: sluicegate report --format csv, jsonl or html has them all")
    console.print(summary(counts))
