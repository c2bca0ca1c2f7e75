"""The Workbook stream of an XLS file in, what calamine does not tell of it out ([MS-XLS]).

Hidden rows, comments, text boxes, headers, chart labels, number formats with units, unused strings, links.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from sluicegate.extract.office.cells import telling

_BOF, _EOF, _CONTINUE = 0x0809, 0x000A, 0x003C
_DRAWING_GROUP = 0x00EB
_BOUNDSHEET, _SST, _ROW, _TXO, _NOTE, _OBJ = 0x0085, 0x00FC, 0x0208, 0x01B6, 0x001C, 0x005D
_HEADER, _FOOTER, _SERIESTEXT, _FORMAT, _XF, _DV = 0x0014, 0x0015, 0x100D, 0x041E, 0x00E0, 0x01BE
_NUMBER, _RK, _MULRK, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006

_TEXTS = {_HEADER: "header", _FOOTER: "footer", _SERIESTEXT: "chart", _DV: "input prompt", 0x0800: "link tip",
          0x00EC: "drawing", 0x01AE: "outside link", 0x0867: "sheet extension", 0x089C: "header",
          0x0894: "name comment", 0x0018: "defined names", 0x01B8: "link targets", 0x0006: "formula"}  # fmt: skip


@dataclass(slots=True)
class SheetExtras:
    """What stands beside the cells of one substream: a worksheet, or the workbook's globals for an empty name."""

    name: str
    kind: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    texts: list[tuple[str, str]] = field(default_factory=list, repr=False)
    formats: dict[int, dict[int, str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Book:
    names: dict[int, str] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=lambda: {9: "0%", 10: "0.00%"})
    cell_formats: list[int] = field(default_factory=list)
    strings: list[str] = field(default_factory=list, repr=False)
    telling: dict[int, str] = field(default_factory=dict)
    wide: bool = True


def read_biff(data: bytes) -> tuple[list[SheetExtras], list[str]]:
    """(extras of each substream, the shared strings); what was read before a damaged record."""
    book = _Book()
    found: list[SheetExtras] = []
    nesting: list[SheetExtras] = []
    for kind, at, pieces in records(data):
        body = pieces[0]
        if kind == _BOF:
            version, content = struct.unpack_from("<HH", body) if len(body) >= 4 else (0x0600, 0x10)
            book.wide = version >= 0x0600
            if nesting:
                nesting.append(nesting[-1])  # a chart within a sheet belongs to the sheet
            else:
                book.telling = {
                    i: book.codes[f] for i, f in enumerate(book.cell_formats) if telling(book.codes.get(f, ""))
                }
                nesting.append(SheetExtras(book.names.get(at, "") if found else "", content))
                found.append(nesting[-1])
        elif kind == _EOF:
            if nesting:
                nesting.pop()
        elif nesting:
            try:
                _record(kind, pieces, nesting[-1], book)
            except (struct.error, IndexError):
                continue
    return found, book.strings


def records(data: bytes) -> Iterator[tuple[int, int, list[bytes]]]:
    """(kind, position, body and its continuations) of each record; continuations of other kinds come on their own."""
    at = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        start, pieces = at, [data[at + 4 : at + 4 + size]]
        at += 4 + size
        while kind in (_TXO, _SST) and at + 4 <= len(data) and struct.unpack_from("<H", data, at)[0] == _CONTINUE:
            (size,) = struct.unpack_from("<H", data, at + 2)
            pieces.append(data[at + 4 : at + 4 + size])
            at += 4 + size
        yield kind, start, pieces


def drawn_parts(data: bytes) -> tuple[bytes, bytes]:
    """(the drawing group of a workbook in one piece, everything else): pictures in it run over many records.

    MSODRAWINGGROUP and what continues it ([MS-XLS] 2.4.171), then all other records as they stand.
    """
    group: list[bytes] = []
    rest: list[bytes] = []
    inside = False
    for kind, start, pieces in records(data):
        inside = kind == _DRAWING_GROUP or (inside and kind == _CONTINUE)
        if inside:
            group.extend(pieces)
        else:
            rest.append(data[start : start + 4 * len(pieces) + sum(map(len, pieces))])
    return b"".join(group), b"".join(rest)


def _record(kind: int, pieces: list[bytes], sheet: SheetExtras, book: _Book) -> None:
    body = pieces[0]
    if kind == _BOUNDSHEET and book.wide:
        (place,) = struct.unpack_from("<I", body)
        book.names[place] = _short(body, 6, book)
    elif kind == _ROW:
        (row,) = struct.unpack_from("<H", body)
        if body[12] & 0x20:
            sheet.hidden_rows.add(row + 1)
    elif kind == _FORMAT:
        (number,) = struct.unpack_from("<H", body)
        book.codes[number] = _long(body, 2) if book.wide else body[3:].decode("cp1252", "replace")
    elif kind == _XF:
        book.cell_formats.append(struct.unpack_from("<H", body, 2)[0])
    elif kind == _SST:
        book.strings = list(_strings(pieces))
    elif kind in (_NUMBER, _RK, _FORMULA, _MULRK) and book.telling:
        _numbers(kind, body, sheet, book)
    if kind == _TXO:
        text = _text_object(pieces)
        if text:
            sheet.texts.append(("comment or text box", text))
    elif kind in (_HEADER, _FOOTER, _SERIESTEXT):
        text = _headed(kind, body, book)
        if text:
            sheet.texts.append((_TEXTS[kind], text))
    elif kind in _TEXTS:
        _loose(kind, body, sheet)
    elif kind == _NOTE and len(body) > 8 and not book.wide:
        sheet.texts.append(("comment", body[6:].decode("cp1252", "replace")))


def _loose(kind: int, body: bytes, sheet: SheetExtras) -> None:
    """Words in records that mix them with other data."""
    from sluicegate.extract.office.prose import strings_in

    if len(body) > 24:
        sheet.texts.extend((_TEXTS[kind], text) for text in strings_in(body))


def _headed(kind: int, body: bytes, book: _Book) -> str:
    from sluicegate.extract.office.sheet_xml import plain_header

    if not body:
        return ""
    if kind == _SERIESTEXT:
        return _short(body, 2, book)
    return plain_header(_long(body, 0) if book.wide else body[1:].decode("cp1252", "replace"))


def _short(body: bytes, at: int, book: _Book) -> str:
    """A string with its length in one byte."""
    count = body[at]
    if not book.wide:
        return body[at + 1 : at + 1 + count].decode("cp1252", "replace")
    if body[at + 1] & 1:
        return body[at + 2 : at + 2 + 2 * count].decode("utf-16-le", "replace")
    return body[at + 2 : at + 2 + count].decode("latin-1")


def _long(body: bytes, at: int) -> str:
    """A string with its length in two bytes."""
    (count,) = struct.unpack_from("<H", body, at)
    if body[at + 2] & 1:
        return body[at + 3 : at + 3 + 2 * count].decode("utf-16-le", "replace")
    return body[at + 3 : at + 3 + count].decode("latin-1")


def _text_object(pieces: list[bytes]) -> str:
    """The text of a TXO record: its characters follow in continuations, 8-bit or UTF-16 by each one's first byte."""
    if len(pieces) < 2 or len(pieces[0]) < 12:
        return ""
    (count,) = struct.unpack_from("<H", pieces[0], 10)
    text = ""
    for piece in pieces[1:]:
        if len(text) >= count or not piece:
            break
        text += piece[1:].decode("utf-16-le", "replace") if piece[0] & 1 else piece[1:].decode("latin-1")
    return text[:count].replace("\r", "\n").strip()


def _strings(pieces: list[bytes]) -> Iterator[str]:
    """The shared string table (2.4.265). A string cut by a record goes on with a new width byte."""
    (total,) = struct.unpack_from("<I", pieces[0], 4)
    piece, at = 0, 8
    for _ in range(min(total, 1_000_000)):
        while at >= len(pieces[piece]):
            piece, at = piece + 1, 0
            if piece >= len(pieces):
                return
        data = pieces[piece]
        if at + 3 > len(data):
            return
        count, flags = struct.unpack_from("<HB", data, at)
        at += 3
        runs = struct.unpack_from("<H", data, at)[0] if flags & 8 else 0
        at += 2 if flags & 8 else 0
        extra = struct.unpack_from("<I", data, at)[0] if flags & 4 else 0
        at += 4 if flags & 4 else 0
        text, piece, at = _characters(pieces, piece, at, count, wide=bool(flags & 1))
        yield text
        rest = 4 * runs + extra
        while rest and piece < len(pieces):
            step = min(rest, len(pieces[piece]) - at)
            at, rest = at + step, rest - step
            if rest:
                piece, at = piece + 1, 0
        if piece >= len(pieces):
            return


def _characters(pieces: list[bytes], piece: int, at: int, count: int, *, wide: bool) -> tuple[str, int, int]:
    out = ""
    while True:
        width = 2 if wide else 1
        raw = pieces[piece][at : at + count * width]
        out += raw.decode("utf-16-le" if wide else "latin-1", "replace")
        at += len(raw)
        count -= len(raw) // width
        if count <= 0 or piece + 1 >= len(pieces) or not pieces[piece + 1]:
            return out, piece, at
        piece += 1
        wide, at = bool(pieces[piece][0] & 1), 1


def _numbers(kind: int, body: bytes, sheet: SheetExtras, book: _Book) -> None:
    row, column = struct.unpack_from("<HH", body)
    styles = (
        [struct.unpack_from("<H", body, at)[0] for at in range(4, len(body) - 2, 6)]
        if kind == _MULRK
        else [struct.unpack_from("<H", body, 4)[0]]
    )
    for offset, style in enumerate(styles):
        if style in book.telling:
            sheet.formats.setdefault(row + 1, {})[column + offset] = book.telling[style]
