"""DOCX samples: the paragraph in every place of a Word file where text can stand."""

# ruff: noqa: E501  # the markup of a sample reads best on one line

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from sluicegate.extract.evasion import Channel
from sluicegate.extract.evasion._build import (
    NAMESPACES,
    Relation,
    attribute,
    chart,
    core,
    custom,
    diagram,
    ole_package,
    package,
    text,
    vba_project,
    zipped,
)

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_PLAIN = "<w:p><w:r><w:t>Ordinary words.</w:t></w:r></w:p>"


def document(body: str, parts: dict[str, str | bytes] | None = None, relations: list[Relation] | None = None) -> bytes:
    """A DOCX with this body."""
    main = f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    return package(
        "word/document.xml", _TYPE, {"word/document.xml": main, **(parts or {})}, {"word/document.xml": relations or []}
    )


def run(words: str, properties: str = "") -> str:
    """A run of text."""
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text(words)}</w:t></w:r>"


_BODIES: dict[str, Callable[[str], str]] = {
    "body": lambda p: f"<w:p>{run(p)}</w:p>",
    "split runs": lambda p: f"<w:p>{''.join(run(letter) for letter in p)}</w:p>",
    "table cell": lambda p: f"<w:tbl><w:tr><w:tc><w:p>{run(p)}</w:p></w:tc></w:tr></w:tbl>",
    "nested table": lambda p: f"<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p>{run(p)}</w:p></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>",
    "table row in content control": lambda p: f"<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc><w:p>{run(p)}</w:p></w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>",
    "hidden table row": lambda p: f"<w:tbl><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p>{run(p)}</w:p></w:tc></w:tr></w:tbl>",
    "tracked insertion": lambda p: f"<w:p>{run('Seen. ')}<w:ins w:id='1'>{run(p)}</w:ins></w:p>",
    "tracked deletion": lambda p: f"<w:p>{run('Seen. ')}<w:del w:id='1'><w:r><w:delText>{text(p)}</w:delText></w:r></w:del></w:p>",
    "moved from": lambda p: f"<w:p><w:moveFrom w:id='1'>{run(p)}</w:moveFrom></w:p>",
    "content control": lambda p: f"<w:sdt><w:sdtContent><w:p>{run(p)}</w:p></w:sdtContent></w:sdt>",
    "content control in line": lambda p: f"<w:p><w:sdt><w:sdtContent>{run(p)}</w:sdtContent></w:sdt></w:p>",
    "list entry": lambda p: f"<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText={attribute(p)} w:value='1'/></w:dropDownList></w:sdtPr><w:sdtContent>{_PLAIN}</w:sdtContent></w:sdt>",
    "hidden text": lambda p: f"<w:p>{run('Seen. ')}{run(p, '<w:vanish/>')}</w:p>",
    "white text": lambda p: "<w:p>" + run(p, "<w:color w:val='FFFFFF'/><w:sz w:val='2'/>") + "</w:p>",
    "hyperlink": lambda p: f"<w:p><w:hyperlink w:anchor='x'>{run(p)}</w:hyperlink></w:p>",
    "link tip": lambda p: f"<w:p><w:hyperlink w:anchor='x' w:tooltip={attribute(p)}>{run('link')}</w:hyperlink></w:p>",
    "simple field": lambda p: f"<w:p><w:fldSimple w:instr='AUTHOR'>{run(p)}</w:fldSimple></w:p>",
    "field code": lambda p: f"<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>IF 1=2 \"{text(p)}\"</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
    "form field": lambda p: f"<w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:textInput><w:default w:val={attribute(p)}/></w:textInput></w:ffData></w:fldChar></w:r></w:p>",
    "smart tag": lambda p: f"<w:p><w:smartTag w:element='x'>{run(p)}</w:smartTag></w:p>",
    "custom XML block": lambda p: f"<w:customXml w:element='x'><w:p>{run(p)}</w:p></w:customXml>",
    "equation": lambda p: f"<w:p><m:oMathPara><m:oMath><m:r><m:t>{text(p)}</m:t></m:r></m:oMath></m:oMathPara></w:p>",
    "ruby text": lambda p: f"<w:p><w:r><w:ruby><w:rt>{run(p)}</w:rt><w:rubyBase>{run('base')}</w:rubyBase></w:ruby></w:r></w:p>",
    "text box": lambda p: f"<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent><w:p>{run(p)}</w:p></w:txbxContent></wps:txbx></w:drawing></mc:Choice></mc:AlternateContent></w:r></w:p>",
    "old text box": lambda p: f"<w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p>{run(p)}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>",
    "fallback": lambda p: f"<w:p><w:r><mc:AlternateContent><mc:Choice Requires='zz'><w:t>seen</w:t></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p>{run(p)}</w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
    "word art": lambda p: f"<w:p><w:r><w:pict><v:shape><v:textpath string={attribute(p)}/></v:shape></w:pict></w:r></w:p>",
    "alt text": lambda p: f"<w:p><w:r><w:drawing><wp:inline><wp:docPr id='1' name='Picture 1' descr={attribute(p)}/></wp:inline></w:drawing></w:r></w:p>",
    "table description": lambda p: f"<w:tbl><w:tblPr><w:tblDescription w:val={attribute(p)}/></w:tblPr><w:tr><w:tc>{_PLAIN}</w:tc></w:tr></w:tbl>",
}  # fmt: skip
_STORIES = {
    "header": ("header", "header1.xml", "<w:hdr {ns}><w:p>{run}</w:p></w:hdr>"),
    "footer": ("footer", "footer1.xml", "<w:ftr {ns}><w:p>{run}</w:p></w:ftr>"),
    "footnote": ("footnotes", "footnotes.xml", "<w:footnotes {ns}><w:footnote w:id='2'><w:p>{run}</w:p></w:footnote></w:footnotes>"),
    "endnote": ("endnotes", "endnotes.xml", "<w:endnotes {ns}><w:endnote w:id='2'><w:p>{run}</w:p></w:endnote></w:endnotes>"),
    "comment": ("comments", "comments.xml", "<w:comments {ns}><w:comment w:id='0' w:author='A'><w:p>{run}</w:p></w:comment></w:comments>"),
    "building block": ("glossaryDocument", "glossary/document.xml", "<w:glossaryDocument {ns}><w:docParts><w:docPart><w:docPartBody><w:p>{run}</w:p></w:docPartBody></w:docPart></w:docParts></w:glossaryDocument>"),
    "document variable": ("settings", "settings.xml", "<w:settings {ns}><w:docVars><w:docVar w:name='x' w:val={quoted}/></w:docVars></w:settings>"),
    "numbering text": ("numbering", "numbering.xml", "<w:numbering {ns}><w:abstractNum w:abstractNumId='0'><w:lvl w:ilvl='0'><w:lvlText w:val={quoted}/></w:lvl></w:abstractNum></w:numbering>"),
}  # fmt: skip


