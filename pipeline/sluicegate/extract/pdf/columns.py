"""A page whose text runs across two columns line by line in, the text column by column out.

pdfium gives text in the order of the page's content stream. Most programs write a column at a time; some write each
line across both columns, and then sentences come torn in two.
"""

from __future__ import annotations

import ctypes
from itertools import pairwise

from sluicegate.extract.layout import LEAST_LINES, Box, bands, crosses, gutter_of
from sluicegate.extract.pdf.native import Page, bounded_text
from sluicegate.extract.repair import repair

_MOST_BOXES = 2_000


def in_columns(page: Page, text: str) -> str:
    """The page's text, re-read by columns when it alternates between two of them; else `text` as it is."""
    boxes = _line_boxes(page)
    gutter = gutter_of(boxes, page.box) if boxes else None
    if gutter is None or not _alternates(boxes, gutter):
        return text
    pieces = (repair(bounded_text(page, box)).strip() for box in bands(boxes, gutter, page.box))
    ordered = "\n".join(piece for piece in pieces if piece)
    complete = abs(_weight(ordered) - _weight(text)) <= 0.02 * _weight(text) + 2
    return ordered if complete else text


def _alternates(boxes: list[Box], gutter: float) -> bool:
    """Whether the order of the lines changes sides more often than a column has lines."""
    sides = [box[0] >= gutter - 2 for box in boxes if not crosses(box, gutter)]
    switches = sum(1 for one, other in pairwise(sides) if one != other)
    return switches > min(sides.count(True), sides.count(False))


def _weight(text: str) -> int:
    return sum(map(len, text.split()))


def _line_boxes(page: Page) -> list[Box]:
    """The boxes of runs of text, in pdfium's order."""
    import pypdfium2.raw as c

    count = c.FPDFText_CountRects(page.text, 0, -1)
    if not 2 * LEAST_LINES <= count <= _MOST_BOXES:
        return []
    left, top, right, bottom = ctypes.c_double(), ctypes.c_double(), ctypes.c_double(), ctypes.c_double()
    boxes = []
    for index in range(count):
        if c.FPDFText_GetRect(page.text, index, left, top, right, bottom) and right.value > left.value:
            boxes.append((left.value, bottom.value, right.value, top.value))
    return _runs_joined(boxes)


def _runs_joined(boxes: list[Box]) -> list[Box]:
    """Neighbouring runs of one line (a change of font) made one box."""
    joined: list[Box] = []
    for box in boxes:
        last = joined[-1] if joined else None
        if last and abs(box[1] - last[1]) < 4 and -2 <= box[0] - last[2] < 0.8 * (last[3] - last[1]):
            joined[-1] = (last[0], min(last[1], box[1]), box[2], max(last[3], box[3]))
        else:
            joined.append(box)
    return joined
