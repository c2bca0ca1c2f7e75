"""Recognised lines are put in reading order; the engine itself is tried where one is installed."""

import io

import PIL.Image
import pytest

from sluicegate.extract import ocr
from sluicegate.extract.evasion._pictures import painted
from sluicegate.extract.ocr import Line, find_ocr, in_reading_order


def _line(text, left, down, width, height=10):
    return Line((left, -down - height, left + width, -down), text, 0.99)


def test_columns_of_prose_are_read_one_by_one_under_their_title():
    lines = [_line("title over both columns", 50, 10, 500)]
    for n in range(8):
        lines += [_line(f"left line {n}", 50, 40 + 15 * n, 230), _line(f"right line {n}", 320, 42 + 15 * n, 230)]
    text = in_reading_order(lines, 600, 800).split("\n")
    assert text == [
        "title over both columns",
        *(f"left line {n}" for n in range(8)),
        *(f"right line {n}" for n in range(8)),
    ]


def test_cells_of_a_row_stay_together():
    lines = []
    for n in range(8):
        lines += [_line(f"property {n}", 50, 40 + 15 * n, 90), _line(f"{n}.5 g", 320, 41 + 15 * n, 40)]
    lines.append(_line("a much longer cell that tells a table from prose", 50, 300, 240))
    assert in_reading_order(lines, 600, 800).split("\n")[0] == "property 0\t0.5 g"


def test_nothing_recognised_is_nothing():
    assert in_reading_order([], 100, 100) == ""


@pytest.mark.skipif(find_ocr() is None, reason="no OCR engine is installed")
def test_the_installed_engine_reads_print():
    stream = io.BytesIO()
    painted("compaction density of the powder", size=28).save(stream, "PNG")
    assert "density" in find_ocr()(stream.getvalue())


def test_a_long_strip_is_given_to_the_engine_sheet_by_sheet():
    stream = io.BytesIO()
    PIL.Image.new("L", (1080, 12_000), 255).save(stream, "PNG")
    found = list(ocr._opened(stream.getvalue()))
    assert len(found) > 5
    assert all(sheet.width == 1080 and sheet.height <= ocr.SIDE for sheet in found)
    assert sum(sheet.height for sheet in found) >= 12_000
