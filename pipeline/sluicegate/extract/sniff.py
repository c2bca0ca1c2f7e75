"""A file's bytes and name in, its media type out: by content first, the name and the sender's word only decide ties."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sluicegate.extract.sniff_container import ole_type, zip_type
from sluicegate.extract.sniff_names import disagreement
from sluicegate.extract.sniff_text import text_type

UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Sniffed:
    """The media type found by content; `note` says so when the name promises another one."""

    media_type: str
    note: str = ""


_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\xff\x4f\xff\x51", "image/jp2"),
    (b"\x97JB2\r\n\x1a\n", "image/x-jbig2"),
    (b"\xd7\xcd\xc6\x9a", "image/wmf"),
    (b"\x01\x00\x09\x00\x00\x03", "image/wmf"),
    (b"VCLMTF", "image/x-svm"),
    (b"\x00\x05\x16\x07\x00\x02\x00\x00", "application/applefile"),
    (b"\x00\x05\x16\x00\x00\x02\x00\x00", "application/applefile"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"AT&TFORM", "image/vnd.djvu"),
    (b"%!PS", "application/postscript"),
    (b"\xc5\xd0\xd3\xc6", "application/postscript"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"\x04\x22\x4d\x18", "application/x-lz4"),
    (b"\x1f\x9d", "application/x-compress"),
    (b"LZIP\x01", "application/x-lzip"),
    (b"MSCF\x00\x00\x00\x00", "application/vnd.ms-cab-compressed"),
    (b"!<arch>\n", "application/x-archive"),
    (b"070701", "application/x-cpio"),
    (b"070707", "application/x-cpio"),
    (b"ITSF\x03\x00\x00\x00", "application/vnd.ms-htmlhelp"),
    (b'x\x9f>"', "application/ms-tnef"),
    (b"!BDN", "application/vnd.ms-outlook-pst"),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "application/onenote"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"\x00\x01\x00\x00Standard ", "application/x-msaccess"),
    (b"PAR1", "application/vnd.apache.parquet"),
    (b"\x89HDF\r\n\x1a\n", "application/x-hdf5"),
    (b"AC10", "application/acad"),
    (b"AC1.", "application/acad"),
    (b"bplist0", "application/x-bplist"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (b"ttcf", "font/collection"),
    (b"II\xbc\x01", "image/jxr"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-executable"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"\x1aE\xdf\xa3", "video/x-matroska"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-wmv"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x01\x00\x00\x00", "font/ttf"),
    (b"OTTO\x00", "font/otf"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (b"LM\x00\x00", "application/octet-stream"),
)
_ISO_BRANDS = {
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"avif": "image/avif",
    b"qt  ": "video/quicktime", b"M4A ": "audio/mp4",
}  # fmt: skip
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
_PKCS7 = re.compile(  # a ContentInfo of PKCS #7 or of the S/MIME types compressed and authenticated-enveloped
    rb"^\x30(?:[\x80-\x84].{0,4}?|.)\x06(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x01-\x06]"
    rb"|\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01[\x02\x09\x17])",
    re.S,
)
_ARMOURED = (
    (b"-----BEGIN PKCS7", "application/pkcs7-mime"),
    (b"-----BEGIN CMS", "application/pkcs7-mime"),
    (b"-----BEGIN PGP MESSAGE", "application/pgp-encrypted"),
)


def sniff(data: bytes, *, name: str = "", hint: str | None = None) -> Sniffed:
    """Find the media type of a file.

    `name` is its file name, `hint` the type that its container states; both only decide between kinds of text.
    Never raises; no content, and content that nothing explains, is `application/octet-stream`.
    """
    if not data:
        return Sniffed(UNKNOWN)
    media_type = _binary(data) or text_type(data, name=name, hint=hint)
    if media_type in (None, "text/plain"):
        media_type = _late(data) or media_type or UNKNOWN
    return Sniffed(media_type, disagreement(name, media_type))


def _binary(data: bytes) -> str | None:
    if data.startswith(b"PK") and data[2:4] in (b"\x03\x04", b"\x05\x06", b"\x07\x08"):
        return zip_type(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return ole_type(data)
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
    if data.startswith(b"BZh") and data[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return "application/x-bzip2"
    if data[60:68] in (b"BOOKMOBI", b"TEXtREAd"):
        return "application/x-mobipocket-ebook"
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12])
    if data[4:8] == b"ftyp":
        return _ISO_BRANDS.get(data[8:12], "video/mp4")
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return "image/bmp"
    if data[40:44] == b" EMF" and data.startswith(b"\x01\x00\x00\x00"):
        return "image/emf"
    if _is_tar(data[:512]):
        return "application/x-tar"
    if _PKCS7.match(data[:32]):
        return "application/pkcs7-mime"
    head = data[:64].lstrip()
    return next((media_type for line, media_type in _ARMOURED if head.startswith(line)), None)


def _is_tar(block: bytes) -> bool:
    """By the magic of POSIX tar, or by the header's check sum for the old kind."""
    if len(block) < 512:
        return False
    if block[257:262] == b"ustar":
        return True
    digits = block[148:156].strip(b" \x00")
    if not digits or digits.strip(b"01234567"):
        return False
    return int(digits, 8) == sum(block[:148]) + 8 * 32 + sum(block[156:]) and block[0] != 0


def _late(data: bytes) -> str | None:
    """What may stand behind other bytes: a PDF within the first kilobyte (ISO 32000-1, Annex H.3), a ZIP anywhere."""
    if b"%PDF-" in data[:1024] and (b" obj" in data or b"%%EOF" in data):
        return "application/pdf"
    if b"PK\x05\x06" in data[-65557:] and b"PK\x03\x04" in data:
        return zip_type(data)
    return None
