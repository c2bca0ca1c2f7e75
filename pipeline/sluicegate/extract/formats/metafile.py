"""A Windows metafile (EMF, WMF) in, the text that it draws out; pictures inside it become children."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.charset import decode
from sluicegate.extract.frame import Child, Context, Find, Note, Source
from sluicegate.extract.repair import repair

MEDIA_TYPES = ("image/emf", "image/wmf")

_RECORDS = 500_000
_GLYPHS = 0x10
"""ETO_GLYPH_INDEX: the string holds glyph numbers of some font, not characters ([MS-EMF] 2.1.11)."""
_EMF_TEXT = {83: 1, 84: 2, 96: 1, 97: 2}
"""EMR_EXTTEXTOUTA and W, EMR_POLYTEXTOUTA and W → bytes of a character ([MS-EMF] 2.3.5)."""
_EMF_SMALL, _EMF_COMMENT, _EMF_END = 108, 70, 14
_EMF_BITMAPS = {81: 48, 76: 84, 77: 84, 78: 84, 80: 48}
"""Records with a device-independent bitmap → where their offsets to it stand."""
_WMF_TEXT, _WMF_EXT_TEXT, _WMF_END = 0x0521, 0x0A32, 0
_WMF_BITMAPS = {0x0940: 16, 0x0B41: 20, 0x0F43: 22}
_PLUS_STRINGS = {0x401C: 28, 0x4036: 16}
"""EMF+ DrawString: where its text begins in the record's data ([MS-EMFPLUS] 2.3.4.14); DrawDriverString likewise."""
_LEAST_BITMAP = 64
_LAST_KIND, _SEARCHED = 122, 1_000_000


@dataclass(frozen=True, slots=True)
class _Run:
    """A piece of drawn text and where it begins."""

    text: str = field(repr=False)
    x: float
    y: float


def read(source: Source, context: Context) -> Iterator[Find]:
    """The drawn text, runs of one line joined; a metafile without text is worth a silent note."""
    records = _emf(source.data) if source.media_type == "image/emf" else _wmf(source.data)
    runs: list[_Run] = []
    bitmaps: list[bytes] = []
    glyphs = False
    cut = False
    try:
        for record in records:
            if isinstance(record, _Run):
                runs.append(record)
            elif isinstance(record, bytes):
                bitmaps.append(record)
            else:
                glyphs = True
    except (struct.error, EOFError):
        cut = True
    text = repair(_lines(runs)).strip()
    if text:
        yield Passage(text, context.place())
    if cut:
        yield context.problem(ProblemKind.DAMAGED, "the metafile is damaged or cut short")
    if glyphs:
        yield context.problem(ProblemKind.GARBLED, "the picture draws text as glyph numbers")
    for number, bitmap in enumerate(dict.fromkeys(bitmaps), 1):
        yield Child(f"bitmap {number}.bmp", bitmap, "image/bmp")
    yield Note("a drawing", silent=True)


def _lines(runs: list[_Run]) -> str:
    """Runs in drawing order; a run on another height begins a line."""
    lines: list[str] = []
    last: _Run | None = None
    for run in runs:
        if last is not None and abs(run.y - last.y) < 1:
            lines[-1] += run.text
        else:
            lines.append(run.text)
        last = run
    return "\n".join(lines)


def _emf(data: bytes) -> Iterator[_Run | bytes | None]:
    """Text runs, bitmaps, and None for text given as glyph numbers ([MS-EMF] 2.3); EOFError when a record is cut."""
    at = 0
    for _ in range(_RECORDS):
        if len(data) - at < 8 and not data[at:].strip(b"\0"):
            return
        kind, size = struct.unpack_from("<2L", data, at)
        record = data[at : at + size]
        if kind == _EMF_END:
            return
        if size < 8 or len(record) < size:
            at = _resumed(data, at)
            continue
        if kind in _EMF_TEXT and len(record) >= 56:
            yield _emf_text(record, _EMF_TEXT[kind])
        elif kind == _EMF_SMALL and len(record) >= 36:
            yield from _emf_small(record)
        elif kind == _EMF_COMMENT and record[12:16] == b"EMF+":
            yield from _plus(record[16:])
        elif kind in _EMF_BITMAPS:
            yield from _bitmap_at(record, _EMF_BITMAPS[kind])
        at += size


def _resumed(data: bytes, at: int) -> int:
    """Where records go on after one that states a wrong size, as some programs write; EOFError when they do not."""
    for start in range(at + 4, min(len(data) - 16, at + _SEARCHED), 4):
        kind, size = struct.unpack_from("<2L", data, start)
        if 0 < kind <= _LAST_KIND and size % 4 == 0 and 8 <= size <= len(data) - start - 8:
            following, its_size = struct.unpack_from("<2L", data, start + size)
            if 0 < following <= _LAST_KIND and its_size % 4 == 0 and 8 <= its_size <= len(data) - start - size:
                return start
    raise EOFError


