"""`sluicegate models list|show|promote|rollback`: which models there are, which is live, making another one live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sluicegate.cli import EXIT_REFUSED
from sluicegate.cli.options import ConfigOption, read_settings

if TYPE_CHECKING:
    from sluicegate.learn.promote import Duel
    from sluicegate.learn.sample import Sample
    from sluicegate.settings import Settings

PROMOTE_HELP = """Make a model the live one, after measuring it beside the live one.

Both screen the documents that were set aside from training and all past review decisions. A model that is worse on any
slice (language, control point, register, origin) is refused. Running gateways and scans take the new model up between
documents.

[bold]Examples[/bold]

  sluicegate models promote plant-2
  sluicegate models promote plant-2 --force --reason "misses one test text that was mislabelled"

[bold]Exit status[/bold]: 0 done · 1 refused, and where it is worse · 2 usage · 3 our trouble · 130 interrupted.
"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="List, show, promote and roll back models.")
    group.command("list", help="Every model, and which one is live.")(list_models)
    group.command("show", help="A model's card; the live one's without a name.")(show)
    group.command("promote", help=PROMOTE_HELP)(promote)
    group.command("rollback", help="Make the model live that was live before.")(rollback)
    app.add_typer(group, name="models")


def list_models(config: ConfigOption = None) -> None:
    """Print a line for each model: a star at the live one, its name, languages, thresholds, and its trouble if any."""
    from sluicegate.classify.manifest import MANIFEST_FILE, verify
    from sluicegate.classify.model import find_model, shipped_models
    from sluicegate.errors import ModelError

    settings = read_settings(config)
    try:
        live = find_model(settings)
    except ModelError as error:
        live = None
        typer.echo(f"no live model: {error}", err=True)
    for root in (settings.folder("models"), shipped_models()):
        for manifest in sorted(root.glob(f"[!.]*/{MANIFEST_FILE}")):
            folder = manifest.parent
            star = "*" if live == folder else " "
            try:
                found, _ = verify(folder)
                languages, thresholds = ", ".join(sorted(found.languages)), found.thresholds
                words = f"{languages}  sure {thresholds.sure}  unsure {thresholds.unsure}  {found.created}"
            except ModelError as error:
                words = f"refused: {error}"
            typer.echo(f"{star} {folder.name}  {words}")


def show(
    name: Annotated[str | None, typer.Argument(help="Name of a model.")] = None, config: ConfigOption = None
) -> None:
    """Print the card of a model."""
    from sluicegate.classify.manifest import CARD_FILE, verify
    from sluicegate.classify.model import find_model, named_model, shipped_models

    settings = read_settings(config)
    folder = find_model(settings) if name is None else named_model(name, (settings.folder("models"), shipped_models()))
    verify(folder)
    typer.echo((folder / CARD_FILE).read_text("utf-8"))


def promote(
    name: Annotated[str, typer.Argument(help="Name of the model.", show_default=False)],
    force: Annotated[bool, typer.Option("--force", help="Promote though it is worse; needs --reason.")] = False,
    reason: Annotated[str | None, typer.Option("--reason", help="Why; goes on record.")] = None,
    config: ConfigOption = None,
) -> None:
    """Measure a model beside the live one, and make it live unless it is worse."""
    from sluicegate.cli.progress import shown
    from sluicegate.errors import ModelError
    from sluicegate.learn.promote import duel
    from sluicegate.learn.promote import promote as make_live

    if force and not (reason and reason.strip()):
        raise typer.BadParameter("--force needs --reason: it goes on record", param_hint="--reason")
    settings = read_settings(config)
    try:
        samples, reviewed = _samples(name, settings)
        with shown() as progress:
            found = duel(name, samples, reviewed, settings=settings, progress=progress)
        _print_duel(name, found, reviewed=len(reviewed))
        if found.worse and not force:
            typer.echo(f"Refused: {name} is worse. Train on more, or promote it with --force --reason TEXT.", err=True)
            raise typer.Exit(EXIT_REFUSED)
        make_live(name, settings=settings, reason=reason or "not worse than the live model", forced=bool(found.worse))
    except ModelError as error:
        typer.echo(f"sluicegate: {error}", err=True)
        raise typer.Exit(EXIT_REFUSED) from None
    typer.echo(f"{name} is live.")


def _samples(name: str, settings: Settings) -> tuple[list[Sample], list[Sample]]:
    """The samples that the model was made from, as far as they are still there, and the past review decisions."""
    from sluicegate.classify.manifest import read_manifest
    from sluicegate.classify.model import named_model, shipped_models
    from sluicegate.learn.review import reviewed_samples
    from sluicegate.learn.run import Order, gather, paths_of

    manifest = read_manifest(named_model(name, (settings.folder("models"), shipped_models())))
    named = manifest.values.get("data", {}).get("paths", [])
    there = paths_of(named)
    if len(there) < len(named):
        typer.echo(
            f"{len(named) - len(there)} of the model's own sample files are gone: they are not compared on.", err=True
        )
    return list(gather(Order(there), settings=settings).samples), reviewed_samples(settings)


def _print_duel(name: str, found: Duel, *, reviewed: int) -> None:
    if found.champion is None:
        typer.echo("No usable model is live: nothing to compare with.")
        return
    typer.echo(
        f"{name} beside {found.champion} on {found.documents} documents that neither learned from, "
        f"{reviewed} of them reviewed:"
    )
    for pair in found.found:
        if pair.slice == "all" or pair.gained or pair.lost:
            typer.echo(f"  {pair.sentence}")


def rollback(
    reason: Annotated[str, typer.Option("--reason", help="Why; goes on record.")] = "rolled back",
    config: ConfigOption = None,
) -> None:
    """Make the model live that was live before."""
    from sluicegate.errors import ModelError
    from sluicegate.learn.promote import rollback as back

    settings = read_settings(config)
    try:
        name = back(settings=settings, reason=reason)
    except ModelError as error:
        typer.echo(f"sluicegate: {error}", err=True)
        raise typer.Exit(EXIT_REFUSED) from None
    typer.echo(f"{name} is live again.")
