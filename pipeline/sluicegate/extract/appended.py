"""A file in, what is glued to its end out: an archive behind a PDF or picture is read as a child, and noted."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from sluicegate.extract.charset import decode
from sluicegate.extract.frame import Child, Find, Note, Source
from sluicegate.extract.sniff_text import is_text

_END = struct.Struct("<4s4H2LH")
_MAGICS = (
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"%PDF-1.", "application/pdf"),
    (b"%PDF-2.", "application/pdf"),
)
_ENDS = {"image/png": b"IEND\xaeB`\x82", "image/jpeg": b"\xff\xd9"}
_LEAST_TAIL = 24
_CLOSED = ("image/", "audio/", "video/", "font/")
"""Kinds of file that have no business carrying another file after their first bytes."""


def appended(source: Source) -> Iterator[Find]:
    """A ZIP whose directory ends the file (any kind but ZIP itself and containers), and other files inside pictures.

    ZIP is read from its end (APPNOTE 4.3.6), so a file can be a PDF or a picture and a ZIP at once.
    """
    if source.media_type == "application/pdf" or source.media_type.startswith((*_CLOSED, "text/")):
        start = zip_start(source.data)
        if start:
            yield Note(f"a ZIP archive is appended at byte {start}")
            yield Child("appended.zip", source.data[start:], "application/zip")
            return
    if source.media_type.startswith(_CLOSED):
        yield from _inside(source.data)
        yield from _words_behind(source)


def zip_start(data: bytes) -> int:
    """Where a ZIP begins whose end record stands at the end of `data`; 0 when there is none (or it is the file)."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65557))
    if end < 0 or len(data) - end < _END.size:
        return 0
    record = _END.unpack_from(data, end)
    size, offset = int(record[5]), int(record[6])
    directory = end - size
    if directory < 0 or data[directory : directory + 4] != b"PK\x01\x02":
        return 0
    if directory >= offset and data[directory - offset : directory - offset + 4] == b"PK\x03\x04":
        return directory - offset
    return max(data.find(b"PK\x03\x04", 0, directory), 0)


def _inside(data: bytes) -> Iterator[Find]:
    found = [(data.find(magic, 64), media_type) for magic, media_type in _MAGICS]
    found.append((_local_header(data), "application/zip"))
    starts = [(start, media_type) for start, media_type in found if start > 0]
    if starts:
        start, media_type = min(starts)
        yield Note(f"a file of type {media_type} stands inside at byte {start}")
        yield Child("appended", data[start:], media_type)


def _local_header(data: bytes) -> int:
    """Where a ZIP member begins whose archive has lost its directory (APPNOTE 4.3.7); 0 when there is none."""
    at = 64
    while (at := data.find(b"PK\x03\x04", at)) > 0:
        head = data[at + 4 : at + 30]
        if len(head) == 26 and head[0] <= 63 and head[1] == 0 and head[4:6] in (b"\x00\x00", b"\x08\x00"):
            return at
        at += 4
    return 0


def _words_behind(source: Source) -> Iterator[Find]:
    """Plain text after the end of a PNG or JPEG; other bytes there are what cameras leave."""
    mark = _ENDS.get(source.media_type)
    end = source.data.rfind(mark) if mark else -1
    tail = source.data[end + len(mark or b"") :].strip(b"\0\r\n ") if end > 0 else b""
    if len(tail) >= _LEAST_TAIL and is_text(decode(tail[:4096])):
        yield Note(f"{len(tail)} bytes of text stand behind the picture")
        yield Child("behind the picture.txt", tail, "text/plain")
