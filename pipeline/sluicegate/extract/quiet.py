"""Names of parsers in, silence out: what they log can quote the document, and nothing of it may reach a log."""

from __future__ import annotations

import logging
from functools import cache

_TALKERS = ("pdfminer", "pdfplumber", "PIL", "olefile", "oxmsg", "docx", "RapidOCR", "py7zr", "msoffcrypto")


@cache
def silence_parsers() -> None:
    """Switch the parsers' loggers off in this process; their failures come back as problems all the same."""
    for name in _TALKERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
