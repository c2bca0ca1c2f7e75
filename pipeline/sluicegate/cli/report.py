"""`sluicegate report` and `diff`: what is in the scan store, in any format, and what changed between two scans."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sluicegate.cli import EXIT_REFUSED
from sluicegate.cli.options import ConfigOption, read_settings

if TYPE_CHECKING:
    from sluicegate.scan.store import Scan, ScanStore
    from sluicegate.verdict import Decision

REPORT_HELP = """Show a stored scan again, in any format.

[bold]Examples[/bold]

  sluicegate report

  sluicegate report 12 --format html --output friday.html --only hold,review --language zh

[bold]Exit status[/bold]: 0 done · 1 there is no such scan · 2 usage · 3 the store cannot be read · 130 interrupted.
"""
DIFF_HELP = """Show the documents whose decision differs between two stored scans.

Example: sluicegate diff 11 last

[bold]Exit status[/bold]: 0 done · 1 there is no such scan · 2 usage · 3 the store cannot be read · 130 interrupted.
"""
FormatOption = Annotated[
    str, typer.Option("--format", "-f", help="table, jsonl, csv, html or parquet.", metavar="FORMAT")
]
LanguageOption = Annotated[
    str, typer.Option("--language", help="Language of the HTML report: en or zh.", metavar="CODE")
]
RedactOption = Annotated[bool, typer.Option("--redact", help="Leave quotes, terms and texts of tags out.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("report", help=REPORT_HELP)(report)
    app.command("diff", help=DIFF_HELP)(diff)


def report(
    number: Annotated[str, typer.Argument(metavar="[SCAN]", help="Number of the scan, or last.")] = "last",
    form: FormatOption = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="DECISIONS", help="For example hold,review; default all.")
    ] = None,
    document: Annotated[str | None, typer.Option("--document", help="One document, with its passages.")] = None,
    redact: RedactOption = False,
    language: LanguageOption = "en",
    every: Annotated[bool, typer.Option("--list", help="List the stored scans instead.")] = False,
    config: ConfigOption = None,
) -> None:
    """Show a stored scan, or the list of them."""
    from sluicegate.scan.store import ScanStore

    check_format(form, language)
    wanted = _decisions(only)
    settings = read_settings(config)
    with ScanStore(settings.folder("store")) as store:
        if every:
            _list(store.scans())
            return
        chosen = _find(store, number)
        redact = redact or settings.records.redact
        if document is not None:
            _explain(store, chosen, document, redact=redact)
            return
        show(store, chosen, form, redact=redact, language=language, only=wanted, output=output)


def diff(
    before: Annotated[str, typer.Argument(metavar="SCAN_A", help="Number of the earlier scan.")],
    after: Annotated[str, typer.Argument(metavar="SCAN_B", help="Number of the later scan, or last.")] = "last",
    config: ConfigOption = None,
) -> None:
    """Show the documents whose decision differs between two scans."""
    from sluicegate.scan.compare import changes
    from sluicegate.scan.store import ScanStore

    settings = read_settings(config)
    with ScanStore(settings.folder("store")) as store:
        first, second = _find(store, before), _find(store, after)
        count = 0
        for change in changes(store, first.id, second.id):
            count += 1
            step = f"{change.before.value if change.before else '–'} → {change.after.value if change.after else '–'}"
            bytes_ = "" if change.before is None or change.after is None else _bytes_word(change.same_bytes)
            typer.echo(f"{step:<18} {change.document}{bytes_}  {change.why}".rstrip())
        typer.echo(f"{count} of {second.total} decisions differ between scan {first.id} and scan {second.id}", err=True)


def check_format(form: str, language: str) -> None:
    """A usage error for an unknown format or language."""
    from sluicegate.report import FORMATS
    from sluicegate.report.words import LANGUAGES

    if form not in FORMATS:
        raise typer.BadParameter(f"{form!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    if language not in LANGUAGES:
        raise typer.BadParameter(f"{language!r} is none of {', '.join(LANGUAGES)}", param_hint="--language")


def show(
    store: ScanStore, chosen: Scan, form: str, *, redact: bool, language: str, only: tuple[Decision, ...] = (),
    output: Path | None = None,
) -> None:  # fmt: skip
    """Write a stored scan to a file or to standard output."""
    from sluicegate.report import renderer
    from sluicegate.report.files import standard_output, write_report

    how = renderer(form)
    verdicts = store.verdicts(chosen.id, only=only)
    if output is not None:
        write_report(output, how, verdicts, redact=redact, language=language)
    elif form == "table":
        how.render(verdicts, sys.stdout, redact=redact, language=language)
    elif how.binary and sys.stdout.isatty():
        raise typer.BadParameter(f"{form} is not for a terminal: use --output FILE", param_hint="--format")
    else:
        with standard_output(binary=how.binary) as stream:
            how.render(verdicts, stream, redact=redact, language=language)


def _decisions(only: str | None) -> tuple[Decision, ...]:
    from sluicegate.verdict import Decision

    try:
        return tuple(Decision(word.strip()) for word in only.split(",")) if only else ()
    except ValueError:
        raise typer.BadParameter(f"{only!r} is not of hold, review, release", param_hint="--only") from None


def _find(store: ScanStore, reference: str) -> Scan:
    from sluicegate.errors import StoreError

    try:
        return store.find(reference)
    except StoreError as error:
        typer.echo(f"sluicegate: {error}", err=True)
        raise typer.Exit(EXIT_REFUSED) from None


def _explain(store: ScanStore, chosen: Scan, document: str, *, redact: bool) -> None:
    from sluicegate.report.console import print_verdict

    found = (one for one in store.verdicts(chosen.id) if one.document == document)
    count = 0
    for verdict in found:
        count += 1
        print_verdict(verdict, explain=True, redact=redact)
    if not count:
        typer.echo(f"sluicegate: scan {chosen.id} has no document {document}", err=True)
        raise typer.Exit(EXIT_REFUSED)


def _list(scans: Iterable[Scan]) -> None:
    from sluicegate.report.table import summary

    for one in scans:
        typer.echo(f"{one.id:>5}  {one.started}  {one.state:<11}  {summary(one.counts)}  {' '.join(one.paths)}")


def _bytes_word(same: bool) -> str:
    return " (same bytes)" if same else " (bytes changed)"
