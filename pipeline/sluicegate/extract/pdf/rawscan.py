"""A PDF's raw bytes in, cheap facts and what pdfium has no call for out: embedded streams, earlier versions, markers.

Streams and their dictionaries always stand in the file's own bytes (ISO 32000-1, 7.5.7: no stream lies in an object
stream), so that they can be looked for without a parser.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import pairwise

_EMBEDDED = re.compile(rb"/Type\s*/EmbeddedFile\b")
_NAMED = re.compile(rb"/EF\s*<<([^<>]{0,400})>>")
_REFERENCE = re.compile(rb"(\d{1,7})\s+(\d{1,5})\s+R")
_OBJECTS = re.compile(rb"/Type\s*/ObjStm\b")
_ALTERNATIVE = re.compile(rb"/(?:Alt|ActualText|E|TU)\s*(?:\(|<(?!<))")
_ESCAPE = re.compile(rb"[0-7]{1,3}|\r\n|[\s\S]")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"", b"f": b"", b"(": b"(", b")": b")", b"\\": b"\\"}
_STREAM = re.compile(rb"stream\r?\n")
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+)")
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\s+\d+\s+R)")
_END = re.compile(rb"%%EOF[ \t]*(?:\r\n|\r|\n)?")
_PAGE_CHANGE = re.compile(rb"/Contents\b|/Kids\b|/ObjStm\b|/Type\s*/Page\b")
_OTHER_STREAM = re.compile(rb"/XRef\b|/Metadata\b|/XObject\b|/EmbeddedFile\b|/FontFile")
_LOCKED = (b"/EncryptedPayload", b"MicrosoftIRMServices", b"/FoxitRMS", b"/Adobe.APS")
_VERSIONS = 8
_SPECIFICATIONS = 1000


def is_wrapper(data: bytes) -> bool:
    """Whether the document is only the cover of an encrypted payload (PDF 2.0, 7.6.7) or of a rights service."""
    return any(mark in data for mark in _LOCKED)


def plain_objects(data: bytes, *, limit: int) -> tuple[bytes, ...]:
    """The file's bytes and its object streams unpacked: everywhere that a dictionary can stand."""
    return (data, *_object_streams(data, limit))


def alternative_texts(objects: Iterable[bytes]) -> Iterator[str]:
    """Alternative and expansion texts and field labels, wherever an object states them (ISO 32000-1, 14.9, 12.7.3).

    Not for encrypted files, whose strings are. Walking the structure tree by pdfium's calls takes 8 ms a page.
    """
    for part in objects:
        for match in _ALTERNATIVE.finditer(part):
            yield _string(part, match.end() - 1)


def _object_streams(data: bytes, limit: int) -> Iterator[bytes]:
    for mark in _OBJECTS.finditer(data):
        start = _STREAM.search(data, mark.end(), mark.end() + 1024)
        if start is not None:
            yield _unpacked(data[start.end() : data.find(b"endstream", start.end())], b"/FlateDecode", limit) or b""


def _string(data: bytes, start: int) -> str:
    """The literal or hexadecimal string at `start` (7.3.4), as text (7.9.2.2)."""
    if data[start : start + 1] == b"<":
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", data[start : max(data.find(b">", start, start + 65536), start)])
        return _text(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))
    out = bytearray()
    depth, at = 0, start
    while at < min(len(data), start + 65536):
        char = data[at : at + 1]
        if char == b"\\":
            escape = _ESCAPE.match(data, at + 1)
            out += _ESCAPES.get(escape[0], b"") if escape and not escape[0].isdigit() else b""
            if escape and escape[0].isdigit():
                out.append(int(escape[0], 8) & 255)
            at += 1 + (len(escape[0]) if escape else 0)
            continue
        depth += {b"(": 1, b")": -1}.get(char, 0)
        if depth == 0:
            break
        if at > start:
            out += char
        at += 1
    return _text(bytes(out))


def _text(raw: bytes) -> str:
    if raw.startswith((b"\xfe\xff", b"\xff\xfe")):
        return raw.decode("utf-16", "replace")
    return raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace") if _is_utf8(raw) else raw.decode("latin-1")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def embedded_streams(data: bytes, *, limit: int) -> Iterator[bytes | None]:
    """Every embedded file stream in the file, also those that no directory names; None for one that does not unpack.

    Known by their type, which a stream may leave out, and by the file specifications that lead to them (7.11.4).
    """
    found = dict.fromkeys(mark.end() for mark in _EMBEDDED.finditer(data))
    begun = {max(data.rfind(b"obj", 0, place), 0) for place in found}
    found.update(dict.fromkeys(place for place in _named_streams(data, limit) if place - len(b"obj") not in begun))
    for place in found:
        start = _STREAM.search(data, place, place + 4096)
        begin = max(data.rfind(b"obj", 0, place), 0)
        if start is None:
            continue
        head = data[begin : start.start()]
        length = _LENGTH.search(head)
        end = start.end() + int(length[1]) if length else data.find(b"endstream", start.end())
        packed = data[start.end() : end if end >= 0 else len(data)]
        filters = _FILTER.search(head)
        yield packed if filters is None else _unpacked(packed, filters[1], limit)


def _named_streams(data: bytes, limit: int) -> Iterator[int]:
    """Where the objects begin that file specifications name as their content."""
    if b"/EF" not in data and b"/ObjStm" not in data:
        return
    parts = plain_objects(data, limit=limit)
    named = dict.fromkeys(ref for part in parts for spec in _NAMED.findall(part) for ref in _REFERENCE.findall(spec))
    for number, generation in list(named)[:_SPECIFICATIONS]:
        for head in re.finditer(rb"(?<!\d)%s\s+%s\s+obj" % (number, generation), data):
            yield head.end()


def _unpacked(packed: bytes, filters: bytes, limit: int) -> bytes | None:
    if filters.strip(b"[] \r\n") not in (b"/FlateDecode", b"/Fl"):
        return None
    try:
        engine = zlib.decompressobj()
        content = engine.decompress(packed, limit)
    except zlib.error:
        return None
    return None if engine.unconsumed_tail else content


def earlier_versions(data: bytes) -> Iterator[bytes]:
    """The file before each incremental update that may have changed a page (ISO 32000-1, 7.5.6), newest first.

    The first `%%EOF` of a linearised file ends no version.
    """
    ends = [match.end() for match in _END.finditer(data)]
    if len(ends) < 2:
        return
    if b"/Linearized" in data[:1024]:
        ends = ends[1:]
    for end, following in list(pairwise(ends))[::-1][:_VERSIONS]:
        if _may_change_a_page(data[end:following]):
            yield data[:end]


def _may_change_a_page(update: bytes) -> bool:
    """A page object, or a stream that may be a page's content; signatures and metadata alone change no text."""
    if _PAGE_CHANGE.search(update):
        return True
    heads = (update[max(update.rfind(b"obj", 0, mark.start()), 0) : mark.start()] for mark in _STREAM.finditer(update))
    return any(not _OTHER_STREAM.search(head) for head in heads if not head.endswith(b"end"))
