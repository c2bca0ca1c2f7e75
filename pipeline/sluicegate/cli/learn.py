"""`sluicegate train`, `evaluate` and `export`: labelled samples become a model, a measurement, and more to label."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sluicegate.cli import EXIT_REFUSED
from sluicegate.cli.options import ConfigOption, read_settings

if TYPE_CHECKING:
    from sluicegate.learn.evaluate import Evaluation
    from sluicegate.learn.run import Result

_DATA = (
    "DATA: folder trees with controlled/ and not/, JSON lines, CSV or XLSX with columns path (or text) and label, "
    "exports of Label Studio, doccano and Prodigy; documents in any format that sluicegate reads."
)
_STATUS = "[bold]Exit status[/bold]: 0 done · 1 refused, and why · 2 usage · 3 our trouble · 130 interrupted."

TRAIN_HELP = f"""Learn a model from labelled samples, beside the shipped ones.

{_DATA} The model is written to the models folder; [bold]sluicegate models promote NAME[/bold] makes it live. One
document in seven is set aside, by its group, and never learned from: on those, models are compared.

[bold]Examples[/bold]

  sluicegate train our-documents/
  sluicegate train labels.xlsx --unlabelled ordinary-mail/ --name plant-2

{_STATUS}
"""

EVALUATE_HELP = f"""Screen labelled samples with the live model and say how many it misses.

{_DATA} States a bound on the miss rate at 95 % confidence when there are at least 59 controlled documents, counted by
source, that the model has not learned from; refuses to state one otherwise.

[bold]Examples[/bold]

  sluicegate evaluate our-documents/ --population "process documents of plant 2, 2023 to 2026"

{_STATUS}
"""

EXPORT_HELP = f"""Write documents to label: those that the line is least sure of, and some released ones at random.

[bold]Examples[/bold]

  sluicegate export sent-documents/ --format label-studio --out tasks.json

