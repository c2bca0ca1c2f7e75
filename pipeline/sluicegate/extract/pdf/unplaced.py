"""A page on which pdfium dropped characters in, its text by pdfminer out.

pdfium leaves out a text object of one character when it has no glyph for it: the font is not embedded and the machine
has no font of that script. Chinese files that place every character by itself then come out empty. pdfminer needs no
glyphs, as it ships Adobe's character maps.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterable
from typing import Any

from sluicegate.extract.pdf.native import Page
from sluicegate.extract.pdf.objects import Drawn, address_of, quick_calls
from sluicegate.extract.repair import HAN, repair

_FOREIGN = re.compile(
    rb"/Ordering\s*\(\s*(?:GB1|CNS1|Japan1|Japan2|Korea1|KR)\s*\)|/Encoding\s*/(?:GB|B5|ETen|HK|CNS|KSC|Uni|90|83pv|EUC)[\w-]*-[HV]\b"
)
_LONE_HAN = re.compile(f"(?<=[{HAN}])[ \\n](?=[{HAN}，。；：、])")
_TEXT_OBJECT, _MOST = 1, 20_000
_TOLERATED = 2
_EMPTY = 2  # bytes of an end mark alone


def uses_foreign_fonts(objects: Iterable[bytes]) -> bool:
    """Whether fonts of the predefined CJK character collections are named (ISO 32000-1, 9.7.5.2)."""
    return any(_FOREIGN.search(part) for part in objects)


class Unplaced:
    """The second reader of one document; pdfminer opens it once, when the first page needs it."""

    def __init__(self, data: bytes, password: str | None, *, likely: bool) -> None:
        """`likely` is whether the fonts are such that characters may be dropped."""
        self._data = data
        self._password = password
        self._likely = likely
        self._pages: list[Any] | None = None

    def text(self, page: Page, read: str, drawn: Drawn) -> str:
        """The page's text: `read` when nothing was dropped or pdfminer finds no more, else what pdfminer finds."""
        fewer = 2 * drawn.texts > len(read) - read.count(" ") and drawn.texts > _weight(read)
        if not (self._likely or fewer) or not _has_silent_objects(page):
            return read
        try:
            other = _closed_up(repair(self._by_pdfminer(page.number)))
        except _faults():
            return read
        return other if _weight(other) > _weight(read) + _TOLERATED else read

    def _by_pdfminer(self, number: int) -> str:
        from pdfminer.converter import TextConverter
        from pdfminer.layout import LAParams
        from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
        from pdfminer.pdfpage import PDFPage

        if self._pages is None:
            stream = io.BytesIO(self._data)
            self._pages = list(PDFPage.get_pages(stream, password=self._password or "", check_extractable=False))
        manager, out = PDFResourceManager(), io.StringIO()
        device = TextConverter(manager, out, laparams=LAParams(detect_vertical=True))
        PDFPageInterpreter(manager, device).process_page(self._pages[number - 1])
        return out.getvalue()


def _closed_up(text: str) -> str:
    """Text set one character at a time, downwards or spaced, without the blanks between its Han characters."""
    close, blanks = _LONE_HAN.subn("", text)
    return close.strip() if blanks > 0.3 * _weight(text) else text.strip()


def _has_silent_objects(page: Page) -> bool:
    """Whether some text objects gave no text at all; a few are blanks."""
    import pypdfium2.raw as c

    part_of, kind_of, text_size = quick_calls()
    address, layer = address_of(page.raw), address_of(page.text)
    silent = 0
    for index in range(min(c.FPDFPage_CountObjects(page.raw), _MOST)):
        part = part_of(address, index)
        if kind_of(part) == _TEXT_OBJECT:
            silent += text_size(part, layer, None, 0) <= _EMPTY
    return silent > _TOLERATED


def _weight(text: str) -> int:
    return sum(map(len, text.split()))


def _faults() -> tuple[type[Exception], ...]:
    """What pdfminer is known to raise on broken files."""
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException

    return (
        PDFException, PSException, ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError,
        RecursionError, OSError, struct.error, NotImplementedError,
    )  # fmt: skip
