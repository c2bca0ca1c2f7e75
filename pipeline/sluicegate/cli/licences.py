"""`sluicegate licences`: the licence register, and the document list for an application."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sluicegate.cli.options import ConfigOption

if TYPE_CHECKING:
    from sluicegate.verdict import Verdict

APP = typer.Typer(
    help="The licence register: list it, validate it, write the dossier of an application.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(APP, name="licences")


@APP.command("list")
def list_licences(config: ConfigOption = None) -> None:
    """Every paper of the register, with whether it is in force today."""
    from sluicegate.review.register import Register
    from sluicegate.settings import load_settings

    found = Register.of(load_settings(config))
    licences = found.licences()
    for licence in licences:
        state = "in force" if licence.in_force(date.today()) else "not in force"
        kind = licence.kind.value.replace("_", " ")
        last = licence.last.isoformat() if licence.last else "open"
        typer.echo(
            f"{licence.number}  {kind}  {state}  {licence.first} – {last}  {licence.country}  "
            f"{', '.join(sorted(licence.entities))}  {len(licence.documents)} documents  "
            f"{', '.join(sorted(licence.points))}"
        )
    if not licences:
        typer.echo(f"no licences in {found.path}")


@APP.command("validate")
def validate_licences(
    file: Annotated[Path | None, typer.Argument(help="A register file; default the one of the settings.")] = None,
    config: ConfigOption = None,
) -> None:
    """Check a register file; exit 1 with every fault named."""
    from sluicegate.cli import EXIT_REFUSED
    from sluicegate.errors import LicenceError
    from sluicegate.review.register import Register, read_register
    from sluicegate.settings import load_settings

    path = file if file is not None else Register.of(load_settings(config)).path
    try:
        licences = read_register(path)
    except LicenceError as error:
        typer.echo(str(error))
        raise typer.Exit(EXIT_REFUSED) from None
    typer.echo(f"{path}: {len(licences)} entries, valid")


@APP.command("dossier")
def write_dossier(
    verdicts: Annotated[
        list[Path], typer.Argument(help="Verdicts as JSON lines, as scan --format jsonl and check --json write them.")
    ],
    out: Annotated[Path | None, typer.Option("--out", help="File to write (0600); default standard output.")] = None,
) -> None:
    """Write the list of technical documents to be exported (技术资料出口清单) from chosen verdicts.

    [bold]sluicegate scan outbox --format jsonl > verdicts.jsonl[/bold], then [bold]sluicegate licences dossier
    verdicts.jsonl --out list.md[/bold].
    """
    from sluicegate.review.dossier import dossier_rows, dossier_text

    chosen = [verdict for path in verdicts for verdict in read_verdicts(path)]
    if not chosen:
        raise typer.BadParameter("no verdicts in it: write some with sluicegate scan FOLDER --format jsonl")
    rows = dossier_rows(chosen)
    text = dossier_text(rows, day=date.today())
    if out is None:
        typer.echo(text)
        return
    out.touch(mode=0o600)
    out.write_text(text, "utf-8")
    typer.echo(f"{len(rows)} documents in {out}")


def read_verdicts(path: Path) -> list[Verdict]:
    """The verdicts of a JSON-lines file; a usage error when it is none."""
    from sluicegate.verdict import Verdict

    try:
        lines = path.read_text("utf-8").splitlines()
        return [Verdict.from_json(json.loads(line)) for line in lines if line.strip()]
    except OSError as error:
        raise typer.BadParameter(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise typer.BadParameter(f"{path} does not hold verdicts as JSON lines") from None
