"""An open page in, its text as a passage out, with what is hidden beside the page and what is garbage told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sluicegate.extract.pdf.native import Page, bounded_text, whole_text
from sluicegate.extract.repair import garbled, plausible, repair

_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if code not in (0x02, 0x09, 0x0A, 0x0D))
_EVERYDAY = (" the ", " of ", " and ", "的", " de ", " der ", "の")
"""Words that text has and glyph numbers have not: their page needs no further look."""
_GLUED_NUMBER = re.compile(r"^(\d{1,2}(?:\.\d{1,2}){1,4}\.?)(?=[A-Z][a-z]*\s[A-Za-z])", re.M)
"""A clause's number that a tab, not a space, parts from its text: `1.1Unless otherwise`."""
_SAMPLES = 24
_OFF_PAGE = 20
"""Characters outside the visible box that are worth a look: fewer are crop marks and page numbers."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page, repaired; `outside` is text that stands beyond its visible box; `unread` says garbage."""

    text: str = field(repr=False)
    outside: str = field(repr=False)
    unread: bool


def page_text(page: Page) -> PageText:
    """Read one page. Costs little more than pdfium's own text: one pass, and a sample of its characters' mapping."""
    import pypdfium2.raw as c

    raw = bounded_text(page, page.box)
    count = c.FPDFText_CountChars(page.text)
    outside = _outside(page, raw) if count - len(raw) > _OFF_PAGE else ""
    text = _GLUED_NUMBER.sub(r"\1 ", repair(raw))
    return PageText(text, outside, _is_garbage(page, raw, text, count))


def _outside(page: Page, inside: str) -> str:
    """Lines of the page's whole text that its visible box does not have."""
    seen = {line.strip() for line in repair(inside).splitlines()}
    return "\n".join(line for line in repair(whole_text(page)).splitlines() if line.strip() not in seen)


def _is_garbage(page: Page, raw: str, text: str, count: int) -> bool:
    """Glyph numbers instead of characters: controls, private use, or letters that pdfium itself could not map."""
    import pypdfium2.raw as c

    if count < 20:
        return False
    plain = raw.encode("utf-8", "replace")
    if len(plain) - len(plain.translate(None, _CONTROLS)) > 0.03 * len(raw) or garbled(text):
        return True
    if any(word in text for word in _EVERYDAY):
        return False
    step = max(1, count // _SAMPLES)
    unmapped = sum(c.FPDFText_HasUnicodeMapError(page.text, index) == 1 for index in range(0, count, step))
    return unmapped > _SAMPLES // 2 and not plausible(text)
