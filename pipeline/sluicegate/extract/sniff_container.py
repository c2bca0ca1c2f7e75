"""A ZIP or OLE file in, the media type of what it carries out: read from member and stream names."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

_OPC_MAIN = (
    (b"wordprocessingml.template.macroenabled", "application/vnd.ms-word.template.macroenabled.12"),
    (b"ms-word.template.macroenabledtemplate", "application/vnd.ms-word.template.macroenabled.12"),
    (b"ms-word.document.macroenabled.main", "application/vnd.ms-word.document.macroenabled.12"),
    (b"wordprocessingml.template.main", "application/vnd.openxmlformats-officedocument.wordprocessingml.template"),
    (b"wordprocessingml.document.main", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"ms-excel.sheet.binary.macroenabled.main", "application/vnd.ms-excel.sheet.binary.macroenabled.12"),
    (b"ms-excel.sheet.macroenabled.main", "application/vnd.ms-excel.sheet.macroenabled.12"),
    (b"ms-excel.template.macroenabled.main", "application/vnd.ms-excel.template.macroenabled.12"),
    (b"ms-excel.addin.macroenabled.main", "application/vnd.ms-excel.addin.macroenabled.12"),
    (b"spreadsheetml.template.main", "application/vnd.openxmlformats-officedocument.spreadsheetml.template"),
    (b"spreadsheetml.sheet.main", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ms-powerpoint.presentation.macroenabled.main", "application/vnd.ms-powerpoint.presentation.macroenabled.12"),
    (b"ms-powerpoint.slideshow.macroenabled.main", "application/vnd.ms-powerpoint.slideshow.macroenabled.12"),
    (b"ms-powerpoint.template.macroenabled.main", "application/vnd.ms-powerpoint.template.macroenabled.12"),
    (b"presentationml.slideshow.main", "application/vnd.openxmlformats-officedocument.presentationml.slideshow"),
    (b"presentationml.template.main", "application/vnd.openxmlformats-officedocument.presentationml.template"),
    (b"presentationml.presentation.main", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
"""Content types of main parts (ECMA-376-1, 11.3, 12.3, 13.3 and [MS-OFFMACRO2]), in lower case."""
_OPC_FOLDERS = (
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_OLE_STREAMS = (
    ("EncryptedPackage", "application/x-encrypted-ole"),
    ("\tDRMContent", "application/x-encrypted-ole"),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("PP97_DUALSTORAGE", "application/vnd.ms-powerpoint"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("   114", "application/vnd.ms-project"),
    ("   112", "application/vnd.ms-project"),
    ("   19", "application/vnd.ms-project"),
    ("VisioDocument", "application/vnd.visio"),
    ("Quill", "application/vnd.ms-publisher"),
    ("HwpSummaryInformation", "application/x-hwp"),
    ("Package", "application/x-ole-storage"),
)
_MIMETYPE = re.compile(rb"^[\w.+/-]{3,120}$")
_KNOWN_MIMETYPE = "application/vnd.oasis.opendocument."


def zip_type(data: bytes) -> str:
    """The media type of a ZIP file by its members: an Office, OpenDocument or e-book file, else `application/zip`."""
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
        names = {info.filename.replace("\\", "/").lower().lstrip("/"): info for info in opened.infolist()}
        if "mimetype" in names:
            stated = _start(opened, names["mimetype"]).strip()
            if _MIMETYPE.match(stated) and stated.startswith(_KNOWN_MIMETYPE.encode()):
                return stated.decode().removesuffix("-template")
        if "ofd.xml" in names:
            return "application/ofd"
        if any(name.endswith((".fpage", ".fpage/[0].piece", ".fdseq")) for name in names):
            return "application/vnd.ms-xpsdocument"
        if "[content_types].xml" in names:
            return _opc_type(_start(opened, names["[content_types].xml"]).lower(), names)
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, EOFError, struct.error, zlib.error):
        pass  # a damaged directory: the archive reader says so
    return "application/zip"


def _start(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with opened.open(info) as stream:
        return stream.read(400_000)


def _opc_type(content_types: bytes, names: dict[str, zipfile.ZipInfo]) -> str:
    for main, media_type in _OPC_MAIN:
        if main in content_types:
            return media_type
    for folder, media_type in _OPC_FOLDERS:
        if any(name.startswith(folder) for name in names):
            return media_type
    return "application/zip"


def ole_type(data: bytes) -> str:
    """The media type of an OLE compound file by its streams, else `application/x-ole-storage`."""
    import olefile  # its import takes 20 ms

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as opened:
            streams = {entry[0] for entry in opened.listdir(streams=True, storages=True) if entry}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, struct.error):
        streams = _names_in(data)
    return next((media_type for name, media_type in _OLE_STREAMS if name in streams), "application/x-ole-storage")


def _names_in(data: bytes) -> set[str]:
    """Known stream names found in the raw directory of a compound file that does not open."""
    return {name for name, _ in _OLE_STREAMS if name.encode("utf-16-le") + b"\x00\x00" in data}
