"""Boxes of lines in, two columns of prose told apart from a table out: where the gutter is, and what to read in turn.

Boxes are (left, bottom, right, top) with y growing upwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Box = tuple[float, float, float, float]

LEAST_LINES = 6
"""Lines that each column must have."""
_FILLED = 0.55
"""Share of its column that a typical line of prose fills; the cells of a table fill less."""
_CROSSING = 0.2
_SLACK = 2.0


def gutter_of(boxes: Sequence[Box], page: Box) -> float | None:
    """The x where two columns of prose part, between 30 and 70 % of the width; None when there are none."""
    width = page[2] - page[0]
    counted = [(sum(1 for box in boxes if crosses(box, x)), x) for x in _candidates(page)]
    fewest = min(count for count, _ in counted)
    if fewest > _CROSSING * len(boxes):
        return None
    clear = [x for count, x in counted if count == fewest]
    x = clear[len(clear) // 2]
    columns = [box for box in boxes if box[2] <= x + _SLACK], [box for box in boxes if box[0] >= x - _SLACK]
    prose = all(len(column) >= LEAST_LINES and _is_prose(column, width) for column in columns)
    return x if prose else None


def crosses(box: Box, x: float) -> bool:
    """Whether a line runs over the gutter (a title, a full-width figure)."""
    return box[0] < x - _SLACK and box[2] > x + _SLACK


def bands(boxes: Sequence[Box], gutter: float, page: Box) -> Iterator[Box]:
    """Regions from top to bottom: what crosses the gutter, and between that the left and then the right column."""
    top = page[3]
    for box in sorted((box for box in boxes if crosses(box, gutter)), key=lambda box: -box[3]):
        if box[3] < top:
            yield from _halves(page, gutter, box[3], top)
        yield (page[0], box[1], page[2], min(box[3], top))
        top = min(top, box[1])
    yield from _halves(page, gutter, page[1], top)


def _candidates(page: Box) -> Iterator[float]:
    return (page[0] + (page[2] - page[0]) * step / 100 for step in range(30, 71, 2))


def _is_prose(column: Sequence[Box], width: float) -> bool:
    extent = max(box[2] for box in column) - min(box[0] for box in column)
    widths = sorted(box[2] - box[0] for box in column)
    return extent > 0.22 * width and widths[len(widths) // 2] > _FILLED * extent


def _halves(page: Box, gutter: float, bottom: float, top: float) -> Iterator[Box]:
    yield (page[0], bottom, gutter, top)
    yield (gutter, bottom, page[2], top)
