"""A path in, a stream out whose file only its owner can read, and which appears under its name only when complete."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from sluicegate.errors import StoreError
from sluicegate.report import Format
from sluicegate.verdict import Verdict


@contextmanager
def private_file(path: Path, *, binary: bool) -> Iterator[IO[Any]]:
    """A new file, mode 0600, moved to its name at the end; raises `StoreError` when it cannot be written."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        raw = os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
        with raw:
            stream: IO[Any] = raw if binary else _text(raw)
            yield stream
            stream.flush()
        temporary.replace(path)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def standard_output(*, binary: bool) -> Iterator[IO[Any]]:
    """Standard output as bytes, or as UTF-8 whatever the locale says."""
    stream: IO[Any] = sys.stdout.buffer if binary else _text(sys.stdout.buffer)
    yield stream
    stream.flush()
    if isinstance(stream, io.TextIOWrapper):
        stream.detach()


def write_report(
    path: Path, chosen: Format, verdicts: Iterable[Verdict], *, redact: bool = False, language: str = "en"
) -> None:
    """Render a report into a file."""
    with private_file(path, binary=chosen.binary) as stream:
        chosen.render(verdicts, stream, redact=redact, language=language)


def _text(raw: Any) -> io.TextIOWrapper:
    return io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", newline="")
