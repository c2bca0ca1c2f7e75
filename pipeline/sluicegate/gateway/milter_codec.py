"""The milter protocol (version 6) without input or output: bytes in, packets out, and answers back into bytes.

The protocol has no RFC; the source is Sendmail's `libmilter/mfdef.h` and Postfix's MILTER_README. A packet is a
four-byte length (network order), a command letter and its data.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import IntFlag
from functools import lru_cache
from typing import NamedTuple

from sluicegate.errors import GatewayError

LONGEST_PACKET = 2 * 1024 * 1024  # Postfix sends bodies in 64 KiB pieces, headers up to header_size_limit (100 KiB)
VERSION = 6
_LENGTH = struct.Struct("!I").unpack_from
_LEAST_VERSION = 2


class Can(IntFlag):
    """What a filter may do to a message (SMFIF_*)."""

    ADD_HEADERS = 0x01
    CHANGE_HEADERS = 0x10
    QUARANTINE = 0x20


class Step(IntFlag):
    """Steps that a filter wants to skip, or not to answer (SMFIP_*)."""

    NO_UNKNOWN = 0x100
    NR_HEADER = 0x80
    NR_CONNECT = 0x1000
    NR_HELO = 0x2000
    NR_MAIL = 0x4000
    NR_RCPT = 0x8000
    NR_DATA = 0x10000
    NR_UNKNOWN = 0x20000
    NR_END_OF_HEADERS = 0x40000
    NR_BODY = 0x80000
    LEADING_SPACE = 0x100000


UNANSWERED = {
    b"C": Step.NR_CONNECT,
    b"H": Step.NR_HELO,
    b"R": Step.NR_RCPT,
    b"T": Step.NR_DATA,
    b"L": Step.NR_HEADER,
    b"N": Step.NR_END_OF_HEADERS,
    b"B": Step.NR_BODY,
    b"U": Step.NR_UNKNOWN,
}
WANTED_STEPS = Step.NO_UNKNOWN | Step.LEADING_SPACE
for _step in UNANSWERED.values():
    WANTED_STEPS |= _step
WANTED_ACTIONS = Can.ADD_HEADERS | Can.CHANGE_HEADERS | Can.QUARANTINE

CONTINUE = b"c"
ACCEPT = b"a"
PROGRESS = b"p"
TEMPFAIL = b"t"


class Packet(NamedTuple):
    """One command of the mail system, or one answer of the filter."""

    command: bytes
    data: bytes = b""

    def __repr__(self) -> str:
        """Without the data, which may be a document's."""
        return f"Packet({self.command!r}, {len(self.data)} bytes)"

    def encode(self) -> bytes:
        """The packet as it goes over the wire."""
        return struct.pack("!I", len(self.data) + 1) + self.command + self.data


class Decoder:
    """Cuts a stream of bytes into packets, however the bytes arrive."""

    def __init__(self, *, longest: int = LONGEST_PACKET) -> None:
        self._buffer = bytearray()
        self._wanted = 4
        self._longest = longest

    def feed(self, data: bytes | memoryview) -> list[Packet]:
        """The packets completed by these bytes; `GatewayError` when a length is impossible."""
        if self._buffer:
            self._buffer += data
            if len(self._buffer) < self._wanted:
                return []
            whole = bytes(self._buffer)
        else:
            whole = bytes(data)
        packets = []
        at, size, self._wanted = 0, len(whole), 4
        while size - at >= 4:
            (length,) = _LENGTH(whole, at)
            if not 1 <= length <= self._longest:
                raise GatewayError(f"milter packet of {length} bytes")
            end = at + 4 + length
            if size < end:
                self._wanted = 4 + length
                break
            packets.append(Packet(whole[at + 4 : at + 5], whole[at + 5 : end]))
            at = end
        self._buffer = bytearray(whole[at:]) if at < size else bytearray()
        return packets


