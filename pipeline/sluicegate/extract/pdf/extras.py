"""An open PDF in, its words beside the pages out: properties, bookmarks, scripts, form packets, signature reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sluicegate.document import Passage
from sluicegate.extract.frame import Context, Find, Unreadable
from sluicegate.extract.pdf.native import Pdf, filled_bytes, wide_string
from sluicegate.extract.repair import repair

if TYPE_CHECKING:
    from lxml.etree import _Element

_KEYS = ("Title", "Subject", "Keywords", "Author", "Creator", "Producer")
_XMP = re.compile(rb"<x:xmpmeta.{0,200000}?(?:</x:xmpmeta>|endstream)", re.S)
_XMP_TEXT = re.compile(r">([^<>]*[^\W\d_]{2}[^<>]*)<|=\"([^\"<>]*[^\W\d_]{2}[^\"<>]*)\"")
_XMP_NOISE = re.compile(r"^(?:xmp\.\w+:|uuid:|https?://|\d{4}-\d\d-\d\d|application/|adobe:)\S*$")
_SETTINGS = frozenset({"config", "localeSet", "connectionSet", "sourceSet", "xdc", "PDFSecurity"})
_WORDED = re.compile(r"[^\W\d_]{3,}[^\w\\/:.]+[^\W\d_]{3,}|[\u4e00-\u9fff]{3}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_UNSAID = frozenset({"(anonymous)", "(unspecified)", "untitled"})
_BOOKMARKS, _BOOKMARK_DEPTH, _SCRIPTS = 20_000, 40, 1_000


def document_extras(pdf: Pdf, data: bytes, context: Context) -> Iterator[Find]:
    """Everything of the document that is text and stands on no page."""
    yield from _passage(_properties(pdf, data), "document properties", context)
    yield from _passage("\n".join(_bookmarks(pdf)), "outline", context)
    yield from _passage("\n".join(_scripts(pdf)), "scripts", context, flags=frozenset({"hidden"}))
    yield from _passage("\n".join(_packets(pdf, context)), "form data", context)


def _passage(text: str, channel: str, context: Context, flags: frozenset[str] = frozenset()) -> Iterator[Find]:
    if text.strip():
        yield Passage(repair(text), context.place(channel=channel), flags=flags)


def _properties(pdf: Pdf, data: bytes) -> str:
    """Document information (ISO 32000-1, 14.3.3), XMP that says more (14.3.2), reasons given in signatures."""
    import pypdfium2.raw as c

    values = [wide_string(c.FPDF_GetMetaText, pdf.raw, key.encode()) for key in _KEYS]
    for index in range(max(c.FPDF_GetSignatureCount(pdf.raw), 0)):
        signature = c.FPDF_GetSignatureObject(pdf.raw, index)
        values.append(wide_string(c.FPDFSignatureObj_GetReason, signature))
    if b"<x:xmpmeta" in data:
        values.extend(_xmp(data))
    return "\n".join(dict.fromkeys(value for value in map(str.strip, values) if value and value not in _UNSAID))


def _xmp(data: bytes) -> Iterator[str]:
    from html import unescape

    for packet in _XMP.findall(data)[-3:]:
        for element, attribute in _XMP_TEXT.findall(packet.decode("utf-8", "replace")):
            value = unescape(element or attribute).strip()
            if not _XMP_NOISE.match(value):
                yield value


def _bookmarks(pdf: Pdf) -> Iterator[str]:
    """Titles of the outline in reading order; a bookmark met twice (a cycle) ends its branch."""
    import ctypes

    import pypdfium2.raw as c

    first = c.FPDFBookmark_GetFirstChild(pdf.raw, None)
    stack = [(first, 0)] if first else []
    seen: set[int] = set()
    while stack and len(seen) < _BOOKMARKS:
        mark, depth = stack.pop()
        address = ctypes.addressof(mark.contents)
        if address in seen:
            continue
        seen.add(address)
        yield wide_string(c.FPDFBookmark_GetTitle, mark)
        following = c.FPDFBookmark_GetNextSibling(pdf.raw, mark)
        below = c.FPDFBookmark_GetFirstChild(pdf.raw, mark) if depth < _BOOKMARK_DEPTH else None
        stack.extend(item for item in ((following, depth), (below, depth + 1)) if item[0])


def _scripts(pdf: Pdf) -> Iterator[str]:
    import pypdfium2.raw as c

    for index in range(min(c.FPDFDoc_GetJavaScriptActionCount(pdf.raw), _SCRIPTS)):
        action = c.FPDFDoc_GetJavaScriptAction(pdf.raw, index)
        if action:
            yield wide_string(c.FPDFJavaScriptAction_GetName, action)
            yield wide_string(c.FPDFJavaScriptAction_GetScript, action)
            c.FPDFDoc_CloseJavaScriptAction(action)


def _packets(pdf: Pdf, context: Context) -> Iterator[str]:
    """Text of XFA packets (ISO 32000-1, 12.7.8): the template's labels, the data filled in by the names of its fields.

    The other packets are settings of the program that made the form (folders, versions, switches): of these only what
    reads like words.
    """
    import pypdfium2.raw as c

    from sluicegate.extract.xml import local_name, parse_xml

    for index in range(max(c.FPDF_GetXFAPacketCount(pdf.raw), 0)):
        content = filled_bytes(c.FPDF_GetXFAPacketContent, pdf.raw, index, limit=context.limits.part_bytes)
        try:
            root = parse_xml(content or b"", recover=True)
        except Unreadable:  # the preamble and postamble packets are half an element each
            continue
        for packet in root if local_name(root) == "xdp" else (root,):
            yield "\n".join(_packet(packet))


def _packet(packet: _Element) -> Iterator[str]:
    from sluicegate.extract.xml import local_name, texts

    name = local_name(packet)
    if name == "datasets":
        yield from _filled_in(packet)
    else:
        words = (value.strip() for value in texts(packet))
        yield from (value for value in words if value and (name not in _SETTINGS or _WORDED.search(value)))


def _filled_in(root: _Element) -> Iterator[str]:
    """The data of a form: a number with the name of its field, which alone says what it is of."""
    from sluicegate.extract.xml import local_name

    for element in root.iter("*"):
        value = (element.text or "").strip()
        if value:
            name = _CAMEL.sub(" ", local_name(element)).replace("_", " ")
            yield value if _WORDED.search(value) else f"{name}: {value}"
        yield from (tail for child in element if (tail := (child.tail or "").strip()))
