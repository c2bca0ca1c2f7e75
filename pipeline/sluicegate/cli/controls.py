"""`sluicegate controls`: what the control lists say, with source and doubt, and whether a list file is sound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sluicegate.cli import EXIT_REFUSED
from sluicegate.cli.options import AsOfOption, ConfigOption, read_date, read_settings

if TYPE_CHECKING:
    from sluicegate.controls import ControlList, Controls, ListedPoint
    from sluicegate.controls.validate import Finding


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help="The law as data: list, show and validate control lists.", no_args_is_help=True)
    group.command("list")(list_points)
    group.command("show")(show)
    group.command("validate")(validate)
    app.add_typer(group, name="controls")


def list_points(as_of: AsOfOption = None, config: ConfigOption = None) -> None:
    """List every control point with its legal status on a date.

    Example: sluicegate controls list --as-of 2025-01-31
    """
    from rich.console import Console
    from rich.table import Table

    controls = _controls(config, as_of)
    console = Console()
    table = Table(title=f"Control points on {controls.as_of.isoformat()}", title_justify="left")
    for heading in ("list", "point", "title", "标题", "status", "criteria"):
        table.add_column(heading, overflow="fold")
    for listed in controls.points:
        point = listed.point
        criteria = str(len(point.criteria)) if point.criteria else "qualitative"
        table.add_row(listed.list, point.id, point.title.en, point.title.zh, listed.status.value, criteria)
    console.print(table)


def show(
    name: Annotated[str, typer.Argument(help="A list (cn-2025-28) or a point (252604X.1).")],
    as_of: AsOfOption = None,
    config: ConfigOption = None,
) -> None:
    """Show a list or a point: criteria, sources, dates and what is unconfirmed.

    Example: sluicegate controls show 252604X.1
    """
    controls = _controls(config, as_of)
    chosen = [listed for listed in controls.points if name in (listed.list, listed.point.id)]
    if not chosen:
        typer.echo(f"There is no list or point {name}; see sluicegate controls list.", err=True)
        raise typer.Exit(EXIT_REFUSED)
    for control_list in controls.lists:
        mine = [listed for listed in chosen if listed.list == control_list.id]
        if not mine:
            continue
        typer.echo(f"{control_list.id}  {control_list.title.en} / {control_list.title.zh}")
        typer.echo(f"  published {control_list.published}, effective {control_list.effective}")
        if control_list.suspended_from is not None:
            until = control_list.suspended_to or "further notice"
            since = control_list.after_suspension.replace("_", " ")
            typer.echo(f"  suspended {control_list.suspended_from} to {until}; since then {since}")
        if control_list.note:
            typer.echo(f"  {control_list.note}")
        for listed in mine:
            _show_point(listed)
        for key, source in control_list.sources.items():
            typer.echo(f"  source {key} ({source.kind}, read {source.read}): {source.title} {source.url}".rstrip())


def _show_point(listed: ListedPoint) -> None:
    point = listed.point
    typer.echo(f"\n  {point.id}  {point.title.en} / {point.title.zh}  [{listed.status.value}]")
    if point.note:
        typer.echo(f"    {point.note}")
    for item in point.sub_items:
        typer.echo(f"    · {item.en} / {item.zh}")
    for criterion in point.criteria:
        doubt = "" if criterion.confirmed else "  UNCONFIRMED"
        typer.echo(f"    {criterion.property}: {criterion.threshold}  (source {criterion.source}){doubt}")
        if criterion.note:
            typer.echo(f"      {criterion.note}")


def validate(
    files: Annotated[
        list[Path] | None, typer.Argument(help="List files; without any, the shipped ones and those of [paths] lists.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Check list files and the vocabulary: keys, dates, sources, duplicates, terms too short or without a twin.

    Example: sluicegate controls validate my-list.toml
    """
    from datetime import date

    from sluicegate.controls.validate import validate as find_faults
    from sluicegate.tag.terms import entries

    findings: list[Finding] = []
    if files:
        lists, findings = _read_lists(files)
        findings.extend(find_faults(lists, (), today=date.today()))
        checked = f"{len(files)} list file{'s' if len(files) > 1 else ''}"
    else:
        controls, terms = _controls(config, None), entries()
        findings.extend(find_faults(controls.lists, terms, today=controls.as_of))
        checked = f"{len(controls.lists)} lists with {len(controls.points)} points, {len(terms)} terms"
    for finding in findings:
        typer.echo(f"{finding.level:8}{finding.where}: {finding.message}", err=finding.level == "error")
    errors = sum(finding.level == "error" for finding in findings)
    typer.echo(f"{checked}: {errors} errors, {len(findings) - errors} warnings.")
    if errors:
        raise typer.Exit(EXIT_REFUSED)


def _read_lists(files: list[Path]) -> tuple[list[ControlList], list[Finding]]:
    """The lists that could be read, and a finding for each that could not."""
    from sluicegate.controls import parse_list
    from sluicegate.controls.validate import Finding
    from sluicegate.errors import ControlListError

    lists, findings = [], []
    for file in files:
        try:
            lists.append(parse_list(file.read_text("utf-8"), source=str(file)))
        except (OSError, UnicodeDecodeError) as error:
            findings.append(Finding("error", str(file), f"cannot be read: {type(error).__name__}"))
        except ControlListError as error:
            findings.append(Finding("error", str(file), str(error)))
    return lists, findings


def _controls(config: Path | None, as_of: str | None) -> Controls:
    from sluicegate.controls import load_controls

    settings = read_settings(config)
    return load_controls(names=settings.policy.lists, folder=settings.paths.lists, as_of=read_date(as_of))
