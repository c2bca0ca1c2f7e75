"""A paragraph in, archives, packed files and pictures that carry it out."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator

from sluicegate.extract.evasion import Channel
from sluicegate.extract.evasion._pictures import picture_file
from sluicegate.settings import Extraction, Settings


def channels() -> Iterator[Channel]:
    """ZIP and its tricks, TAR, packed streams, then pictures: as text beside the pixels, and as pixels."""
    for name, make in _ZIPS.items():
        yield Channel("zip", name, make)
    yield Channel("tar", "member", _tar)
    yield Channel("tgz", "member", lambda text: gzip.compress(_tar(text)))
    yield Channel("gz", "stream", lambda text: gzip.compress(text.encode()))
    yield Channel("gz", "second stream", lambda text: gzip.compress(b"note ") + gzip.compress(text.encode()))
    yield Channel("gz", "after the stream", lambda text: gzip.compress(b"note") + text.encode())
    yield Channel("bz2", "stream", lambda text: bz2.compress(text.encode()))
    yield Channel("xz", "stream", lambda text: lzma.compress(text.encode()))
    yield Channel("png", "text chunk", _png_words)
    yield Channel("jpg", "comment", _jpeg_comment)
    yield Channel("png", "appended ZIP", lambda text: _dot("PNG") + _zip(text))
    yield Channel("gif", "appended ZIP", lambda text: _dot("GIF") + _zip(text))
    yield Channel("png", "text behind the pixels", lambda text: _dot("PNG") + text.encode())
    yield Channel("jpg", "text behind the pixels", lambda text: _dot("JPEG") + text.encode())
    yield Channel("emf", "drawn text", _emf)
    yield Channel("svm", "drawn text", _svm)
    yield Channel("appledouble", "data fork", lambda text: _forks((1, text.encode())))
    yield Channel("appledouble", "comment", lambda text: _forks((4, text.encode())))
    yield Channel("appledouble", "resource fork", lambda text: _forks((2, bytes(20) + text.encode())))
    unread = Settings(extraction=Extraction(ocr="off"))
    for kind, ending in (
        ("PNG", "png"),
        ("JPEG", "jpg"),
        ("TIFF", "tif"),
        ("BMP", "bmp"),
        ("GIF", "gif"),
        ("WEBP", "webp"),
    ):
        yield Channel(ending, "pixels", _pixels(kind), settings=unread, only_reported=True)
    yield Channel("zip", "member behind an unknown password", _locked, only_reported=True)


def _zip(text: str, *, method: int = zipfile.ZIP_DEFLATED, name: str = "notes.txt") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("cover.txt", "covering note")
        archive.writestr(name, text)
    return stream.getvalue()


def _nested(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("inner.zip", _zip(text))
    return stream.getvalue()


def _comment(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("cover.txt", "covering note")
        archive.comment = text.encode()
    return stream.getvalue()


def _member_comment(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo("cover.txt")
        info.comment = text.encode()
        archive.writestr(info, "covering note")
    return stream.getvalue()


def _undeclared(text: str) -> bytes:
    """Two archives in a row: the last directory does not name the first one's members."""
    return _zip(text) + _zip("covering note", name="other.txt")


def _without_directory(text: str) -> bytes:
    data = _zip(text)
    return data[: data.find(b"PK\x01\x02")]


def _gbk_name(text: str) -> bytes:
    return _zip(text, name="xxxx.txt").replace(b"xxxx.txt", "电池".encode("gb18030") + b".txt")


def _locked(text: str) -> bytes:
    """The flag of an encrypted member, with bytes that no password opens."""
    data = bytearray(_zip(text))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.rfind(magic)
        struct.pack_into("<H", data, at + offset, 1)
    return bytes(data)


def _tar(text: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo("notes.txt")
        info.size = len(text.encode())
        archive.addfile(info, io.BytesIO(text.encode()))
    return stream.getvalue()


def _dot(kind: str) -> bytes:
    import PIL.Image

    stream = io.BytesIO()
    PIL.Image.new("RGB", (80, 80), "blue").save(stream, kind)
    return stream.getvalue()


def _png_words(text: str) -> bytes:
    import PIL.Image
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_itxt("Description", text)
    stream = io.BytesIO()
    PIL.Image.new("RGB", (80, 80), "blue").save(stream, "PNG", pnginfo=words)
    return stream.getvalue()


def _jpeg_comment(text: str) -> bytes:
    data = _dot("JPEG")
    words = text.encode()
    return data[:2] + b"\xff\xfe" + struct.pack(">H", len(words) + 2) + words + data[2:]


def _emf(text: str) -> bytes:
    """A header record, one EMR_EXTTEXTOUTW and the end record ([MS-EMF] 2.3)."""
    words = text.encode("utf-16-le") + b"\0\0" * (len(text) % 2)
    record = struct.pack("<2L4iL2f", 84, 76 + len(words), 0, 0, 0, 0, 1, 1.0, 1.0)
    record += struct.pack("<2i3L4iL", 10, 10, len(text), 76, 0, 0, 0, 0, 0, 0) + words
    size = 88 + len(record) + 20
    head = struct.pack("<2L8i", 1, 88, 0, 0, 9, 9, 0, 0, 9, 9)
    head += struct.pack("<4sLLL2H3L4i", b" EMF", 0x10000, size, 3, 1, 0, 0, 0, 0, 100, 100, 100, 100)
    return head + record + struct.pack("<5L", 14, 20, 0, 16, 20)


def _svm(text: str) -> bytes:
    """A header, and one action that draws a text in both spellings (LibreOffice, vcl/source/gdi/mtf)."""
    size = struct.pack("<H", len(text))
    words = size + b"?" * len(text) + struct.pack("<HH", 0, len(text)) + size + text.encode("utf-16-le")
    return b"VCLMTF" + struct.pack("<HIL", 1, 4, 0) + struct.pack("<HHI2i", 112, 2, 8 + len(words), 10, 10) + words


def _forks(*forks: tuple[int, bytes]) -> bytes:
    """An AppleDouble file with these entries (RFC 1740)."""
    start = 26 + 12 * len(forks)
    places, contents = b"", b""
    for kind, content in forks:
        places += struct.pack(">LLL", kind, start + len(contents), len(content))
        contents += content
    return struct.pack(">LL16sH", 0x00051607, 0x00020000, b"Mac OS X", len(forks)) + places + contents


def _pixels(kind: str) -> Callable[[str], bytes]:
    return lambda text: picture_file(text * 2, kind)


_ZIPS: dict[str, Callable[[str], bytes]] = {
    "member": _zip,
    "stored member": lambda text: _zip(text, method=zipfile.ZIP_STORED),
    "bzip2 member": lambda text: _zip(text, method=zipfile.ZIP_BZIP2),
    "lzma member": lambda text: _zip(text, method=zipfile.ZIP_LZMA),
    "nested archive": _nested,
    "member with a GBK name": _gbk_name,
    "member with a hostile name": lambda text: _zip(text, name="../../../notes.txt"),
    "archive comment": _comment,
    "member's comment": _member_comment,
    "member that the directory does not name": _undeclared,
    "archive without a directory": _without_directory,
    "before the first member": lambda text: text.encode() + b"\n" + _zip("covering note"),
    "after the directory": lambda text: _zip("covering note") + text.encode(),
}
