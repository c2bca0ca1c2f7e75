"""XLSX samples: the paragraph in every place of a workbook where text can stand."""

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
    package,
    text,
    vba_project,
)
from sluicegate.settings import Extraction, Settings

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_PASSWORD = "nickel-83"  # noqa: S105  # of a sample file, not of anything real


def workbook(
    rows: str = "",
    *,
    before: str = "",
    after: str = "",
    state: str = "visible",
    title: str = "Two",
    names: str = "",
    parts: dict[str, str | bytes] | None = None,
    book: list[Relation] | None = None,
    sheet: list[Relation] | None = None,
) -> bytes:
    """An XLSX with an ordinary first sheet and a second one with these rows and extras."""
    second = f"<worksheet xmlns='{_MAIN}' {NAMESPACES}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
    members: dict[str, str | bytes] = {
        "xl/workbook.xml": f"<workbook xmlns='{_MAIN}' {NAMESPACES}><sheets><sheet name='One' sheetId='1' r:id='rId1'/>"
        f"<sheet name={attribute(title)} sheetId='2' state='{state}' r:id='rId2'/></sheets><definedNames>{names}</definedNames></workbook>",
        "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{_MAIN}'><sheetData>{_row('ordinary', 1)}</sheetData></worksheet>",
        "xl/worksheets/sheet2.xml": second,
    }
    links: dict[str, list[Relation]] = {
        "xl/workbook.xml": [
            ("rId1", "worksheet", "xl/worksheets/sheet1.xml", False),
            ("rId2", "worksheet", "xl/worksheets/sheet2.xml", False),
            *(book or []),
        ],
        "xl/worksheets/sheet2.xml": sheet or [],
    }
    return package("xl/workbook.xml", _TYPE, {**members, **(parts or {})}, links)


def _row(words: str, number: int = 1, extra: str = "") -> str:
    cell = f"<c r='A{number}' t='inlineStr'><is><t>{text(words)}</t></is></c>"
    return f"<row r='{number}' {extra}>{cell}</row>"


def _shared(paragraph: str, *, used: bool, phonetic: bool = False) -> bytes:
    item = (
        f"<si><t>base</t><rPh sb='0' eb='1'><t>{text(paragraph)}</t></rPh></si>"
        if phonetic
        else f"<si><t>{text(paragraph)}</t></si>"
    )
    strings = f"<sst xmlns='{_MAIN}'>{item}<si><t>other</t></si></sst>"
    rows = f"<row r='1'><c r='A1' t='s'><v>{0 if used else 1}</v></c></row>"
    link = ("rId9", "sharedStrings", "xl/sharedStrings.xml", False)
    return workbook(rows, parts={"xl/sharedStrings.xml": strings}, book=[link])


def _styled(paragraph: str) -> bytes:
    code = attribute(f'0.00" {paragraph}"')
    styles = f"<styleSheet xmlns='{_MAIN}'><numFmts><numFmt numFmtId='170' formatCode={code}/></numFmts><cellXfs><xf numFmtId='0'/><xf numFmtId='170'/></cellXfs></styleSheet>"
    rows = '<row r="1"><c r="A1" s="1"><v>2.5</v></c></row>'
    return workbook(rows, parts={"xl/styles.xml": styles}, book=[("rId8", "styles", "xl/styles.xml", False)])


def _drawing(markup: str, extra: dict[str, str | bytes] | None = None) -> bytes:
    drawing = f"<xdr:wsDr {NAMESPACES}><xdr:twoCellAnchor>{markup}</xdr:twoCellAnchor></xdr:wsDr>"
    parts = {"xl/drawings/drawing1.xml": drawing, **(extra or {})}
    return workbook(parts=parts, sheet=[("rId4", "drawing", "xl/drawings/drawing1.xml", False)])


def _charted(paragraph: str, place: str) -> bytes:
    relation = (
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='rId1' "
        "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart' Target='../charts/chart1.xml'/></Relationships>"
    )
    return _drawing(
        "<xdr:graphicFrame/>",
        {"xl/charts/chart1.xml": chart(paragraph, place), "xl/drawings/_rels/drawing1.xml.rels": relation},
    )


def _comment(paragraph: str, *, threaded: bool = False) -> bytes:
    if threaded:
        part = f"<ThreadedComments xmlns='http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments'><threadedComment ref='A1' id='1'><text>{text(paragraph)}</text></threadedComment></ThreadedComments>"
        return workbook(
            parts={"xl/threadedComments/threadedComment1.xml": part},
            sheet=[("rId3", "threadedComment", "xl/threadedComments/threadedComment1.xml", False)],
        )
    part = f"<comments xmlns='{_MAIN}'><commentList><comment ref='A1'><text><r><t>{text(paragraph)}</t></r></text></comment></commentList></comments>"
    return workbook(parts={"xl/comments1.xml": part}, sheet=[("rId3", "comments", "xl/comments1.xml", False)])


def _pivot(paragraph: str) -> bytes:
    part = f"<pivotCacheDefinition xmlns='{_MAIN}'><cacheFields><cacheField name='f'><sharedItems><s v={attribute(paragraph)}/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>"
    return workbook(parts={"xl/pivotCache/pivotCacheDefinition1.xml": part})