{_STATUS}
"""

DataArgument = Annotated[list[Path], typer.Argument(help="Labelled samples.", show_default=False)]
JobsOption = Annotated[int, typer.Option("--jobs", help="Processes; -1 for every core.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("train", help=TRAIN_HELP)(train)
    app.command("evaluate", help=EVALUATE_HELP)(evaluate)
    app.command("export", help=EXPORT_HELP)(export)


def train(
    data: DataArgument,
    name: Annotated[str | None, typer.Option("--name", help="Name of the new model; default: date and digest.")] = None,
    into: Annotated[Path | None, typer.Option("--into", help="Models folder to write to.")] = None,
    unlabelled: Annotated[
        list[Path] | None, typer.Option("--unlabelled", help="Folder of ordinary documents, taken as harmless.")
    ] = None,
    shipped: Annotated[bool, typer.Option("--shipped/--no-shipped", help="Learn the shipped samples too.")] = True,
    weight: Annotated[float, typer.Option("--weight", min=0.1, max=100, help="What an own sample counts.")] = 3.0,
    suspects: Annotated[Path | None, typer.Option("--suspects", help="Write the list of doubtful labels here.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="Deals the folds.")] = 0,
    jobs: JobsOption = -1,
    config: ConfigOption = None,
) -> None:
    """Learn a model and write it, without making it live."""
    from sluicegate.cli.progress import shown
    from sluicegate.errors import ModelError, SampleError
    from sluicegate.learn.fit import FitSettings
    from sluicegate.learn.run import Order, run

    settings = read_settings(config)
    order = Order(tuple(data), tuple(unlabelled or ()), shipped, weight, FitSettings(seed=seed), jobs)
    try:
        with shown() as progress:
            result = run(
                order, name=name, models=into or settings.folder("models"), settings=settings, progress=progress
            )
    except (SampleError, ModelError) as error:
        typer.echo(f"sluicegate: {error}", err=True)
        raise typer.Exit(EXIT_REFUSED) from None
    _print_trained(result)
    if suspects is not None:
        lines = [
            "sample\tdoubt\tadvice",
            *(f"{item.samples[0]}\t{item.weight:.3f}\t{item.advice}" for item in result.suspects),
        ]
        suspects.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _print_trained(result: Result) -> None:
    recipe = result.trained.recipe
    for place, reason in result.skipped:
        typer.echo(f"left out: {place}: {reason}")
    for doubt in result.doubts:
        typer.echo(f"{doubt.kind}: {', '.join(doubt.samples)}: {doubt.advice}")
    likely = [item for item in result.suspects if item.weight > 0.5]
    for item in likely[:20]:
        typer.echo(f"likely mislabelled: {item.samples[0]}: {item.advice}")
    if len(likely) > 20:
        typer.echo(f"… and {len(likely) - 20} more: sluicegate train … --suspects FILE writes them all")
    typer.echo(
        f"Learned from {recipe.data['samples']} documents ({recipe.data['controlled']} controlled), "
        f"{result.frozen} set aside; languages {', '.join(recipe.languages)}; "
        f"thresholds {recipe.thresholds.sure} and {recipe.thresholds.unsure}."
    )
    typer.echo(f"Wrote {result.folder} with its card. Make it live: sluicegate models promote {recipe.name}")


def evaluate(
    data: DataArgument,
    population: Annotated[
        str,
        typer.Option(
            "--population", help="What the documents are a sample of, in your words; goes into the statement."
        ),
    ] = "the documents given",
    model: Annotated[str | None, typer.Option("--model", help="Model to measure instead of the live one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    jobs: JobsOption = -1,
    config: ConfigOption = None,
) -> None:
    """Print how the whole line does on the samples; exit 1 when there are too few for a bound."""
    from sluicegate.cli.progress import shown
    from sluicegate.errors import SampleError
    from sluicegate.learn.evaluate import evaluate as measure
    from sluicegate.learn.load import load_samples
    from sluicegate.screener import Screener

    settings = read_settings(config)
    if model is not None:
        settings = settings.model_copy(update={"model": model})
    try:
        with shown() as progress:
            loaded = load_samples(data, settings=settings, jobs=jobs)
            found = measure(Screener.build(settings), loaded.samples, population=population, progress=progress)
    except SampleError as error:
        typer.echo(f"sluicegate: {error}", err=True)
        raise typer.Exit(EXIT_REFUSED) from None
    for place, reason in loaded.skipped:
        typer.echo(f"left out: {place}: {reason}", err=True)
    _print_evaluation(found, as_json=as_json)
    if found.miss_rate.upper is None:
        raise typer.Exit(EXIT_REFUSED)


def _print_evaluation(found: Evaluation, *, as_json: bool) -> None:
    from dataclasses import asdict

    from sluicegate.learn.judge import markdown

    if as_json:
        import json

        rows = [asdict(row) for row in found.rows]
        values = {
            "rows": rows,
            "miss_rate": asdict(found.miss_rate),
            "missed": found.missed,
            "false_stops": found.false_stops,
        }
        typer.echo(json.dumps(values, ensure_ascii=False))
        return
    typer.echo(markdown(found.rows))
    if found.learned:
        typer.echo(f"\n{found.learned} samples that the model learned from are left out.")
    for title, names in (
        ("Missed (controlled, released)", found.missed),
        ("Stopped though harmless", found.false_stops),
    ):
        if names:
            typer.echo(f"\n{title}:")
            for name in names:
                typer.echo(f"  {name}")
    typer.echo(f"\n{found.miss_rate.sentence}")


def export(
    documents: Annotated[list[Path], typer.Argument(help="Documents, or folders of them.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="File to write; it holds document text (mode 0600).")],
    form: Annotated[str, typer.Option("--format", help="label-studio, doccano or prodigy.")] = "label-studio",
    uncertain: Annotated[int, typer.Option("--uncertain", min=0, help="How many of the least sure documents.")] = 100,
    released: Annotated[int, typer.Option("--released", min=0, help="How many released ones, at random.")] = 30,
    seed: Annotated[int, typer.Option("--seed", help="Deals the random share.")] = 0,
    jobs: JobsOption = -1,
    config: ConfigOption = None,
) -> None:
    """Choose documents to label and write them in an annotation tool's format."""
    import os

    from sluicegate.cli.progress import shown
    from sluicegate.learn.documents import read_documents
    from sluicegate.learn.export import FORMATS, choose
    from sluicegate.screener import Screener

    if form not in FORMATS:
        raise typer.BadParameter(f"{form!r} is not one of {', '.join(FORMATS)}", param_hint="--format")
    settings = read_settings(config)
    paths = [
        path
        for given in documents
        for path in (sorted(given.rglob("*")) if given.is_dir() else [given])
        if path.is_file()
    ]
    with shown() as progress:
        texts = read_documents(paths, settings, jobs=jobs)
        readable = [
            (path, found) for path, found in zip(paths, texts, strict=True) if not isinstance(found, str) and found
        ]
        chosen = choose(
            Screener.build(settings), readable, uncertain=uncertain, released=released, seed=seed, progress=progress
        )
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(FORMATS[form](chosen))
    typer.echo(
        f"Wrote {len(chosen)} of {len(paths)} documents to {out}; {len(paths) - len(readable)} could not be read."
    )
