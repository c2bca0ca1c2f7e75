"""Length-prefixed JSON over a Unix socket: values in, bytes out, and back again from any chunks that arrive."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
from collections.abc import Iterator, Mapping
from typing import Any

_LENGTH = struct.Struct(">I")
CHUNK = 1 << 20
LARGEST = 64 * 1024 * 1024  # a verdict holds a dozen quotes; more than this is not a verdict


class WireError(Exception):
    """The other side sent something that is not a frame."""


def encode_frame(value: Mapping[str, Any]) -> bytes:
    """One frame: four bytes of length (big-endian), then JSON in ASCII."""
    body = json.dumps(value, separators=(",", ":")).encode("ascii")
    return _LENGTH.pack(len(body)) + body


class Decoder:
    """Turns the bytes of a stream into frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[dict[str, Any]]:
        """Take a chunk and give the frames that are complete; raises `WireError`."""
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > LARGEST:
                raise WireError(f"a frame of {length} bytes")
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[_LENGTH.size : end])
            del self._buffer[:end]
            yield _parse(body)


def _parse(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise WireError("a frame that is not JSON") from error
    if not isinstance(value, dict):
        raise WireError("a frame that is not an object")
    return value


class Receiver:
    """Blocking reader of frames and of the files that come with them, for the server's and the worker's side."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._decoder = Decoder()
        self._frames: list[dict[str, Any]] = []
        self._files: list[int] = []

    def read(self) -> dict[str, Any] | None:
        """The next frame, or None when the other side is gone."""
        while not self._frames:
            if not self.fill():
                return None
        return self._frames.pop(0)

    def fill(self) -> bool:
        """Receive once; False when the other side is gone."""
        try:
            data, files, _, _ = socket.recv_fds(self._sock, 65536, 8)
        except (ConnectionError, InterruptedError):
            return False
        self._files.extend(files)
        self._frames.extend(self._decoder.feed(data))
        return bool(data)

    def ready(self) -> Iterator[dict[str, Any]]:
        """The frames that have arrived already."""
        while self._frames:
            yield self._frames.pop(0)

    def file(self) -> int:
        """The open file that came with the frame just read; the caller closes it."""
        return self._files.pop(0)


def send(sock: socket.socket, value: Mapping[str, Any], *, file: int | None = None) -> None:
    """Send one frame, with an open file if one is given; the other side may be gone already."""
    frame = encode_frame(value)
    with contextlib.suppress(ConnectionError):
        if file is None:
            sock.sendall(frame)
            return
        sent = socket.send_fds(sock, [frame], [file])
        sock.sendall(frame[sent:])


def above_standard(sock: socket.socket) -> socket.socket:
    """The same socket on a descriptor above 2: a caller may have closed its standard streams."""
    if sock.fileno() > 2:
        return sock
    import fcntl

    moved = fcntl.fcntl(sock.fileno(), fcntl.F_DUPFD_CLOEXEC, 3)
    sock.close()
    return socket.socket(fileno=moved)


def data_file(data: bytes) -> int:
    """An open anonymous file that holds the bytes, at its start; the caller closes it."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("document")
    else:
        import tempfile

        descriptor, path = tempfile.mkstemp(prefix="sluicegate-")
        os.unlink(path)  # noqa: PTH108 - a descriptor's own name, at once
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def received(sock: socket.socket) -> bytes:
    """What has arrived, at once; nothing when the other side is gone, also when it left something of ours unread."""
    try:
        return sock.recv(CHUNK, socket.MSG_DONTWAIT)
    except ConnectionError:
        return b""
