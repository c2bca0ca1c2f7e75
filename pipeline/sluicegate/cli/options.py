"""Options that several commands share, and how they become settings and lists."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sluicegate.settings import Settings

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Settings file instead of the usual places.", show_default=False)
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Screen with the law of this date (YYYY-MM-DD).")
]
ListsOption = Annotated[
    str | None, typer.Option("--lists", metavar="IDS", help="Control lists to use, separated by commas; default all.")
]


def read_date(value: str | None) -> date | None:
    """A date option; a usage error when it is not a date."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(f"{value!r} is not a date such as 2025-07-15", param_hint="--as-of") from None


def read_settings(config: Path | None, lists: str | None = None) -> Settings:
    """The settings with the `--lists` option applied."""
    from sluicegate.settings import load_settings

    settings = load_settings(config)
    if lists is None:
        return settings
    names = tuple(name.strip() for name in lists.split(",") if name.strip())
    return settings.model_copy(update={"policy": settings.policy.model_copy(update={"lists": names})})
