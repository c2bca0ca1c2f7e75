"""An open page in, its pictures read out: by OCR where there is one, else a problem if a picture looks like text."""

from __future__ import annotations

import ctypes
import hashlib
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Context, Find
from sluicegate.extract.pdf.native import Box, Page, bounded_text
from sluicegate.extract.pdf.objects import Drawn, Picture
from sluicegate.extract.pictures import LEAST, look_at
from sluicegate.extract.repair import repair

if TYPE_CHECKING:
    from PIL.Image import Image

UNREAD = "a picture of text; it needs OCR (install sluicegate[ocr])"
UNREAD_PICTURE = "a picture beside the text looks like text; it needs OCR (install sluicegate[ocr])"
GARBLED = "its characters cannot be mapped to text; it needs OCR (install sluicegate[ocr])"
FEW = 20
"""Characters below which a page counts as a picture: a page number, a stamp."""
_MODES = {1: ("L", "L"), 2: ("RGB", "BGR"), 3: ("RGB", "BGRX"), 4: ("RGBA", "BGRA")}
"""FPDFBitmap_Gray, _BGR, _BGRx and _BGRA of fpdfview.h, as Pillow calls them."""
_LOOK_DPI, _OCR_DPI = 110, 220
_MOST_PIXELS = 40_000_000
_LEAST_SHARE = 0.01
_DRAWN = 60
_LAYER = 0.004
"""Characters per square point that make a text layer: a tenth of a page of 10-point print."""


class Pictures:
    """What pictures of one document were seen already, so that a logo on 300 pages is judged once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._seen: set[bytes] = set()
        self._unread: dict[tuple[ProblemKind, str], list[int]] = {}

    def finds(self, page: Page, drawn: Drawn, text: str, *, garbage: bool = False) -> Iterator[Find]:
        """Passages from OCR; what stays unread waits for `problems`. `garbage`: the page's own text is no text."""
        if garbage:
            yield from self._instead(page, ProblemKind.GARBLED, GARBLED)
        elif len(text.strip()) < FEW:
            whole = bool(drawn.pictures) or drawn.paths >= _DRAWN
            if whole and look_at(rendered(page, page.box, _LOOK_DPI)).is_readable:
                yield from self._instead(page, ProblemKind.NO_TEXT, UNREAD)
        else:
            yield from self._beside(page, drawn)

    def _instead(self, page: Page, kind: ProblemKind, detail: str) -> Iterator[Find]:
        """Read the whole page by OCR, or say why it is unread."""
        text = self._recognised(page, page.box)
        if text:
            yield Passage(text, self._context.place(page=page.number), flags=frozenset({"ocr"}))
        elif kind is ProblemKind.GARBLED or look_at(rendered(page, page.box, _LOOK_DPI)).is_sentence:
            self._unread.setdefault((kind, detail), []).append(page.number)

    def _beside(self, page: Page, drawn: Drawn) -> Iterator[Find]:
        """Read the pictures on a page that has text of its own, or say once that some look like text."""
        unread = False
        for picture in drawn.pictures:
            if not self._is_worth(page, picture):
                continue
            look = look_at(_content(picture))
            text = self._recognised(page, picture.box) if look.is_readable else ""
            if text:
                yield Passage(text, self._context.place(page=page.number), flags=frozenset({"ocr"}))
            unread = unread or (look.is_text and not text)
        if unread:
            self._unread.setdefault((ProblemKind.NO_TEXT, UNREAD_PICTURE), []).append(page.number)

    def problems(self) -> Iterator[Find]:
        """One problem for each reason why pages stayed unread, at the first of them and naming all."""
        for (kind, detail), pages in self._unread.items():
            which = f"pages {_ranges(pages)}: " if len(pages) > 1 else ""
            yield self._context.problem(kind, which + detail, page=pages[0])

    def _recognised(self, page: Page, box: Box) -> str:
        ocr = self._context.ocr
        return repair(ocr(_portable(rendered(page, box, _OCR_DPI)))).strip() if ocr is not None else ""

    def _is_worth(self, page: Page, picture: Picture) -> bool:
        """Large enough on the page, without a text layer over it, and not seen before."""
        width, height = picture.box[2] - picture.box[0], picture.box[3] - picture.box[1]
        area = (page.box[2] - page.box[0]) * (page.box[3] - page.box[1])
        if width <= 0 or height <= 0 or width * height < _LEAST_SHARE * area:
            return False
        mark = _mark(picture)
        if mark in self._seen:
            return False
        self._seen.add(mark)
        return len(bounded_text(page, picture.box).strip()) < max(FEW, _LAYER * width * height)


