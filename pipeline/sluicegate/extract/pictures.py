"""A picture in, a judgement out: does it look like text that somebody could read?

Logos, signatures and photographs must not stop a mail, and a scanned page must. Text is many small marks of like height
that stand in rows, dark and light with little between. The marks are counted; no letter is recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST = (60, 14)
"""Width and height in pixels below which no sentence fits."""
READABLE = 12
"""Marks in rows from which OCR is worth its time."""
LINE = 25
"""Marks of the shortest sentence."""
GLYPHS, ROWS, MANY, CERTAIN = 45, 3, 80, 150
"""A picture is a text with `GLYPHS` marks in `ROWS` rows or `MANY` in fewer: a logo with a company's name in two
languages and scripts has up to 70 in two rows, the smallest useful scrap of a report three rows. The rows must be long,
as those of windows and leaves in a photograph are not; with `CERTAIN` marks that does not matter (a table's cells)."""
_ROW = 7.5
SIDE = 1400
"""Pixels on the longer side of a picture at which it is judged."""
_PAGE, _STRIP, _OVERLAP = 1.5, 1.5, 0.05
"""The sides of a sheet to one another, how many sheets long a strip is, and how far its sheets overlap."""
_TALL = 0.12
_MOST_MARKS = 8000
_ALIKE = 0.12
_LEAST_HEIGHT = 5
"""Pixels of a mark's height below which print can be read neither by eye nor by OCR: a thumbnail of a page."""


@dataclass(frozen=True, slots=True)
class _Marks:
    """Connected marks of a picture: arrays of their edges in pixels."""

    left: Any
    right: Any
    top: Any
    bottom: Any

    def where(self, chosen: Any) -> _Marks:
        return _Marks(self.left[chosen], self.right[chosen], self.top[chosen], self.bottom[chosen])


@dataclass(frozen=True, slots=True)
class Look:
    """What a picture looks like: how many marks of like size stand in rows, and in how many rows."""

    glyphs: int = 0
    rows: int = 0

    @property
    def is_text(self) -> bool:
        """About three lines of text or more: what must not go out unread."""
        long = self.glyphs >= _ROW * self.rows
        return self.glyphs >= CERTAIN or (
            long and (self.glyphs >= MANY or (self.glyphs >= GLYPHS and self.rows >= ROWS))
        )

    @property
    def is_sentence(self) -> bool:
        """A line of print: enough on a page that has nothing else."""
        return self.glyphs >= max(LINE, _ROW * self.rows)

    @property
    def is_readable(self) -> bool:
        """A few words or more: what OCR should look at where there is one."""
        return self.glyphs >= READABLE


def sheets(size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """A picture's size in, boxes out that cut one much longer than a page (a screenshot of a chat) into sheets."""
    width, height = size
    long, short = max(size), min(size)
    sheet = max(_PAGE * short, SIDE)
    if long <= _STRIP * sheet:
        return [(0, 0, width, height)]
    count = -(-long // int(sheet))
    step, more = -(-long // count), int(_OVERLAP * sheet)
    spans = [(start, min(long, start + step + more)) for start in range(0, long, step)]
    return [(a, 0, b, height) if width > height else (0, a, width, b) for a, b in spans]


def look_at(image: Image) -> Look:
    """Judge a picture, upright and turned by a right angle; one much longer than a page by its best sheet."""
    if image.width < LEAST[0] or image.height < LEAST[1]:
        return Look()
    boxes = sheets(image.size)
    if len(boxes) == 1:
        return _look_at(image)
    best = Look()
    for box in boxes:
        best = max(best, _look_at(image.crop(box)), key=lambda look: look.glyphs)
        if best.is_text:
            break
    return best


def _look_at(image: Image) -> Look:
    grey = _grey(image)
    inks = [(ink, _boxes(ink)) for ink in _inks(grey)]
    upright = _look(grey, inks)
    if upright.is_text:
        return upright
    turned = [(ink.T, _Marks(boxes.top, boxes.bottom, boxes.left, boxes.right)) for ink, boxes in inks]
    return max(upright, _look(grey.T, turned), key=lambda look: look.glyphs)


def _look(grey: Any, inks: list[tuple[Any, _Marks]]) -> Look:
    """`grey` is a 2-d array of 0–255; `inks` are masks with the boxes of all their marks."""
    looks = [Look()]
    for ink, boxes in inks:
        marks = _sized(boxes, ink.shape[0])
        if 5 <= len(marks.left) <= _MOST_MARKS:
            looks.append(_in_rows(marks, ink, grey))
    return max(looks, key=lambda look: look.glyphs)


def _grey(image: Image) -> Any:
    """Luminance on white, at most `SIDE` pixels on its longer side."""
    import numpy as np
    import PIL.Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        coloured = image.convert("RGBA")
        ground = PIL.Image.new("RGBA", coloured.size, "white")
        image = PIL.Image.alpha_composite(ground, coloured)
    plain = image.convert("L")
    scale = SIDE / max(plain.size)
    if scale < 1:
        plain = plain.resize(
            (max(1, int(plain.width * scale)), max(1, int(plain.height * scale))), PIL.Image.Resampling.BOX
        )
    return np.asarray(plain, dtype=np.float32)


def _inks(grey: Any) -> list[Any]:
    """Masks of what is darker, and of what is lighter, than its surroundings."""
    from scipy import ndimage

    around = ndimage.uniform_filter(grey, 41)
    contrast = max(18.0, float(grey.std()) * 0.5)
    return [grey < around - contrast, grey > around + contrast]


def _boxes(ink: Any) -> _Marks:
    """The edges of every connected mark, from the ends of its horizontal runs: ten times fewer than its pixels."""
    import numpy as np
    from scipy import ndimage

    labels, count = ndimage.label(ink, structure=np.ones((3, 3), dtype=bool))
    edge = np.zeros((ink.shape[0], 1), dtype=bool)
    begins = np.flatnonzero(ink & ~np.hstack((edge, ink[:, :-1])))
    ends = np.flatnonzero(ink & ~np.hstack((ink[:, 1:], edge)))
    mark = labels.ravel()[begins] - 1
    row, first = np.divmod(begins.astype(np.int32), np.int32(ink.shape[1]))
    last = ends.astype(np.int32) - row * np.int32(ink.shape[1])
    top, bottom, right = (np.zeros(count, dtype=np.int32) for _ in range(3))
    left = np.full(count, ink.shape[1], dtype=np.int32)
    bottom[mark] = row + 1  # runs come in reading order, and the last assignment stays
    top[mark[::-1]] = row[::-1]
    np.minimum.at(left, mark, first)
    np.maximum.at(right, mark, last + 1)
    return _Marks(left, right, top, bottom)


def _sized(marks: _Marks, tall: int) -> _Marks:
    """The marks that have the size and shape of characters in a picture `tall` pixels high."""
    height, width = marks.bottom - marks.top, marks.right - marks.left
    sized = (height >= _LEAST_HEIGHT) & (height <= max(60, _TALL * tall)) & (width <= 6 * height) & (width >= 1)
    return marks.where(sized)


def _in_rows(marks: _Marks, ink: Any, grey: Any) -> Look:
    """Marks that have at least four neighbours of like height on the same row, close by, on even ground."""
    import numpy as np

    marks = marks.where(np.argsort(marks.top + marks.bottom, kind="stable"))
    centre, height = (marks.top + marks.bottom) / 2, marks.bottom - marks.top
    used = np.zeros(len(centre), dtype=bool)
    glyphs = 0
    rows: list[float] = []
    lows = np.searchsorted(centre, centre - 0.1)
    highs = np.searchsorted(centre, centre + 0.6 * height)
    for index in np.flatnonzero(highs - lows >= 5).tolist():
        if used[index]:
            continue
        row = np.arange(lows[index], highs[index])
        alike = (~used[row]) & (height[row] > 0.45 * height[index]) & (height[row] < 2.2 * height[index])
        row = row[alike]
        if len(row) < 5:
            continue
        for run in _runs(row[np.argsort(marks.left[row])], marks):
            used[run] = True
            if _is_print(marks, run, ink, grey):
                glyphs += len(run)
                if not any(abs(centre[index] - row) < height[index] for row in rows):
                    rows.append(float(centre[index]))
    return Look(glyphs, len(rows))


def _runs(row: Any, marks: _Marks) -> list[Any]:
    """A row cut where the gap to the next mark is wider than three marks are high; runs of five and more are kept."""
    import numpy as np

    heights = np.sort(marks.bottom[row] - marks.top[row])
    median = (heights[(len(row) - 1) // 2] + heights[len(row) // 2]) / 2
    gaps = marks.left[row][1:] - marks.right[row][:-1]
    cuts = [0, *(np.flatnonzero(gaps > 3 * median) + 1).tolist(), len(row)]
    return [row[start:stop] for start, stop in pairwise(cuts) if stop - start >= 5]


def _is_print(marks: _Marks, run: Any, ink: Any, grey: Any) -> bool:
    """Printed text: the row's box is partly ink on ground of one shade, and its marks rarely lie over each other."""
    left, right = marks.left[run], marks.right[run]
    box = slice(marks.top[run].min(), marks.bottom[run].max()), slice(left.min(), right.max())
    inside, shade = ink[box], grey[box]
    share = inside.mean()
    if not 0.06 <= share <= 0.6:
        return False
    overlap = (left[1:] < right[:-1] - 1).mean()
    widths, heights = right - left, marks.bottom[run] - marks.top[run]
    if widths.std() < _ALIKE * widths.mean() and heights.std() < _ALIKE * heights.mean():
        return False  # a dotted line
    ground = shade[~inside]
    apart = abs(float(shade[inside].mean()) - float(ground.mean()))
    return bool(overlap < 0.35 and ground.std() < 0.45 * apart)
