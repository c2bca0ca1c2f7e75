"""DOC, XLS and PPT samples: the paragraph in the stories, records and streams of old Office files."""

# the markup of a sample reads best on one line

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import partial

from sluicegate.extract.evasion import Channel
from sluicegate.extract.evasion._build import ole_package
from sluicegate.extract.office.cfb import write_compound

_STORIES = ("text", "footnote", "header", "macro text", "comment", "endnote", "text box", "header text box")


def word(stories: dict[str, str], extra: dict[tuple[str, ...], bytes] | None = None) -> bytes:
    """A DOC with these stories: one piece of UTF-16 behind a file information block ([MS-DOC] 2.5)."""
    texts = [stories.get(name, "Ordinary words.\r" if name == "text" else "") for name in _STORIES]
    whole = "".join(texts) + "\r"
    raw = whole.encode("utf-16-le")
    count = len(raw) // 2
    block = bytearray(0x800)
    struct.pack_into("<HH", block, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", block, 10, 0x0200)
    struct.pack_into("<H", block, 32, 14)
    struct.pack_into("<H", block, 62, 22)
    for index, text in enumerate(texts):
        struct.pack_into("<I", block, 64 + 4 * (3 + index), len(text.encode("utf-16-le")) // 2)
    struct.pack_into("<H", block, 152, 93)
    pieces = struct.pack("<II", 0, count) + struct.pack("<HIH", 0, 0x800, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", block, 154 + 8 * 33, 0, len(table))
    streams = {("WordDocument",): bytes(block) + raw, ("1Table",): table.ljust(4096, b"\0"), **(extra or {})}
    return write_compound(streams)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _unicode(text: str) -> bytes:
    return struct.pack("<HB", len(text.encode("utf-16-le")) // 2, 1) + text.encode("utf-16-le")


def excel(
    *, cell: str = "ordinary", state: int = 0, row: bytes = b"", after: bytes = b"", strings: str | None = None
) -> bytes:
    """An XLS with one sheet: a text cell, records before the end of the sheet, and shared strings ([MS-XLS] 2.1)."""
    begin = struct.pack("<HHHHII", 0x0600, 0x05, 0x0DBB, 0x07CC, 0, 6)
    name = b"One"
    table = _record(0x00FC, struct.pack("<II", 1, 1) + _unicode(strings)) if strings is not None else b""
    head = _record(0x0809, begin) + _record(0x0042, struct.pack("<H", 1200))
    start = len(head) + 4 + 8 + len(name) + len(table) + 4
    bound = _record(0x0085, struct.pack("<IBBBB", start, state, 0, len(name), 0) + name)
    label = _record(0x0204, struct.pack("<HHH", 0, 0, 15) + _unicode(cell))
    sheet = (
        _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0x0DBB, 0x07CC, 0, 6))
        + row
        + label
        + after
        + _record(0x0A, b"")
    )
    return write_compound({("Workbook",): (head + bound + table + _record(0x0A, b"") + sheet).ljust(4200, b"\0")})


def _note(text: str) -> bytes:
    count = len(text.encode("utf-16-le")) // 2
    body = struct.pack("<HHHHHHHI", 0, 0, 0, 0, 0, count, 16, 0)
    return _record(0x01B6, body) + _record(0x003C, b"\x01" + text.encode("utf-16-le")) + _record(0x003C, bytes(16))


def _atom(kind: int, body: bytes, instance: int = 0) -> bytes:
    return struct.pack("<HHI", instance << 4, kind, len(body)) + body


def _holder(kind: int, body: bytes) -> bytes:
    return struct.pack("<HHI", 0x0F, kind, len(body)) + body


def powerpoint(body: bytes) -> bytes:
    """A PPT whose document stream holds an ordinary slide and these records ([MS-PPT] 2.1.2)."""
    slide = _holder(0x03EE, _atom(0x0FA0, "Ordinary words.".encode("utf-16-le")))
    user = struct.pack("<HHIIIIHHBB", 0, 0x0FF6, 24, 20, 0xE391C05F, 0, 0, 0x03F4, 3, 0) + b"\0\0"
    return write_compound({("PowerPoint Document",): (slide + body).ljust(4200, b"\0"), ("Current User",): user})


def _slide_of(kind: int, paragraph: str, extra: bytes = b"") -> bytes:
    return powerpoint(_holder(kind, extra + _atom(0x0FA0, paragraph.encode("utf-16-le"))))


def _packaged(paragraph: str) -> bytes:
    storage: dict[tuple[str, ...], bytes] = {
        ("ObjectPool", "_1", "\x01Ole10Native"): ole_package("note.txt", paragraph.encode())
    }
    return word({}, storage)


def _within(paragraph: str) -> bytes:
    return powerpoint(_atom(0x1011, word({"text": paragraph + "\r"})))


def channels() -> Iterator[Channel]:
    """All channels of DOC, XLS and PPT."""
    for story in _STORIES:
        yield Channel("doc", story, partial(_with_story, story))
    yield Channel("doc", "field code", lambda p: word({"text": f'x\x13IF 1=2 "{p}"\x14y\x15\r'}))
    yield Channel("doc", "table cell", lambda p: word({"text": f"a\x07{p}\x07\x07\r"}))
    yield Channel("doc", "embedded package", _packaged)
    yield Channel("xls", "cell", lambda p: excel(cell=p))
    yield Channel("xls", "hidden sheet", lambda p: excel(cell=p, state=1))
    yield Channel("xls", "very hidden sheet", lambda p: excel(cell=p, state=2))
    yield Channel(
        "xls",
        "hidden row",
        lambda p: excel(cell=p, row=_record(0x0208, struct.pack("<HHHHHHI", 0, 0, 1, 255, 0, 0, 0x20))),
    )
    yield Channel("xls", "comment or text box", lambda p: excel(after=_note(p)))
    yield Channel("xls", "header", lambda p: excel(after=_record(0x0014, _unicode(f"&C{p}"))))
    yield Channel("xls", "unused string", lambda p: excel(strings=p))
    yield Channel("ppt", "slide", partial(_slide_of, 0x03EE))
    yield Channel(
        "ppt", "hidden slide", partial(_slide_of, 0x03EE, extra=_atom(0x03F9, bytes(10) + b"\x04" + bytes(5)))
    )
    yield Channel("ppt", "speaker notes", partial(_slide_of, 0x03F0))
    yield Channel("ppt", "slide master", partial(_slide_of, 0x03F8))
    yield Channel("ppt", "comment", partial(_slide_of, 0x2EE0))
    yield Channel("ppt", "embedded document", _within)


def _with_story(story: str, paragraph: str) -> bytes:
    return word({story: paragraph + "\r"})
