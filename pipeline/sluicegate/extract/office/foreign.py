"""A call into somebody else's parser in, its result out, or None when it failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def attempt(call: Callable[[], T]) -> T | None:
    """The result of a call, or None. Only for libraries that read hostile bytes; the caller says what went unread.

    olefile, msoffcrypto and python-docx raise KeyError, struct, XML and index errors of every kind on damaged files;
    calamine panics in Rust, which is a BaseException.
    """
    try:
        return call()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # noqa: BLE001  # see above: there is no narrower common class
        return None
