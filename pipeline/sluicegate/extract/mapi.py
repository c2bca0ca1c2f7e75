"""MAPI properties of a message or attachment in (from .msg or winmail.dat), what a reader yields out ([MS-OXPROPS])."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.charset import decode, guess
from sluicegate.extract.formats.text import text_passages
from sluicegate.extract.frame import Child, Context, Find
from sluicegate.extract.mime.fields import entities
from sluicegate.extract.mime.finds import html_finds
from sluicegate.extract.mime.headers import USUAL, unusual_text
from sluicegate.extract.rtf_html import encapsulated_html

STRING8, UNICODE, BINARY, OBJECT, TIME = 0x1E, 0x1F, 0x102, 0x0D, 0x40
SUBJECT, BODY, HTML, RTF, TRANSPORT, SUBMITTED = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D, 0x0039
ATTACHED_DATA, METHOD, LONG_NAME, SHORT_NAME, DISPLAY_NAME, MIME_TAG = 0x3701, 0x3705, 0x3707, 0x3704, 0x3001, 0x370E
LINK, LONG_LINK = 0x3708, 0x370D
_INTERNET_CODEPAGE, _MESSAGE_CODEPAGE, _SENDER = 0x3FDE, 0x3FFD, (0x0C1A, 0x0C1F, 0x5D01, 0x0042, 0x0065)
_SHOWN = {"To": 0x0E04, "Cc": 0x0E03, "Bcc": 0x0E02, "Subject": SUBJECT}
_WIDE = ("gb18030", "big5hkscs", "cp932", "cp949", "euc_jp")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_DIRECTORY = re.compile(r"[\w.-]{0,40}/o=[^\n]{0,250}/cn=[^\n]{0,100}", re.I)
_HAN = re.compile("[\u3400-\u9fff]")
_CONTENT = frozenset({BODY, HTML, RTF, TRANSPORT, ATTACHED_DATA, *_SHOWN.values(), *_SENDER})
_CODE_PAGES = {
    1200: "utf-16-le", 1201: "utf-16-be", 20127: "ascii", 28591: "latin1", 54936: "gb18030", 65001: "utf-8",
    51932: "euc_jp", 50220: "iso2022_jp", 52936: "hz", 20936: "gbk", 10008: "gbk", 20866: "koi8_r",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Property:
    """One value: `id` and `type` as in [MS-OXPROPS]; `name` when the property is named by a string."""

    id: int
    type: int
    data: bytes = field(repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Properties:
    """All values of one message, recipient or attachment, with the code pages that its 8-bit strings are in."""

    items: Sequence[Property] = field(repr=False)
    code_pages: tuple[str, ...] = ()

    @classmethod
    def of(cls, items: Sequence[Property], *, code_page: int = 0) -> Properties:
        """Find the code pages among the values; `code_page` is one that the container states."""
        stated = [_number(items, _MESSAGE_CODEPAGE), code_page, _number(items, _INTERNET_CODEPAGE)]
        return cls(items, tuple(dict.fromkeys(_codec(page) for page in stated if page)))

    def text(self, *ids: int) -> str:
        """The first string among these properties, in this order; empty when there is none."""
        found = (item for wanted in ids for item in self.items if item.id == wanted and item.type in _STRINGS)
        return next((text for text in map(self.read, found) if text.strip()), "")

    def read(self, item: Property) -> str:
        """A string property's text. 8-bit text that is plainly Chinese, Japanese or Korean is so whatever is stated."""
        if item.type & 0xFFF == UNICODE:
            return item.data.decode("utf-16-le", "replace").rstrip("\0")
        data = item.data.rstrip(b"\0")
        likely = guess(data)
        stated = next(iter(self.code_pages), None)
        return decode(data, declared=likely if likely in _WIDE and stated not in _WIDE else stated)

    def binaries(self, wanted: int) -> list[bytes]:
        """Every binary value of this property."""
        return [item.data for item in self.items if item.id == wanted and item.type == BINARY and item.data]

    def number(self, wanted: int) -> int:
        """A number, 0 when it is not there."""
        return _number(self.items, wanted)


_STRINGS = (STRING8, UNICODE)


