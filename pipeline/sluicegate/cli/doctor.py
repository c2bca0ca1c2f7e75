"""`sluicegate doctor`: looks at everything a screening needs and says what to do about what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sluicegate.cli import EXIT_REFUSED
from sluicegate.cli.options import ConfigOption

if TYPE_CHECKING:
    from sluicegate.settings import Settings

HELP = """Check settings, control lists, model, workers, folders, disk and optional tools.

[bold]Examples[/bold]

  sluicegate doctor

  sluicegate doctor --gateway

  sluicegate doctor --evasion

[bold]Exit status[/bold]: 0 nothing wrong · 1 something is wrong, and what to do is said · 2 usage · 130 interrupted.
"""
_LEAST_DISK = 1024**3
_HELLO = b"A note to all: the canteen is closed on Friday."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: `ok`, `note` (works, but less) or `wrong`, and what to do about it."""

    level: str
    what: str
    advice: str = ""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", help=HELP)(doctor)


def doctor(
    evasion: Annotated[
        bool, typer.Option("--evasion", help="Hide a known paragraph in every channel of every format and look for it.")
    ] = False,
    gateway: Annotated[bool, typer.Option("--gateway", help="Check gateways, Postfix and the record too.")] = False,
    config: ConfigOption = None,
) -> None:
    """Check what a screening needs; exits with 1 when something is wrong."""
    wrong = 0
    for check in _checks(config, evasion=evasion, gateway=gateway):
        typer.echo(f"{check.level:<6} {check.what}")
        if check.advice:
            typer.echo(f"       → {check.advice}")
        wrong += check.level == "wrong"
    typer.echo("Nothing is wrong." if not wrong else f"{wrong} wrong.")
    if wrong:
        raise typer.Exit(EXIT_REFUSED)


def _checks(config: Path | None, *, evasion: bool, gateway: bool) -> Iterator[Check]:
    from sluicegate.errors import SettingsError
    from sluicegate.settings import load_settings

    try:
        settings = load_settings(config)
    except SettingsError as error:
        yield Check("wrong", str(error), "correct the settings file; everything else waits for it")
        return
    yield Check("ok", f"settings: {_origin(config)}")
    parts: tuple[Callable[[Settings], Iterator[Check]], ...] = (_lists, _model, _workers, _folders, _tools)
    for part in parts:
        yield from part(settings)
    if gateway:
        yield from _gateway(settings)
    if evasion:
        yield from _evasion()


def _origin(config: Path | None) -> str:
    from sluicegate.settings import candidates

    found = config or next((candidate for candidate in candidates() if candidate.is_file()), None)
    return str(found) if found is not None else "defaults, no sluicegate.toml was found"


def _lists(settings: Settings) -> Iterator[Check]:
    from sluicegate.controls import LegalStatus, load_controls
    from sluicegate.errors import ControlListError

    try:
        controls = load_controls(names=settings.policy.lists, folder=settings.paths.lists)
    except ControlListError as error:
        yield Check("wrong", str(error), "sluicegate controls validate FILE names each fault")
        return
    for control_list in controls.lists:
        status = control_list.status(controls.as_of)
        what = f"control list {control_list.id}: {len(control_list.points)} points, {status.value.replace('_', ' ')}"
        doubt = status in (LegalStatus.UNCONFIRMED, LegalStatus.SUSPENDED)
        advice = "what it touches goes to review at most; look up its status and set it in a list of your own"
        yield Check("note" if doubt else "ok", what, advice if doubt else "")


def _model(settings: Settings) -> Iterator[Check]:
    from sluicegate.classify.model import find_model, load_model
    from sluicegate.errors import ModelError

    try:
        model = load_model(find_model(settings))
    except ModelError as error:
        yield Check("wrong", str(error), "sluicegate models list shows the others; sluicegate models promote NAME")
        return
    yield Check("ok", f"model {model.name}, measured on {', '.join(sorted(model.languages))}")


