"""A path in, an open regular file out; or for an error, the kind of problem and the detail that say why not."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from sluicegate.document import ProblemKind

_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class NotRegularError(OSError):
    """A pipe, a socket, a device or a folder: reading it may wait for ever, or do something."""

    def __init__(self) -> None:
        super().__init__(errno.EINVAL, "not a regular file")


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading; never waits. Raises `NotRegularError` and what else the system says.

    It is looked at before it is opened, because opening a device can do something, and afterwards, because it may
    have been replaced in between.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise NotRegularError
    handle = os.open(path, _FLAGS)
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise NotRegularError


def why_unread(error: OSError, *, what: str = "file") -> tuple[ProblemKind, str]:
    """The kind of problem and the detail for an error of the file system; `what` is "file" or "folder"."""
    if isinstance(error, NotRegularError):
        return ProblemKind.UNSUPPORTED, "not a regular file"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return ProblemKind.MISSING, f"the {what} is gone"
    if isinstance(error, PermissionError):
        return ProblemKind.PERMISSION, f"no permission to read the {what}"
    return ProblemKind.DAMAGED, f"the {what} cannot be read: {error.strerror}"
