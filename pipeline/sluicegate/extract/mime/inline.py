"""Text bytes in, the files that stand in them as lines of text out: uuencode, yEnc and BinHex."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_BEGIN_UU = re.compile(rb"(?:\A|\n)[> \t]*begin(-base64)? +[0-7]{3,4} +([^\r\n]{1,255})\r?\n")
_BEGIN_Y = re.compile(rb"=ybegin [^\r\n]{0,300}?name=([^\r\n]{0,300})\r?\n(?:=ypart [^\r\n]{0,300}\r?\n)?")
_HQX = b"(This file must be converted with BinHex"
_HQX_BODY = re.compile(rb":([^:]*)(?::|\Z)", re.S)
_HQX_CHARS = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
_STANDARD64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_HQX_TO_64 = bytes.maketrans(_HQX_CHARS, _STANDARD64)
_Y_SHIFT = bytes((byte - 42) % 256 for byte in range(256))
_BINHEX_MOST = 1 << 28


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file found in text: its raw name, its bytes, where it stands, and whether each of its lines was decoded."""

    kind: str
    name: bytes = field(repr=False)
    data: bytes = field(repr=False)
    start: int
    end: int
    whole: bool


def enclosed(text: bytes) -> Iterator[Enclosed]:
    """Every encoded file in a text, in no particular order; cheap when there is none."""
    if b"begin" in text:
        yield from _uuencoded(text)
    if b"=ybegin " in text:
        yield from _yencoded(text)
    if _HQX in text:
        yield from _binhexed(text)


def uudecode(body: bytes) -> bytes:
    """The data lines of a uuencoded file, without begin and end lines."""
    return _uu_lines(body, 0)[0]


def without(text: bytes, files: list[Enclosed]) -> bytes:
    """The text less those files of which every line was decoded: nothing else stands there for a reader."""
    kept: list[bytes] = []
    position = 0
    for file in sorted(files, key=lambda file: file.start):
        if file.whole and file.start >= position:
            kept.append(text[position : file.start])
            position = file.end
    return b"".join([*kept, text[position:]])


def _uuencoded(text: bytes) -> Iterator[Enclosed]:
    position = 0
    while begin := _BEGIN_UU.search(text, position):
        read: Callable[[bytes, int], tuple[bytes, int, bool]] = _base64_lines if begin[1] else _uu_lines
        data, position, whole = read(text, begin.end())
        if data:
            yield Enclosed("uuencode", begin[2].strip(), data, begin.start(), position, whole)
        position = max(position - 1, begin.end() - 1)


def _uu_lines(text: bytes, position: int) -> tuple[bytes, int, bool]:
    """Decoded bytes, the offset after the end line, and whether all lines were sound."""
    out: list[bytes] = []
    bad = 0
    whole = True
    while position < len(text) and bad < 4:
        stop = text.find(b"\n", position) + 1 or len(text)
        line = text[position:stop].rstrip(b"\r\n").lstrip(b"> ") or b" "
        if line.rstrip() == b"end":
            return b"".join(out), stop, whole
        sound = _uu_sound(line)
        if line.strip() and line[:1] != b"`":
            out.append(_uu_line(line))
            bad = 0 if sound else bad + 1
            whole = whole and sound
        position = stop
    return b"".join(out), position, False


def _uu_sound(line: bytes) -> bool:
    """As long as its length sign says, give or take padding, and of uuencode's 64 signs only."""
    count = (line[0] - 32) & 63
    return (count * 4 + 2) // 3 <= len(line) - 1 <= (count + 2) // 3 * 4 + 1 and max(line) <= 0x60 and min(line) >= 0x20


def _uu_line(line: bytes) -> bytes:
    count = (line[0] - 32) & 63
    needed = (count * 4 + 5) // 3
    for piece in (line, line[:needed], line.ljust(needed)):  # a check sign behind, or blanks stripped by a relay
        try:
            return binascii.a2b_uu(piece)
        except binascii.Error:
            continue
    return b""


def _base64_lines(text: bytes, position: int) -> tuple[bytes, int, bool]:
    from sluicegate.extract.mime.transfer import decode_base64

    stop = text.find(b"\n====", position)
    end = stop + 5 if stop >= 0 else len(text)
    decoded = decode_base64(text[position : stop if stop >= 0 else end])
    return decoded.data, end, stop >= 0 and not decoded.stray


def _yencoded(text: bytes) -> Iterator[Enclosed]:
    begins = list(_BEGIN_Y.finditer(text))
    ends = [begin.start() for begin in begins[1:]] + [len(text)]
    for begin, end in zip(begins, ends, strict=False):
        stop = text.find(b"=yend", begin.end(), end)
        body = text[begin.end() : stop if stop >= 0 else end].replace(b"\r", b"").replace(b"\n", b"")
        first, *escaped = body.split(b"=")
        pieces = [first, *(bytes([(piece[0] - 64) % 256]) + piece[1:] for piece in escaped if piece)]
        data = b"".join(pieces).translate(_Y_SHIFT)
        if data:
            line_end = text.find(b"\n", stop, end) + 1 if stop >= 0 else 0
            yield Enclosed("yEnc", begin[1].strip(), data, begin.start(), line_end or end, stop >= 0)


def _binhexed(text: bytes) -> Iterator[Enclosed]:
    start = text.find(_HQX)
    while start >= 0:
        body = _HQX_BODY.search(text, start)
        if body is None:
            return
        name, data = _unhexed(body[1])
        if data:
            yield Enclosed("BinHex", name, data, start, body.end(), True)
        start = text.find(_HQX, body.end())


def _unhexed(body: bytes) -> tuple[bytes, bytes]:
    """Name and data fork of a BinHex 4.0 file (RFC 1741)."""
    packed = body.translate(_HQX_TO_64, b" \t\r\n")
    packed = packed[: len(packed) - 1] if len(packed) % 4 == 1 else packed
    try:
        raw = _unrepeated(binascii.a2b_base64(packed + b"=" * (-len(packed) % 4)))
    except binascii.Error:
        return b"", b""
    if not raw:
        return b"", b""
    size = raw[0]
    header = raw[size + 2 : size + 20]
    length = int.from_bytes(header[10:14], "big")
    return raw[1 : size + 1], raw[size + 22 : size + 22 + length]


def _unrepeated(data: bytes) -> bytes:
    """Undo the run lengths: 0x90 n repeats the byte before, 0x90 0 is 0x90 itself."""
    first, *rest = data.split(b"\x90")
    out = bytearray(first)
    for piece in rest:
        count = piece[0] if piece else 1
        if count == 0:
            out.append(0x90)
        elif out:
            out += out[-1:] * (count - 1)
        out += piece[1:]
        if len(out) > _BINHEX_MOST:
            break
    return bytes(out)