def _ranges(numbers: list[int]) -> str:
    """`1–3, 7` for 1, 2, 3, 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def rendered(page: Page, box: Box, dpi: int) -> Image:
    """A part of the page as a grey picture, as the recipient sees it (turned as the page says)."""
    import PIL.Image
    import pypdfium2.raw as c

    scale = dpi / 72
    wide, high = c.FPDF_GetPageWidthF(page.raw), c.FPDF_GetPageHeightF(page.raw)
    scale = min(scale, (_MOST_PIXELS / max(wide * high, 1)) ** 0.5)
    width, height = max(1, int(wide * scale)), max(1, int(high * scale))
    bitmap = c.FPDFBitmap_CreateEx(width, height, c.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        return PIL.Image.new("L", LEAST, 255)
    try:
        c.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        c.FPDF_RenderPageBitmap(bitmap, page.raw, 0, 0, width, height, 0, c.FPDF_ANNOT)
        stride = c.FPDFBitmap_GetStride(bitmap)
        raw = ctypes.string_at(c.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        c.FPDFBitmap_Destroy(bitmap)
    whole = PIL.Image.frombytes("L", (width, height), raw, "raw", "L", stride, 1)
    return whole if box == page.box else whole.crop(_on_device(page, box, width, height))


def _content(picture: Picture) -> Image:
    """The picture's own pixels, without what the page draws over it."""
    import PIL.Image
    import pypdfium2.raw as c

    bitmap = c.FPDFImageObj_GetBitmap(picture.handle)
    if not bitmap:
        return PIL.Image.new("L", (1, 1), 255)
    try:
        width, height, stride = (
            call(bitmap) for call in (c.FPDFBitmap_GetWidth, c.FPDFBitmap_GetHeight, c.FPDFBitmap_GetStride)
        )
        mode, order = _MODES.get(c.FPDFBitmap_GetFormat(bitmap), ("L", "L"))
        raw = ctypes.string_at(c.FPDFBitmap_GetBuffer(bitmap), stride * height)
    finally:
        c.FPDFBitmap_Destroy(bitmap)
    return PIL.Image.frombytes(mode, (width, height), raw, "raw", order, stride, 1)


def _on_device(page: Page, box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """A box in points as (left, upper, right, lower) in pixels of the rendered page."""
    import pypdfium2.raw as c

    x, y = ctypes.c_int(), ctypes.c_int()
    corners = []
    for corner_x, corner_y in ((box[0], box[1]), (box[2], box[3])):
        c.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, corner_x, corner_y, x, y)
        corners.append((x.value, y.value))
    (x0, y0), (x1, y1) = corners
    left, right = sorted((min(max(x0, 0), width), min(max(x1, 0), width)))
    upper, lower = sorted((min(max(y0, 0), height), min(max(y1, 0), height)))
    return (left, upper, max(right, left + 1), max(lower, upper + 1))


def _portable(image: Image) -> bytes:
    """The picture as an uncompressed PPM/PGM file, the quickest form that every OCR engine opens."""
    stream = io.BytesIO()
    image.save(stream, "PPM")
    return stream.getvalue()


def _mark(picture: Picture) -> bytes:
    """What tells one picture from another: its packed content and its size."""
    import pypdfium2.raw as c

    size = c.FPDFImageObj_GetImageDataRaw(picture.handle, None, 0)
    buffer: Any = ctypes.create_string_buffer(max(size, 1))
    c.FPDFImageObj_GetImageDataRaw(picture.handle, buffer, size)
    return hashlib.sha256(buffer.raw + f"{picture.width}x{picture.height}".encode()).digest()
