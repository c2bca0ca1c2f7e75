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

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u180e\ufe00-\ufe0f"
_WORK = re.compile(rf"[^\x21-\x7e\u4e00-\u9fff\x20]+|\x20{{2,}}|(?<=[{_HAN}])\x20(?=[{_HAN}])")
_PIECES = re.compile(rf"\s+|[{_INVISIBLE}]+|[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+|[^\s{_INVISIBLE}⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]")
_MARKED = re.compile(rf"[{_INVISIBLE}⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
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
    if _WORK.search(text) is None:
        return Normalised(text.translate(TRADITIONAL), text, range(len(text) + 1))
    pieces: list[str] = []
    offsets: list[int] = []
    last = 0
    for match in _WORK.finditer(text):
        start, end = match.span()
        pieces.append(text[last:start])
        offsets.extend(range(last, start))
        for piece, origin in _rewrite(text, start, end):
            pieces.append(piece)
            offsets.extend([origin] * len(piece))
        last = end
    pieces.append(text[last:])
    offsets.extend(range(last, len(text) + 1))
    return Normalised("".join(pieces).translate(TRADITIONAL), text, tuple(offsets))


def _rewrite(text: str, start: int, end: int) -> list[tuple[str, int]]:
    run = text[start:end]
    if run.isspace():
        return _space(text, start, end)
    if len(run) == 1 and not _MARKED.match(run):
        return [(_one(run), start)]
    written: list[tuple[str, int]] = []
    position = 0
    for match in _PIECES.finditer(run):
        position = start + match.start()
        piece = match[0]
        if piece.isspace():
            written.extend(_space(text, position, start + match.end()))
        elif _SUPERSCRIPTS.fullmatch(piece):
            written.extend(_superscript(text, position, piece))
        elif unicodedata.category(piece[0]) != "Cf" and not "\ufe00" <= piece[0] <= "\ufe0f":
            written.append((_one(piece), position))
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
    line = start - (text.rfind("\n", 0, start) + 1)
    if before == "-" and after.islower():
        return []
    if before in _ENDS or line < (16 if _is_han(before) else 40):
        return [("\n", start)]
    return [] if between_han else [(" ", start)]


def _is_han(char: str) -> bool:
    return bool(char) and ("\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff")
