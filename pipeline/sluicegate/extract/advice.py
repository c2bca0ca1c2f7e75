"""The type and name of a file that no reader of ours opens in, what it is and what to do with it out."""

from __future__ import annotations

from sluicegate.extract.sniff_names import extension_of

_PDF, _CSV, _LOOK = "have it sent as PDF", "have its tables sent as CSV or XLSX", "a person must look at it"
_TYPES = {
    "application/onenote": ("a OneNote section", _PDF),
    "application/vnd.visio": ("a drawing of an old Visio", "have it sent as VSDX or PDF"),
    "application/vnd.ms-publisher": ("a Publisher file", _PDF),
    "application/vnd.ms-project": ("a Microsoft Project plan", "have it sent as PDF or XLSX"),
    "application/x-hwp": ("a Hangul document", "have it sent as HWPX, DOCX or PDF"),
    "application/x-mobipocket-ebook": ("a Kindle book", "have it sent as EPUB or PDF"),
    "application/postscript": ("a PostScript file", _PDF),
    "application/vnd.ms-htmlhelp": ("a compiled help file", _LOOK),
    "application/acad": ("an AutoCAD drawing", "have it sent as PDF or DXF"),
    "application/vnd.sqlite3": ("an SQLite database", _CSV),
    "application/x-msaccess": ("an Access database", _CSV),
    "application/vnd.ms-outlook-pst": ("an Outlook data file", "have its messages sent by themselves"),
    "application/vnd.apache.parquet": ("a Parquet table", _CSV),
    "application/x-hdf5": ("an HDF5 file of measurements", _CSV),
    "application/vnd.microsoft.portable-executable": ("a Windows program", _LOOK),
    "application/x-executable": ("a program", _LOOK),
    "image/vnd.djvu": ("a DjVu scan", _PDF),
    "image/heic": ("a HEIC photograph", "have it sent as JPEG"),
    "image/jxr": ("a JPEG XR picture", "have it sent as JPEG"),
    "image/x-jbig2": ("a JBIG2 picture", "have it sent as TIFF or PDF"),
    "audio": ("sound", "somebody must listen to it"),
    "video": ("a film", "somebody must watch it"),
}
_EXTENSIONS = {
    "caj kdh nh teb": ("a CNKI paper", _PDF),
    "ceb cebx gd sep": ("a Chinese fixed-layout document (CEB, GD, SEP)", "have it sent as OFD or PDF"),
    "iwa pages numbers key": (
        "a file of Apple Pages, Numbers or Keynote",
        "have it sent as PDF or in an Office format",
    ),
    "mpp": _TYPES["application/vnd.ms-project"],
    "azw azw3 mobi kfx prc": _TYPES["application/x-mobipocket-ebook"],
    "wps wdb wks": ("a file of Microsoft Works", _PDF),
    "sldprt sldasm slddrw ipt iam catpart catproduct prt asm par rvt": ("a CAD model", "have it sent as PDF or STEP"),
    "p12 pfx jks kdbx": ("a key store", _LOOK),
    "indd ai cdr": ("a layout file", _PDF),
}
_BY_EXTENSION = {ending: what for endings, what in _EXTENSIONS.items() for ending in endings.split()}


def unsupported(media_type: str, name: str) -> str:
    """One clause for the verdict: "a OneNote section is not read; have it sent as PDF"."""
    known = _TYPES.get(media_type) or _TYPES.get(media_type.partition("/")[0])
    if known is None and media_type in ("application/octet-stream", "application/x-ole-storage"):
        known = _BY_EXTENSION.get(extension_of(name)) or ("a file of an unknown kind", f"{_LOOK}, or {_PDF}")
    what, advice = known or (f"a file of type {media_type}", _LOOK)
    return f"{what} is not read; {advice}"