def _external(paragraph: str) -> bytes:
    part = f"<externalLink xmlns='{_MAIN}'><externalBook><sheetDataSet><sheetData sheetId='0'><row r='1'><cell r='A1' t='str'><v>{text(paragraph)}</v></cell></row></sheetData></sheetDataSet></externalBook></externalLink>"
    return workbook(parts={"xl/externalLinks/externalLink1.xml": part})


def _scattered(paragraph: str) -> bytes:
    far = f"<row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>{text(paragraph)}</t></is></c></row>"
    return workbook(_row("near") + far)


def _sealed(paragraph: str, password: str) -> bytes:
    """Encrypted by msoffcrypto, which damages packages below 4 KiB: hence a font of noise."""
    import hashlib
    import io

    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    noise = hashlib.shake_128(b"noise").digest(8000)
    plain = workbook(_row(paragraph), parts={"xl/fonts/font1.odttf": noise})
    OOXMLFile(io.BytesIO(plain)).encrypt(password, out)
    return out.getvalue()


_SHEETS: dict[str, Callable[[str], bytes]] = {
    "cell": lambda p: workbook(_row(p)),
    "hidden sheet": lambda p: workbook(_row(p), state="hidden"),
    "very hidden sheet": lambda p: workbook(_row(p), state="veryHidden"),
    "sheet name": lambda p: workbook(title=p),
    "hidden row": lambda p: workbook(_row("head") + _row(p, 2, "hidden='1'")),
    "hidden column": lambda p: workbook(_row(p), before="<cols><col min='1' max='1' hidden='1'/></cols>"),
    "merged cell": lambda p: workbook(_row(p), after="<mergeCells><mergeCell ref='A1:C3'/></mergeCells>"),
    "distant cell": _scattered,
    "shared string": lambda p: _shared(p, used=True),
    "unused shared string": lambda p: _shared(p, used=False),
    "phonetic hint": lambda p: _shared(p, used=False, phonetic=True),
    "formula result": lambda p: workbook(f"<row r='1'><c r='A1' t='str'><f>A2</f><v>{text(p)}</v></c></row>"),
    "formula text": lambda p: workbook(f"<row r='1'><c r='A1'><f>IF(FALSE,\"{text(p)}\",1)</f><v>1</v></c></row>"),
    "number format": _styled,
    "header": lambda p: workbook(after=f"<headerFooter><oddHeader>&amp;C{text(p)}</oddHeader></headerFooter>"),
    "footer": lambda p: workbook(after=f"<headerFooter><oddFooter>&amp;L{text(p)}</oddFooter></headerFooter>"),
    "input prompt": lambda p: workbook(after=f"<dataValidations><dataValidation sqref='A1' prompt={attribute(p)}/></dataValidations>"),
    "validation list": lambda p: workbook(after=f"<dataValidations><dataValidation type='list' sqref='A1'><formula1>\"{text(p)}\"</formula1></dataValidation></dataValidations>"),
    "link tip": lambda p: workbook(after=f"<hyperlinks><hyperlink ref='A1' location='One!A1' tooltip={attribute(p)}/></hyperlinks>"),
    "defined name": lambda p: workbook(names=f"<definedName name='x'>\"{text(p)}\"</definedName>"),
    "comment": _comment,
    "threaded comment": lambda p: _comment(p, threaded=True),
    "text box": lambda p: _drawing(f"<xdr:sp><xdr:txBody><a:p><a:r><a:t>{text(p)}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"),
    "alt text": lambda p: _drawing(f"<xdr:pic><xdr:nvPicPr><xdr:cNvPr id='1' name='x' descr={attribute(p)}/></xdr:nvPicPr></xdr:pic>"),
    "old drawing": lambda p: workbook(parts={"xl/drawings/vmlDrawing1.vml": f"<xml {NAMESPACES}><v:shape><v:textbox><div>{text(p)}</div></v:textbox></v:shape></xml>"}),
    "pivot cache": _pivot,
    "link cache": _external,
    "unlisted sheet": lambda p: workbook(parts={"xl/worksheets/sheet9.xml": f"<worksheet xmlns='{_MAIN}'><sheetData>{_row(p)}</sheetData></worksheet>"}),
    "document property": lambda p: workbook(parts={"docProps/core.xml": core(p)}),
    "custom property": lambda p: workbook(parts={"docProps/custom.xml": custom(p)}),
    "custom XML": lambda p: workbook(parts={"customXml/item1.xml": f"<data><step>{text(p)}</step></data>"}),
    "embedded workbook": lambda p: workbook(parts={"xl/embeddings/inner.xlsx": workbook(_row(p))}),
}  # fmt: skip


def channels() -> Iterator[Channel]:
    """All channels of XLSX, and workbooks under a password."""
    for name, make in _SHEETS.items():
        yield Channel("xlsx", name, make)
    for place in ("title", "series", "category", "label"):
        yield Channel("xlsx", f"chart {place}", partial(_charted, place=place))
    yield Channel("xlsm", "macro", lambda p: workbook(parts={"xl/vbaProject.bin": vba_project(p)}))
    given = Settings(extraction=Extraction(passwords=(_PASSWORD,)))
    yield Channel("xlsx", "built-in password", partial(_sealed, password="VelvetSweatshop"))  # noqa: S106
    yield Channel("xlsx", "password in the settings", partial(_sealed, password=_PASSWORD), settings=given)
    yield Channel("xlsx", "password not given", partial(_sealed, password=_PASSWORD), only_reported=True)
