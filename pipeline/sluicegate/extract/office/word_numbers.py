"""Numbering definitions of a Word file in, the number of each list paragraph out ("3.2", "(b)", "iv.")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sluicegate.extract.office.ooxml import own
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_HAN_DIGITS = "零一二三四五六七八九"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


class _Level:
    """One level of a list: where it starts, how its number is written, and in what frame."""

    __slots__ = ("format", "start", "text")

    def __init__(self, element: _Element) -> None:
        self.start, self.format, self.text = 1, "decimal", ""
        for child in element:
            value = own(child, "val") or ""
            match local_name(child):
                case "start":
                    self.start = int(value) if value.isdigit() else 1
                case "numFmt":
                    self.format = value
                case "lvlText":
                    self.text = value


class Numbering:
    """Counts list paragraphs in document order (ECMA-376-1, 17.9). One object a story."""

    def __init__(self, numbering: _Element | None, styles: _Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for element in numbering if numbering is not None else ():
            self._define(element)
        for style in styles if styles is not None else ():
            found = _numbered(style)
            if found is not None:
                self._styles[own(style, "styleId") or ""] = found

    def _define(self, element: _Element) -> None:
        if local_name(element) == "abstractNum":
            levels = {_number(own(child, "ilvl")): _Level(child) for child in element if local_name(child) == "lvl"}
            self._abstract[own(element, "abstractNumId") or ""] = levels
        elif local_name(element) == "num":
            abstract, starts = "", {}
            for child in element:
                if local_name(child) == "abstractNumId":
                    abstract = own(child, "val") or ""
                for override in child if local_name(child) == "lvlOverride" else ():
                    if local_name(override) == "startOverride":
                        starts[_number(own(child, "ilvl"))] = _number(own(override, "val"))
            self._lists[own(element, "numId") or ""] = abstract, starts

    def label(self, properties: _Element | None, style: str | None) -> str:
        """The number that stands before a paragraph with these properties; empty for none, and for bullets."""
        found = _num_pr(properties) if properties is not None else None
        by_style = self._styles.get(style or "")
        if found is None or found[0] is None:
            found = (by_style[0], found[1] if found else by_style[1]) if by_style else None
        if found is None or found[0] not in self._lists:
            return ""
        return self._next(str(found[0]), found[1])

    def _next(self, list_id: str, level: int) -> str:
        abstract, starts = self._lists[list_id]
        levels = self._abstract.get(abstract, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(list_id if starts else f"a{abstract}", {})
        counts[level] = counts[level] + 1 if level in counts else starts.get(level, levels[level].start)
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        if levels[level].format == "bullet":
            return ""

        def number(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            of = levels.get(index)
            return _written(counts.get(index, of.start if of else 1), of.format if of else "decimal")

        return re.sub(r"%(\d)", number, levels[level].text)


def _num_pr(properties: _Element) -> tuple[str | None, int] | None:
    holder = next((child for child in properties if local_name(child) == "numPr"), None)
    if holder is None:
        return None
    identity = next((own(child, "val") for child in holder if local_name(child) == "numId"), None)
    level = next((_number(own(child, "val")) for child in holder if local_name(child) == "ilvl"), 0)
    return identity, level


def _numbered(style: _Element) -> tuple[str, int] | None:
    properties = next((child for child in style if local_name(child) == "pPr"), None)
    found = _num_pr(properties) if properties is not None else None
    return (found[0], found[1]) if found is not None and found[0] is not None else None


def _number(value: str | None) -> int:
    return int(value) if value and value.isdigit() and len(value) < 9 else 0


def _written(count: int, style: str) -> str:
    match style:
        case "lowerLetter" | "upperLetter":
            text = chr(97 + (count - 1) % 26) * ((count - 1) // 26 % 50 + 1)
            return text.upper() if style == "upperLetter" else text
        case "lowerRoman" | "upperRoman":
            return _roman(count).upper() if style == "upperRoman" else _roman(count)
        case "none":
            return ""
        case "decimalZero":
            return f"{count:02d}"
    return _han(count) if style.lower().startswith(("chinese", "japanese", "taiwanese", "ideograph")) else str(count)


def _roman(count: int) -> str:
    out = ""
    count %= 4000
    for value, letters in _ROMAN:
        out += letters * (count // value)
        count %= value
    return out


def _han(count: int) -> str:
    if not 0 < count < 100:
        return str(count)
    tens, ones = divmod(count, 10)
    head = "" if not tens else ("" if tens == 1 else _HAN_DIGITS[tens]) + "十"
    return head + (_HAN_DIGITS[ones] if ones or not tens else "")
