"""Text as a parser gave it in, text that can be matched and quoted out; and a judgement whether it is text at all."""

from __future__ import annotations

import re

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""Inside of a character class: Han characters."""
_HAN_BREAK = re.compile(f"[{HAN}，、；：（《“‘·—][ \t]*\n[ \t]*[{HAN}，。、；：）》”’！？％℃]")
_HAN_END = re.compile(f"[{HAN}，、；：（《“‘·—]$")
_HAN_START = re.compile(f"[{HAN}，。、；：）》”’！？％℃]")
_HEADING = re.compile("第[一二三四五六七八九十百零0-9]+[章节条款部]|[一二三四五六七八九十]+、")

_HYPHEN = re.compile("[ \t]*[\u0002\ufffe\u00ad][ \t]*(?:\r\n|\r|\n)?")
_BREAKS = re.compile("\r\n?|\u2028|\u2029|\u0085|\x0b|\x0c")
_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUPERSCRIPT = re.compile(rf"([{_DIGITS}]+)[ ]?⁻(?![{_DIGITS}])")
_LOOSE_SUPERSCRIPT = re.compile(rf"⁻[ ](?=[{_DIGITS}])")
_CONTROLS = re.compile("[\x00\x01\x03-\x08\x0e-\x1f\x7f\ud800-\udfff\ufeff]")
_BLANK_LINES = re.compile(r"\n[ \t\u3000]*(?:\n[ \t\u3000]*){2,}")
_MEANINGLESS = re.compile("[\ue000-\uf8ff\ufffd\ud800-\udfff\U000f0000-\U0010ffff]+")
_CID = re.compile(r"\(cid:\d+\)")
_MANGLED = re.compile("[\u0002\ufffe\u00ad\x00-\x08\x0b-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff\ufeff⁻]")


def repair(text: str) -> str:
    """Undo what layout does to words: line-end hyphens, torn superscripts, Han lines cut in two, stray controls.

    A pdfium line-end hyphen comes as U+0002 or U+FFFE and is deleted with its line break; `² ⁻` becomes `⁻²`; lines
    of Han text are joined without a space; at most one blank line stays between two lines.
    """
    if _MANGLED.search(text):
        text = _HYPHEN.sub("", text)
        text = _BREAKS.sub("\n", text)
        text = _LOOSE_SUPERSCRIPT.sub("⁻", text)
        text = _SUPERSCRIPT.sub(r"⁻\1", text)
        text = _CONTROLS.sub("", text)
    if _HAN_BREAK.search(text):
        text = _han_joined(text)
    return _BLANK_LINES.sub("\n\n", text) if "\n" in text else text


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
    visible = _visible(text)
    if not visible:
        return 0.0
    lost = sum(map(len, _CID.findall(text))) if "(cid:" in text else 0
    if not text.isascii():
        lost += sum(map(len, _MEANINGLESS.findall(text)))
    return lost / visible


def garbled(text: str, *, share: float = 0.2) -> bool:
    """True when so much of a stretch is meaningless that it must count as unread.

    One bullet from a symbol font is no reason to distrust a page: at least 20 such characters, or nothing but them.
    """
    lost = unread_share(text)
    return lost >= 0.8 or (lost >= share and lost * _visible(text) >= 20)


def _visible(text: str) -> int:
    return len(text) - sum(map(text.count, " \n\t\u3000"))
