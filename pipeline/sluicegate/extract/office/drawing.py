"""DrawingML in (shapes, tables, charts, diagrams), passages out (ECMA-376-1, chapters 20 and 21)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sluicegate.document import Passage, Place
from sluicegate.extract.office.equation import equation_text
from sluicegate.extract.office.prose import text_nodes
from sluicegate.extract.office.symbols import plain_symbols, raised
from sluicegate.extract.table import table_passages
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

CHART_ROWS = 5000
"""Points of one series: a chart with more is a plot of raw data."""


def paragraph_text(paragraph: _Element) -> str:
    """One `a:p`: its runs, fields, breaks and equations in order."""
    pieces: list[str] = []
    for child in paragraph:
        _inline(child, pieces)
    return "".join(pieces).strip()


def _inline(element: _Element, pieces: list[str]) -> None:
    kind = local_name(element)
    if kind in ("r", "fld"):
        pieces.append(_run(element, pieces[-1] if pieces else ""))
    elif kind == "br":
        pieces.append("\n")
    elif kind == "tab":
        pieces.append("\t")
    elif kind in ("oMath", "oMathPara"):
        pieces.append(f" {equation_text(element)} ")
    elif kind == "AlternateContent":
        for choice in element:
            if local_name(choice) == "Choice":
                for child in choice:
                    _inline(child, pieces)
    elif kind not in ("pPr", "endParaRPr", "rPr", ""):
        for child in element:
            _inline(child, pieces)


def _run(run: _Element, before: str) -> str:
    text = "".join("".join(child.itertext()) for child in run if local_name(child) == "t")
    properties = next((child for child in run if local_name(child) == "rPr"), None)
    baseline = str(properties.get("baseline", "0")) if properties is not None else "0"
    text = raised(text, before) if baseline not in ("", "0") and not baseline.startswith("-") else text
    return plain_symbols(text)


def paragraphs(element: _Element) -> Iterator[str]:
    """The text of every `a:p` below an element, in order; fallbacks of alternate content left out."""
    for paragraph in element.iter("{*}p"):
        if not _in_fallback(paragraph, element):
            text = paragraph_text(paragraph)
            if text:
                yield text


def _in_fallback(paragraph: _Element, top: _Element) -> bool:
    for above in paragraph.iterancestors():
        if above is top:
            return False
        if local_name(above) == "Fallback":
            return True
    return False


def drawing_rows(table: _Element) -> list[list[str]]:
    """The cells of an `a:tbl`; a merged cell's text stands once, at its first place."""
    rows: list[list[str]] = []
    for row in table.iter("{*}tr"):
        cells = [cell for cell in row if local_name(cell) == "tc"]
        rows.append(["" if _merged(cell) else "\n".join(paragraphs(cell)) for cell in cells])
    return rows


def _merged(cell: _Element) -> bool:
    merged = any(str(cell.get(name, "0")) in ("1", "true") for name in ("hMerge", "vMerge"))
    return merged and not any(paragraphs(cell))


def chart_passages(
    root: _Element, place: Place, *, number: int = 1, flags: frozenset[str] = frozenset()
) -> Iterator[Passage]:
    """A chart part: titles and labels as one passage, each plot's data as a table of categories against series."""
    where = replace(place, channel=f"chart {number}")
    words = [*paragraphs(root), *_loose(root)]
    if words:
        yield Passage("\n".join(dict.fromkeys(words)), where, None, flags)
    series = [element for element in root.iter("{*}ser") if len(element)]
    if series:
        yield from table_passages(_chart_rows(series), replace(where, table=1), flags=flags)


def _loose(root: _Element) -> Iterator[str]:
    """Text of newer chart parts (`cx:`), which keep points and names without paragraphs."""
    if not str(root.tag).endswith("chartSpace") or next(root.iter("{*}ser"), None) is None:
        yield from text_nodes(str(node) for node in root.itertext())


def _chart_rows(series: list[_Element]) -> list[list[str]]:
    """First row: names of the series; then one row a point: category (or x), then each series' value (or y)."""
    names = [_joined(one, "tx") for one in series]
    categories: dict[int, str] = {}
    columns: list[dict[int, str]] = []
    for one in series:
        for index, text in [*_points(one, "cat"), *_points(one, "xVal")]:
            categories.setdefault(index, text)
        columns.append(dict([*_points(one, "val"), *_points(one, "yVal"), *_points(one, "bubbleSize")]))
    indices = sorted({*categories, *(index for column in columns for index in column)})[:CHART_ROWS]
    body = [[categories.get(i, ""), *(column.get(i, "") for column in columns)] for i in indices]
    return [["", *names], *body]


def _joined(series: _Element, part: str) -> str:
    found = next((child for child in series if local_name(child) == part), None)
    if found is None:
        return ""
    return " ".join(dict.fromkeys("".join(v.itertext()) for v in found.iter("{*}v")))


def _points(series: _Element, part: str) -> Iterator[tuple[int, str]]:
    for holder in series:
        if local_name(holder) != part:
            continue
        for position, point in enumerate(holder.iter("{*}pt")):
            text = " ".join("".join(v.itertext()) for v in point if local_name(v) == "v")
            index = str(point.get("idx", position))
            yield int(index) if index.isdigit() else position, text


def diagram_passages(root: _Element, place: Place, *, flags: frozenset[str] = frozenset()) -> Iterator[Passage]:
    """A SmartArt data part: the text of its points."""
    text = "\n".join(paragraphs(root))
    if text:
        yield Passage(text, replace(place, channel="SmartArt"), None, flags)
