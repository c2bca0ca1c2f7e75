"""Blocks in, DOCX, PPTX or XLSX bytes out, the same at every run (fixed dates inside)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from markup import Block, Source

STAMP = (2026, 6, 1, 8, 0, 0)
WHEN = datetime(*STAMP, tzinfo=UTC)
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_OFFICE = "application/vnd.openxmlformats-officedocument"


def pack(members: Mapping[str, bytes]) -> bytes:
    """A ZIP archive whose members carry one fixed date."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(_member(name), data)
    return stream.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3
    info.external_attr = 0o644 << 16
    return info


def repack(data: bytes) -> bytes:
    """The same archive with fixed dates."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return pack({name: archive.read(name) for name in archive.namelist()})


def docx(source: Source, *, header: str = "", author: str = "") -> bytes:
    """A Word document with headings, tables, running header and real footnotes."""
    import docx as python_docx

    document = python_docx.Document()
    properties = document.core_properties
    properties.author, properties.created, properties.modified, properties.comments = author, WHEN, WHEN, ""
    if header:
        document.sections[0].header.paragraphs[0].text = header
    for block in source.blocks:
        _add(document, block)
    if source.footnotes:
        _add_footnotes(document, source.footnotes)
    stream = io.BytesIO()
    document.save(stream)
    return repack(stream.getvalue())


def _add(document: Any, block: Block) -> None:
    match block.kind:
        case "heading":
            document.add_heading(block.text, block.level)
        case "item":
            document.add_paragraph(block.text, style="List Bullet")
        case "table":
            table = document.add_table(rows=0, cols=max(map(len, block.rows)), style="Table Grid")
            for row in block.rows:
                for cell, text in zip(table.add_row().cells, row, strict=False):
                    cell.text = text
        case "break":
            document.add_page_break()
        case _:
            _add_paragraph(document, block.text)


def _add_paragraph(document: Any, text: str) -> None:
    from docx.oxml import parse_xml

    paragraph = document.add_paragraph()
    for piece in re.split(r"(\[\^\d+\])", text):
        if mark := re.fullmatch(r"\[\^(\d+)\]", piece):
            reference = f'<w:r xmlns:w="{_W}"><w:footnoteReference w:id="{mark[1]}"/></w:r>'
            paragraph._p.append(parse_xml(reference))
        elif piece:
            paragraph.add_run(piece)


def _add_footnotes(document: Any, footnotes: Mapping[str, str]) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
        for number, text in footnotes.items()
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:footnotes xmlns:w="{_W}">{notes}</w:footnotes>'
    kind = f"{_OFFICE}.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, xml.encode(), document.part.package)
    document.part.relate_to(part, f"{_R}/footnotes")


def xlsx(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """A workbook; numbers stay numbers."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.properties.created = book.properties.modified = datetime(*STAMP)
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(io.BytesIO(stream.getvalue())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    core = members["docProps/core.xml"].decode()
    members["docProps/core.xml"] = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "2026-06-01T08:00:00Z", core).encode()
    return pack(members)


def pptx(source: Source) -> bytes:
    """Slides (split at page breaks; the heading is the title) with speaker notes, as raw parts."""
    slides: list[list[Block]] = [[]]
    for block in source.blocks:
        slides.append([]) if block.kind == "break" else slides[-1].append(block)
    numbers = range(1, len(slides) + 1)
    members = {
        "[Content_Types].xml": _content_types(numbers),
        "_rels/.rels": _relations([("officeDocument", "ppt/presentation.xml")]),
        "ppt/presentation.xml": _presentation(numbers),
        "ppt/_rels/presentation.xml.rels": _relations([("slide", f"slides/slide{n}.xml") for n in numbers]),
    }
    for number, slide in zip(numbers, slides, strict=True):
        split = next((i for i, block in enumerate(slide) if block.kind == "notes"), len(slide))
        members[f"ppt/slides/slide{number}.xml"] = _slide("sld", slide[:split])
        notes = f"../notesSlides/notesSlide{number}.xml"
        members[f"ppt/slides/_rels/slide{number}.xml.rels"] = _relations([("notesSlide", notes)])
        members[f"ppt/notesSlides/notesSlide{number}.xml"] = _slide("notes", slide[split + 1 :])
        back = [("slide", f"../slides/slide{number}.xml")]
        members[f"ppt/notesSlides/_rels/notesSlide{number}.xml.rels"] = _relations(back)
    return pack(members)


def _content_types(numbers: range) -> bytes:
    kinds = [("/ppt/presentation.xml", "presentation.main")]
    kinds += [(f"/ppt/slides/slide{n}.xml", "slide") for n in numbers]
    kinds += [(f"/ppt/notesSlides/notesSlide{n}.xml", "notesSlide") for n in numbers]
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{_OFFICE}.presentationml.{kind}+xml"/>' for name, kind in kinds
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    ).encode()


def _relations(targets: Sequence[tuple[str, str]]) -> bytes:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{_R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{space}">{rows}</Relationships>'.encode()


def _presentation(numbers: range) -> bytes:
    ids = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in numbers)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><p:presentation xmlns:p="{_P}" xmlns:r="{_R}">'
        f'<p:sldIdLst>{ids}</p:sldIdLst><p:sldSz cx="12192000" cy="6858000"/></p:presentation>'
    ).encode()


def _slide(root: str, blocks: Sequence[Block]) -> bytes:
    shapes = "".join(_shape(number, block) for number, block in enumerate(blocks, 2))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><p:{root} xmlns:p="{_P}" xmlns:a="{_A}" xmlns:r="{_R}">'
        "<p:cSld><p:spTree>"
        '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
        f"{shapes}</p:spTree></p:cSld></p:{root}>"
    ).encode()


def _shape(number: int, block: Block) -> str:
    if block.kind == "table":
        rows = "".join(
            '<a:tr h="370000">'
            + "".join(f"<a:tc>{_text('a:txBody', cell)}<a:tcPr/></a:tc>" for cell in row)
            + "</a:tr>"
            for row in block.rows
        )
        columns = '<a:gridCol w="1200000"/>' * len(block.rows[0])
        return (
            f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="{number}" name="Table {number}"/>'
            "<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr>"
            '<p:xfrm><a:off x="0" y="0"/><a:ext cx="1" cy="1"/></p:xfrm>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table">'
            f"<a:tbl><a:tblPr/><a:tblGrid>{columns}</a:tblGrid>{rows}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
        )
    kind = '<p:ph type="title"/>' if block.kind == "heading" else ""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="Text {number}"/><p:cNvSpPr/><p:nvPr>{kind}</p:nvPr></p:nvSpPr>'
        f"<p:spPr/>{_text('p:txBody', block.text)}</p:sp>"
    )


def _cell(text: str) -> str:
    return f"<a:tc>{_text('a:txBody', text)}<a:tcPr/></a:tc>"


def _text(tag: str, text: str) -> str:
    return f"<{tag}><a:bodyPr/><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></{tag}>"
