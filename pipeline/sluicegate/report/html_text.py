"""Text from documents in, safe HTML out: escaped, without control characters, with its language where that is plain."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")


def escaped(text: str) -> str:
    """Text that is text in HTML, also inside a quoted attribute."""
    return html.escape(_CONTROL.sub("\ufffd", text), quote=True)


def in_language(text: str, element: str, content: str | None = None) -> str:
    """An element around text; Chinese is marked so that browsers take Chinese fonts. `content` is HTML made from it."""
    code = language_of(text)
    marked = f' lang="{code}"' if code else ""
    return f"<{element}{marked}>{escaped(text) if content is None else content}</{element}>"


def language_of(text: str) -> str:
    """`zh` for text with Han characters and neither kana nor hangul, else nothing: the page's language holds."""
    return "zh" if _HAN.search(text) and not _KANA_OR_HANGUL.search(text) else ""


def join(pieces: Iterable[str]) -> str:
    """Pieces of HTML in a row."""
    return "".join(pieces)
