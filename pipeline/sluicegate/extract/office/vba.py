"""A compound file with macros in, the source text of its modules out; nothing is ever run ([MS-OVBA])."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sluicegate.document import Passage
from sluicegate.extract.frame import Context, Find, Note
from sluicegate.extract.office.foreign import attempt

if TYPE_CHECKING:
    from olefile import OleFileIO

_CODEPAGE, _STREAM, _OFFSET, _VERSION, _END = 0x0003, 0x001A, 0x0031, 0x0009, 0x0010
_LIMIT = 16 * 1024 * 1024


def macro_finds(data: bytes, context: Context) -> Iterator[Find]:
    """The modules of `vbaProject.bin`, given as bytes."""
    import olefile

    opened = attempt(lambda: olefile.OleFileIO(io.BytesIO(data)))
    if opened is None:
        yield Note("macros could not be opened")
        yield from _loose(data, context)
        return
    with opened:
        yield from ole_macros(opened, context)


def ole_macros(opened: OleFileIO, context: Context) -> Iterator[Find]:
    """The modules below every VBA storage of a compound file, each as a passage in the channel "macro NAME"."""
    entries = [entry for entry in opened.listdir() if len(entry) >= 2 and entry[-2].upper() == "VBA"]
    if entries:
        yield Note("contains macros; their source was read as text")
    for storage in dict.fromkeys(tuple(entry[:-1]) for entry in entries):
        streams = {entry[-1].lower(): entry for entry in entries if tuple(entry[:-1]) == storage}
        directory = _stream(opened, streams["dir"]) if "dir" in streams else b""
        codepage, modules = _directory(decompress(directory))
        for name, entry in streams.items():
            if name == "dir" or name.startswith(("_vba_project", "__srp_")):
                continue
            raw = _stream(opened, entry)
            source = decompress(raw[modules[name] :]) if name in modules else _found(raw)
            text = _decoded(source, codepage)
            if text.strip():
                yield Passage(text, context.place(channel=f"macro {entry[-1]}"))
    yield from _forms(opened, context)


def _forms(opened: OleFileIO, context: Context) -> Iterator[Find]:
    """Captions and values on user forms: the `o` and `f` streams beside a project."""
    from sluicegate.extract.office.prose import strings_in

    for entry in opened.listdir():
        if entry[-1] in ("o", "f", "x") and len(entry) > 1:
            for text in strings_in(_stream(opened, entry)):
                yield Passage(text, context.place(channel="macro form"))


def _stream(opened: OleFileIO, entry: list[str]) -> bytes:
    return attempt(lambda: bytes(opened.openstream(entry).read())) or b""


def _loose(data: bytes, context: Context) -> Iterator[Find]:
    text = _decoded(_found(data), 1252)
    if text.strip():
        yield Passage(text, context.place(channel="macro"))


def decompress(container: bytes) -> bytes:
    """A CompressedContainer unpacked ([MS-OVBA] 2.4.1); what could be unpacked when it is damaged."""
    out = bytearray()
    position = 1
    if container[:1] != b"\x01":
        return b""
    while position + 2 <= len(container) and len(out) < _LIMIT:
        (header,) = struct.unpack_from("<H", container, position)
        end = min(position + (header & 0x0FFF) + 3, len(container))
        position += 2
        if header & 0x8000:
            _chunk(container, position, end, out)
        else:
            out += container[position : position + 4096]
        position = end
    return bytes(out)


def _chunk(container: bytes, position: int, end: int, out: bytearray) -> None:
    start = len(out)
    while position < end:
        flags = container[position]
        position += 1
        for bit in range(8):
            if position >= end:
                return
            if not flags >> bit & 1:
                out.append(container[position])
                position += 1
                continue
            if position + 2 > end:
                return
            (token,) = struct.unpack_from("<H", container, position)
            position += 2
            bits = max(4, (len(out) - start - 1).bit_length())
            length = (token & (0xFFFF >> bits)) + 3
            back = (token >> (16 - bits)) + 1
            if back > len(out) - start:
                return
            for _ in range(length):
                out.append(out[-back])


def _directory(data: bytes) -> tuple[int, dict[str, int]]:
    """(code page, module stream name in lower case → offset of its source) from the `dir` stream."""
    codepage, name, modules = 1252, "", {}
    position = 0
    while position + 6 <= len(data):
        kind, size = struct.unpack_from("<HI", data, position)
        body = data[position + 6 : position + 6 + size]
        if kind == _VERSION:  # its size field does not count the two bytes of the minor version
            size += 2
        elif kind == _CODEPAGE and len(body) >= 2:
            codepage = int.from_bytes(body[:2], "little")
        elif kind == _STREAM:
            name = _decoded(body, codepage).lower()
        elif kind == _OFFSET and len(body) >= 4:
            modules[name] = int.from_bytes(body[:4], "little")
        elif kind == _END and size == 0 and modules:
            break
        position += 6 + size
    return codepage, modules


def _found(raw: bytes) -> bytes:
    """The source in a module stream whose offset is unknown: it begins with a compressed "Attribute"."""
    marker = raw.find(b"\x00Attribut")
    return decompress(raw[marker - 3 :]) if marker >= 3 else b""


def _decoded(text: bytes, codepage: int) -> str:
    from sluicegate.extract.charset import decode

    return decode(text, declared=f"cp{codepage}" if codepage not in (65001, 0) else "utf-8")
