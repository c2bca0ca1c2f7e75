"""`sluicegate check`: one document or one message, judged in a worker process, explained on request."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sluicegate.cli import EXIT_HELD, EXIT_REVIEW
from sluicegate.cli.options import AsOfOption, ConfigOption, ListsOption, read_date, read_settings

if TYPE_CHECKING:
    from sluicegate.settings import Settings
    from sluicegate.verdict import Verdict

HELP = """Screen one document, or one RFC 5322 message from standard input.

[bold]Examples[/bold]

  sluicegate check offer.pdf
  sluicegate check specification.docx --explain
  sluicegate check - --json < message.eml
  sluicegate check manual.pdf --to eva@kathod.example

[bold]Exit status[/bold]: 0 released · 10 held · 11 for review · 2 usage · 3 could not screen (no model, bad settings)
· 130 interrupted. A document that cannot be read is 11 (or 10, by policy), never 3.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", help=HELP)(check)


def check(
    file: Annotated[str, typer.Argument(help="The document, or - for a message on standard input.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as one line of JSON.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Print passages with tags and figures marked.")] = False,
    name: Annotated[str | None, typer.Option("--name", help="Name to report for standard input.")] = None,
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="ADDRESS", help="A recipient, for the licences; repeatable.")
    ] = None,
    as_of: AsOfOption = None,
    lists: ListsOption = None,
    config: ConfigOption = None,
) -> None:
    """Screen one document and exit with its decision."""
    day = read_date(as_of)
    settings = read_settings(config, lists)
    verdict = check_document(file, settings=settings, as_of=day, name=name)
    if to:
        verdict = check_licences(verdict, to, settings=settings, as_of=day)
    if as_json:
        from sluicegate.report.jsonl import encode

        sys.stdout.write(encode(verdict, redact=settings.records.redact) + "\n")
    else:
        from sluicegate.report.console import print_verdict

        print_verdict(verdict, explain=explain, redact=settings.records.redact)
    raise typer.Exit(status_of(verdict))


def check_document(file: str, *, settings: Settings, as_of: date | None, name: str | None = None) -> Verdict:
    """The verdict on a file, or on standard input when `file` is "-", from a killable worker."""
    from sluicegate.workers import Task, WorkerPool

    if file == "-":
        if sys.stdin is None:
            raise typer.BadParameter("standard input is closed")
        data = sys.stdin.buffer.read(settings.limits.bytes + 1)
        task = Task(name=name or "message.eml", data=data)
    else:
        if Path(file).is_dir():
            raise typer.BadParameter(f"{file} is a folder: use sluicegate scan {file}")
        task = Task(name=name or file, path=Path(file))
    with WorkerPool(settings, as_of=as_of, size=1, ocr=settings.extraction.ocr != "off") as pool:
        return pool.screen(task)


def check_licences(verdict: Verdict, to: list[str], *, settings: Settings, as_of: date | None) -> Verdict:
    """The verdict after the licence register, for these recipients; raises `LicenceError`."""
    from sluicegate.gateway.recipients import resolve
    from sluicegate.review.register import Register, apply_licences

    recipients = resolve(to, settings.gateway)
    return apply_licences(verdict, register=Register.of(settings), recipients=recipients, day=as_of)


def status_of(verdict: Verdict) -> int:
    """The exit status that says the decision."""
    if verdict.released:
        return 0
    return EXIT_HELD if verdict.held else EXIT_REVIEW
