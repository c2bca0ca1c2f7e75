"""A calendar or address card (iCalendar, vCard) in, its lines of text out; pictures and files in it as children."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluicegate.document import ProblemKind
from sluicegate.extract.charset import decode
from sluicegate.extract.formats.text import text_passages
from sluicegate.extract.frame import Child, Context, Find, Source
from sluicegate.extract.mime.finds import html_finds
from sluicegate.extract.mime.transfer import decode_base64, decode_quoted

MEDIA_TYPES = ("text/calendar", "text/vcard", "text/x-vcard", "text/x-vcalendar")

_FOLD = re.compile(rb"\r?\n[ \t]")
_QUOTED_FOLD = re.compile(rb"=\r?\n")
_LINE = re.compile(rb"^([A-Za-z0-9.-]{1,80})((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)$", re.S)
_DATA_URL = re.compile(rb"^data:([\w.+/-]*)[^,]{0,200};base64,", re.I)
_CHARSET = re.compile(rb"CHARSET=\"?([\w-]+)", re.I)
_NAME = re.compile(rb"(?:FILENAME|X-FILENAME|X-APPLE-FILENAME)=\"?([^\";:]+)", re.I)
_SAID = re.compile(rb"(?:CN|ALTREP|LABEL)=\"?([^\";:]+)")
_ESCAPE = re.compile(r"\\([nN\\;,])")
_MARKS = frozenset(
    b"BEGIN END VERSION PRODID UID DTSTAMP DTSTART DTEND CREATED LAST-MODIFIED SEQUENCE REV RRULE TRANSP STATUS CLASS "
    b"METHOD CALSCALE TZID TZOFFSETFROM TZOFFSETTO TRIGGER PRIORITY DURATION".split()
)
"""Properties whose values are dates, numbers and codes; a long value is read all the same."""


def read(source: Source, context: Context) -> Iterator[Find]:
    """One line of text per property (RFC 5545, RFC 6350), "NAME: value", escapes undone."""
    texts: list[str] = []
    pages: list[str] = []
    for number, line in enumerate(_lines(source.data), 1):
        match = _LINE.match(line)
        if match is None:
            texts.append(decode(line))
            continue
        name, parameters, value = match[1].rpartition(b".")[2].upper(), match[2], match[3]
        packed = _packed(parameters, value)
        if packed is not None:
            yield Child(_file_name(name, parameters, number), packed)
            continue
        text = _text(parameters, value)
        if b"HTML" in name or b"text/html" in parameters.lower():
            pages.append(text)
        elif name not in _MARKS or len(text) > 80:
            texts.append(f"{match[1].decode('ascii')}: {text}")
    joined = "\n".join(texts)
    if not joined.strip() and not pages:
        yield context.problem(ProblemKind.NO_TEXT, "no property with text")
    yield from text_passages(joined, context)
    for page in pages:
        yield from html_finds(page, context, channel="description as HTML")


def _lines(data: bytes) -> list[bytes]:
    """Logical lines: folds undone, also the soft breaks of vCard 2.1's quoted-printable."""
    if b"QUOTED-PRINTABLE" in data.upper():
        data = _QUOTED_FOLD.sub(b"=0D=0A=\n ", data) if b"=0D=0A=\n" in data else _QUOTED_FOLD.sub(b"", data)
    return [line for line in _FOLD.sub(b"", data).splitlines() if line.strip()]


def _packed(parameters: bytes, value: bytes) -> bytes | None:
    """The bytes of a property that holds a file."""
    url = _DATA_URL.match(value)
    if url:
        return decode_base64(value[url.end() :]).data
    upper = parameters.upper()
    if b"ENCODING=B" in upper or b";BASE64" in upper:
        return decode_base64(value).data
    return None


def _file_name(name: bytes, parameters: bytes, number: int) -> str:
    given = _NAME.search(parameters)
    return decode(given[1]) if given else f"{name.decode('ascii').lower()} {number}"


def _text(parameters: bytes, value: bytes) -> str:
    if b"QUOTED-PRINTABLE" in parameters.upper():
        value = decode_quoted(value)
    charset = _CHARSET.search(parameters)
    text = decode(value, declared=charset[1].decode("ascii") if charset else None)
    plain = _ESCAPE.sub(lambda escape: "\n" if escape[1] in "nN" else escape[1], text)
    return " ".join([plain, *(decode(part) for part in _SAID.findall(parameters))])
