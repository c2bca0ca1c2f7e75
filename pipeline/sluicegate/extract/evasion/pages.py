"""A paragraph in, files of fixed pages and of diagrams that carry it out: XPS, OFD, draw.io, and what lies beside."""

# ruff: noqa: E501  # the markup of a sample reads best on one line

from __future__ import annotations

import base64
import plistlib
import struct
import zlib
from collections.abc import Iterator
from urllib.parse import quote

from sluicegate.extract.evasion import Channel
from sluicegate.extract.evasion._build import attribute, text, zipped

_STEP, _LINE = 2.0, 60


def channels() -> Iterator[Channel]:
    """Pages that print lines, words or single characters; labels of diagrams, packed and plain."""
    yield Channel("xps", "lines", lambda p: _xps(_glyphs(_lines(p))))
    yield Channel("xps", "words", lambda p: _xps(_glyphs(p.split(" "), together=True)))
    yield Channel("xps", "characters", lambda p: _xps(_glyphs(list(p), together=True)))
    yield Channel("xps", "page in pieces", lambda p: _xps(_glyphs(_lines(p)), pieces=True))
    yield Channel("xps", "alternative text", lambda p: _xps(f"<Path AutomationProperties.HelpText={attribute(p)}/>"))
    yield Channel("ofd", "lines", lambda p: _ofd(_codes(_lines(p))))
    yield Channel("ofd", "characters", lambda p: _ofd(_codes(list(p), together=True)))
    yield Channel("ofd", "template", lambda p: _ofd("", {"Doc_0/Tpls/Tpl_0/Content.xml": _page(_codes(_lines(p)))}))
    yield Channel(
        "ofd", "annotation", lambda p: _ofd("", {"Doc_0/Annots/Page_0/Annotation.xml": _page(_codes(_lines(p)))})
    )
    yield Channel("ofd", "attachment", lambda p: _ofd("", {"Doc_0/Attachs/note.txt": p.encode()}))
    yield Channel("drawio", "label", lambda p: _diagram(_graph(p)))
    yield Channel("drawio", "packed diagram", lambda p: _diagram(_packed(_graph(p))))
    yield Channel(
        "epub",
        "chapter",
        lambda p: zipped(
            {
                "mimetype": b"application/epub+zip",
                "c.xhtml": f"<html><body><p>{text(p)}</p></body></html>",
                "f.ttf": b"\0\1\0\0\0" + bytes(40),
            }
        ),
    )
    yield Channel("vsdx", "shape", _visio)
    yield Channel("plist", "binary", lambda p: plistlib.dumps({"note": {"said": [p]}}, fmt=plistlib.FMT_BINARY))
    yield Channel("plist", "data", lambda p: plistlib.dumps({"file": p.encode()}, fmt=plistlib.FMT_BINARY))
    yield Channel(
        "lnk",
        "description",
        _shortcut,
    )
    yield Channel("dwg", "anything", lambda p: b"AC1032" + bytes(64) + p.encode("utf-16-le"), only_reported=True)


def _shortcut(paragraph: str) -> bytes:
    head = b"L\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0\0\0\0F" + struct.pack("<I", 0x84) + bytes(52)
    return head + struct.pack("<H", len(paragraph.encode("utf-16-le")) // 2) + paragraph.encode("utf-16-le")


def _lines(paragraph: str) -> list[str]:
    return [paragraph[start : start + _LINE] for start in range(0, len(paragraph), _LINE)]


def _places(pieces: list[str], *, together: bool) -> Iterator[tuple[float, float, str]]:
    """(x, y, text): each on its own line, or one after another with a blank between."""
    x = 0.0
    for number, piece in enumerate(pieces):
        yield (x, 0.0, piece) if together else (0.0, 12.0 * number, piece)
        x += _STEP * (len(piece) + 1)


def _glyphs(pieces: list[str], *, together: bool = False) -> str:
    return "".join(
        f"<Glyphs FontRenderingEmSize='4' OriginX='{x}' OriginY='{y}' UnicodeString={attribute(piece)}/>"
        for x, y, piece in _places(pieces, together=together)
    )


def _xps(inside: str, *, pieces: bool = False) -> bytes:
    page = f'<FixedPage xmlns="http://schemas.microsoft.com/xps/2005/06">{inside}</FixedPage>'.encode()
    name = "Documents/1/Pages/1.fpage"
    parts = {f"{name}/[0].piece": page[:90], f"{name}/[1].last.piece": page[90:]} if pieces else {name: page}
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "FixedDocSeq.fdseq": "<FixedDocumentSequence/>",
            "f.odttf": bytes(99),
            **parts,
        }
    )


def _codes(pieces: list[str], *, together: bool = False) -> str:
    return "".join(
        f'<ofd:TextObject Boundary="10 {y} 90 5" Size="4"><ofd:TextCode X="{x}" Y="4">{text(piece)}</ofd:TextCode></ofd:TextObject>'
        for x, y, piece in _places(pieces, together=together)
    )


def _page(inside: str) -> str:
    return f'<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>{inside}</ofd:Layer></ofd:Content></ofd:Page>'


def _ofd(inside: str, parts: dict[str, str | bytes] | None = None) -> bytes:
    first = _page(
        inside
        or '<ofd:TextObject Boundary="1 1 90 5"><ofd:TextCode X="0" Y="4">An ordinary page.</ofd:TextCode></ofd:TextObject>'
    )
    seal = b"\x30\x82" + bytes(range(256))
    members: dict[str, str | bytes] = {
        "OFD.xml": "<OFD/>",
        "Doc_0/Pages/Page_0/Content.xml": first,
        "Doc_0/Signs/Sign_0/SignedValue.dat": seal,
    }
    return zipped({**members, **(parts or {})})


def _graph(paragraph: str) -> str:
    return f"<mxGraphModel><root><mxCell id='2' value={attribute(f'<b>{text(paragraph)}</b>')} style='rounded=0;html=1;'/></root></mxGraphModel>"


def _packed(graph: str) -> str:
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return base64.b64encode(engine.compress(quote(graph).encode()) + engine.flush()).decode()


def _diagram(graph: str) -> bytes:
    return f'<mxfile host="app"><diagram id="x" name="Page-1">{graph}</diagram></mxfile>'.encode()


def _visio(paragraph: str) -> bytes:
    shape = f"<PageContents><Shapes><Shape ID='1'><Cell N='PinX' V='4.2'/><Text><cp IX='0'/>{text(paragraph)}</Text></Shape></Shapes></PageContents>"
    return zipped(
        {"[Content_Types].xml": "<Types/>", "visio/document.xml": "<VisioDocument/>", "visio/pages/page1.xml": shape}
    )
