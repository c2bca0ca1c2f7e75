"""Text as a parser gave it in, text that can be matched and quoted out; and a judgement whether it is text at all."""

from __future__ import annotations

import re

from sluicegate.extract.charset import common_han

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""Inside of a character class: Han characters."""
_HAN_END = re.compile(f"[{HAN}，、；：（《“‘·—]$")
_HAN_START = re.compile(f"[{HAN}，。、；：）》”’！？％℃]")
HAN_LINE_BREAK = re.compile(f"(?<=[{HAN}])[ \t]*\n[ \t]*(?=[{HAN}])")
"""A line break between two Han characters, as in a narrow table cell."""
_HEADING = re.compile("第[一二三四五六七八九十百零0-9]+[章节条款部]|[一二三四五六七八九十]+、")

_HYPHEN = re.compile("([^\\W\\d_]?)[ \t]*[\u0002\ufffe][ \t]*\n?([^\\W\\d_]?)")
_SOFT_HYPHEN = re.compile("\u00ad[ \t]*\n?")
_BREAKS = re.compile("[\u2028\u2029\u0085\x0b\x0c]")
_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUPERSCRIPT = re.compile(rf"([{_DIGITS}]+)[ ]?⁻(?![{_DIGITS}])")
_LOOSE_SUPERSCRIPT = re.compile(rf"⁻[ ](?=[{_DIGITS}])")
_CONTROLS = re.compile("[\x00\x01\x03-\x08\x0e-\x1f\x7f\ud800-\udfff\ufeff]")
_BLANK_LINES = re.compile(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*){2,}")
_MEANINGLESS = re.compile("[\ue000-\uf8ff\ufffd\ud800-\udfff\U000f0000-\U0010ffff]+")
_SYMBOLS = re.compile("[\uf020-\uf07e\uf0a0-\uf0ff]+")
_SYMBOL_FONT = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\uf0f0〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭\uf0ff"
)
"""Adobe's Symbol encoding, codes 0x20–0x7E and 0xA0–0xFF, which Office puts at U+F000 plus the code."""
_OTHER_LETTERS = re.compile("[\u0370-\u0481\u3041-\u30ff]")
_VOWELS = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýāēīōūąęőűœ")
_CID = re.compile(r"\(cid:\d+\)")


def repair(text: str) -> str:
    """Undo what layout does to words: line-end hyphens, torn superscripts, Han lines cut in two, stray controls.

    A line-end hyphen comes from pdfium as U+0002 or U+FFFE: between small letters it goes with its line break, else it
    is a hyphen again (`600-⏎700`, `LFP-⏎based`). `² ⁻` becomes `⁻²`, codes of symbol fonts become characters, lines of
    Han text are joined without a space, and at most one blank line stays between two lines.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(" \n", "\n")
    if "\u0002" in text or "\ufffe" in text:
        text = _HYPHEN.sub(_rejoined, text)
    if not _is_ordinary(text):
        text = _CONTROLS.sub("", _BREAKS.sub("\n", _SOFT_HYPHEN.sub("", text)))
        text = _SYMBOLS.sub(_from_symbol_font, text)
    if "⁻" in text:
        text = _SUPERSCRIPT.sub(r"⁻\1", _LOOSE_SUPERSCRIPT.sub("⁻", text))
    if not text.isascii() and any(line[-1:] > "\u2e7f" for line in text.split("\n")):
        text = _han_joined(text)
    return _BLANK_LINES.sub("\n\n", text) if "\n" in text else text


def _is_ordinary(text: str) -> bool:
    """Only printable characters and line breaks: nothing to repair or to doubt. Quicker than a regex."""
    return "\ufffd" not in text and text.replace("\n", "").isprintable()


def _rejoined(match: re.Match[str]) -> str:
    before, after = match[1], match[2]
    return before + after if before.islower() and after.islower() else f"{before}-{after}"


def _from_symbol_font(match: re.Match[str]) -> str:
    """Codes of symbol fonts as characters; four letters in a row are a word in a text font."""
    first_of_line = match.start() == 0 or match.string[match.start() - 1] == "\n"
    if len(match[0]) == 1 and first_of_line and match.string[match.end() : match.end() + 1].isspace():
        return "•"
    codes = [ord(char) - 0xF000 for char in match[0]]
    plain = "".join(map(chr, codes))
    if len(codes) >= 4 and plain.isascii() and sum(map(str.isalpha, plain)) > 0.7 * len(codes):
        return plain
    return "".join(_SYMBOL_FONT[code - (0x20 if code < 0x7F else 0x41)] for code in codes)


def _han_joined(text: str) -> str:
    """Han lines that were wrapped made one again; a line clearly shorter than its neighbours is a heading and stays."""
    lines = text.split("\n")
    widths = sorted(len(line) for line in lines if len(line) >= 8)
    wrap = widths[3 * len(widths) // 4] if widths else 1
    out = [lines[0]]
    last = lines[0]
    for line in lines[1:]:
        if _wrapped(last.rstrip(), line.lstrip(), wrap):
            out[-1] = out[-1].rstrip() + line.lstrip()
        else:
            out.append(line)
        last = line
    return "\n".join(out)


def _wrapped(line: str, following: str, wrap: int) -> bool:
    if not (_HAN_END.search(line) and _HAN_START.match(following)):
        return False
    full = len(line) >= 0.7 * wrap and len(line) >= 0.85 * min(len(following), wrap)
    return (full or len(following) <= 2) and not _HEADING.match(following)


def unread_share(text: str) -> float:
    """Share of the visible characters that carry no meaning: private use, U+FFFD, surrogates, `(cid:7)`."""
    lost = sum(map(len, _CID.findall(text))) if "(cid:" in text else 0
    if not _is_ordinary(text):
        lost += sum(map(len, _MEANINGLESS.findall(text)))
    return lost / max(_visible(text), 1) if lost else 0.0


def garbled(text: str, *, share: float = 0.2) -> bool:
    """True when so much of a stretch is meaningless that it must count as unread.

    One bullet from a symbol font is no reason to distrust a page: at least 20 such characters, or nothing but them.
    """
    lost = unread_share(text)
    return lost >= 0.8 or (lost >= share and lost * _visible(text) >= 20)


def plausible(text: str) -> bool:
    """Whether the letters look like those of a language: Latin with vowels, common Han, kana, Greek or Cyrillic.

    For text whose characters are doubtful for another reason; codes, formulas and names may well look implausible.
    """
    letters = [char for char in text.lower() if char.isalpha()]
    if len(letters) < 20:
        return True
    latin = [char for char in letters if char < "\u0250"]
    common = common_han()
    other = sum(1 for char in letters if char in common or _OTHER_LETTERS.match(char))
    vowels = sum(1 for char in latin if char in _VOWELS)
    voiced = len(latin) if vowels >= 0.2 * len(latin) else 0
    return voiced + other > 0.6 * len(letters)


def _visible(text: str) -> int:
    return len(text) - sum(map(text.count, " \n\t\u3000"))
