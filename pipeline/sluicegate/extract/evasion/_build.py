"""Members and markup in, small complete files out: what the samples of this package are made with."""

# ruff: noqa: E501  # the markup of a sample reads best on one line

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

Relation = tuple[str, str, str, bool]
"""(id, last word of the type, target, whether it lies outside)."""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": _OFFICE,
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)


def text(paragraph: str) -> str:
    """Escaped for element content."""
    return escape(paragraph)


def attribute(paragraph: str) -> str:
    """Escaped and quoted for an attribute."""
    return quoteattr(paragraph)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of these members; markup gets an XML declaration."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content if isinstance(content, bytes) else _HEAD + content)
    return out.getvalue()


def package(
    main: str,
    content_type: str,
    parts: Mapping[str, str | bytes],
    relations: Mapping[str, Sequence[Relation]] | None = None,
) -> bytes:
    """An Open Packaging Conventions file: `relations` by the name of the part they start from, "" for the package."""
    stated = {"": [("rId1", "officeDocument", main, False)]}
    for source, entries in (relations or {}).items():
        stated[source] = [*stated.get(source, []), *entries]
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/>'
        f'<Override PartName="/{main}" ContentType="{content_type}"/></Types>'
    )
    links = {_rels(source): _relationships(entries, source) for source, entries in stated.items()}
    return zipped({"[Content_Types].xml": types, **links, **parts})


def _rels(source: str) -> str:
    folder, _, file = source.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def _relationships(entries: Sequence[Relation], source: str) -> str:
    def target(entry: Relation) -> str:
        return entry[2] if entry[3] else f"/{entry[2]}"

    links = "".join(
        f'<Relationship Id="{entry[0]}" Type="{_OFFICE}/{entry[1]}" Target={quoteattr(target(entry))}'
        + (" TargetMode='External'/>" if entry[3] else "/>")
        for entry in entries
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'


def chart(paragraph: str, place: str) -> str:
    """A chart part with the paragraph as `title`, `series` name, `category` or data `label`."""
    given = {name: text(paragraph) if name == place else "x" for name in ("title", "series", "category", "label")}
    return (
        f"<c:chartSpace {NAMESPACES}><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:r><a:t>{given['title']}</a:t></a:r></a:p>"
        "</c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:idx val='0'/><c:tx><c:strRef><c:strCache><c:pt idx='0'>"
        f"<c:v>{given['series']}</c:v></c:pt></c:strCache></c:strRef></c:tx><c:dLbls><c:dLbl><c:tx><c:rich><a:p><a:r>"
        f"<a:t>{given['label']}</a:t></a:r></a:p></c:rich></c:tx></c:dLbl></c:dLbls><c:cat><c:strRef><c:strCache><c:pt idx='0'>"
        f"<c:v>{given['category']}</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:pt idx='0'>"
        "<c:v>2.5</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )


def diagram(paragraph: str) -> str:
    """A SmartArt data part."""
    return (
        f"<dgm:dataModel {NAMESPACES}><dgm:ptLst><dgm:pt modelId='1'><dgm:t><a:bodyPr/><a:p><a:r><a:t>{text(paragraph)}"
        "</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
    )


def core(paragraph: str) -> str:
    """Core properties with the paragraph as description."""
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:description>{text(paragraph)}</dc:description></cp:coreProperties>"
    )


def custom(paragraph: str) -> str:
    """Custom properties with one string."""
    return (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="Note"><vt:lpwstr>{text(paragraph)}'
        "</vt:lpwstr></property></Properties>"
    )


def ole_package(name: str, content: bytes) -> bytes:
    """The Ole10Native stream of a packaged file ([MS-OLEDS] 2.3.6)."""
    import struct

    label = name.encode() + b"\0"
    body = b"\x02\0" + label + label + bytes(4) + struct.pack("<I", len(label)) + label
    body += struct.pack("<I", len(content)) + content
    return struct.pack("<I", len(body)) + body


def vba_project(paragraph: str) -> bytes:
    """A vbaProject.bin with one module whose comment is the paragraph ([MS-OVBA], literal tokens only)."""
    import struct

    from sluicegate.extract.office.cfb import write_compound

    source = f'Attribute VB_Name = "Module1"\r\n\' {paragraph}\r\n'.encode("gb18030")
    records = (
        struct.pack("<HIH", 3, 2, 936) + struct.pack("<HI", 0x1A, 7) + b"Module1" + struct.pack("<HII", 0x31, 4, 0)
    )
    return write_compound({("VBA", "dir"): _literal(records), ("VBA", "Module1"): _literal(source)})


def _literal(data: bytes) -> bytes:
    """A CompressedContainer made of literal tokens only."""
    import struct

    out = b"\x01"
    for start in range(0, len(data), 3600):
        piece = data[start : start + 3600]
        packed = b"".join(b"\0" + piece[i : i + 8] for i in range(0, len(piece), 8))
        out += struct.pack("<H", 0xB000 | (len(packed) - 1)) + packed
    return out
