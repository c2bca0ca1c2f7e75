"""What a worker may not do: outlive its parent, use the network, or take more memory, CPU and disk than it was given.

Everything here acts on the calling process. Linux has all of it, macOS what is not marked as Linux.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1  # prctl(2)
_CLONE_NEWUSER = 0x10000000  # unshare(2)
_CLONE_NEWNET = 0x40000000
_OPEN_FILES = 256
_FORBIDDEN_EVENTS = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
)


def die_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends (Linux)."""
    hear_of_parents_death(signal.SIGKILL)


def hear_of_parents_death(number: int) -> None:
    """Have the kernel send this signal when the thread that started this process ends; 0 for none (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def leave_signals_to_the_supervisor() -> None:
    """Ignore what a terminal or a service manager sends to the whole group: the supervisor decides who ends when."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def leave_network() -> bool:
    """Move into an empty network namespace where that is permitted (Linux, before any thread); True if it was."""
    if sys.platform != "linux":
        return False
    uid, gid = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None)
    if libc.unshare(_CLONE_NEWNET) == 0:
        return True
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
        return False
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    except OSError:
        return True  # ids show as "nobody", access rights are unchanged
    return True


def forbid_network() -> None:
    """Refuse connections made from Python, also where no namespace could be had and to sockets in the file system."""
    if sys.platform == "win32":
        return

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN_EVENTS:
            raise PermissionError("workers have no network")

    sys.addaudithook(refuse)


def address_space() -> int:
    """Bytes of address space that this process uses now; 0 where the system does not tell."""
    return _statm(0)


def resident() -> int:
    """Bytes of memory that this process holds now; its highest so far where the system does not tell."""
    import resource

    used = _statm(1)
    return used or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _statm(column: int) -> int:
    try:
        handle = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return 0
    try:
        fields = os.read(handle, 200).split()
    finally:
        os.close(handle)
    return int(fields[column]) * os.sysconf("SC_PAGE_SIZE")


def limit_process(*, memory: int, file_bytes: int) -> None:
    """Limit address space, size of written files and open files; no core dumps."""
    import resource

    wanted = [
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES), (resource.RLIMIT_CORE, 0),
    ]  # fmt: skip
    for which, value in wanted:
        _, hard = resource.getrlimit(which)
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(which, (ceiling, ceiling))
        except (OSError, ValueError):
            if sys.platform != "darwin":  # macOS refuses a limit on address space; the deadline remains
                raise


def limit_cpu(seconds: float) -> None:
    """Let this process use so many more seconds of CPU; beyond them the kernel ends it with SIGXCPU."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = ceil(used.ru_utime + used.ru_stime + seconds)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def run_and_leave(work: Callable[[], None]) -> None:
    """Run `work` as the whole life of a forked process: nothing of the parent's clean-up happens here."""
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)
