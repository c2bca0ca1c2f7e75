"""`sluicegate scan` and `watch`: files and folders screened into the scan store."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sluicegate.cli import EXIT_HELD, EXIT_INTERRUPTED, EXIT_REVIEW
from sluicegate.cli.options import AsOfOption, ConfigOption, ListsOption, read_date, read_settings
from sluicegate.cli.report import FormatOption, LanguageOption, RedactOption, check_format, show

if TYPE_CHECKING:
    from sluicegate.scan.store import Scan, ScanStore
    from sluicegate.settings import Settings
    from sluicegate.verdict import Decision

SCAN_HELP = """Screen files and folders, and keep every verdict in the scan store.

A repeated scan reuses verdicts on files that did not change under the same model, lists and settings.

[bold]Examples[/bold]

  sluicegate scan offers/ specification.pdf

  sluicegate scan /srv/outbox --out reports/2026-07 --format html

  sluicegate scan /srv/outbox --changed-since last

[bold]Exit status[/bold]: 0 all released · 10 something held · 11 something for review, nothing held · 2 usage ·
3 could not screen (no model, bad settings) · 130 interrupted; what was done is kept.
"""
WATCH_HELP = """Screen what appears or changes in a folder, one line a document, until interrupted.

Example: sluicegate watch /srv/outbox --interval 5

[bold]Exit status[/bold]: 130 interrupted · 2 usage · 3 could not screen.
"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("scan", help=SCAN_HELP)(scan)
    app.command("watch", help=WATCH_HELP)(watch)


def scan(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.", metavar="PATH...", readable=False)],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write verdicts.jsonl, summary.csv and report.html into this folder.")
    ] = None,
    form: FormatOption = "table",
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Worker processes; default: cores.")] = None,
    dask: Annotated[
        str | None, typer.Option("--dask", metavar="ADDRESS", help="Screen on the Dask cluster of this scheduler.")
    ] = None,
    changed_since: Annotated[
        str | None, typer.Option("--changed-since", metavar="SCAN|DATE", help="Leave out what did not change since.")
    ] = None,
    redact: RedactOption = False,
    language: LanguageOption = "en",
    as_of: AsOfOption = None,
    lists: ListsOption = None,
    config: ConfigOption = None,
) -> None:
    """Screen files and folders and exit with the gravest decision."""
    from sluicegate.scan.store import ScanStore

    check_format(form, language)
    day = read_date(as_of)
    settings = read_settings(config, lists)
    with ScanStore(settings.folder("store")) as store:
        store.prune(days=settings.records.retention_days)
        number = _screen(paths, settings, store, day, jobs=jobs, dask=dask, changed_since=changed_since)
        done = store.find(str(number))
        redact = redact or settings.records.redact
        show(store, done, form, redact=redact, language=language)
        sys.stdout.flush()
        if out is not None:
            _write_all(store, done, out, form, redact=redact, language=language)
        typer.echo(_closing(done, out), err=True)
        raise typer.Exit(status_of(done.counts))


def _screen(
    paths: list[Path], settings: Settings, store: ScanStore, day: date | None, *, jobs: int | None, dask: str | None,
    changed_since: str | None,
) -> int:  # fmt: skip
    """Run the scan; an interruption is said, and leaves with its own status."""
    from sluicegate.scan.progress import progress_for
    from sluicegate.scan.run import Interrupted, scan_paths
    from sluicegate.scan.since import unchanged_since
    from sluicegate.workers import WorkerPool

    left_out = unchanged_since(changed_since, store) if changed_since is not None else lambda found, sha256: False
    ocr = settings.extraction.ocr != "off"
    try:
        with WorkerPool(settings, as_of=day, size=jobs, ocr=ocr) as pool, progress_for() as progress:
            return scan_paths(
                paths, settings=settings, store=store, pool=pool, progress=progress, left_out=left_out, dask=dask,
                as_of=day,
            )  # fmt: skip
    except Interrupted as stop:
        kept = store.find(str(stop.number))
        typer.echo(f"scan {kept.id} keeps {kept.total} verdicts: sluicegate report {kept.id}", err=True)
        raise typer.Exit(EXIT_INTERRUPTED) from None


def status_of(counts: Mapping[Decision, int]) -> int:
    """The exit status of a scan: the gravest decision in it."""
    from sluicegate.verdict import Decision

    if counts.get(Decision.HOLD):
        return EXIT_HELD
    return EXIT_REVIEW if counts.get(Decision.REVIEW) else 0


def _closing(done: Scan, out: Path | None) -> str:
    words = [f"scan {done.id}"]
    words += [f"{done.reused} unchanged, reused"] if done.reused else []
    words += [f"{done.left_out} left out, not changed since"] if done.left_out else []
    words += [f"reports in {out}"] if out is not None else [f"sluicegate report {done.id} --format html -o report.html"]
    return " · ".join(words)


def watch(
    folder: Annotated[Path, typer.Argument(help="The folder.", exists=True, file_okay=False)],
    interval: Annotated[float, typer.Option("--interval", min=0.1, help="Seconds between two looks.")] = 2.0,
    existing: Annotated[
        bool, typer.Option("--existing/--new-only", help="Screen what is there at the start too, or only what comes.")
    ] = True,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Worker processes.")] = 1,
    as_of: AsOfOption = None,
    lists: ListsOption = None,
    config: ConfigOption = None,
) -> None:
    """Screen what appears in a folder until interrupted."""
    import time

    from sluicegate.report.table import line
    from sluicegate.scan.progress import Silent
    from sluicegate.scan.run import Screening
    from sluicegate.scan.store import ScanStore
    from sluicegate.scan.watch import watch_folder
    from sluicegate.workers import WorkerPool

    settings = read_settings(config, lists)
    day = read_date(as_of)

    def pause() -> bool:
        time.sleep(interval)
        return True

    ocr = settings.extraction.ocr != "off"
    with ScanStore(settings.folder("store")) as store, WorkerPool(settings, as_of=day, size=jobs, ocr=ocr) as pool:
        screening = Screening(store, pool, settings, Silent())
        number = screening.begin([folder])
        typer.echo(f"watching {folder} as scan {number}; end with Ctrl-C", err=True)
        try:
            for verdict in watch_folder(folder, screening=screening, pool=pool, pause=pause, existing=existing):
                typer.echo(line(verdict))
                sys.stdout.flush()
        except KeyboardInterrupt:
            raise typer.Exit(EXIT_INTERRUPTED) from None
        finally:
            screening.finish("interrupted")


def _write_all(store: ScanStore, done: Scan, out: Path, form: str, *, redact: bool, language: str) -> None:
    from sluicegate.report import renderer
    from sluicegate.report.files import write_report

    names = {"jsonl": "verdicts", "csv": "summary", "html": "report"} | (
        {"parquet": "verdicts"} if form == "parquet" else {}
    )
    for each, stem in names.items():
        how = renderer(each)
        write_report(out / f"{stem}{how.suffix}", how, store.verdicts(done.id), redact=redact, language=language)
