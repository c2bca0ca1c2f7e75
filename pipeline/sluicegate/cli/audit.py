"""`sluicegate audit`: verify and export the chained record of decisions."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli import EXIT_REFUSED
from sluicegate.cli.options import ConfigOption

APP = typer.Typer(
    help="The audit record: verify that nothing was changed, cut or rewritten; export it.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(APP, name="audit")


@APP.command("verify")
def verify_audit(
    heads: Annotated[
        Path | None,
        typer.Option("--heads", help="Syslog or heads file to compare with: finds a cut tail or a rewritten record."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Check the whole chain; exit 1 when anything is wrong."""
    from sluicegate.review.audit import Audit
    from sluicegate.settings import load_settings

    if heads is not None and not heads.is_file():
        raise typer.BadParameter(f"{heads} is not a file", param_hint="--heads")
    count, faults = Audit.open(load_settings(config)).verify(heads=heads)
    for fault in faults:
        typer.echo(f"entry {fault.seq}: {fault.detail}")
    typer.echo(f"{count} entries, {len(faults)} faults" if faults else f"{count} entries, whole")
    if heads is None:
        typer.echo("Compare with the heads in syslog too (--heads FILE): only they show a record rewritten as a whole.")
    if faults:
        raise typer.Exit(EXIT_REFUSED)


@APP.command("export")
def export_audit(
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="From this day on (YYYY-MM-DD).")] = None,
    event: Annotated[str | None, typer.Option("--event", help="Only this event: message, release, override …")] = None,
    config: ConfigOption = None,
) -> None:
    """Print the entries as JSON lines, as they stand in the record."""
    from sluicegate.review.audit import Audit
    from sluicegate.settings import load_settings

    for entry in Audit.open(load_settings(config)).entries():
        if (since is None or entry.time >= since) and (event is None or entry.event == event):
            sys.stdout.write(json.dumps(json.loads(entry.line), ensure_ascii=False) + "\n")
