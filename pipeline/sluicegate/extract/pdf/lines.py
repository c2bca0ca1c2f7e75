"""A PDF that pdfplumber opened in, one page's ruled tables out: its lines are read and its text is not.

Nine tenths of what pdfplumber does on a page is decoding fonts and placing characters; tables by their rules need
neither, as the text of the cells comes from pdfium.
"""

from __future__ import annotations

from functools import cache
from typing import Any


def ruled_page(document: Any, number: int) -> Any:
    """Page `number` (from 1) as a pdfplumber page that has lines, rectangles and curves, but no characters."""
    page_obj = document.pages[number - 1].page_obj
    return _page_class()(document, page_obj, number)


@cache
def _page_class() -> Any:
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent

    class Fontless(PDFResourceManager):  # type: ignore[misc]
        def get_font(self, objid: object, spec: object) -> None:
            """No font is decoded."""

    class Textless(PDFPageInterpreter):  # type: ignore[misc]
        def do_TJ(self, seq: object) -> None:  # noqa: N802 the operator's name; all text operators end here
            """No text is shown."""

    class RuledPage(Page):  # type: ignore[misc]
        @property
        def layout(self) -> Any:
            if not hasattr(self, "_ruled"):
                manager = Fontless()
                device = PDFPageAggregatorWithMarkedContent(manager, pageno=self.page_number, laparams=None)
                Textless(manager, device).process_page(self.page_obj)
                self._ruled = device.get_result()
            return self._ruled

    return RuledPage
