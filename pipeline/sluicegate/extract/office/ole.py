"""An OLE compound file in, its streams, embedded files and loose words out ([MS-CFB], [MS-OLEDS])."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.charset import decode
from sluicegate.extract.frame import Child, Context, Find, Note, Unreadable
from sluicegate.extract.office.cfb import write_compound
from sluicegate.extract.office.foreign import attempt
from sluicegate.extract.office.prose import strings_in

if TYPE_CHECKING:
    from olefile import OleFileIO

_CHARACTERS = {
    2: re.compile(rb"[\x02\x12\x22\x32][\x80-\x9f]([\x20-\xff])"),
    3: re.compile(rb"[\x02\x12\x22\x32][\x80-\x9f](..)", re.S),
    4: re.compile(rb"[\x02\x12\x22\x32][\x80-\x9f]([\x20-\xff])"),
    5: re.compile(rb"\x02[\x00-\x7f][\x80-\x9f](..)", re.S),
}
"""CHAR records by version of MTEF: tag with options, typeface, and the character in one byte or two."""
_DOCUMENTS = ("WordDocument", "Workbook", "Book", "PowerPoint Document", "VisioDocument", "__properties_version1.0")
_SILENT = ("\x01CompObj", "\x01Ole", "\x03ObjInfo", "\x03EPRINT", "\x03PRINT", "\x02OlePres000", "\x03LINKINFO", "PIC",
           "META", "\x03META", "\x03ACCESSOBJSITEDATA", "\x01Ole10ItemName")  # fmt: skip
_LARGEST = 6_500_000


@contextmanager
def opened_ole(data: bytes) -> Iterator[OleFileIO]:
    """olefile's view of a compound file; raises `Unreadable` (damaged) when it does not open."""
    import olefile  # 20 ms

    opened = attempt(lambda: olefile.OleFileIO(io.BytesIO(data)))
    if opened is None:
        raise Unreadable(ProblemKind.DAMAGED, "compound file does not open")
    with opened:
        yield opened


def stream(opened: OleFileIO, *path: str) -> bytes:
    """A stream's bytes; empty when it is missing or its chain is broken."""
    name = list(path)
    return attempt(lambda: bytes(opened.openstream(name).read()) if opened.exists(name) else b"") or b""


def embedded_finds(opened: OleFileIO, context: Context, *, below: Iterable[str] = ()) -> Iterator[Find]:
    """Files embedded in storages: packaged files, whole Office documents, and what nobody knows as loose words.

    `below` limits the search to storages whose first name is among these; without it, all but the top level is
    searched.
    """
    roots = set(below)
    storages: dict[tuple[str, ...], list[str]] = {}
    for entry in opened.listdir():
        if len(entry) > 1 and (not roots or entry[0] in roots):
            storages.setdefault(tuple(entry[:-1]), []).append(entry[-1])
    for number, (path, names) in enumerate(storages.items(), 1):
        if not any("VBA" in part.upper() for part in path):
            yield from object_finds(opened, path, names, context, f"embedded object {number}")


def object_finds(
    opened: OleFileIO, path: tuple[str, ...], names: list[str], context: Context, channel: str
) -> Iterator[Find]:
    """What one object's storage holds."""
    known = next((name for name in _DOCUMENTS if name in names), None)
    if known is not None:
        yield from _whole(opened, path, context, channel)
        return
    for name in names:
        data = stream(opened, *path, name)
        if not data or name in _SILENT or name.startswith("\x02OlePres"):
            continue
        if name.lower() == "\x01ole10native" and b"Equation" in stream(opened, *path, "\x01CompObj"):
            yield from _equation(data[4:], context, channel)
        elif name.lower() == "\x01ole10native":
            yield from native_finds(data, context, channel)
        elif name in ("Package", "CONTENTS", "Contents", "EmbeddedOdf", "package_stream"):
            yield Child(f"{channel}", data, None, channel)
        elif name == "Equation Native":
            yield from _equation(data[int.from_bytes(data[:2], "little") :], context, channel)
        elif data.lstrip()[:5] in (b"<?xml", b"\xef\xbb\xbf<?"):
            yield Child(f"{channel}.xml", data, "text/xml", channel)
        elif not name.startswith("\x05"):
            for text in strings_in(data):
                yield Passage(text, context.place(channel=channel))


