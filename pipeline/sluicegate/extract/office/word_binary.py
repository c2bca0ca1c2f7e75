"""The streams of a Word 97–2003 file in, its text with the format of every stretch out ([MS-DOC]).

The file information block leads to the piece table, which maps character positions to text; two more tables lead
to pages of 512 bytes with the exceptions of characters (hidden, deleted, raised) and paragraphs (end of a row).
"""

from __future__ import annotations

import bisect
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from sluicegate.document import ProblemKind
from sluicegate.extract.frame import Unreadable

HIDDEN, INSERTED, DELETED, RAISED, ROW_END, IN_TABLE = 1, 2, 4, 8, 16, 32
STORIES = ("text", "footnotes", "headers", "macros", "comments", "endnotes", "text boxes", "header text boxes")
_CHARACTER = {0x0800: DELETED, 0x0801: INSERTED, 0x083C: HIDDEN}
_PARAGRAPH = {0x2416: IN_TABLE, 0x2417: ROW_END}
_ISS = 0x2A48
_CODEPAGES = {0x0804: "gb18030", 0x0404: "big5", 0x0411: "cp932", 0x0412: "cp949", 0x0419: "cp1251", 0x0408: "cp1253"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text with one format. `marks` are the bits above."""

    text: str = field(repr=False)
    marks: int = 0


@dataclass(frozen=True, slots=True)
class WordText:
    """The stretches of each story that has text, by its name in `STORIES`."""

    stories: tuple[tuple[str, tuple[Stretch, ...]], ...] = field(repr=False)


@dataclass(slots=True)
class _Runs:
    """Formats by file position: `starts[i]` to `ends[i]` has `marks[i]`."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)

    def sort(self) -> None:
        order = sorted(range(len(self.starts)), key=self.starts.__getitem__)
        self.starts, self.ends, self.marks = (
            [values[i] for i in order] for values in (self.starts, self.ends, self.marks)
        )

    def cuts(self, start: int, end: int) -> Iterator[int]:
        for values in (self.starts, self.ends):
            low, high = bisect.bisect_right(values, start), bisect.bisect_left(values, end)
            yield from values[low:high]

    def at(self, position: int) -> int:
        index = bisect.bisect_right(self.starts, position) - 1
        return self.marks[index] if index >= 0 and position < self.ends[index] else 0


def read_word(document: bytes, tables: dict[str, bytes]) -> WordText:
    """The text of a file's `WordDocument` stream; `tables` holds `0Table` and `1Table`.

    Raises `Unreadable`: encrypted, damaged, or unsupported for Word 2.
    """
    if len(document) < 68:
        raise Unreadable(ProblemKind.DAMAGED, "the document stream is too short")
    magic, version = struct.unpack_from("<HH", document)
    (flags,) = struct.unpack_from("<H", document, 10)
    if flags & 0x0100:
        raise Unreadable(ProblemKind.ENCRYPTED, "needs a password that is not in the settings")
    try:
        if magic != 0xA5EC or version < 0x00C0:
            return _old(document, flags, magic)
        return _new(document, tables["1Table" if flags & 0x0200 else "0Table"])
    except (struct.error, IndexError, KeyError, ValueError):
        raise Unreadable(ProblemKind.DAMAGED, "the piece table is damaged") from None


def _old(document: bytes, flags: int, magic: int) -> WordText:
    """Word 6 and 95: one stretch of 8-bit text; of files saved in haste the pieces, if their table is there."""
    if magic not in (0xA5DC, 0xA5EC, 0xA59B, 0xA5DB):
        raise Unreadable(ProblemKind.UNSUPPORTED, "older than Word 6")
    (language,) = struct.unpack_from("<H", document, 6)
    start, end = struct.unpack_from("<II", document, 0x18)
    codec = _CODEPAGES.get(language, "cp1252")
    if flags & 0x0004:
        place, length = struct.unpack_from("<II", document, 0x160)
        pieces = list(_pieces(document[place : place + length]))
        raw = b"".join(document[at : at + count] for _, count, at, _ in pieces)
    else:
        raw = document[start:end]
    if codec == "cp1252" and language == 0x0409 and any(byte > 0x80 for byte in raw[:100_000]):
        from sluicegate.extract.charset import decode

        return WordText((("text", (Stretch(decode(raw)),)),))
    return WordText((("text", (Stretch(raw.decode(codec, "replace")),)),))


def _new(document: bytes, table: bytes) -> WordText:
    words = 34 + 2 * struct.unpack_from("<H", document, 32)[0]
    (longs_count,) = struct.unpack_from("<H", document, words)
    longs = struct.unpack_from(f"<{longs_count}I", document, words + 2)
    pairs = words + 2 + 4 * longs_count + 2

    def located(number: int) -> bytes:
        place, length = struct.unpack_from("<II", document, pairs + 8 * number)
        return table[place : place + length]

    characters = _formats(document, located(12), paragraphs=False)
    paragraphs = _formats(document, located(13), paragraphs=True)
    pieces = list(_pieces(located(33)))
    counts = [longs[i] if i < len(longs) else 0 for i in (3, 4, 5, 6, 7, 8, 9, 10)]
    stories: list[tuple[str, tuple[Stretch, ...]]] = []
    position = 0
    for name, count in zip(STORIES, counts, strict=True):
        found = tuple(_story(document, pieces, position, position + count, characters, paragraphs)) if count else ()
        if found:
            stories.append((name, found))
        position += count
    return WordText(tuple(stories))


def _pieces(clx: bytes) -> Iterator[tuple[int, int, int, bool]]:
    """(character position, count, file position, whether 8-bit) of each piece (2.8.35)."""
    at = 0
    while clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:
        raise ValueError("no piece table")
    (length,) = struct.unpack_from("<I", clx, at + 1)
    plc = clx[at + 5 : at + 5 + length]
    count = (length - 4) // 12
    positions = struct.unpack_from(f"<{count + 1}I", plc)
    for index in range(count):
        (place,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * index + 2)
        narrow = bool(place & 0x40000000)
        place &= 0x3FFFFFFF
        yield positions[index], positions[index + 1] - positions[index], place // 2 if narrow else place, narrow


def _story(
    document: bytes,
    pieces: list[tuple[int, int, int, bool]],
    start: int,
    end: int,
    characters: _Runs,
    paragraphs: _Runs,
) -> Iterator[Stretch]:
    for position, count, place, narrow in pieces:
        low, high = max(start, position), min(end, position + count)
        if low >= high:
            continue
        width = 1 if narrow else 2
        first, last = place + (low - position) * width, place + (high - position) * width
        cuts = {first, last, *characters.cuts(first, last), *paragraphs.cuts(first, last)}
        ordered = sorted(cut for cut in cuts if (cut - first) % width == 0)
        for here, there in pairwise(ordered):
            raw = document[here:there]
            text = raw.decode("cp1252", "replace") if narrow else raw.decode("utf-16-le", "replace")
            yield Stretch(text, characters.at(here) | paragraphs.at(there - width))


def _formats(document: bytes, plc: bytes, *, paragraphs: bool) -> _Runs:
    """The format of each stretch by file position, from the pages that a bin table lists (2.8.5, 2.9.33)."""
    runs = _Runs()
    count = (len(plc) - 4) // 8
    for number in struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count > 0 else ():
        page = document[(number & 0x3FFFFF) * 512 :][:512]
        if len(page) == 512:
            _page(page, runs, paragraphs=paragraphs)
    runs.sort()
    return runs


def _page(page: bytes, runs: _Runs, *, paragraphs: bool) -> None:
    count = page[511]
    width = 13 if paragraphs else 1
    if 4 * (count + 1) + width * count > 511:
        return
    bounds = struct.unpack_from(f"<{count + 1}I", page)
    for index in range(count):
        offset = 2 * page[4 * (count + 1) + width * index]
        if not offset or offset >= 511:
            continue
        if paragraphs:
            size = 2 * page[offset] - 1 if page[offset] else 2 * page[offset + 1]
            offset += 0 if page[offset] else 1
            exceptions = page[offset + 3 : offset + 1 + size]
        else:
            exceptions = page[offset + 1 : offset + 1 + page[offset]]
        marks = _marks(exceptions)
        if marks:
            runs.starts.append(bounds[index])
            runs.ends.append(bounds[index + 1])
            runs.marks.append(marks)


def _marks(exceptions: bytes) -> int:
    """The bits of a list of property modifiers (2.2.5.1); their size stands in the upper three bits of each code."""
    marks = at = 0
    while at + 2 < len(exceptions):
        (code,) = struct.unpack_from("<H", exceptions, at)
        at += 2
        kind = code >> 13
        size = (1, 1, 2, 4, 2, 2, 0, 3)[kind]
        if kind == 6:
            size = (
                exceptions[at] + 1
                if code != 0xD608
                else struct.unpack_from("<H", exceptions.ljust(at + 2, b"\0"), at)[0] + 1
            )
        value = exceptions[at] if at < len(exceptions) else 0
        if code in _CHARACTER and value & 1:
            marks |= _CHARACTER[code]
        elif code in _PARAGRAPH and value:
            marks |= _PARAGRAPH[code]
        elif code == _ISS and value == 1:
            marks |= RAISED
        at += size
    return marks