def _emf_text(record: bytes, width: int) -> _Run | None:
    x, y, count, offset, options = struct.unpack_from("<2i3L", record, 36)
    if options & _GLYPHS:
        return None
    raw = record[offset : offset + min(count, len(record)) * width]
    return _Run(raw.decode("utf-16-le", "replace") if width == 2 else decode(raw), x, y)


def _emf_small(record: bytes) -> Iterator[_Run | None]:
    """EMR_SMALLTEXTOUT ([MS-EMF] 2.3.5.37): bounds are left out when option 0x100 is set; 0x200 means one byte each."""
    x, y, count, options = struct.unpack_from("<2i2L", record, 8)
    begin = 36 if options & 0x100 else 52
    width = 1 if options & 0x200 else 2
    raw = record[begin : begin + min(count, len(record)) * width]
    if options & _GLYPHS:
        yield None
    else:
        yield _Run(decode(raw) if width == 1 else raw.decode("utf-16-le", "replace"), x, y)


def _plus(data: bytes) -> Iterator[_Run | None]:
    """Strings of EMF+ records inside a comment."""
    at = 0
    while at + 12 <= len(data):
        kind, _flags, size, length = struct.unpack_from("<2H2L", data, at)
        body = data[at + 12 : at + 12 + length]
        begin = _PLUS_STRINGS.get(kind)
        if begin is not None and len(body) >= begin:
            yield from _plus_string(kind, body, begin)
        if size < 12:
            return
        at += size


def _plus_string(kind: int, body: bytes, begin: int) -> Iterator[_Run | None]:
    if kind == 0x401C:
        _brush, _format, count, x, y = struct.unpack_from("<3L2f", body)
        yield _Run(body[begin : begin + 2 * count].decode("utf-16-le", "replace"), x, y)
        return
    _brush, options, _matrix, count = struct.unpack_from("<4L", body)
    if not options & 1:  # DriverStringOptionsCmapLookup: else they are glyph numbers
        yield None
        return
    places = struct.unpack_from("<2f", body, begin + 2 * count) if len(body) >= begin + 2 * count + 8 else (0.0, 0.0)
    yield _Run(body[begin : begin + 2 * count].decode("utf-16-le", "replace"), places[0], places[1])


def _bitmap_at(record: bytes, offsets: int) -> Iterator[bytes]:
    if len(record) < offsets + 16:
        return
    header, header_size, bits, bits_size = struct.unpack_from("<4L", record, offsets)
    yield from _bmp(record[header : header + header_size], record[bits : bits + bits_size])


def _bmp(header: bytes, bits: bytes) -> Iterator[bytes]:
    """A BMP file from its parts, unless it is too small to hold words."""
    if len(header) >= 40 and struct.unpack_from("<i", header, 4)[0] >= _LEAST_BITMAP:
        start = 14 + len(header)
        yield struct.pack("<2sL2HL", b"BM", start + len(bits), 0, 0, start) + header + bits


def _wmf(data: bytes) -> Iterator[_Run | bytes | None]:
    """Text runs and bitmaps ([MS-WMF] 2.3); a placeable header is skipped."""
    at = 18 + (22 if data.startswith(b"\xd7\xcd\xc6\x9a") else 0)
    for _ in range(_RECORDS):
        if len(data) - at < 6 and not data[at:].strip(b"\0"):
            return
        size, kind = struct.unpack_from("<LH", data, at)
        record = data[at : at + 2 * size]
        if kind == _WMF_END:
            return
        if size < 3 or len(record) < 2 * size:
            raise EOFError
        if kind == _WMF_TEXT and len(record) >= 12:
            count = struct.unpack_from("<H", record, 6)[0]
            yield _Run(decode(record[8 : 8 + count]), 0, struct.unpack_from("<h", record, len(record) - 4)[0])
        elif kind == _WMF_EXT_TEXT and len(record) >= 14:
            yield _wmf_text(record)
        elif kind in _WMF_BITMAPS:
            yield from _packed_bitmap(record[6 + _WMF_BITMAPS[kind] :])
        at += 2 * size


def _wmf_text(record: bytes) -> _Run | None:
    y, x, count, options = struct.unpack_from("<2h2H", record, 6)
    begin = 22 if options & 0x6 else 14
    return None if options & _GLYPHS else _Run(decode(record[begin : begin + count]), x, y)


def _packed_bitmap(raw: bytes) -> Iterator[bytes]:
    """A bitmap whose bits follow its header and colours directly."""
    if len(raw) < 40 or raw[:4] != b"\x28\0\0\0":
        return
    depth, used = struct.unpack_from("<H", raw, 14)[0], struct.unpack_from("<L", raw, 32)[0]
    colours = (used or (1 << depth if depth <= 8 else 0)) * 4
    yield from _bmp(raw[: 40 + colours], raw[40 + colours :])