def channels() -> Iterator[Channel]:
    """All channels of DOCX."""
    for name, body in _BODIES.items():
        yield Channel("docx", name, partial(_with_body, body))
    for name in _STORIES:
        yield Channel("docx", name, partial(_with_story, name))
    yield Channel("docx", "hidden by style", _hidden_style)
    for place in ("title", "series", "category", "label"):
        yield Channel(
            "docx",
            f"chart {place}",
            partial(_with_part, "word/charts/chart1.xml", "chart", partial(chart, place=place)),
        )
    yield Channel("docx", "SmartArt", partial(_with_part, "word/diagrams/data1.xml", "diagramData", diagram))
    yield Channel("docx", "custom XML", partial(_with_part, "customXml/item1.xml", "customXml", _item))
    yield Channel("docx", "document property", partial(_with_part, "docProps/core.xml", "core-properties", core))
    yield Channel("docx", "custom property", partial(_with_part, "docProps/custom.xml", "custom-properties", custom))
    yield Channel("docx", "link target", _link)
    yield Channel("docx", "alternative chunk", _chunk)
    yield Channel("docx", "embedded document", _embedded)
    yield Channel("docx", "embedded package", _packaged)
    yield Channel("docx", "stray member", lambda p: document(_PLAIN, {"word/notes.txt": p.encode()}))
    yield Channel("docx", "unknown part", lambda p: document(_PLAIN, {"word/extra.xml": f"<x>{text(p)}</x>"}))
    yield Channel("docm", "macro", lambda p: document(_PLAIN, {"word/vbaProject.bin": vba_project(p)}))


def _with_body(body: Callable[[str], str], paragraph: str) -> bytes:
    return document(_PLAIN + body(paragraph))


def _with_story(name: str, paragraph: str) -> bytes:
    kind, file, markup = _STORIES[name]
    content = markup.format(ns=NAMESPACES, run=run(paragraph), quoted=attribute(paragraph))
    return document(_PLAIN, {f"word/{file}": content}, [("rId5", kind, f"word/{file}", False)])


def _with_part(name: str, kind: str, make: Callable[[str], str], paragraph: str) -> bytes:
    return document(_PLAIN, {name: make(paragraph)}, [("rId6", kind, name, False)])


def _item(paragraph: str) -> str:
    return f"<data><step>{text(paragraph)}</step></data>"


def _hidden_style(paragraph: str) -> bytes:
    styles = (
        f"<w:styles {NAMESPACES}><w:style w:type='paragraph' w:styleId='Base'><w:name w:val='Base'/><w:rPr><w:vanish/></w:rPr></w:style>"
        "<w:style w:type='paragraph' w:styleId='Veil'><w:name w:val='Veil'/><w:basedOn w:val='Base'/></w:style></w:styles>"
    )
    body = f"{_PLAIN}<w:p><w:pPr><w:pStyle w:val='Veil'/></w:pPr>{run(paragraph)}</w:p>"
    return document(body, {"word/styles.xml": styles}, [("rId3", "styles", "word/styles.xml", False)])


def _link(paragraph: str) -> bytes:
    return document(_PLAIN, {}, [("rId7", "hyperlink", f"https://example.org/?q={paragraph}", True)])


def _chunk(paragraph: str) -> bytes:
    page = f"<html><body><p>{text(paragraph)}</p></body></html>".encode()
    return document(
        f"{_PLAIN}<w:altChunk r:id='rId8'/>", {"word/chunk.html": page}, [("rId8", "aFChunk", "word/chunk.html", False)]
    )


def _embedded(paragraph: str) -> bytes:
    inner = document(f"<w:p>{run(paragraph)}</w:p>")
    return document(
        _PLAIN, {"word/embeddings/inner.docx": inner}, [("rId9", "package", "word/embeddings/inner.docx", False)]
    )


def _packaged(paragraph: str) -> bytes:
    from sluicegate.extract.office.cfb import write_compound

    held = zipped({"note.txt": paragraph.encode()})
    storage = write_compound({("\x01Ole10Native",): ole_package("held.zip", held)})
    return document(
        _PLAIN,
        {"word/embeddings/oleObject1.bin": storage},
        [("rId9", "oleObject", "word/embeddings/oleObject1.bin", False)],
    )
