"""Text objects are cut out of content streams, and nothing else is."""

from __future__ import annotations

import io

import pdfplumber
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from sluicegate.extract.pdf.lines import ruled_page, without_text


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (b"q BT /F1 9 Tf (word) Tj ET 0 0 m 9 0 l S Q", b"q   0 0 m 9 0 l S Q"),
        (b"BT (a ET b) Tj ET 1 w", b"  1 w"),
        (b"BT (a \\) ET (nested ET) b) Tj ET 1 w", b"  1 w"),
        (b"BT [(E)-2(T)] TJ\nET\nS", b" \nS"),
        (b"BT (never closed ET 1 w", b"BT (never closed ET 1 w"),
        (b"BI /W 1 ID \x00BT \x01 EI BT (x) Tj ET S", b"BI /W 1 ID \x00BT \x01 EI BT (x) Tj ET S"),
        (b"/ABT gs BTX S", b"/ABT gs BTX S"),
    ],
)
def test_text_objects_are_cut_out(content: bytes, left: bytes) -> None:
    assert without_text(content) == left


def test_tables_are_the_ones_that_pdfplumber_finds() -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, invariant=1)
    canvas.drawString(80, 780, "BT and ET in a line (of text)")
    canvas.grid([80, 200, 320], [600, 640, 680, 720])
    for row in range(3):
        canvas.drawString(90, 690 - 40 * row, f"cell {row} ET")
    canvas.save()
    with pdfplumber.open(stream) as document:
        page = ruled_page(document, 1)
        assert [table.bbox for table in page.find_tables()] == [table.bbox for table in document.pages[0].find_tables()]
        assert page.chars == []
