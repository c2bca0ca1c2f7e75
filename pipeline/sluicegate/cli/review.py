"""`sluicegate review`: what waits for a person, and what people decided."""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sluicegate.cli import EXIT_REFUSED
from sluicegate.cli.options import ConfigOption
from sluicegate.verdict import Decision

if TYPE_CHECKING:
    from sluicegate.review.desk import Desk, Item

APP = typer.Typer(
    help="Review: what waits for a person, the decisions, and samples learned from them.", no_args_is_help=True
)

FromOption = Annotated[
    list[Path] | None, typer.Option("--from", help="Verdicts of a scan (JSON lines) besides stopped mail; repeatable.")
]
ByOption = Annotated[str | None, typer.Option("--by", help="Who decides; default the user logged in.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(APP, name="review")


@APP.command("list")
def list_review(
    scans: FromOption = None,
    decided: Annotated[bool, typer.Option("--decided", help="List the decisions instead.")] = False,
    config: ConfigOption = None,
) -> None:
    """What waits for a decision."""
    desk = open_desk(config, scans)
    if decided:
        for row in desk.decisions():
            typer.echo(f"{row.time}  {row.decision.value:<8} {row.by}  {row.document}  {row.sha256[:12]}  {row.reason}")
        return
    items = desk.waiting()
    for item in items:
        typer.echo(item.line)
    if not items:
        typer.echo("nothing waits")


@APP.command("show")
def show_review(
    item: Annotated[str, typer.Argument(help="As `review list` shows it, or the beginning of a hash.")],
    scans: FromOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print the passages with tags and figures marked.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """One item with its verdict."""
    from sluicegate.report.console import print_verdict

    print_verdict(find_item(open_desk(config, scans), item).verdict, explain=explain)


@APP.command("decide")
def decide_review(
    item: Annotated[str, typer.Argument(help="As `review list` shows it, or the beginning of a hash.")],
    decision: Annotated[Decision, typer.Argument(help="release or hold.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it goes on record.")],
    by: ByOption = None,
    scans: FromOption = None,
    config: ConfigOption = None,
) -> None:
    """Decide about an item; held mail itself is released with `sluicegate held release`."""
    if decision is Decision.REVIEW:
        raise typer.BadParameter("decide release or hold")
    desk = open_desk(config, scans)
    desk.decide(find_item(desk, item), decision, by=by or getpass.getuser(), reason=reason)
    typer.echo("on record")


@APP.command("export")
def export_review(config: ConfigOption = None) -> None:
    """Print the decisions as labelled samples (JSON lines) for `sluicegate train`."""
    for sample in open_desk(config, None).samples():
        sys.stdout.write(json.dumps(sample, ensure_ascii=False) + "\n")


@APP.command("desk")
def run_desk(scans: FromOption = None, by: ByOption = None, config: ConfigOption = None) -> None:
    """Go through what waits, one item after the other."""
    from sluicegate.report.console import print_verdict

    desk = open_desk(config, scans)
    for item in desk.waiting():
        typer.echo(f"\n{item.line}")
        print_verdict(item.verdict, explain=True)
        answer = typer.prompt("[r]elease, [h]old, [s]kip, [q]uit", default="s").strip().lower()[:1]
        if answer == "q":
            return
        if answer in ("r", "h"):
            decision = Decision.RELEASE if answer == "r" else Decision.HOLD
            desk.decide(item, decision, by=by or getpass.getuser(), reason=typer.prompt("Reason"))


def open_desk(config: Path | None, scans: list[Path] | None) -> Desk:
    """The desk of the settings, with the verdicts of these files."""
    from sluicegate.cli.licences import read_verdicts
    from sluicegate.review.desk import Desk
    from sluicegate.settings import load_settings

    verdicts = [verdict for path in scans or () for verdict in read_verdicts(path)]
    return Desk.open(load_settings(config), verdicts)


def find_item(desk: Desk, wanted: str) -> Item:
    """One item; exit 1 when there is none, or more than one."""
    found = desk.find(wanted)
    if len(found) != 1:
        typer.echo(f"{wanted}: {'no such item' if not found else f'{len(found)} items begin so'}", err=True)
        raise typer.Exit(EXIT_REFUSED)
    return found[0]
