"""`sluicegate held`: the messages in Postfix's hold queue, each with its verdict."""

from __future__ import annotations

import getpass
import json
from typing import TYPE_CHECKING, Annotated

import typer

from sluicegate.cli import EXIT_REFUSED
from sluicegate.cli.options import ConfigOption

if TYPE_CHECKING:
    from pathlib import Path

    from sluicegate.gateway.held import Held, HeldMail, Outcome

APP = typer.Typer(help="Held mail: list, explain, release, screen again, delete.", no_args_is_help=True)

IdArgument = Annotated[str, typer.Argument(metavar="QUEUE_ID", help="As `held list` shows it.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who decides; default the user logged in.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it goes on record.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(APP, name="held")


@APP.command("list")
def list_held(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    config: ConfigOption = None,
) -> None:
    """What is held, oldest first."""
    rows = open_held(config).list()
    for held in rows:
        typer.echo(json.dumps(to_json(held), ensure_ascii=False) if as_json else to_line(held))
    if not rows and not as_json:
        typer.echo("nothing is held")


@APP.command("show")
def show_held(
    queue_id: IdArgument,
    as_json: Annotated[bool, typer.Option("--json", help="The stored verdict as JSON.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print the passages with tags and figures marked.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """One held message, its verdict and the reasons."""
    held = open_held(config).show(queue_id)
    if as_json:
        typer.echo(json.dumps(to_json(held, whole=True), ensure_ascii=False))
        return
    typer.echo(to_line(held))
    if held.stopped is None or held.stopped.verdict is None:
        typer.echo(f"no verdict is stored: sluicegate held rescan {queue_id}")
        return
    from sluicegate.report.console import print_verdict

    print_verdict(held.stopped.verdict, explain=explain)


@APP.command("rescan")
def rescan_held(queue_id: IdArgument, by: ByOption = None, config: ConfigOption = None) -> None:
    """Screen a held message again with today's model, lists and licences."""
    finish(open_held(config).rescan(queue_id, by=by or getpass.getuser()), reasons=True)


@APP.command("release")
def release_held(
    queue_id: IdArgument,
    reason: ReasonOption,
    by: ByOption = None,
    override: Annotated[bool, typer.Option("--override", help="Although its verdict is hold or review.")] = False,
    config: ConfigOption = None,
) -> None:
    """Release a held message; without --override only if its present verdict lets it through."""
    finish(open_held(config).release(queue_id, by=by or getpass.getuser(), reason=reason, override=override))


@APP.command("delete")
def delete_held(queue_id: IdArgument, reason: ReasonOption, by: ByOption = None, config: ConfigOption = None) -> None:
    """Refuse a held message for good."""
    finish(open_held(config).delete(queue_id, by=by or getpass.getuser(), reason=reason))


def open_held(config: Path | None) -> HeldMail:
    """The held mail of the settings."""
    from sluicegate.gateway.held import HeldMail
    from sluicegate.settings import load_settings

    return HeldMail(load_settings(config))


def finish(outcome: Outcome, *, reasons: bool = False) -> None:
    """Print what became of a request, with the verdict's reasons when it was refused."""
    typer.echo(outcome.detail)
    if outcome.verdict is not None and (reasons or not outcome.done):
        for reason in outcome.verdict.reasons:
            typer.echo(f"  {reason}")
    if not outcome.done:
        raise typer.Exit(EXIT_REFUSED)


def to_line(held: Held) -> str:
    """A held message in one line."""
    from sluicegate.workers import printable

    verdict = held.stopped.verdict if held.stopped is not None else None
    decision = verdict.decision.value if verdict is not None else "unscreened"
    cause = held.stopped.cause if held.stopped is not None else "unknown"
    to = ", ".join(held.recipients[:3]) + (f" +{len(held.recipients) - 3}" if len(held.recipients) > 3 else "")
    arrived = held.arrived.strftime("%Y-%m-%d %H:%M")
    return printable(f"{held.queue_id:<14} {arrived} {decision:<10} {cause:<10} {held.sender or '<>'} → {to}")


def to_json(held: Held, *, whole: bool = False) -> dict[str, object]:
    """A held message as JSON; `whole` adds its verdict."""
    stopped = held.stopped
    verdict = stopped.verdict if stopped is not None else None
    value: dict[str, object] = {
        "queue_id": held.queue_id, "sender": held.sender, "recipients": list(held.recipients),
        "arrived": held.arrived.isoformat(), "bytes": held.size, "cause": stopped.cause if stopped else None,
        "decision": verdict.decision.value if verdict else None,
        "reasons": list(verdict.reasons) if verdict else [],
    }  # fmt: skip
    return value | ({"verdict": verdict.to_json() if verdict else None} if whole else {})
