"""Text in, the same text in one spelling out, with a map from every character back to the original.

What happens: compatibility forms (NFKC), superscripts kept apart from digits, invisible characters dropped, words
mended across line breaks, dashes and middle dots made one, traditional characters simplified. Case stays, because
formulas and units need it. A newline in the result is a border that no sentence crosses.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from sluicegate.tag.fold import EARLY, TRADITIONAL
from sluicegate.tag.line_break import joint_of
from sluicegate.tag.skeleton import SHORT, Lookup, codes_of, text_of

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u180e\ufe00-\ufe0f"
_BLANK = "\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # white space but the blank itself
_LONGER = "\uffff"  # stands in for a character that becomes more or fewer than one
_WORK = re.compile(f"[{_BLANK}{_INVISIBLE}⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻{_LONGER}]+")
_BLANKS = re.compile(rf"\x20(?:\x20+|(?=[{_HAN}]))")
_PIECES = re.compile(rf"\s+|[{_INVISIBLE}]+|[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+|[^\s{_INVISIBLE}⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]")
_KEPT = re.compile(rf"[\s{_INVISIBLE}⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_CIRCLED = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_ENDS = "。；;:：.!?！？"


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in one spelling. `offsets[i]` is where character i stood; one further entry marks the end."""

    text: str = field(repr=False)
    original: str = field(repr=False)
    offsets: tuple[int, ...] | range = field(repr=False)

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The span in the original text of a non-empty span of the normalised one."""
        return self.offsets[start], self.offsets[end - 1] + 1


def normalise(text: str) -> Normalised:
    """One spelling of the text with its offset map; never raises."""
    plain = _translated(text)
    work = [match.span() for match in _WORK.finditer(plain)]
    if "  " in plain or (" " in plain and not plain.isascii()):
        blanks = [match.span() for match in _BLANKS.finditer(plain)]
        work = sorted(
            [*work, *(span for span in blanks if span[1] - span[0] > 1 or _is_han(plain[span[0] - 1 : span[0]]))]
        )
    if not work:
        return Normalised(plain, text, range(len(text) + 1))
    pieces: list[str] = []
    offsets: list[int] = []
    last = 0
    for start, end in work:
        pieces.append(plain[last:start])
        offsets.extend(range(last, start))
        for piece, origin in _rewrite(text, start, end):
            pieces.append(piece)
            offsets.extend([origin] * len(piece))
        last = end
    pieces.append(plain[last:])
    offsets.extend(range(last, len(text) + 1))
    return Normalised("".join(pieces), text, tuple(offsets))


class _Singles(dict[int, str]):
    """A `str.translate` table that fills itself in: what each character becomes, where that is one character."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if _KEPT.match(char):
            written = char
        else:
            written = "" if unicodedata.category(char) == "Cf" else _one(char).translate(TRADITIONAL)
            written = _LONGER if char in _CIRCLED else written
        self[code] = written if len(written) == 1 else _LONGER
        return self[code]


@cache
def _singles() -> _Singles:
    return _Singles()


@cache
def _looked_up() -> Lookup:
    singles = _singles()
    return Lookup(lambda code: ord(singles[code]))


def _translated(text: str) -> str:
    """Every character as `_Singles` has it; `str.translate` is slow for long texts that are not ASCII."""
    if len(text) < SHORT or text.isascii():
        return text.translate(_singles())
    return text_of(_looked_up()(codes_of(text)))


def _rewrite(text: str, start: int, end: int) -> list[tuple[str, int]]:
    run = text[start:end]
    if run.isspace():
        return _space(text, start, end)
    written: list[tuple[str, int]] = []
    for match in _PIECES.finditer(run):
        position = start + match.start()
        piece = match[0]
        if piece.isspace():
            written.extend(_space(text, position, start + match.end()))
        elif _SUPERSCRIPTS.fullmatch(piece):
            written.extend(_superscript(text, position, piece))
        elif unicodedata.category(piece[0]) != "Cf" and not "\ufe00" <= piece[0] <= "\ufe0f":
            written.append((_one(piece).translate(TRADITIONAL), position))
            if piece in _CIRCLED and text[position + 1 : position + 2].isdigit():
                written.append(("·", position))  # "④0.5C" is no 40.5
    return written


@cache
def _one(char: str) -> str:
    early = char.translate(EARLY)
    if early != char:
        return early
    return unicodedata.normalize("NFKC", char).translate(EARLY)


def _superscript(text: str, position: int, piece: str) -> list[tuple[str, int]]:
    mark = "^" if position and text[position - 1].isdigit() else ""
    plain = piece.translate(_SUPERSCRIPT)
    first = [(mark + plain[0], position)]
    return first + [(char, position + number) for number, char in enumerate(plain[1:], 1)]


def _space(text: str, start: int, end: int) -> list[tuple[str, int]]:
    run = text[start:end]
    before = text[start - 1] if start else ""
    after = text[end] if end < len(text) else ""
    between_han = _is_han(before) and _is_han(after)
    if "\n" not in run and "\r" not in run and "\u2028" not in run and "\u2029" not in run and "\t" not in run:
        return [] if between_han and len(run) == 1 else [(" ", start)]
    if "\t" in run or run.count("\n") > 1 or "\u2029" in run:
        return [("\n", start)]
    if before == "-" and after.islower():
        return []
    if (joint := joint_of(text, start, end)) is not None:
        return [(joint, start)] if joint else []
    line = start - (text.rfind("\n", 0, start) + 1)
    if before in _ENDS or line < (16 if _is_han(before) else 40) or _ITEM.match(text, end):
        return [("\n", start)]
    return [] if between_han else [(" ", start)]


_ITEM = re.compile(
    r"\s*(?:\d{1,2}:\d\d\b|\d{1,2}[)、]|[(（]\d{1,2}[)）]|[•▶●■◆·*–-]\s|[一二三四五六七八九十]{1,2}[、.]|第.{1,3}[条章节步])"
)


def _is_han(char: str) -> bool:
    return bool(char) and ("\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff")
