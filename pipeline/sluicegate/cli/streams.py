"""The standard streams in, streams that a command can rely on out: present, and never in the way of its exit status.

A command says its decision by its exit status also when nobody reads what it prints (`sluicegate scan … | head -1`).
"""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Output(io.FileIO):
    """A file that takes what nobody reads any more as written."""

    def write(self, data: ReadableBuffer, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


def prepare() -> None:
    """Set up `sys.stdout` and `sys.stderr`, also when they were closed; a closed standard input stays `None`.

    The number of a closed stream would go to the next file that is opened, and what is printed would land in that file:
    it becomes the null device. Characters that the terminal's encoding lacks are written as backslash escapes.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest free number, which is this one
    sys.stdout, sys.stderr = _writer(sys.stdout, 1), _writer(sys.stderr, 2)


def silence() -> None:
    """Let standard output go nowhere: it failed, and what waits in its buffer must not fail again at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _writer(present: TextIO | None, number: int) -> TextIO:
    encoding = present.encoding if present is not None else "utf-8"
    raw = _Output(number, "w", closefd=False)
    lines = number == 2 or raw.isatty()
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding=encoding, errors="backslashreplace", line_buffering=lines)
