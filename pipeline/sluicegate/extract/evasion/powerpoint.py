"""PPTX samples: the paragraph in every place of a presentation where text can stand."""

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
    diagram,
    package,
    text,
    vba_project,
)

_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


def presentation(
    shapes: str = "",
    *,
    show: str = "1",
    parts: dict[str, str | bytes] | None = None,
    slide: list[Relation] | None = None,
) -> bytes:
    """A PPTX with an ordinary first slide and a second one with these shapes and links."""
    members: dict[str, str | bytes] = {
        "ppt/presentation.xml": f"<p:presentation {NAMESPACES}><p:sldIdLst><p:sldId id='256' r:id='rId1'/>"
        "<p:sldId id='257' r:id='rId2'/></p:sldIdLst></p:presentation>",
        "ppt/slides/slide1.xml": _slide(_shape("Ordinary words.")),
        "ppt/slides/slide2.xml": _slide(shapes, f"show='{show}'"),
    }
    links: dict[str, list[Relation]] = {
        "ppt/presentation.xml": [(f"rId{n}", "slide", f"ppt/slides/slide{n}.xml", False) for n in (1, 2)],
        "ppt/slides/slide2.xml": slide or [],
    }
    return package("ppt/presentation.xml", _TYPE, {**members, **(parts or {})}, links)


def _slide(shapes: str, extra: str = "", tag: str = "sld") -> str:
    return f"<p:{tag} {NAMESPACES} {extra}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:{tag}>"


def _shape(words: str, extra: str = "") -> str:
    return (
        f"<p:sp><p:nvSpPr><p:cNvPr id='2' name='Shape' {extra}/></p:nvSpPr><p:txBody><a:p><a:r><a:t>{text(words)}</a:t></a:r></a:p>"
        "</p:txBody></p:sp>"
    )


def _table(words: str) -> str:
    cell = f"<a:tc><a:txBody><a:p><a:r><a:t>{text(words)}</a:t></a:r></a:p></a:txBody></a:tc>"
    return f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl><a:tr>{cell}</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>"


_SHAPES: dict[str, Callable[[str], str]] = {
    "shape": _shape,
    "table": _table,
    "group": lambda p: f"<p:grpSp>{_shape(p)}</p:grpSp>",
    "hidden shape": lambda p: _shape(p, "hidden='1'"),
    "alt text": lambda p: _shape("seen", f"descr={attribute(p)}"),
    "equation": lambda p: f"<p:sp><p:txBody><a:p><mc:AlternateContent><mc:Choice Requires='a14'><m:oMath><m:r><m:t>{text(p)}</m:t></m:r></m:oMath></mc:Choice></mc:AlternateContent></a:p></p:txBody></p:sp>",
    "fallback": lambda p: f"<mc:AlternateContent><mc:Choice Requires='zz'>{_shape('seen')}</mc:Choice><mc:Fallback>{_shape(p)}</mc:Fallback></mc:AlternateContent>",
    "link tip": lambda p: f"<p:sp><p:txBody><a:p><a:r><a:rPr><a:hlinkClick tooltip={attribute(p)}/></a:rPr><a:t>x</a:t></a:r></a:p></p:txBody></p:sp>",
}  # fmt: skip
_PARTS: dict[str, tuple[str, str, Callable[[str], str]]] = {
    "speaker notes": ("notesSlide", "ppt/notesSlides/notesSlide1.xml", lambda p: _slide(_shape(p), tag="notes")),
    "comment": ("comments", "ppt/comments/comment1.xml", lambda p: f"<p:cmLst {NAMESPACES}><p:cm authorId='0'><p:text>{text(p)}</p:text></p:cm></p:cmLst>"),
    "modern comment": ("comments", "ppt/comments/modernComment_1.xml", lambda p: f"<x:cmLst xmlns:x='http://schemas.microsoft.com/office/powerpoint/2018/8/main' {NAMESPACES}><x:cm><x:txBody><a:p><a:r><a:t>{text(p)}</a:t></a:r></a:p></x:txBody></x:cm></x:cmLst>"),
    "slide layout": ("slideLayout", "ppt/slideLayouts/slideLayout1.xml", lambda p: _slide(_shape(p), tag="sldLayout")),
    "slide master": ("slideMaster", "ppt/slideMasters/slideMaster1.xml", lambda p: _slide(_shape(p), tag="sldMaster")),
    "SmartArt": ("diagramData", "ppt/diagrams/data1.xml", diagram),
    "tag": ("tags", "ppt/tags/tag1.xml", lambda p: f"<p:tagLst {NAMESPACES}><p:tag name='X' val={attribute(p)}/></p:tagLst>"),
    "document property": ("core-properties", "docProps/core.xml", core),
}  # fmt: skip


def channels() -> Iterator[Channel]:
    """All channels of PPTX."""
    for name, shape in _SHAPES.items():
        yield Channel("pptx", name, partial(_with_shape, shape))
    yield Channel("pptx", "hidden slide", lambda p: presentation(_shape(p), show="0"))
    yield Channel(
        "pptx", "slide outside of the show", lambda p: presentation(parts={"ppt/slides/slide9.xml": _slide(_shape(p))})
    )
    for name in _PARTS:
        yield Channel("pptx", name, partial(_with_part, name))
    for place in ("title", "series", "category", "label"):
        yield Channel("pptx", f"chart {place}", partial(_charted, place=place))
    yield Channel("pptx", "embedded presentation", _embedded)
    yield Channel("pptm", "macro", lambda p: presentation(parts={"ppt/vbaProject.bin": vba_project(p)}))


def _with_shape(shape: Callable[[str], str], paragraph: str) -> bytes:
    return presentation(shape(paragraph))


def _with_part(name: str, paragraph: str) -> bytes:
    kind, part, make = _PARTS[name]
    return presentation(parts={part: make(paragraph)}, slide=[("rId3", kind, part, False)])


def _charted(paragraph: str, place: str) -> bytes:
    link = ("rId3", "chart", "ppt/charts/chart1.xml", False)
    return presentation(parts={"ppt/charts/chart1.xml": chart(paragraph, place)}, slide=[link])


def _embedded(paragraph: str) -> bytes:
    return presentation(parts={"ppt/embeddings/inner.pptx": presentation(_shape(paragraph))})
