"""The command line: each command is an importable function; only commands print.

Exit statuses of `scan` and `check`: 0 all released · 10 something held · 11 something for review, nothing held ·
2 usage · 3 could not screen (our trouble) · 130 interrupted. Of every other command: 0 done · 1 refused or found
something wrong · 2 usage · 3 our trouble · 130 interrupted.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import typer

EXIT_HELD = 10
EXIT_REVIEW = 11
EXIT_REFUSED = 1
EXIT_TROUBLE = 3
EXIT_INTERRUPTED = 130

EPILOG = (
    "Start with [bold]sluicegate scan FOLDER[/bold], or [bold]sluicegate check FILE --explain[/bold] for one document. "
    "Exit status of scan and check: 0 all released, 10 something held, 11 something for review, 3 could not screen."
)


def build_app() -> typer.Typer:
    """The Typer application: every module of this package with a `register(app)` adds its commands."""
    app = typer.Typer(
        name="sluicegate",
        help="Screen documents for export-controlled battery know-how before they leave the company.",
        epilog=EPILOG,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_version_option)
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        loaded = importlib.import_module(f"{__name__}.{module.name}")
        if hasattr(loaded, "register"):
            loaded.register(app)
    return app


def _show_version(value: bool) -> None:
    if value:
        from sluicegate import __version__

        typer.echo(f"sluicegate {__version__}")
        raise typer.Exit


def _version_option(
    version: bool = typer.Option(
        False, "--version", help="Print the version and leave.", callback=_show_version, is_eager=True
    ),
) -> None:
    """Screen documents for export-controlled battery know-how before they leave the company."""


def main() -> None:
    """Run the command line; our own trouble is one line on standard error and exit status 3."""
    from sluicegate.cli import streams
    from sluicegate.errors import SluicegateError

    streams.prepare()
    try:
        Path.cwd()
    except FileNotFoundError:
        sys.exit(_said("the working folder is gone: change to another", EXIT_TROUBLE))
    try:
        try:
            build_app()()
        finally:
            sys.stdout.flush()
    except SystemExit as end:
        sys.exit(_said("interrupted", EXIT_INTERRUPTED) if end.code == EXIT_INTERRUPTED else end.code)
    except SluicegateError as error:
        sys.exit(_said(str(error), EXIT_TROUBLE))
    except OSError as error:  # output on a full disk: what a document causes is in its verdict
        streams.silence()
        sys.exit(_said(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", EXIT_TROUBLE))
    except KeyboardInterrupt:
        sys.exit(_said("interrupted", EXIT_INTERRUPTED))


def _said(message: str, status: int) -> int:
    typer.echo(f"sluicegate: {message}", err=True)
    return status


if __name__ == "__main__":
    main()
