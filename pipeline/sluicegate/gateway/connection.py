"""A listening socket and its connections on the event loop: bytes in to a callback, bytes out, nothing else.

A mail system opens a connection for each message. asyncio's own servers and transports spend a task, several turns of
the loop and two dozen system calls on each; this is the part of them that a milter needs.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable

_BUFFER = 256 * 1024
_REST_SECONDS = 1.0  # when there is no descriptor left for another connection
_log = logging.getLogger(__name__)


class Connection:
    """One accepted socket. `received` gets what arrives (a view that is valid during the call), `lost` is called once.

    Bytes that the peer does not take at once wait in memory; `close` sends them first, `abort` does not.
    """

    def __init__(
        self, sock: socket.socket, buffer: memoryview, received: Callable[[memoryview], None], lost: Callable[[], None]
    ) -> None:
        self._sock = sock
        self._buffer = buffer
        self._received = received
        self._lost = lost
        self._loop = asyncio.get_running_loop()
        self._unsent = bytearray()
        self.closing = False
        self._closed = False
        self._loop.add_reader(sock, self._read)

    def send(self, data: bytes) -> None:
        """Send, now or when the peer takes it; nothing happens on a connection that is over."""
        if self.closing:
            return
        if not self._unsent:
            try:
                data = data[self._sock.send(data) :]
            except (BlockingIOError, InterruptedError):
                pass
            except OSError:
                self.abort()
                return
            if not data:
                return
            self._loop.add_writer(self._sock, self._write)
        self._unsent += data

    def close(self) -> None:
        """Take nothing more, and end once everything is sent."""
        self.closing = True
        if self._unsent:
            self._loop.remove_reader(self._sock)
        else:
            self.abort()

    def abort(self) -> None:
        """End at once."""
        self.closing = True
        if self._closed:
            return
        self._closed = True
        self._loop.remove_reader(self._sock)
        if self._unsent:
            self._loop.remove_writer(self._sock)
        self._sock.close()
        self._lost()

    def _read(self) -> None:
        try:
            count = self._sock.recv_into(self._buffer)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            count = 0
        if count:
            self._received(self._buffer[:count])
        else:
            self.abort()

    def _write(self) -> None:
        try:
            del self._unsent[: self._sock.send(self._unsent)]
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._unsent.clear()
            self._loop.remove_writer(self._sock)
            self.abort()
            return
        if not self._unsent:
            self._loop.remove_writer(self._sock)
            if self.closing:
                self.abort()


class Listener:
    """Accepts connections; `opened` gets each one's socket, the peer's address ("" on a Unix socket) and a buffer."""

    def __init__(self, sock: socket.socket, opened: Callable[[socket.socket, str, memoryview], None]) -> None:
        self._sock = sock
        self._opened = opened
        self._buffer = memoryview(bytearray(_BUFFER))  # one for all: it is read out before the next one reads into it
        self._loop = asyncio.get_running_loop()
        self._closed = False
        self._loop.add_reader(sock, self._accept)

    def close(self) -> None:
        """Take no more connections."""
        if not self._closed:
            self._closed = True
            self._loop.remove_reader(self._sock)
            self._sock.close()

    def _accept(self) -> None:
        try:
            accepted, peer = self._sock.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        except OSError as error:
            _log.error("no connection can be accepted: %s", error.strerror)
            self._loop.remove_reader(self._sock)
            self._loop.call_later(_REST_SECONDS, self._again)
            return
        accepted.setblocking(False)
        if accepted.family != socket.AF_UNIX:
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._opened(accepted, peer[0] if isinstance(peer, tuple) else "", self._buffer)

    def _again(self) -> None:
        if not self._closed:
            self._loop.add_reader(self._sock, self._accept)
