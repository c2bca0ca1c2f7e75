"""How a worker ended in, what to say about its document out."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from sluicegate import errors
from sluicegate.document import ProblemKind
from sluicegate.errors import SluicegateError, WorkerError

_ABORTS = frozenset({signal.SIGABRT, signal.SIGTRAP}) if hasattr(signal, "SIGTRAP") else frozenset({signal.SIGABRT})


@dataclass(frozen=True, slots=True)
class Failure:
    """Why no verdict came back for a document."""

    kind: ProblemKind
    detail: str


def timed_out(seconds: float) -> Failure:
    """The deadline passed."""
    return Failure(ProblemKind.TIMED_OUT, f"not done after {seconds:g} s")


def ended(code: int, hint: str) -> Failure:
    """A worker died by itself: `code` is its exit status, or minus the number of the signal.

    Under a limit on address space pdfium and other C++ code abort rather than fail, without a word; a damaged heap
    aborts too, but says so. A SIGKILL that the pool did not send is the kernel's answer to a full machine.
    """
    number = -code
    if number == getattr(signal, "SIGXCPU", None):
        return Failure(ProblemKind.TIMED_OUT, "used more CPU time than allowed")
    if number == getattr(signal, "SIGKILL", None):
        return Failure(ProblemKind.OUT_OF_MEMORY, "the system ended the reader, most likely for want of memory")
    if hint == "memory" or (number in _ABORTS and hint != "corrupt"):
        return Failure(ProblemKind.OUT_OF_MEMORY, "the reader needs more memory than allowed")
    how = f"signal {number}" if code < 0 else f"status {code}"
    return Failure(ProblemKind.DAMAGED, f"the reader's process died ({how})")


def lost() -> Failure:
    """The fork server died twice with this document in its hands."""
    return Failure(ProblemKind.DAMAGED, "the reader's process died")


def unclear() -> Failure:
    """The answer was not a verdict."""
    return Failure(ProblemKind.DAMAGED, "the reader's process gave no valid answer")


def translated(name: str, message: str) -> SluicegateError:
    """An exception of ours that a server reported by its name."""
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, SluicegateError):
        return kind(message)
    return WorkerError(f"the line cannot be built: {name}: {message}")
