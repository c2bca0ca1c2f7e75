"""A PDF that pdfplumber opened in, one page's ruled tables out: its lines are read and its text is not.

Nine tenths of what pdfplumber does on a page is decoding fonts and placing characters; tables by their rules need
neither, as the text of the cells comes from pdfium.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

_STRING = rb"\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\)"
_TEXT_OBJECT = re.compile(rb"(?<![^\s])BT\s(?:[^()E]++|" + _STRING + rb"|E(?!T\s))*+ET(?=\s|$)", re.S)
_INLINE_IMAGE = re.compile(rb"\sID\s")


def without_text(content: bytes) -> bytes:
    """A content stream without its text objects (ISO 32000-1, 9.4), which hold nine tenths of its operators.

    A text object that cannot be told safely stays, and so does everything beside an inline image.
    """
    return content if _INLINE_IMAGE.search(content) else _TEXT_OBJECT.sub(b" ", content)


def ruled_page(document: Any, number: int) -> Any:
    """Page `number` (from 1) as a pdfplumber page that has lines, rectangles and curves, but no characters."""
    page_obj = document.pages[number - 1].page_obj
    return _page_class()(document, page_obj, number)


@cache
def _page_class() -> Any:
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdftypes import PDFStream, stream_value
    from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent

    class Fontless(PDFResourceManager):
        def get_font(self, objid: object, spec: object) -> Any:
            """No font is decoded."""

    class Textless(PDFPageInterpreter):
        def do_TJ(self, seq: object) -> None:  # noqa: N802 the operator's name; all text operators end here
            """No text is shown."""

        def execute(self, streams: Sequence[object]) -> None:
            above = getattr(self, "parent_stream_ids", ())  # pdfminer guards against forms that show themselves
            known = [stream for stream in map(stream_value, streams) if stream.objid not in above]
            if known:
                joined = PDFStream({}, without_text(b"\n".join(stream.get_data() for stream in known)))
                joined.set_objid(known[0].objid or 0, known[0].genno or 0)
                super().execute([joined])

    class RuledPage(Page):
        @property
        def layout(self) -> Any:
            if not hasattr(self, "_ruled"):
                manager = Fontless()
                device = PDFPageAggregatorWithMarkedContent(manager, pageno=self.page_number, laparams=None)
                Textless(manager, device).process_page(self.page_obj)
                self._ruled = device.get_result()
            return self._ruled

    return RuledPage
