"""`sluicegate train`: labelled samples become a model of one's own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli import EXIT_REFUSED
from sluicegate.cli.options import ConfigOption, read_settings

TRAIN_HELP = """Learn a model from labelled samples, beside the shipped ones.

DATA: folder trees with controlled/ and not/, JSON lines, CSV or XLSX of paths and labels, exports of Label Studio,
doccano and Prodigy. The model is written to the models folder; [bold]sluicegate models promote NAME[/bold] makes it live.

[bold]Examples[/bold]

  sluicegate train our-documents/
  sluicegate train labels.xlsx --unlabelled sent-mail/ --name plant-2

[bold]Exit status[/bold]: 0 done · 1 the samples cannot be learned from, and why · 2 usage · 3 our trouble · 130 interrupted.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("train", help=TRAIN_HELP)(train)


def train(
    data: Annotated[list[Path], typer.Argument(help="Labelled samples.")],
    name: Annotated[str | None, typer.Option("--name", help="Name of the new model; default: date and data digest.")] = None,
    into: Annotated[Path | None, typer.Option("--into", help="Models folder to write to instead of the settings' one.")] = None,
    shipped: Annotated[bool, typer.Option("--shipped/--no-shipped", help="Learn the shipped samples too.")] = True,
    weight: Annotated[float, typer.Option("--weight", min=0.1, max=100, help="What one own sample counts against a shipped one.")] = 3.0,
    seed: Annotated[int, typer.Option("--seed", help="Deals the folds.")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", help="Processes; -1 for every core.")] = -1,
    config: ConfigOption = None,
) -> None:
    """Learn a model and write it, without making it live."""
    from sluicegate.errors import SampleError
    from sluicegate.learn.fit import FitSettings
    from sluicegate.learn.load import load_samples
    from sluicegate.learn.pack import folder_files
    from sluicegate.learn.shelf import sweep, write_model
    from sluicegate.learn.train import shipped_samples, weigh_origins
    from sluicegate.learn.train import train as learn

    settings = read_settings(config)
    models = into or settings.folder("models")
    try:
        paths = [*data, *([shipped_samples()] if shipped else [])]
        loaded = load_samples(paths, settings=settings, jobs=jobs)
        trained = learn(
            weigh_origins(loaded.samples, own_weight=weight), name=name or "", settings=FitSettings(seed=seed), jobs=jobs
        )
    except SampleError as error:
        typer.echo(f"sluicegate: {error}", err=True)
        raise typer.Exit(EXIT_REFUSED) from None
    from dataclasses import replace

    digest = str(trained.recipe.data["digest"])
    recipe = replace(trained.recipe, name=name or f"{datetime.now(UTC):%Y%m%d}-{digest[:8]}")
    sweep(models) if models.is_dir() else None
    folder = write_model(models, recipe.name, folder_files(recipe, f"# {recipe.name}\n"))
    typer.echo(f"wrote {folder}")
