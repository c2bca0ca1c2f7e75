"""Words in, small PDF files out, built object by object, so that each hiding place can be made by itself."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence

_TO_UNICODE = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def "
    b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange "
    b"endcmap end end"
)
"""Every two-byte code is the UTF-16 code unit of its character."""
WIDTH, HEIGHT = 595, 842
_LINE = 44


class PdfFile:
    """A PDF under construction. Object 1 is the catalogue, 2 the page tree, 3 the page, 4–6 the font, 7 its map."""

    def __init__(self, *contents: bytes) -> None:
        """`contents` are content streams, one for each page; none gives one empty page."""
        self._objects: list[bytes] = []
        self.catalog = b""
        self.page = b""
        self.resources = b""
        self.info: int | None = None
        for _ in range(7):
            self._objects.append(b"")
        self._contents = list(contents or (b"",))

    def add(self, body: bytes) -> int:
        """Add an object; gives its number."""
        self._objects.append(body)
        return len(self._objects)

    def stream(self, data: bytes, entries: bytes = b"", *, packed: bool = False) -> int:
        """Add a stream; gives its number."""
        return self.add(_stream(data, entries, packed=packed))

    def build(self, *, tail: bytes = b"") -> bytes:
        """The file's bytes; `tail` is put into the trailer."""
        self._font()
        pages = [3, *(self.add(b"") for _ in self._contents[1:])]
        for number, content in zip(pages, self._contents, strict=True):
            inner = self.stream(content)
            self._objects[number - 1] = (
                f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Contents {inner} 0 R".encode()
                + b"/Resources<</Font<</F 4 0 R>>" + self.resources + b">>" + self.page + b">>"
            )  # fmt: skip
        kids = " ".join(f"{number} 0 R" for number in pages)
        self._objects[0] = b"<</Type/Catalog/Pages 2 0 R" + self.catalog + b">>"
        self._objects[1] = f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode()
        info = f"/Info {self.info} 0 R".encode() if self.info else b""
        return assembled(self._objects, info + tail)

    def _font(self) -> None:
        self._objects[3] = (
            b"<</Type/Font/Subtype/Type0/BaseFont/Own/Encoding/Identity-H/DescendantFonts[5 0 R]/ToUnicode 7 0 R>>"
        )
        self._objects[4] = (
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/FontDescriptor 6 0 R/DW 600>>"
        )
        self._objects[5] = (
            b"<</Type/FontDescriptor/FontName/Own/Flags 4/FontBBox[0 -200 1000 800]/ItalicAngle 0/Ascent 800"
            b"/Descent -200/CapHeight 700/StemV 80>>"
        )
        self._objects[6] = _stream(_TO_UNICODE, b"", packed=False)


def assembled(objects: Sequence[bytes], tail: bytes = b"") -> bytes:
    """Objects numbered from 1, the cross-reference table and the trailer."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, tail, start)
    return bytes(out)


def updated(data: bytes, number: int, body: bytes) -> bytes:
    """The file with one object replaced by an incremental update (ISO 32000-1, 7.5.6)."""
    previous = int(data[data.rfind(b"startxref") + 9 :].split()[0])
    size = data[data.rfind(b"/Size") + 5 :].split(b"/")[0].decode()
    offset = len(data)
    out = data + b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    entry = b"xref\n%d 1\n%010d 00000 n \n" % (number, offset)
    return out + entry + f"trailer\n<</Size {size}/Root 1 0 R/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n".encode()


def shown(text: str, *, x: float = 50, y: float = 780, before: str = "", matrix: str = "") -> bytes:
    """A content stream that shows the text in lines of at most 44 characters; `before` sets colour or render mode."""
    lines = [text[start : start + _LINE] for start in range(0, len(text), _LINE)]
    place = f"{matrix} {x} {y} Tm" if matrix else f"1 0 0 1 {x} {y} Tm"
    rows = " T* ".join(f"<{line.encode('utf-16-be').hex()}> Tj" for line in lines)
    return f"BT /F 10 Tf 14 TL {before} {place} {rows} ET".encode()


def text_string(text: str) -> bytes:
    """A text string object in UTF-16 (7.9.2.2)."""
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def _stream(data: bytes, entries: bytes, *, packed: bool) -> bytes:
    if packed:
        data, entries = zlib.compress(data), entries + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def encrypted(content: bytes, password: str) -> bytes:
    """A one-page file behind a user password: the standard handler's revision 2, 40-bit RC4 (7.6.3)."""
    user = (password.encode() + _PADDING)[:32]
    owner = _rc4(_md5(user)[:5], user)
    identity = b"0123456789abcdef"
    key = _md5(user + owner + b"\xfc\xff\xff\xff" + identity)[:5]
    sealed = _rc4(_md5(key + (4).to_bytes(3, "little") + b"\0\0")[:10], content)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(sealed), sealed),
        b"<</Type/Font/Subtype/Type0/BaseFont/Own/Encoding/UniGB-UTF16-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/Own/CIDSystemInfo 7 0 R/DW 600>>",
        b"<</Registry<%s>/Ordering<%s>/Supplement 4>>"
        % tuple(_rc4(_md5(key + b"\x07\0\0\0\0")[:10], word).hex().encode() for word in (b"Adobe", b"GB1")),
        b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>" % (owner.hex().encode(), _rc4(key, _PADDING).hex().encode()),
    ]
    return assembled(objects, b"/Encrypt 8 0 R/ID[<%s><%s>]" % ((identity.hex().encode(),) * 2))


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _rc4(key: bytes, data: bytes) -> bytes:
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
