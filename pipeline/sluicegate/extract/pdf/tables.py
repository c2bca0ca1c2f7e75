"""An interesting page with ruled lines in, its tables as passages out: pdfplumber finds the cells, pdfium their text.

Measured: pdfplumber costs some forty times pdfium's text, and its own text tears sub- and superscripts off; so it is
asked only for the geometry, and only on pages that have rules and that the caller finds interesting.
"""

from __future__ import annotations

import ctypes
import io
import struct
from collections.abc import Iterator, Sequence
from typing import Any

from sluicegate.extract.frame import Context, Find, Note
from sluicegate.extract.pdf.lines import ruled_page
from sluicegate.extract.pdf.native import Box, Page, bounded_text
from sluicegate.extract.pdf.objects import Drawn, paths
from sluicegate.extract.repair import HAN_LINE_BREAK, repair
from sluicegate.extract.table import table_passages

_THIN, _LONG = 3.0, 10.0
_RULES = 3
"""Horizontal and vertical rules that a page must have: measured recall 0.99 at a quarter of all pages."""
_DRAWING = 4_000
"""Paths from which a page is a drawing: pdfplumber compares every rule with every other."""
_SCALE = 1000


class Tables:
    """The tables of one document; pdfplumber opens it once, when the first page needs it."""

    def __init__(self, data: bytes, password: str | None, context: Context) -> None:
        self._data = data
        self._password = password
        self._context = context
        self._opened: Any = None

    def finds(self, page: Page, drawn: Drawn) -> Iterator[Find]:
        """The page's tables; a page that pdfplumber cannot take gives a note, as its text was read already."""
        if drawn.paths > _DRAWING:
            yield Note(f"page {page.number}: a drawing of more than {_DRAWING} lines; its tables not analysed")
            return
        if drawn.paths < 2 or not is_ruled(page):
            return
        try:
            tables = self._tables(page.number)
        except _faults() as error:
            yield Note(f"page {page.number}: tables not analysed ({type(error).__name__})")
            return
        for number, (rows, height) in enumerate(tables, 1):
            cells = [[self._cell(page, cell, height) for cell in row] for row in rows]
            if sum(1 for row in cells if any(row)) > 1 and max(map(len, cells)) > 1:
                yield from table_passages(cells, self._context.place(page=page.number, table=number))

    def _tables(self, number: int) -> list[tuple[list[list[Box | None]], float]]:
        """For each table its rows of cell boxes (pdfplumber's coordinates, from the top) and the page's height."""
        import pdfplumber  # with pdfminer 110 ms; most documents have no page for it

        if self._opened is None:
            self._opened = pdfplumber.open(io.BytesIO(self._data), password=self._password or "")
        page = ruled_page(self._opened, number)
        found = [([list(row.cells) for row in table.rows], float(page.height)) for table in page.find_tables()]
        page.close()
        return found

    def _cell(self, page: Page, cell: Box | None, height: float) -> str:
        if cell is None:
            return ""
        text = repair(bounded_text(page, _in_points(page, cell, height)))
        return " ".join(HAN_LINE_BREAK.sub("", text).split())

    def close(self) -> None:
        """Give back what pdfplumber holds."""
        if self._opened is not None:
            self._opened.close()


def is_ruled(page: Page) -> bool:
    """Whether at least three thin horizontal and three thin vertical rules are drawn; a box counts two of each."""
    horizontal = vertical = 0
    for left, bottom, right, top in paths(page):
        width, height = right - left, top - bottom
        if height < _THIN and width > _LONG:
            horizontal += 1
        elif width < _THIN and height > _LONG:
            vertical += 1
        elif width > _LONG and height > _LONG:
            horizontal, vertical = horizontal + 2, vertical + 2
        if horizontal >= _RULES and vertical >= _RULES:
            return True
    return False


def _in_points(page: Page, cell: Sequence[float], height: float) -> Box:
    """A box as pdfplumber has it (from the top left of the page as shown) in the page's own space, a point smaller."""
    import pypdfium2.raw as c

    left, top, right, bottom = cell[0] + 1, cell[1] + 1, cell[2] - 1, cell[3] - 1
    if not c.FPDFPage_GetRotation(page.raw):
        media = [ctypes.c_float() for _ in range(4)]
        known = c.FPDFPage_GetMediaBox(page.raw, *media)
        x0, y1 = (media[0].value, media[3].value) if known else (0.0, height)
        return (x0 + left, y1 - bottom, x0 + right, y1 - top)
    wide, high = (int(size * _SCALE) for size in (c.FPDF_GetPageWidthF(page.raw), c.FPDF_GetPageHeightF(page.raw)))
    x, y = ctypes.c_double(), ctypes.c_double()
    corners = []
    for across, down in ((left, top), (right, bottom)):
        c.FPDF_DeviceToPage(page.raw, 0, 0, wide, high, 0, int(across * _SCALE), int(down * _SCALE), x, y)
        corners.append((x.value, y.value))
    (xa, ya), (xb, yb) = corners
    return (min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))


def _faults() -> tuple[type[Exception], ...]:
    """What pdfminer is known to raise on broken pages."""
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException

    return (
        PDFException, PSException, ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError,
        RecursionError, OSError, struct.error, NotImplementedError,
    )  # fmt: skip
