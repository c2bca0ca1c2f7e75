"""A paragraph in, PDF files with it in every place that a PDF has out."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from sluicegate.extract.evasion import Channel
from sluicegate.extract.evasion._pdf import PdfFile, encrypted, shown, text_string, updated
from sluicegate.extract.evasion._pictures import painted, picture_file, rectangles
from sluicegate.settings import Extraction, Settings

_COVER = "Covering note for the enclosed documents."
_PASSWORD = "open sesame"  # noqa: S105 - of a sample


def channels() -> Iterator[Channel]:
    """All of PDF's."""
    for name, make in _MAKERS.items():
        yield Channel("pdf", name, make)
    known = Settings(extraction=Extraction(passwords=("wrong", _PASSWORD), ocr="off"))
    yield Channel("pdf", "page behind a password from the settings", _locked, settings=known)
    unread = Settings(extraction=Extraction(ocr="off"))
    for name, make in _UNREADABLE.items():
        yield Channel("pdf", name, make, settings=unread, only_reported=True)


def _page(text: str) -> bytes:
    return PdfFile(shown(text)).build()


def _second_page(text: str) -> bytes:
    return PdfFile(shown(_COVER), shown(text)).build()


def _styled(text: str, before: str) -> bytes:
    return PdfFile(shown(_COVER) + b"\n" + shown(text, y=600, before=before)).build()


def _placed(text: str, x: float, y: float, matrix: str = "") -> bytes:
    return PdfFile(shown(_COVER) + b"\n" + shown(text, x=x, y=y, matrix=matrix)).build()


