"""A picture in, its text out, by whichever OCR engine is installed; None where there is none.

Measured: rapidocr reads Chinese best (0.97 of the words) and ships its models; tesseract reads Latin best. Neither
needs the network. Lines are put in reading order here, as rapidocr reads rows across columns.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from sluicegate.extract.layout import Box, bands, gutter_of
from sluicegate.extract.pictures import sheets

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 3000
"""Pixels of the longer side that an engine is given: a page at 250 dpi; more costs time and finds nothing more."""
_TIMEOUT = 60
_POOR = 0.75


@dataclass(frozen=True, slots=True)
class Line:
    """A recognised line: its box (y growing upwards), its text and the engine's confidence from 0 to 1."""

    box: Box
    text: str = field(repr=False)
    score: float


@cache
def find_ocr() -> Callable[[bytes], str] | None:
    """The installed OCR engine: rapidocr (the extra `sluicegate[ocr]`), else the program tesseract, else None.

    The engine takes a picture file's bytes and gives its text, lines joined by line breaks. It is loaded on first use.
    """
    if find_spec("rapidocr") and find_spec("onnxruntime"):
        return _Rapid().read
    program = shutil.which("tesseract")
    return _Tesseract(program).read if program else None


class _Rapid:
    """rapidocr, loaded when the first picture comes (0.7 s)."""

    def __init__(self) -> None:
        self._engine: Any = None

    def read(self, picture: bytes) -> str:
        return "\n".join(filter(None, map(self._text, _opened(picture))))

    def _text(self, image: Image) -> str:
        lines = self._lines(image)
        if lines and not _is_poor(lines):
            return in_reading_order(lines, image.width, image.height)
        turned = [(lines, image)]
        for angle in (90, 270, 180):
            other = image.rotate(angle, expand=True)
            turned.append((self._lines(other), other))
        lines, image = max(turned, key=lambda pair: sum(line.score * len(line.text) for line in pair[0]))
        return in_reading_order(lines, image.width, image.height)

    def _lines(self, image: Image) -> list[Line]:
        import numpy as np

        if self._engine is None:
            from rapidocr import RapidOCR  # onnxruntime and OpenCV: 0.7 s and 100 MB

            self._engine = RapidOCR(params={"Global.log_level": "critical"})
        found = self._engine(np.asarray(image))
        if found.boxes is None or found.txts is None:
            return []
        lines = []
        for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=False):
            across, down = [float(x) for x, _ in corners], [float(y) for _, y in corners]
            lines.append(Line((min(across), -max(down), max(across), -min(down)), str(text), float(score)))
        return lines


def _is_poor(lines: Sequence[Line]) -> bool:
    """Low confidence, or lines that stand upright: the picture is turned."""
    letters = sum(len(line.text) for line in lines)
    sure = sum(line.score * len(line.text) for line in lines) / max(letters, 1)
    upright = [line for line in lines if len(line.text) >= 4]
    tall = sum(1 for line in upright if line.box[3] - line.box[1] > 1.5 * (line.box[2] - line.box[0]))
    return sure < _POOR or tall > len(upright) / 2


class _Tesseract:
    """The program tesseract, given the picture on its standard input; nothing is written."""

    def __init__(self, program: str) -> None:
        self._program = program

    def read(self, picture: bytes) -> str:
        return "\n".join(filter(None, map(self._text, _opened(picture))))

    def _text(self, image: Image) -> str:
        stream = io.BytesIO()
        image.save(stream, "PPM")
        command = [self._program, "stdin", "stdout", "-l", self._languages()]
        try:
            done = subprocess.run(command, input=stream.getvalue(), capture_output=True, timeout=_TIMEOUT, check=False)
        except (subprocess.TimeoutExpired, OSError):
            return ""
        return done.stdout.decode("utf-8", "replace")

    def _languages(self) -> str:
        done = subprocess.run([self._program, "--list-langs"], capture_output=True, timeout=_TIMEOUT, check=False)
        installed = done.stdout.decode("utf-8", "replace").split()
        return "+".join(language for language in ("chi_sim", "eng", "chi_tra") if language in installed) or "eng"


def _opened(picture: bytes) -> Iterator[Image]:
    """The picture at the size that an engine is given, sheet by sheet if it is much longer than a page."""
    import PIL.Image

    image = PIL.Image.open(io.BytesIO(picture)).convert("RGB")
    for box in sheets(image.size):
        sheet = image.crop(box) if box != (0, 0, *image.size) else image
        sheet.thumbnail((SIDE, SIDE))
        yield sheet


def in_reading_order(lines: Sequence[Line], width: float, height: float) -> str:
    """The lines' texts: by columns where there are two of prose, else row by row, cells of a row parted by tabs."""
    page = (0.0, -float(height), float(width), 0.0)
    boxes = [line.box for line in lines]
    gutter = gutter_of(boxes, page)
    if gutter is None:
        return _in_rows(lines)
    left = list(lines)
    parts = []
    for region in bands(boxes, gutter, page):
        inside = [line for line in left if _is_inside(line.box, region)]
        left = [line for line in left if line not in inside]
        parts.append(_in_rows(inside))
    return "\n".join(part for part in (*parts, _in_rows(left)) if part)


def _is_inside(box: Box, region: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return region[0] <= x <= region[2] and region[1] <= y <= region[3]


def _in_rows(lines: Sequence[Line]) -> str:
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: -(line.box[1] + line.box[3])):
        middle = (line.box[1] + line.box[3]) / 2
        if rows and rows[-1][0].box[1] <= middle <= rows[-1][0].box[3]:
            rows[-1].append(line)
        else:
            rows.append([line])
    ordered = (sorted(row, key=lambda line: line.box[0]) for row in rows)
    return "\n".join("\t".join(line.text for line in row) for row in ordered)
