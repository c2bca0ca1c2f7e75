"""A binary stream of an old Office file in, the pictures stored in it out ([MS-ODRAW] 2.2.23, OfficeArtBlip)."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

_BLIP = re.compile(rb"[\x00-\xff]{2}([\x1a-\x1f\x29\x2a])\xf0", re.S)
_KINDS = {
    0x1A: ("emf", 16, 34), 0x1B: ("wmf", 16, 34), 0x1D: ("jpeg", 16, 1), 0x1E: ("png", 16, 1), 0x1F: ("dib", 16, 1),
    0x29: ("tiff", 16, 1), 0x2A: ("jpeg", 16, 1),
}  # fmt: skip
_STARTS = {"jpeg": (b"\xff\xd8",), "png": (b"\x89PNG",), "tiff": (b"II*\0", b"MM\0*")}
_LARGEST = 64 * 1024 * 1024


def pictures_in(data: bytes) -> Iterator[bytes]:
    """Whole picture files; each once, in order. Pictures whose record is damaged are left out."""
    seen: set[bytes] = set()
    at = 0
    while (match := _BLIP.search(data, at)) is not None:
        at = match.start() + 1
        found = _picture(data, match)
        if found is not None:
            at = match.end() + len(found) if match[1] not in b"\x1a\x1b" else match.end()
            if found not in seen:
                seen.add(found)
                yield found


def _picture(data: bytes, match: re.Match[bytes]) -> bytes | None:
    kind, digest, extra = _KINDS.get(match[1][0], ("", 0, 0))
    if not kind or match.end() + 4 > len(data):
        return None
    (length,) = struct.unpack_from("<I", data, match.end())
    start = match.end() + 4
    body = data[start : start + length]
    if not 40 < length <= len(data) - start:
        return None
    for digests in (1, 2):
        content = body[digests * digest + extra :]
        if kind in ("emf", "wmf"):
            unpacked = _unpacked(content, body[digests * digest + 32 : digests * digest + 33])
            if unpacked is not None:
                return unpacked
        elif kind == "dib":
            return bitmap(content) if content[:4] == b"\x28\0\0\0" else None
        elif content.startswith(_STARTS[kind]):
            return content
    return None


def _unpacked(content: bytes, compression: bytes) -> bytes | None:
    if compression == b"\xfe":
        return content
    try:
        return zlib.decompressobj().decompress(content, _LARGEST)
    except zlib.error:
        return None


def bitmap(content: bytes) -> bytes:
    """A device-independent bitmap with the file header that it lacks."""
    size, bits, colours = struct.unpack_from("<I", content)[0], content[14], struct.unpack_from("<I", content, 32)[0]
    palette = 4 * (colours or (1 << bits if bits <= 8 else 0))
    return b"BM" + struct.pack("<IHHI", 14 + len(content), 0, 0, 14 + size + palette) + content


def is_thumbnail(data: bytes) -> bool:
    """True for a PNG or JPEG of at most 300 pixels a side: a preview of a page on which no word can be read."""
    return 0 < max(_size(data)) <= 300


def is_preview(data: bytes) -> bool:
    """True for one of at most 512 pixels, as LibreOffice writes it: its headings can be read, and are in the text."""
    return 0 < max(_size(data)) <= 512


def _size(data: bytes) -> tuple[int, int]:
    if data.startswith(b"\x89PNG") and len(data) > 24:
        width, height = struct.unpack_from(">II", data, 16)
        return int(width), int(height)
    at = 2
    while data.startswith(b"\xff\xd8") and at + 9 < len(data) and data[at] == 0xFF:
        if 0xC0 <= data[at + 1] <= 0xCF and data[at + 1] not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return int(width), int(height)
        at += 2 + struct.unpack_from(">H", data, at + 2)[0]
    return 0, 0