def _without_glyphs(text: str) -> bytes:
    """Every character by itself in a font that has no shape for it: nothing to see, all of it to copy."""
    places = ((50 + 12 * (n % 40), 780 - 16 * (n // 40), char) for n, char in enumerate(text))
    shows = (f"BT /F 12 Tf 1 0 0 1 {x} {y} Tm <{char.encode('utf-16-be').hex()}> Tj ET" for x, y, char in places)
    return PdfFile("\n".join(shows).encode()).build()


def _form_object(text: str) -> bytes:
    file = PdfFile(b"/X Do")
    form = file.stream(
        shown(text), b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 4 0 R>>>>", packed=True
    )
    file.resources = b"/XObject<</X %d 0 R>>" % form
    return file.build()


def _layer(text: str) -> bytes:
    """Optional content that is switched off (ISO 32000-1, 8.11)."""
    file = PdfFile(shown(_COVER) + b"\n/OC /L BDC " + shown(text, y=500) + b" EMC")
    group = file.add(b"<</Type/OCG/Name(Draft)>>")
    file.resources = b"/Properties<</L %d 0 R>>" % group
    file.catalog = b"/OCProperties<</OCGs[%d 0 R]/D<</OFF[%d 0 R]>>>>" % (group, group)
    return file.build()


def _annotation(entries: bytes) -> bytes:
    file = PdfFile(shown(_COVER))
    note = file.add(b"<</Type/Annot/Rect[50 50 300 100]" + entries + b">>")
    file.page = b"/Annots[%d 0 R]" % note
    return file.build()


def _stamp(text: str) -> bytes:
    """An annotation that states nothing and draws the words."""
    file = PdfFile(shown(_COVER))
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 500 100]/Resources<</Font<</F 4 0 R>>>>"
    look = file.stream(shown(text, x=5, y=80), entries)
    stamp = file.add(b"<</Type/Annot/Subtype/Stamp/F 4/Rect[50 50 550 150]/AP<</N %d 0 R>>>>" % look)
    file.page = b"/Annots[%d 0 R]" % stamp
    return file.build()


def _field(text: str, kind: bytes) -> bytes:
    file = PdfFile(shown(_COVER))
    field = file.add(b"<</Type/Annot/Subtype/Widget/Rect[50 50 300 100]/T(remarks)" + kind % text_string(text) + b">>")
    file.page = b"/Annots[%d 0 R]" % field
    file.catalog = b"/AcroForm<</Fields[%d 0 R]>>" % field
    return file.build()


def _embedded(text: str) -> bytes:
    file = PdfFile(shown(_COVER))
    content = file.stream(text.encode(), b"/Type/EmbeddedFile", packed=True)
    named = file.add(b"<</Type/Filespec/F(notes.txt)/UF(notes.txt)/EF<</F %d 0 R>>>>" % content)
    file.catalog = b"/Names<</EmbeddedFiles<</Names[(notes.txt) %d 0 R]>>>>" % named
    return file.build()


def _attached(text: str) -> bytes:
    file = PdfFile(shown(_COVER))
    content = file.stream(text.encode(), b"/Type/EmbeddedFile", packed=True)
    pin = file.add(
        b"<</Type/Annot/Subtype/FileAttachment/Rect[9 9 20 20]/FS<</Type/Filespec/F(n.txt)/EF<</F %d 0 R>>>>>>"
        % content
    )
    file.page = b"/Annots[%d 0 R]" % pin
    return file.build()


def _orphan(text: str) -> bytes:
    file = PdfFile(shown(_COVER))
    file.stream(text.encode(), b"/Type/EmbeddedFile", packed=True)
    return file.build()


def _outline(text: str) -> bytes:
    file = PdfFile(shown(_COVER))
    first = file.add(b"<</Title %s>>" % text_string(text))
    root = file.add(b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count 1>>" % (first, first))
    file.catalog = b"/Outlines %d 0 R" % root
    return file.build()


def _information(text: str) -> bytes:
    file = PdfFile(shown(_COVER))
    file.info = file.add(b"<</Keywords %s>>" % text_string(text))
    return file.build()


def _xmp(text: str) -> bytes:
    file = PdfFile(shown(_COVER))
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><description>{text}</description></x:xmpmeta>'.encode()
    file.catalog = b"/Metadata %d 0 R" % file.stream(packet, b"/Type/Metadata/Subtype/XML")
    return file.build()


def _script(text: str) -> bytes:
    file = PdfFile(shown(_COVER))
    action = file.add(b"<</S/JavaScript/JS %s>>" % text_string(f"// {text}"))
    file.catalog = b"/Names<</JavaScript<</Names[(a) %d 0 R]>>>>" % action
    return file.build()


def _xfa(text: str) -> bytes:
    file = PdfFile(shown(_COVER))
    packet = file.stream(f"<datasets><remarks>{text}</remarks></datasets>".encode(), packed=True)
    file.catalog = b"/AcroForm<</Fields[]/XFA[(datasets) %d 0 R]>>" % packet
    return file.build()


def _alternative(text: str) -> bytes:
    """Alternative text of a figure, its object packed into an object stream as most programs do."""
    file = PdfFile(shown(_COVER))
    inner = b"<</Type/StructElem/S/Figure/Alt%s>>" % text_string(text)
    head = b"90 0 "
    file.stream(zlib.compress(head + inner), b"/Type/ObjStm/N 1/First 5/Filter/FlateDecode")
    file.catalog = b"/MarkInfo<</Marked true>>"
    return file.build()


def _earlier(text: str) -> bytes:
    """The page as it was before it was saved over."""
    data = PdfFile(shown(text)).build()
    cover = shown(_COVER)
    return updated(data, 8, b"<</Length %d>>stream\n%s\nendstream" % (len(cover), cover))


def _appended(text: str) -> bytes:
    import io
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.txt", text)
    return PdfFile(shown(_COVER)).build() + stream.getvalue()


def _locked(text: str) -> bytes:
    return encrypted(shown(text), _PASSWORD)


def _scan(text: str) -> bytes:
    image = painted(text * 2)
    file = PdfFile(b"q 500 0 0 %d 40 300 cm /S Do Q" % (500 * image.height // image.width))
    entries = b"/Type/XObject/Subtype/Image/ColorSpace/DeviceGray/BitsPerComponent 8/Width %d/Height %d"
    scan = file.stream(image.tobytes(), entries % image.size, packed=True)
    file.resources = b"/XObject<</S %d 0 R>>" % scan
    return file.build()


def _scan_beside(text: str) -> bytes:
    jpeg = picture_file(text * 2, "JPEG")
    image = painted(text * 2)
    file = PdfFile(shown(_COVER) + b"\nq 500 0 0 300 40 300 cm /S Do Q")
    entries = b"/Type/XObject/Subtype/Image/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Width %d/Height %d"
    file.resources = b"/XObject<</S %d 0 R>>" % file.stream(jpeg, entries % image.size)
    return file.build()


def _shapes(text: str) -> bytes:
    return PdfFile(rectangles(text * 2)).build()


def _unmapped(text: str) -> bytes:
    """Characters whose codes say nothing: the font's map sends them to the private use area."""
    codes = "".join(chr(0xE100 + ord(char) % 0x300) for char in text)
    return PdfFile(shown(codes)).build()


_MAKERS = {
    "page": _page,
    "second page": _second_page,
    "white text": lambda text: _styled(text, "1 g"),
    "invisible text": lambda text: _styled(text, "3 Tr"),
    "text outside the page": lambda text: _placed(text, 700, 2000),
    "rotated text": lambda text: _placed(text, 300, 100, "0 1 -1 0"),
    "characters without glyphs": _without_glyphs,
    "form XObject": _form_object,
    "layer switched off": _layer,
    "comment": lambda text: _annotation(b"/Subtype/Text/Contents" + text_string(text)),
    "hidden comment": lambda text: _annotation(b"/Subtype/Text/F 2/Contents" + text_string(text)),
    "link target": lambda text: _annotation(
        b"/Subtype/Link/A<</S/URI/URI(http://e.example/?q=%s)>>" % "".join(f"%{b:02X}" for b in text.encode()).encode()
    ),
    "stamp": _stamp,
    "form field": lambda text: _field(text, b"/FT/Tx/V%s"),
    "form field's tooltip": lambda text: _field(text, b"/FT/Tx/TU%s"),
    "choice": lambda text: _field(text, b"/FT/Ch/Opt[%s]"),
    "embedded file": _embedded,
    "file attached to a page": _attached,
    "embedded stream without a name": _orphan,
    "outline": _outline,
    "document information": _information,
    "XMP": _xmp,
    "script": _script,
    "XFA data": _xfa,
    "alternative text": _alternative,
    "earlier version": _earlier,
    "appended ZIP": _appended,
}
_UNREADABLE = {
    "scanned page": _scan,
    "scan beside text": _scan_beside,
    "letters drawn as shapes": _shapes,
    "private-use characters": _unmapped,
    "page behind an unknown password": _locked,
}