def _workers(settings: Settings) -> Iterator[Check]:
    """Start a worker as a scan does and have it screen a note."""
    from sluicegate.errors import SluicegateError
    from sluicegate.workers import Task, WorkerPool

    try:
        with WorkerPool(settings, size=1) as pool:
            verdict = pool.screen(Task("note.txt", data=_HELLO))
    except SluicegateError as error:
        yield Check("wrong", f"workers: {error}")
        return
    if not verdict.released:
        yield Check("wrong", "workers: a harmless note was not released", verdict.reasons[0] if verdict.reasons else "")
        return
    limit = settings.limits.memory // 1024**2
    yield Check("ok", f"workers: one started and screened a note; {limit} MiB and {settings.limits.seconds:g} s each")


def _folders(settings: Settings) -> Iterator[Check]:
    import os
    import shutil

    for name in ("models", "store", "records", "licences"):
        folder = settings.folder(name)
        there = folder
        while not there.exists() and there != there.parent:
            there = there.parent
        if not os.access(there, os.W_OK | os.X_OK):
            yield Check("wrong", f"{name}: {folder} cannot be written", f"set [paths] {name}, or permit it at {there}")
            continue
        free = shutil.disk_usage(there).free
        open_to_others = folder.exists() and name != "models" and folder.stat().st_mode & 0o077
        if free < _LEAST_DISK:
            yield Check(
                "wrong", f"{name}: {free // 1024**2} MiB free at {folder}", "make room: a full disk stops screening"
            )
        elif open_to_others:
            yield Check("note", f"{name}: {folder} is open to other users", f"chmod 700 {folder}")
        else:
            yield Check("ok", f"{name}: {folder}, {free // 1024**3} GiB free")


def _tools(settings: Settings) -> Iterator[Check]:
    import shutil
    from importlib.util import find_spec

    from sluicegate.workers.pool import ocr_installed

    if settings.extraction.ocr == "off":
        yield Check("note", "OCR is off in the settings: pictures of text go to review")
    elif ocr_installed():
        yield Check("ok", "OCR is installed")
    else:
        yield Check(
            "note", "no OCR: pictures of text go to review", "pip install 'sluicegate[ocr]', or install tesseract"
        )
    if shutil.which("bsdtar"):
        yield Check("ok", "bsdtar reads RAR and 7Z")
    else:
        seven = "" if find_spec("py7zr") else " and 7Z"
        yield Check("note", f"RAR{seven} cannot be read and goes to review", "install bsdtar (apt: libarchive-tools)")
    for module, what, extra in (("pyarrow", "Parquet reports", "parquet"), ("distributed", "scan --dask", "dask")):
        if find_spec(module):
            yield Check("ok", f"{what}: installed")
        else:
            yield Check("note", f"{what}: not installed", f"pip install 'sluicegate[{extra}]'")


def _gateway(settings: Settings) -> Iterator[Check]:
    from sluicegate.gateway.checks import check_gateway

    levels = {"ok": "ok", "warn": "note", "fail": "wrong"}
    for finding in check_gateway(settings):
        yield Check(levels[finding.level.value], f"gateway: {finding.what}", finding.advice)


def _evasion() -> Iterator[Check]:
    """One line for each format, and one for each channel that was not caught."""
    from sluicegate.extract.evasion import Outcome, channels, outcome

    caught: dict[str, int] = {}
    for channel in channels():
        found = outcome(channel)
        if found is Outcome.REACHED or (found is Outcome.REPORTED and channel.only_reported):
            caught[channel.format] = caught.get(channel.format, 0) + 1
        elif found is Outcome.REPORTED:
            advice = "it would go to review, not unseen"
            yield Check("note", f"evasion: {channel.format}, {channel.channel}: not read, but reported", advice)
        else:
            yield Check("wrong", f"evasion: {channel.format}, {channel.channel}: missed", "please report this")
    for name, count in sorted(caught.items()):
        yield Check("ok", f"evasion: {name}: {count} channel{'' if count == 1 else 's'} caught")