def _whole(opened: OleFileIO, path: tuple[str, ...], context: Context, channel: str) -> Iterator[Find]:
    """An Office document that lives in a storage, as a file of its own."""
    below = [entry for entry in opened.listdir() if tuple(entry[: len(path)]) == path]
    streams = {tuple(entry[len(path) :]): stream(opened, *entry) for entry in below}
    if sum(map(len, streams.values())) > _LARGEST:
        yield context.problem(ProblemKind.TOO_LARGE, "embedded document is too large to be taken out", channel=channel)
    else:
        yield Child(channel, write_compound(streams), None, channel)


def native_finds(data: bytes, context: Context, channel: str) -> Iterator[Find]:
    """An Ole10Native stream ([MS-OLEDS] 2.3.6): a packaged file with its name, or bare data."""
    if len(data) < 8:
        return
    body = data[4:]
    packaged = packaged_file(body)
    if packaged is None:
        yield Child(channel, body, None, channel)
    else:
        name, content = packaged
        yield Child(name or channel, content, None, channel)


def packaged_file(body: bytes) -> tuple[str, bytes] | None:
    """(file name, content) of an OLE package; None when the bytes are not one."""
    if body[:2] != b"\x02\x00":
        return None
    try:
        position = 2
        label, position = _zero_ended(body, position)
        _, position = _zero_ended(body, position)
        position += 4
        (length,) = struct.unpack_from("<I", body, position)
        position += 4 + length
        (size,) = struct.unpack_from("<I", body, position)
    except (struct.error, ValueError):
        return None
    content = body[position + 4 : position + 4 + size]
    name = _wide_name(body, position + 4 + size) or decode(label)
    return name.replace("\\", "/").rpartition("/")[2], content


def _wide_name(body: bytes, position: int) -> str:
    """The label in UTF-16, third of the three strings that newer packages append."""
    names: list[str] = []
    for _ in range(3):
        if position + 4 > len(body):
            return ""
        (length,) = struct.unpack_from("<I", body, position)
        names.append(body[position + 4 : position + 4 + 2 * length].decode("utf-16-le", "replace").rstrip("\0"))
        position += 4 + 2 * length
    return names[1] if names[1:2] else ""


def _zero_ended(body: bytes, position: int) -> tuple[bytes, int]:
    end = body.index(b"\0", position)
    return body[position:end], end + 1


def _equation(body: bytes, context: Context, channel: str) -> Iterator[Find]:
    """Characters of an Equation Editor or MathType object (MTEF 2 to 5), in reading order."""
    pattern = _CHARACTERS.get(body[0]) if body else None
    codes = [int.from_bytes(match, "little") for match in pattern.findall(body[5:])] if pattern else []
    text = "".join(chr(code) for code in codes if not 0xD800 <= code < 0xF900 and chr(code).isprintable())
    if text.strip():
        yield Passage(text, context.place(channel=f"{channel}, equation"))
    else:
        yield Note("an equation object was found without readable characters", blank=pattern is not None)


def wrapped_object(data: bytes, context: Context, channel: str) -> Iterator[Find]:
    """An OLE 1.0 object ([MS-OLEDS] 2.2.5), as RTF holds it: class name, then the native data."""
    try:
        _, kind = struct.unpack_from("<II", data)
        position = 8
        words: list[bytes] = []
        for _ in range(3):
            (length,) = struct.unpack_from("<I", data, position)
            words.append(data[position + 4 : position + 4 + length].rstrip(b"\0"))
            position += 4 + length
        if kind == 1:  # a link: its topic is the file it shows
            yield Passage(decode(b" ".join(words)), context.place(channel="link targets"))
            yield context.problem(
                ProblemKind.EXTERNAL, "linked object: content is fetched from outside", channel=channel
            )
            return
        (size,) = struct.unpack_from("<I", data, position)
    except struct.error:
        yield Child(channel, data, None, channel)
        return
    body = data[position + 4 : position + 4 + size]
    packaged = packaged_file(body) if words[0] == b"Package" else None
    name, content = packaged if packaged is not None else (channel, body)
    yield Child(name or channel, content, None, channel)
