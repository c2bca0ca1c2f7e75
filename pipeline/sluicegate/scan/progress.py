"""Where a scan stands, to standard error: a live bar on a terminal, elsewhere a plain line now and then."""

from __future__ import annotations

import sys
import time
from collections import Counter
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, TextIO

from sluicegate.verdict import Decision, Verdict

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

_EVERY = 10.0  # seconds between plain lines


class Progress(Protocol):
    """What a scan tells while it runs."""

    def __enter__(self) -> Progress: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def begin(self, total: int | None) -> None:
        """So many files were found; None when they were not counted."""

    def done(self, verdict: Verdict) -> None:
        """One more verdict."""


class Silent:
    """Says nothing."""

    def __enter__(self) -> Silent:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        return None

    def begin(self, total: int | None) -> None:
        """Nothing."""

    def done(self, verdict: Verdict) -> None:
        """Nothing."""


class Plain(Silent):
    """A line every ten seconds, for logs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._counts: Counter[Decision] = Counter()
        self._next = time.monotonic() + _EVERY

    def __enter__(self) -> Plain:
        return self

    def done(self, verdict: Verdict) -> None:
        """Count, and say so if it is time."""
        self._counts[verdict.decision] += 1
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY
            self._stream.write(f"{_words(self._counts)}\n")
            self._stream.flush()


class Live:
    """A bar with the counts so far."""

    def __init__(self) -> None:
        self._counts: Counter[Decision] = Counter()

    def __enter__(self) -> Live:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._bar: RichProgress = Progress(
            SpinnerColumn(), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn(),
            TextColumn("{task.description}"), console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._bar.__enter__()
        self._task = self._bar.add_task("loading lists and model …", total=None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.__exit__(kind, error, traceback)

    def begin(self, total: int | None) -> None:
        """Show the whole length of the bar."""
        self._bar.update(self._task, total=total, description="")

    def done(self, verdict: Verdict) -> None:
        """Move the bar."""
        self._counts[verdict.decision] += 1
        self._bar.update(self._task, advance=1, description=_words(self._counts))


def progress_for(stream: TextIO | None = None) -> Progress:
    """The progress that fits where standard error goes."""
    stream = stream if stream is not None else sys.stderr
    if stream is None:  # closed by the caller
        return Silent()
    return Live() if stream.isatty() else Plain(stream)


def _words(counts: Counter[Decision]) -> str:
    return " · ".join(f"{counts[decision]} {decision.value}" for decision in reversed(Decision))