def message_finds(properties: Properties, context: Context, *, recipients: Sequence[Properties] = ()) -> Iterator[Find]:
    """Header, bodies as plain text and HTML, and any other property that holds words; see also `rich_text`."""
    head = _head(properties, recipients)
    if head:
        yield Passage(head, context.place(channel="headers"))
    transport = properties.text(TRANSPORT)
    if transport:
        fields = entities(transport.encode("utf-8", "replace"))[0].fields
        unusual = unusual_text(fields, context, but=frozenset(USUAL))
        if unusual:
            yield Passage(unusual, context.place(channel="other headers"))
    yield from text_passages(properties.text(BODY), context)
    yield from _pages(properties, context)
    others = other_text(properties)
    if others:
        yield from text_passages(others, context, channel="message properties")


def attachment_child(properties: Properties, data: bytes, *, number: int, title: str = "") -> Child:
    """An attachment under the longest name it has."""
    name = properties.text(LONG_NAME, SHORT_NAME) or title or properties.text(DISPLAY_NAME) or f"attachment {number}"
    return Child(name, data, properties.text(MIME_TAG) or None, metadata=other_text(properties))


def without_data(properties: Properties, context: Context, *, number: int) -> Find:
    """What to say about an attachment of which only a link, or nothing at all, is there."""
    linked = properties.text(LONG_LINK, LINK) or properties.number(METHOD) in (2, 3, 4, 7)
    if linked:
        return context.problem(ProblemKind.EXTERNAL, "an attachment is only linked", section=f"attachment {number}")
    return context.problem(ProblemKind.MISSING, "an attachment has no content", section=f"attachment {number}")


def other_text(properties: Properties) -> str:
    """Text of the properties that are neither header nor body: at least four words, or Chinese; each once."""
    said = {properties.text(wanted).strip() for wanted in (SUBJECT, BODY)}
    lines: list[str] = []
    for item in properties.items:
        if item.type & 0xFFF not in _STRINGS or item.id in _CONTENT:
            continue
        text = properties.read(item).strip()
        if _DIRECTORY.fullmatch(text) or text in said or text.removeprefix("RE: ").removeprefix("FW: ") in said:
            continue
        if (" " in text and len(_WORDS.findall(text[:10_000])) > 3) or len(_HAN.findall(text[:10_000])) > 1:
            said.add(text)
            lines.append(f"{item.name}: {text}" if item.name else text)
    return "\n".join(lines)


def _head(properties: Properties, recipients: Sequence[Properties]) -> str:
    sender = " ".join(dict.fromkeys(filter(None, (properties.text(wanted) for wanted in _SENDER[:3]))))
    lines = {"From": sender or properties.text(*_SENDER[3:])}
    lines |= {name: properties.text(wanted) for name, wanted in _SHOWN.items()}
    listed = (f"{one.text(0x3001)} <{one.text(0x39FE, 0x3003)}>" for one in recipients)
    lines["Recipients"] = "; ".join(one for one in listed if one != " <>")
    lines["Date"] = _date(properties)
    return "\n".join(f"{name}: {value}" for name, value in lines.items() if value)


def _date(properties: Properties) -> str:
    for item in properties.items:
        if item.id == SUBMITTED and item.type == TIME and len(item.data) >= 8:
            ticks = struct.unpack("<Q", item.data[:8])[0]
            if 0 < ticks < 3 * 10**18:
                moment = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
                return moment.isoformat(sep=" ", timespec="minutes")
    return ""


def _pages(properties: Properties, context: Context) -> Iterator[Find]:
    """Bodies in HTML: binary in the Internet code page, or as a string."""
    page = properties.number(_INTERNET_CODEPAGE)
    for data in properties.binaries(HTML):
        yield from html_finds(decode(data, declared=_codec(page) if page else None), context, section="HTML body")
    text = properties.text(HTML)
    if text:
        yield from html_finds(text, context, section="HTML body")


def rich_text(properties: Properties, context: Context) -> Iterator[Find]:
    """The body in RTF, unpacked ([MS-OXRTFCP]), and the HTML inside if there is any.

    Raises whatever the unpacker raises: to be taken last.
    """
    from compressed_rtf import decompress

    for packed in properties.binaries(RTF):
        data = decompress(packed).rstrip(b"\0")
        html = encapsulated_html(data)
        if html:
            yield from html_finds(html, context, section="RTF body")
        if data.strip():
            yield Child("body.rtf", data, "application/rtf")


def _number(items: Sequence[Property], wanted: int) -> int:
    for item in items:
        if item.id == wanted and item.type in (2, 3) and item.data:
            return int.from_bytes(item.data[: 2 if item.type == 2 else 4], "little")
    return 0


def _codec(page: int) -> str:
    """The charset name of a Windows code page."""
    return _CODE_PAGES.get(page, f"cp{page}")
