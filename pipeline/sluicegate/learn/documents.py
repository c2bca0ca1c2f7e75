"""Document files in, the texts of their passages out; a file that kills its reader is left out, not the run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sluicegate.settings import Settings

_BATCH = 20
_SECONDS = 120.0  # for one file; parsers can hang


def read_text(path: Path, settings: Settings) -> tuple[str, ...]:
    """The texts of a document's passages, in reading order."""
    from sluicegate.extract.driver import extract_bytes

    document = extract_bytes(path.read_bytes(), name=path.name, settings=settings)
    return tuple(passage.text for passage in document.passages)


def read_documents(paths: Sequence[Path], settings: Settings, *, jobs: int = -1) -> list[tuple[str, ...] | str]:
    """For each path its texts, or in one phrase why it could not be read. Parsers run in processes of their own."""
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    found: list[tuple[str, ...] | str] = []
    for first in range(0, len(paths), _BATCH * 8):
        batch = paths[first : first + _BATCH * 8]
        try:
            with Parallel(n_jobs=_processes(jobs), batch_size=4, timeout=_SECONDS) as run:
                found.extend(run(delayed(_try)(path, settings) for path in batch))
        except (TerminatedWorkerError, TimeoutError):
            found.extend(_alone(path, settings) for path in batch)
    return found


def _processes(jobs: int) -> int:
    """At least two: with one, joblib would parse in this process, which a bad file could then take down."""
    from joblib import effective_n_jobs

    return max(2, int(effective_n_jobs(jobs)))


def _try(path: Path, settings: Settings) -> tuple[str, ...] | str:
    try:
        return read_text(path, settings)
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _alone(path: Path, settings: Settings) -> tuple[str, ...] | str:
    """Read one file in a process of its own, after a batch with it has died."""
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    try:
        with Parallel(n_jobs=2, timeout=_SECONDS) as run:
            texts: tuple[str, ...] | str = run([delayed(_try)(path, settings)])[0]
            return texts
    except TerminatedWorkerError:
        return "its reader died"
    except TimeoutError:
        return f"its reader took longer than {_SECONDS:.0f} s"
