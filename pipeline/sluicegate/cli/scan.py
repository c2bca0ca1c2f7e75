"""`sluicegate scan`, `report`, `diff`, `watch`: folders screened into the scan store, and what is in it shown."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sluicegate.cli import EXIT_HELD, EXIT_INTERRUPTED, EXIT_REVIEW
from sluicegate.cli.options import AsOfOption, ConfigOption, ListsOption, read_date, read_settings

if TYPE_CHECKING:
    from sluicegate.scan.store import Scan, ScanStore
    from sluicegate.settings import Settings
    from sluicegate.verdict import Decision, Verdict

SCAN_HELP = """Screen files and folders, and keep every verdict in the scan store.

A repeated scan reuses verdicts on files that did not change under the same model, lists and settings.

[bold]Examples[/bold]

  sluicegate scan offers/ specification.pdf

  sluicegate scan /srv/outbox --out reports/2026-07 --format html

  sluicegate scan /srv/outbox --changed-since last

[bold]Exit status[/bold]: 0 all released · 10 something held · 11 something for review, nothing held · 2 usage ·
3 could not screen (no model, bad settings) · 130 interrupted; what was done is kept.
"""
REPORT_HELP = """Show a stored scan again, in any format.

[bold]Examples[/bold]

  sluicegate report

  sluicegate report 12 --format html --output friday.html --only hold,review --language zh

[bold]Exit status[/bold]: 0 done · 1 there is no such scan · 2 usage · 3 the store cannot be read · 130 interrupted.
"""
DIFF_HELP = """Show the documents whose decision differs between two stored scans.

Example: sluicegate diff 11 last

[bold]Exit status[/bold]: 0 done · 1 there is no such scan · 2 usage · 3 the store cannot be read · 130 interrupted.
"""
WATCH_HELP = """Screen what appears or changes in a folder, one line a document, until interrupted.

Example: sluicegate watch /srv/outbox --interval 5

