"""`sluicegate serve milter|smtp|http`: run a gateway until it is told to stop; and `sluicegate bypass`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli.options import ConfigOption

SERVE = typer.Typer(
    help="Run a gateway: every failure has a configured answer, and the defaults fail closed.", no_args_is_help=True
)
BYPASS = typer.Typer(
    help="Emergency bypass: plain messages leave unscreened for a while; messages with files are still held.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(SERVE, name="serve")
    app.add_typer(BYPASS, name="bypass")


@SERVE.command("milter")
def serve_milter(config: ConfigOption = None) -> None:
    """Filter for Postfix and Sendmail, on [gateway.milter] listen (a Unix socket by default)."""
    run_front("milter", config)


@SERVE.command("smtp")
def serve_smtp(config: ConfigOption = None) -> None:
    """Proxy or smart host, on [gateway.smtp] listen; clean mail goes to `deliver`, mail to hold to `hold`."""
    run_front("smtp", config)


@SERVE.command("http")
def serve_http(config: ConfigOption = None) -> None:
    """POST /v1/screen, health, metrics and /openapi.json, on [gateway.http] listen (loopback by default)."""
    run_front("http", config)


def run_front(name: str, config: Path | None) -> None:
    """Run a gateway in the foreground; SIGHUP reloads, SIGTERM drains. Raises `SluicegateError`."""
    import logging
    from functools import partial

    from sluicegate.gateway.fronts import make_front
    from sluicegate.gateway.service import Service
    from sluicegate.settings import load_settings

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd logs each command, addresses included
    Service(make_front(name), partial(load_settings, config)).run()


@BYPASS.command("start")
def bypass_start(
    by: Annotated[str, typer.Option(help="Who orders it.")],
    reason: Annotated[str, typer.Option(help="Why; it goes on record.")],
    hours: Annotated[float, typer.Option(help="Ends after so many hours, 24 at most.", min=0.01, max=24)],
    config: ConfigOption = None,
) -> None:
    """Start the emergency bypass; it is on record before it works."""
    from sluicegate.gateway.bypass import start_bypass
    from sluicegate.review.audit import Audit, read_key
    from sluicegate.settings import load_settings

    settings = load_settings(config)
    folder = settings.folder("records")
    until = datetime.now(UTC) + timedelta(hours=hours)
    data = {"by": by, "reason": reason, "until": until.isoformat(timespec="seconds")}
    Audit.open(settings).append([("bypass_start", data)])
    start_bypass(folder, read_key(settings.audit.key or folder / "audit.key"), by=by, reason=reason, until=until)
    typer.echo(f"bypass until {data['until']}: plain messages leave unscreened, messages with files are held")


@BYPASS.command("stop")
def bypass_stop(by: Annotated[str, typer.Option(help="Who ends it.")], config: ConfigOption = None) -> None:
    """End the emergency bypass."""
    from sluicegate.gateway.bypass import stop_bypass
    from sluicegate.review.audit import Audit
    from sluicegate.settings import load_settings

    settings = load_settings(config)
    stopped = stop_bypass(settings.folder("records"))
    if stopped:
        Audit.open(settings).append([("bypass_stop", {"by": by})])
    typer.echo("bypass ended" if stopped else "there was no bypass")
    raise typer.Exit(0 if stopped else 1)


@BYPASS.command("show")
def bypass_show(config: ConfigOption = None) -> None:
    """Say whether a bypass is in force."""
    from sluicegate.gateway.bypass import read_bypass
    from sluicegate.review.audit import read_key
    from sluicegate.settings import load_settings

    settings = load_settings(config)
    folder = settings.folder("records")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    bypass = read_bypass(folder, read_key(settings.audit.key or folder / "audit.key"))
    typer.echo(f"until {bypass.until.isoformat()} by {bypass.by}: {bypass.reason}" if bypass else "no bypass")
