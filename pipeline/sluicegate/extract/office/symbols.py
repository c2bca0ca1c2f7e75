"""Characters of the Symbol font in, Unicode out: old documents write μ, ° and ≥ as letters of another font."""

from __future__ import annotations

import re

_LOW = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_HIGH = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\uf8ff〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
_PRIVATE = re.compile("[\uf020-\uf0fe]")
_SUPERSCRIPTS = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
_RAISED = re.compile(r"^[0-9+\-−–]+$")


def symbol(code: int, font: str = "Symbol") -> str:
    """The character that a code of the Symbol font (0x20–0xFE, or the same at U+F000) stands for.

    Dingbat fonts give a bullet: they carry no words. Other fonts give the character of that code.
    """
    low = code & 0xFF if 0xF000 <= code <= 0xF0FF else code
    if font.lower().startswith(("wingdings", "webdings", "zapf", "marlett")):
        return "•"
    if font.lower().startswith("symbol") or 0xF000 <= code <= 0xF0FF:
        return unsymbol(low)
    return chr(code) if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else " "


def unsymbol(low: int) -> str:
    """The character at a code of Adobe's Symbol encoding; a space where it has none."""
    if 0x20 <= low < 0x7F:
        return _LOW[low - 0x20]
    if 0xA0 <= low < 0xA0 + len(_HIGH):
        return _HIGH[low - 0xA0]
    return " "


def plain_symbols(text: str, font: str = "Symbol") -> str:
    """Text with private-use characters of symbol fonts replaced by what they show."""
    if text.isascii() or not _PRIVATE.search(text):
        return text
    return _PRIVATE.sub(lambda match: symbol(ord(match[0]), font), text)


def raised(text: str, before: str) -> str:
    """A superscript run as it can be read: after a digit as Unicode superscript (10², not 102), else as it is."""
    if before[-1:].isdigit() and _RAISED.match(text.strip()):
        return text.translate(_SUPERSCRIPTS)
    return text
