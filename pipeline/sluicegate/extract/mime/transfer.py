"""An encoded body in, its bytes out: base64 and quoted-printable as the most lenient of mail programs reads them."""

from __future__ import annotations

import binascii
import re
import string
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

IDENTITY, BASE64, QUOTED, UUENCODE, YENC, BINHEX, UNKNOWN = (
    "identity", "base64", "quoted-printable", "uuencode", "yenc", "binhex", "unknown",
)  # fmt: skip

_ALPHABET = (string.ascii_letters + string.digits + "+/").encode()
_SPACE = b" \t\r\n\x0b\x0c\x00"
_FOREIGN = bytes(byte for byte in range(256) if byte not in _ALPHABET and byte != 0x3D)
_PLAIN = bytes(byte for byte in range(256) if 0x20 <= byte < 0x7F or byte in b"\t\r\n")
_RUN = re.compile(rb"[A-Za-z0-9+/]+")
_COMMENT = re.compile(rb"\([^()]*\)")
_SOFT_BLANK = re.compile(rb"=[ \t]+(?=\r?\n|\Z)")
_SOFT_CR = re.compile(rb"=\r(?!\n)")
_LINE64 = re.compile(rb"\s*[A-Za-z0-9+/]{40,76}\r?\n[A-Za-z0-9+/]{2,76}={0,2}\s")
_LONG64 = re.compile(rb"\s*[A-Za-z0-9+/]{120,}={0,2}\s*\Z")
_QUOTED = re.compile(rb"=[0-9A-Fa-f]{2}|=\r?\n")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Base64 decoded: all of it, its stretches where padding stands inside, lines that are not base64, and each line
    by itself where foreign bytes stand in it: they shift all that follows for a program that skips them."""

    data: bytes = field(repr=False)
    stretches: tuple[bytes, ...] = field(default=(), repr=False)
    stray: bytes = field(default=b"", repr=False)
    lines: bytes = field(default=b"", repr=False)


def encoding_of(value: bytes) -> str:
    """The encoding that a Content-Transfer-Encoding value means, comments and misspellings included."""
    word = (_COMMENT.sub(b"", value) if b"(" in value else value).strip().strip(b"\"';").lower()
    for part, encoding in (
        (b"64", BASE64), (b"base", BASE64), (b"quot", QUOTED), (b"print", QUOTED), (b"uu", UUENCODE),
        (b"yenc", YENC), (b"binhex", BINHEX), (b"hqx", BINHEX),
    ):  # fmt: skip
        if part in word and word != b"64bit":
            return encoding
    return IDENTITY if word in (b"", b"7bit", b"8bit", b"binary", b"7-bit", b"8-bit", b"none") else UNKNOWN


def decode_base64(body: bytes) -> Decoded:
    """Decode everything that is base64: also after padding, with a wrong length, or between foreign bytes."""
    foreign = body.translate(None, _ALPHABET + b"=" + _SPACE)
    if foreign and not foreign.strip(b"-_"):
        body, foreign = body.replace(b"-", b"+").replace(b"_", b"/"), b""  # RFC 4648, section 5
    suspect = body.splitlines(keepends=True) if foreign or b" " in body else []
    stray = b"".join(line for line in suspect if _no_base64(line))
    padding = body.find(b"=")
    if not foreign and not stray and (padding < 0 or not body[padding:].strip(b"=" + _SPACE)):
        with suppress(binascii.Error):  # the usual case, at the speed of C; a wrong length goes the long way
            return Decoded(binascii.a2b_base64(body))
    packed = body.translate(None, _FOREIGN)
    bare = packed.rstrip(b"=")
    lines = decode_lines(_RUN.findall(body)) if stray or foreign else b""
    if b"=" not in bare:
        return Decoded(_unpacked(bare), (), stray, lines)
    stretches = tuple(_unpacked(piece) for piece in re.split(b"=+", bare))
    return Decoded(b"".join(stretches), stretches, stray, lines)


def decode_lines(runs: Iterable[bytes]) -> bytes:
    """Each run of base64 characters by itself; one that is not whole may begin within a group of four."""
    decoded = []
    for run in runs:
        whole = _unpacked(run)
        if len(run) % 4:
            whole = max((whole, *(_unpacked(run[skip:]) for skip in range(1, 4))), key=readable)
        decoded.append(whole)
    return b"".join(decoded)


def readable(data: bytes) -> int:
    """How many of the bytes are printable ASCII or white space."""
    return len(data) - len(data.translate(None, _PLAIN))


def decode_quoted(body: bytes) -> bytes:
    """Decode quoted-printable; soft line breaks may carry blanks or a lone CR."""
    if b"= " in body or b"=\t" in body:
        body = _SOFT_BLANK.sub(b"=", body)
    if b"=\r" in body:
        body = _SOFT_CR.sub(b"=\r\n", body)
    return binascii.a2b_qp(body)


def looks_base64(body: bytes) -> bool:
    """True when a body that does not say so seems to be base64 altogether."""
    head = body[:400]
    return b" " not in head.strip() and bool(_LINE64.match(head) or _LONG64.match(body[:4096]))


def looks_quoted(body: bytes) -> bool:
    """True when a body that does not say so has the escapes of quoted-printable."""
    return len(_QUOTED.findall(body[:20_000])) >= 3


def _no_base64(line: bytes) -> bool:
    return bool(line.translate(None, _ALPHABET + b"=" + _SPACE)) or b" " in line.strip()


def _unpacked(text: bytes) -> bytes:
    if len(text) % 4 == 1:
        text = text[:-1]
    return binascii.a2b_base64(text + b"=" * (-len(text) % 4))