[bold]Exit status[/bold]: 130 interrupted · 2 usage · 3 could not screen.
"""

FormatOption = Annotated[
    str, typer.Option("--format", "-f", help="table, jsonl, csv, html or parquet.", metavar="FORMAT")
]
LanguageOption = Annotated[
    str, typer.Option("--language", help="Language of the HTML report: en or zh.", metavar="CODE")
]
RedactOption = Annotated[bool, typer.Option("--redact", help="Leave quotes, terms and texts of tags out.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("scan", help=SCAN_HELP)(scan)
    app.command("report", help=REPORT_HELP)(report)
    app.command("diff", help=DIFF_HELP)(diff)
    app.command("watch", help=WATCH_HELP)(watch)


def scan(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.", metavar="PATH...")],
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

    _check_format(form, language)
    day = read_date(as_of)
    settings = read_settings(config, lists)
    with ScanStore(settings.folder("store")) as store:
        store.prune(days=settings.records.retention_days)
        number = _screen(paths, settings, store, day, jobs=jobs, dask=dask, changed_since=changed_since)
        done = store.find(str(number))
        redact = redact or settings.records.redact
        _show(store, done, form, redact=redact, language=language)
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
    from sluicegate.scan.run import scan_paths
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
    except KeyboardInterrupt:
        kept = store.find("last")
        typer.echo(f"Interrupted; scan {kept.id} keeps {kept.total} verdicts: sluicegate report {kept.id}", err=True)
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


def report(
    number: Annotated[str, typer.Argument(metavar="[SCAN]", help="Number of the scan, or last.")] = "last",
    form: FormatOption = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="DECISIONS", help="For example hold,review; default all.")
    ] = None,
    document: Annotated[str | None, typer.Option("--document", help="One document, with its passages.")] = None,
    redact: RedactOption = False,
    language: LanguageOption = "en",
    every: Annotated[bool, typer.Option("--list", help="List the stored scans instead.")] = False,
    config: ConfigOption = None,
) -> None:
    """Show a stored scan, or the list of them."""
    from sluicegate.scan.store import ScanStore

    _check_format(form, language)
    wanted = _decisions(only)
    settings = read_settings(config)
    with ScanStore(settings.folder("store")) as store:
        if every:
            _list(store.scans())
            return
        chosen = _find(store, number)
        redact = redact or settings.records.redact
        if document is not None:
            _explain(store, chosen, document, redact=redact)
            return
        _show(store, chosen, form, redact=redact, language=language, only=wanted, output=output)


def diff(
    before: Annotated[str, typer.Argument(metavar="SCAN_A", help="Number of the earlier scan.")],
    after: Annotated[str, typer.Argument(metavar="SCAN_B", help="Number of the later scan, or last.")] = "last",
    config: ConfigOption = None,
) -> None:
    """Show the documents whose decision differs between two scans."""
    from sluicegate.scan.compare import changes
    from sluicegate.scan.store import ScanStore

    settings = read_settings(config)
    with ScanStore(settings.folder("store")) as store:
        first, second = _find(store, before), _find(store, after)
        count = 0
        for change in changes(store, first.id, second.id):
            count += 1
            step = f"{change.before.value if change.before else '–'} → {change.after.value if change.after else '–'}"
            bytes_ = "" if change.before is None or change.after is None else _bytes_word(change.same_bytes)
            typer.echo(f"{step:<18} {change.document}{bytes_}  {change.why}".rstrip())
        typer.echo(f"{count} of {second.total} decisions differ between scan {first.id} and scan {second.id}", err=True)


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


def _check_format(form: str, language: str) -> None:
    from sluicegate.report import FORMATS
    from sluicegate.report.words import LANGUAGES

    if form not in FORMATS:
        raise typer.BadParameter(f"{form!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    if language not in LANGUAGES:
        raise typer.BadParameter(f"{language!r} is none of {', '.join(LANGUAGES)}", param_hint="--language")


def _decisions(only: str | None) -> tuple[Decision, ...]:
    from sluicegate.verdict import Decision

    try:
        return tuple(Decision(word.strip()) for word in only.split(",")) if only else ()
    except ValueError:
        raise typer.BadParameter(f"{only!r} is not of hold, review, release", param_hint="--only") from None


def _find(store: ScanStore, reference: str) -> Scan:
    from sluicegate.cli import EXIT_REFUSED
    from sluicegate.errors import StoreError

    try:
        return store.find(reference)
    except StoreError as error:
        typer.echo(f"sluicegate: {error}", err=True)
        raise typer.Exit(EXIT_REFUSED) from None


def _show(
    store: ScanStore, chosen: Scan, form: str, *, redact: bool, language: str, only: tuple[Decision, ...] = (),
    output: Path | None = None,
) -> None:  # fmt: skip
    from sluicegate.report import renderer
    from sluicegate.report.files import standard_output, write_report

    how = renderer(form)
    verdicts = store.verdicts(chosen.id, only=only)
    if output is not None:
        write_report(output, how, verdicts, redact=redact, language=language)
    elif form == "table":
        how.render(verdicts, sys.stdout, redact=redact, language=language)
    elif how.binary and sys.stdout.isatty():
        raise typer.BadParameter(f"{form} is not for a terminal: use --output FILE", param_hint="--format")
    else:
        with standard_output(binary=how.binary) as stream:
            how.render(verdicts, stream, redact=redact, language=language)


def _write_all(store: ScanStore, done: Scan, out: Path, form: str, *, redact: bool, language: str) -> None:
    from sluicegate.report import renderer
    from sluicegate.report.files import write_report

    names = {"jsonl": "verdicts", "csv": "summary", "html": "report"} | (
        {"parquet": "verdicts"} if form == "parquet" else {}
    )
    for each, stem in names.items():
        how = renderer(each)
        write_report(out / f"{stem}{how.suffix}", how, store.verdicts(done.id), redact=redact, language=language)


def _explain(store: ScanStore, chosen: Scan, document: str, *, redact: bool) -> None:
    from sluicegate.cli import EXIT_REFUSED
    from sluicegate.report.console import print_verdict

    found: Iterable[Verdict] = (one for one in store.verdicts(chosen.id) if one.document == document)
    count = 0
    for verdict in found:
        count += 1
        print_verdict(verdict, explain=True, redact=redact)
    if not count:
        typer.echo(f"sluicegate: scan {chosen.id} has no document {document}", err=True)
        raise typer.Exit(EXIT_REFUSED)


def _list(scans: Iterable[Scan]) -> None:
    from sluicegate.report.table import summary

    for one in scans:
        typer.echo(f"{one.id:>5}  {one.started}  {one.state:<11}  {summary(one.counts)}  {' '.join(one.paths)}")


def _bytes_word(same: bool) -> str:
    return " (same bytes)" if same else " (bytes changed)"
