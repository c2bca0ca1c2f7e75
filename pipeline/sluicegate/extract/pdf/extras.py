"""An open PDF in, its words beside the pages out: properties, bookmarks, scripts, form packets, signature reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluicegate.document import Passage
from sluicegate.extract.frame import Context, Find, Unreadable
from sluicegate.extract.pdf.native import Pdf, filled_bytes, wide_string
from sluicegate.extract.repair import repair

_KEYS = ("Title", "Subject", "Keywords", "Author", "Creator", "Producer")
_XMP = re.compile(rb"<x:xmpmeta.{0,200000}?(?:</x:xmpmeta>|endstream)", re.S)
_XMP_TEXT = re.compile(r">([^<>]*[^\W\d_]{2}[^<>]*)<|=\"([^\"<>]*[^\W\d_]{2}[^\"<>]*)\"")
_XMP_NOISE = re.compile(r"^(?:xmp\.\w+:|uuid:|https?://|\d{4}-\d\d-\d\d|application/|adobe:)\S*$")
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
    """Text of XFA packets (ISO 32000-1, 12.7.8): the template's labels and the data filled in."""
    import pypdfium2.raw as c

    from sluicegate.extract.xml import parse_xml, texts

    for index in range(max(c.FPDF_GetXFAPacketCount(pdf.raw), 0)):
        content = filled_bytes(c.FPDF_GetXFAPacketContent, pdf.raw, index, limit=context.limits.part_bytes)
        try:
            root = parse_xml(content or b"", recover=True)
        except Unreadable:  # the preamble and postamble packets are half an element each
            continue
        yield "\n".join(text.strip() for text in texts(root) if text.strip())
