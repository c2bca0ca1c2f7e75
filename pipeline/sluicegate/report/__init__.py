"""Verdicts in, reports out: one module per format, each with `render(verdicts, stream, ...)`.

The folder is the registry: `renderer("html")` imports `sluicegate.report.html`. A new format is a new module with
`SUFFIX` (of the files it makes), `BINARY` (what the stream must take) and `render`.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from sluicegate.verdict import Verdict

FORMATS = ("table", "jsonl", "csv", "html", "parquet")


class Render(Protocol):
    """What every format offers."""

    def __call__(self, verdicts: Iterable[Verdict], stream: Any, *, redact: bool = False, language: str = "en") -> None:
        """Write the report of these verdicts, in this order, to a text or binary stream."""


@dataclass(frozen=True, slots=True)
class Format:
    """A report format: how to write it and what its files are called."""

    name: str
    suffix: str
    binary: bool
    render: Render


def renderer(name: str) -> Format:
    """The format of this name; raises `KeyError` for an unknown one."""
    if name not in FORMATS:
        raise KeyError(name)
    module = importlib.import_module(f"sluicegate.report.{name}")
    return Format(name, module.SUFFIX, module.BINARY, module.render)
