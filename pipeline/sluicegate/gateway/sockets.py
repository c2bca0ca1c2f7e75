"""Listening sockets: `unix:PATH`, `inet:HOST:PORT` or one handed in by systemd, opened before privileges drop."""

from __future__ import annotations

import ipaddress
import os
import socket
import stat
from collections.abc import Iterable
from pathlib import Path

from sluicegate.errors import GatewayError

_FIRST_PASSED = 3  # sd_listen_fds(3): passed sockets begin at descriptor 3
_BACKLOG = 512


def allowed(address: str, networks: Iterable[str]) -> bool:
    """Whether an address lies in one of the networks; an address that cannot be read does not."""
    try:
        host = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(host, ipaddress.IPv6Address) and host.ipv4_mapped is not None:
        host = host.ipv4_mapped
    return any(host in ipaddress.ip_network(network, strict=False) for network in networks)


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def split_address(listen: str) -> tuple[str, int]:
    """`HOST:PORT` (IPv6 in brackets) as a pair; raises `GatewayError`."""
    host, colon, port = listen.removeprefix("inet:").rpartition(":")
    if not colon or not port.isdigit() or not host:
        raise GatewayError(f"{listen!r} is not HOST:PORT")
    return host.strip("[]"), int(port)


def open_socket(listen: str, *, mode: int = 0o660, group: str | None = None, passed: bool = True) -> socket.socket:
    """A listening socket; a stale Unix socket is replaced, a live one is an error. Raises `GatewayError`.

    With `passed`, one that systemd handed in is taken instead.
    """
    handed = _passed_socket() if passed else None
    if handed is not None:
        return handed
    if listen.startswith("unix:"):
        return _open_unix(Path(listen.removeprefix("unix:")), mode, group)
    host, port = split_address(listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
    except OSError as error:
        opened.close()
        raise GatewayError(f"cannot listen on {listen}: {error.strerror}") from error
    opened.listen(_BACKLOG)
    opened.setblocking(False)
    return opened


def _open_unix(path: Path, mode: int, group: str | None) -> socket.socket:
    _clear_stale(path)
    opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    umask = os.umask(0o177)
    try:
        opened.bind(str(path))
        if group is not None:
            import grp

            os.chown(path, -1, grp.getgrnam(group).gr_gid)
        path.chmod(mode)
    except KeyError:
        opened.close()
        raise GatewayError(f"there is no group {group!r} for the socket {path}") from None
    except OSError as error:
        opened.close()
        raise GatewayError(f"cannot listen on {path}: {error.strerror}") from error
    finally:
        os.umask(umask)
    opened.listen(_BACKLOG)
    opened.setblocking(False)
    return opened


def _clear_stale(path: Path) -> None:
    """Remove a socket that nobody listens on any more."""
    try:
        kind = path.stat().st_mode
    except OSError:
        return
    if not stat.S_ISSOCK(kind):
        raise GatewayError(f"{path} exists and is not a socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            path.unlink(missing_ok=True)
            return
    raise GatewayError(f"another process listens on {path}")


def _passed_socket() -> socket.socket | None:
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS", "0") == "0":
        return None
    passed = socket.socket(fileno=_FIRST_PASSED)
    passed.setblocking(False)
    return passed


def drop_privileges(user: str | None) -> None:
    """Become another user, for good; nothing happens without one. Raises `GatewayError`."""
    if user is None or os.geteuid() != 0:
        return
    import pwd

    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        raise GatewayError(f"there is no user {user!r} to run as") from None
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
