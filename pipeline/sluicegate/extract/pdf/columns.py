"""A page whose text runs across two columns line by line in, the text column by column out.

pdfium gives text in the order of the page's content stream. Most programs write a column at a time; some write each
line across both columns, and then sentences come torn in two.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import pairwise

from sluicegate.extract.pdf.native import Box, Page, bounded_text
from sluicegate.extract.repair import repair

_LEAST_LINES = 6
_MOST_BOXES = 2_000
_FILLED = 0.55
"""Share of its column that a typical line of prose fills; the cells of a table fill less."""


def in_columns(page: Page, text: str) -> str:
    """The page's text, re-read by columns when it alternates between two of them; else `text` as it is."""
    boxes = _line_boxes(page)
    gutter = _gutter(boxes, page.box)
    if gutter is None:
        return text
    pieces = (repair(bounded_text(page, box)).strip() for box in _regions(boxes, gutter, page.box))
    ordered = "\n".join(piece for piece in pieces if piece)
    complete = abs(_weight(ordered) - _weight(text)) <= 0.02 * _weight(text) + 2
    return ordered if complete else text


def _weight(text: str) -> int:
    return sum(map(len, text.split()))


def _line_boxes(page: Page) -> list[Box]:
    """The boxes of runs of text, in pdfium's order."""
    import pypdfium2.raw as c

    count = c.FPDFText_CountRects(page.text, 0, -1)
    if not 2 * _LEAST_LINES <= count <= _MOST_BOXES:
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


def _gutter(boxes: list[Box], page: Box) -> float | None:
    """Where two columns of prose part that are read across; None when there are none, or they are read one by one."""
    width = page[2] - page[0]
    best: tuple[int, float] | None = None
    for step in range(30, 71, 2):
        x = page[0] + width * step / 100
        crossing = sum(1 for box in boxes if box[0] < x - 2 and box[2] > x + 2)
        if crossing <= 0.2 * len(boxes) and (best is None or crossing < best[0]):
            best = (crossing, x)
    if best is None:
        return None
    x = best[1]
    sides = [0 if box[2] <= x + 2 else 1 for box in boxes if not (box[0] < x - 2 and box[2] > x + 2)]
    columns = [[box for box in boxes if box[2] <= x + 2], [box for box in boxes if box[0] >= x - 2]]
    if min(map(len, columns)) < _LEAST_LINES or not all(_is_prose(column, width) for column in columns):
        return None
    switches = sum(1 for one, other in pairwise(sides) if one != other)
    return x if switches > min(map(len, columns)) else None


def _is_prose(column: list[Box], width: float) -> bool:
    extent = max(box[2] for box in column) - min(box[0] for box in column)
    widths = sorted(box[2] - box[0] for box in column)
    return extent > 0.22 * width and widths[len(widths) // 2] > _FILLED * extent


def _regions(boxes: list[Box], gutter: float, page: Box) -> Iterator[Box]:
    """From top to bottom: what crosses the gutter, and between that the left and then the right column."""
    full = sorted((box for box in boxes if box[0] < gutter - 2 and box[2] > gutter + 2), key=lambda box: -box[3])
    top = page[3]
    for box in full:
        if box[3] < top:
            yield from _halves(page, gutter, box[3], top)
        yield (page[0], box[1], page[2], min(box[3], top))
        top = min(top, box[1])
    yield from _halves(page, gutter, page[1], top)


def _halves(page: Box, gutter: float, bottom: float, top: float) -> Iterator[Box]:
    yield (page[0], bottom, gutter, top)
    yield (gutter, bottom, page[2], top)