@dataclass(frozen=True, slots=True)
class Terms:
    """What was negotiated: the version, what we may do, and which steps go unanswered."""

    version: int
    actions: Can
    steps: Step
    silent: frozenset[bytes] = field(init=False, compare=False)
    """The commands that the mail system waits for no answer to."""
    colon: bytes = field(init=False, compare=False)
    """What stands between the name and the value of a header field as they come: the blank may be the value's own."""

    def __post_init__(self) -> None:
        silent = frozenset(command for command, step in UNANSWERED.items() if self.steps & step)
        object.__setattr__(self, "silent", silent)
        object.__setattr__(self, "colon", b":" if self.steps & Step.LEADING_SPACE else b": ")

    def answered(self, command: bytes) -> bool:
        """Whether the mail system waits for an answer to this command."""
        return command not in self.silent


@lru_cache(maxsize=64)
def negotiate(data: bytes) -> tuple[Terms, Packet]:
    """Our terms for an `O` packet, and the answer; `GatewayError` when the mail system speaks another protocol."""
    if len(data) < 12:
        raise GatewayError("milter negotiation is cut short")
    version, actions, steps = struct.unpack("!III", data[:12])
    if version < _LEAST_VERSION:
        raise GatewayError(f"milter protocol version {version} is too old")
    terms = Terms(min(VERSION, version), WANTED_ACTIONS & Can(actions & 0xFF), WANTED_STEPS & Step(steps & 0x1FFFFF))
    return terms, Packet(b"O", struct.pack("!III", terms.version, terms.actions, terms.steps))


def parse_macros(data: bytes) -> tuple[bytes, dict[str, str]]:
    """A `D` packet: the command that the macros belong to, and their values by name without braces."""
    words = data[1:].split(b"\0")
    pairs = zip(words[0::2], words[1::2], strict=False)
    return data[:1], {_text(name).strip("{}"): _text(value) for name, value in pairs}


def parse_connect(data: bytes) -> tuple[str, str]:
    """A `C` packet: the client's name and its address; the address is empty for an unknown or local client."""
    name, _, rest = data.partition(b"\0")
    if rest[:1] in (b"4", b"6") and len(rest) > 3:
        address = _text(rest[3:].split(b"\0")[0])
        return _text(name), address.removeprefix("IPv6:")
    return _text(name), ""


def parse_address(data: bytes) -> str:
    """The address of an `M` or `R` packet without its angle brackets."""
    address = _text(data.split(b"\0")[0]).strip()
    return address[1:-1] if address.startswith("<") and address.endswith(">") else address


def parse_header(data: bytes, terms: Terms) -> tuple[bytes, bytes]:
    """The name of an `L` packet and the whole line(s) with CRLF, as they will leave."""
    name, _, value = data.partition(b"\0")
    value = value.removesuffix(b"\0").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return name, name + terms.colon + value + b"\r\n"


def add_header(name: str, value: str) -> Packet:
    """Add a header (SMFIR_ADDHEADER)."""
    return Packet(b"h", _bytes(name) + b"\0 " + _bytes(value) + b"\0")


def delete_header(name: str, number: int) -> Packet:
    """Delete the `number`-th header of this name, counted from 1 (SMFIR_CHGHEADER with an empty value)."""
    return Packet(b"m", struct.pack("!I", number) + _bytes(name) + b"\0\0")


def quarantine(reason: str) -> Packet:
    """Put the message into the hold queue (SMFIR_QUARANTINE); an `ACCEPT` has to follow."""
    return Packet(b"q", _bytes(reason) + b"\0")


def reply(text: str) -> Packet:
    """Answer with this SMTP reply (SMFIR_REPLYCODE); percent signs are doubled, as libmilter demands."""
    return Packet(b"y", _bytes(text).replace(b"%", b"%%") + b"\0")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")


def _bytes(text: str) -> bytes:
    return text.replace("\0", "").replace("\r", " ").replace("\n", " ").encode("utf-8", "backslashreplace")
