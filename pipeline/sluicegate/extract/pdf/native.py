"""PDF bytes in, open documents and pages out: pdfium's own calls, with handles closed and strings decoded.

The C calls are used directly where the Python wrapper of pypdfium2 does work twice (bounded text is counted, then
fetched) or has no method (annotations, forms). Sizes are points (1/72 inch), the origin is the lower left corner.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sluicegate.document import ProblemKind
from sluicegate.extract.frame import Unreadable

_PASSWORD, _SECURITY = 4, 5
"""FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY of fpdfview.h."""

Box = tuple[float, float, float, float]
"""left, bottom, right, top"""


@dataclass(frozen=True, slots=True)
class Pdf:
    """An open document: `raw` is pdfium's handle, `form` its form environment or None."""

    raw: Any = field(repr=False)
    form: Any = field(repr=False)
    page_count: int
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """An open page: its handle, its text layer, its number from 1 and its visible box."""

    raw: Any = field(repr=False)
    text: Any = field(repr=False)
    number: int
    box: Box


@contextmanager
def opened(data: bytes, *, passwords: Sequence[str] = ()) -> Iterator[Pdf]:
    """Open a document, trying no password and then each of `passwords`; raises `Unreadable` (encrypted or damaged)."""
    import pypdfium2.raw as c

    document, password = _loaded(data, passwords)
    form = None
    try:
        if c.FPDF_GetFormType(document.raw) != c.FORMTYPE_NONE:
            config = c.FPDF_FORMFILLINFO(version=2)
            form = c.FPDFDOC_InitFormFillEnvironment(document.raw, config)
        yield Pdf(document.raw, form, len(document), password)
    finally:
        if form:
            c.FPDFDOC_ExitFormFillEnvironment(form)
        document.close()


def _loaded(data: bytes, passwords: Sequence[str]) -> tuple[Any, str | None]:
    import pypdfium2  # 50 ms and a shared library: only for PDF

    failure = 0
    for password in (None, *passwords):
        try:
            return pypdfium2.PdfDocument(data, password=password), password
        except pypdfium2.PdfiumError as error:
            failure = error.err_code or 0
        if failure != _PASSWORD:
            break
    if failure == _PASSWORD:
        raise Unreadable(ProblemKind.ENCRYPTED, "the PDF needs a password")
    if failure == _SECURITY:
        raise Unreadable(ProblemKind.ENCRYPTED, "the PDF is protected by an unknown security handler")
    raise Unreadable(ProblemKind.DAMAGED, "the PDF cannot be opened: cut off, damaged or without pages")


@contextmanager
def page_of(pdf: Pdf, index: int) -> Iterator[Page | None]:
    """Open a page with its text layer; None when pdfium cannot."""
    import pypdfium2.raw as c

    raw = c.FPDF_LoadPage(pdf.raw, index)
    text = c.FPDFText_LoadPage(raw) if raw else None
    try:
        if not raw or not text:
            yield None
        else:
            box = c.FS_RECTF()
            c.FPDF_GetPageBoundingBox(raw, box)
            yield Page(raw, text, index + 1, (box.left, box.bottom, box.right, box.top))
    finally:
        if text:
            c.FPDFText_ClosePage(text)
        if raw:
            c.FPDF_ClosePage(raw)


@cache
def _units(size: int) -> Any:
    """The type of an array of UTF-16 code units; making one takes longer than filling it."""
    return ctypes.c_ushort * size


def _rounded(count: int) -> int:
    """Room for so many characters, surrogates and an end mark; a power of two, so that few types are made."""
    return int(2 ** (2 * count + 2).bit_length())


def bounded_text(page: Page, box: Box) -> str:
    """The text whose characters stand inside `box`, in pdfium's order, with its CRLF line ends."""
    import pypdfium2.raw as c

    count = c.FPDFText_CountChars(page.text)
    if count <= 0:
        return ""
    left, bottom, right, top = box
    size = _rounded(count)
    while True:
        buffer = _units(size)()
        got = c.FPDFText_GetBoundedText(page.text, left, top, right, bottom, buffer, size)
        if got < size:
            break
        size *= 2
    return ctypes.string_at(buffer, 2 * max(got, 0)).decode("utf-16-le", "ignore").rstrip("\0")


def whole_text(page: Page) -> str:
    """All text of the page, also what stands outside its visible box."""
    import pypdfium2.raw as c

    count = c.FPDFText_CountChars(page.text)
    if count <= 0:
        return ""
    buffer = _units(_rounded(count))()
    got = c.FPDFText_GetText(page.text, 0, count, buffer)
    return ctypes.string_at(buffer, 2 * max(got, 0)).decode("utf-16-le", "ignore").rstrip("\0")


def wide_string(call: Callable[..., int], *arguments: Any) -> str:
    """The string of a call that fills a UTF-16 buffer and returns its length in bytes."""
    size = call(*arguments, None, 0)
    if size <= 2:
        return ""
    buffer = _units(_rounded(size // 2))()
    call(*arguments, buffer, size)
    return ctypes.string_at(buffer, size).decode("utf-16-le", "ignore").strip("\0")


def filled_bytes(call: Callable[..., int], *arguments: Any, limit: int) -> bytes | None:
    """The content of a call (…, buffer, size, out size); None when it fails or is larger than `limit`."""
    size = ctypes.c_ulong()
    if not call(*arguments, None, 0, size) or size.value > limit:
        return None
    buffer = ctypes.create_string_buffer(size.value or 1)
    if not call(*arguments, buffer, size.value, size):
        return None
    return buffer.raw[: size.value]
