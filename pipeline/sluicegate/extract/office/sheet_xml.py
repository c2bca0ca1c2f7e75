"""The XML of one worksheet in, what calamine does not tell of it out: hidden rows, formats, headers, texts in formulas.

By regular expressions over the bytes, as a parse into elements would cost more than reading the cells themselves.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sluicegate.extract.office.cells import telling
from sluicegate.extract.office.ooxml import own
from sluicegate.extract.office.prose import is_prose
from sluicegate.extract.office.serials import DATE_CODES, shows_date
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\shidden=[\"'](?:1|true)[\"'][^>]*>")
_ROW_NUMBER = re.compile(rb"\sr=[\"'](\d+)[\"']")
_HIDDEN_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*?\shidden=[\"'](?:1|true)[\"'][^>]*>")
_COLUMN_RANGE = re.compile(
    rb"\smin=[\"'](\d+)[\"'][^>]*\smax=[\"'](\d+)[\"']|\smax=[\"'](\d+)[\"'][^>]*\smin=[\"'](\d+)[\"']"
)
_HEADER = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(Header|Footer)[^>]*>([^<]+)</", re.S)
_HEADER_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d{1,3}|[LCRPNDTFAGZBIUESXYH])')
_FORMULA = re.compile(rb'<(?:\w+:)?f(?:\s[^>]*)?>([^<]*"[^<"]{6,}"[^<]*)</')
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_COLUMN = re.compile(rb'<c r="([A-Z]+)\d')
_ROW_START = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d+)"')
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="(?:[A-Z]+\d+:)?([A-Z]{1,3})(\d{1,7})"')
_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_TAIL_TEXT = re.compile(rb">([^<>]{4,})<")
_PLAIN_ITEM = re.compile(rb"<si><t(?: [^>]*)?>([^<]*)</t></si>")
_ITEM = re.compile(rb"<(?:\w+:)?si(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?si>)", re.S)
_PHONETIC = re.compile(rb"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.S)
_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_AREA = 20_000_000


def sheet_frame(data: bytes) -> bytes:
    """The sheet without its cells: views, columns, validations, headers."""
    start = data.find(b"sheetData")
    end = data.rfind(b"sheetData>")
    return data if start < 0 or end <= start else data[:start] + data[end:]


def hidden_rows(data: bytes) -> frozenset[int]:
    """Numbers of the hidden rows, from 1."""
    if b"hidden" not in data:
        return frozenset()
    found = (_ROW_NUMBER.search(match[0]) for match in _HIDDEN_ROW.finditer(data))
    return frozenset(int(number[1]) for number in found if number)


def hidden_columns(data: bytes) -> list[str]:
    """Hidden columns as ranges: "C–D"."""
    out: list[str] = []
    for match in _HIDDEN_COLUMN.finditer(data):
        bounds = _COLUMN_RANGE.search(match[0])
        if bounds:
            low, high = (int(bounds[1]), int(bounds[2])) if bounds[1] else (int(bounds[4]), int(bounds[3]))
            out.append(column_name(low) if low == high else f"{column_name(low)}–{column_name(high)}")
    return out


def column_name(number: int) -> str:
    """1 → A, 27 → AA."""
    out = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        out = chr(65 + rest) + out
    return out


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def headers(frame: bytes) -> Iterator[tuple[str, str]]:
    """("header" or "footer", text) of the printed page, without its layout codes."""
    for match in _HEADER.finditer(frame):
        text = plain_header(html.unescape(match[2].decode("utf-8", "replace")))
        if text:
            yield match[1].decode().lower(), text


def plain_header(text: str) -> str:
    """A page header without its codes for fonts, sides and page numbers (ECMA-376-1, 18.3.1.39)."""
    return " ".join(_HEADER_CODE.sub(" ", text.replace("&&", "\0")).replace("\0", "&").split())


def formula_texts(data: bytes) -> list[str]:
    """Prose in the string constants of formulas, each once: a formula may hold words that it does not show."""
    if b"<f" not in data and b":sheetData" not in data:
        return []
    found: dict[str, None] = {}
    for formula in _FORMULA.findall(data):
        plain = html.unescape(formula.decode("utf-8", "replace"))
        words = "".join(literal.replace('""', '"') for literal in _LITERAL.findall(plain))
        if is_prose(words):
            found[words] = None
    return list(found)


def frame_texts(frame: bytes) -> list[str]:
    """Texts outside of cells: lists and messages of validations, conditions; headers left out."""
    found: dict[str, None] = {}
    for raw in _TAIL_TEXT.findall(_HEADER.sub(b"><", frame)):
        text = html.unescape(raw.decode("utf-8", "replace")).strip()
        if is_prose(text) or '"' in text:
            found[text] = None
    return list(found)


def too_scattered(data: bytes) -> bool:
    """True when a full grid of the sheet would be far larger than its cells: calamine would fill memory with it.

    The sheet's own statement of its size is believed when it is small; a lie costs the worker its memory limit.
    """
    stated = _DIMENSION.search(data[:4096])
    if stated is not None and column_number(stated[1].decode()) * int(stated[2]) <= _AREA:
        return False
    rows = max((int(number) for number in _ROW_START.findall(data)), default=16_384)
    columns = max((column_number(name.decode()) for name in set(_COLUMN.findall(data))), default=16_384)
    return rows * columns > _AREA and rows * columns > 40 * len(_CELL.findall(data))


def telling_formats(styles: _Element | None) -> dict[int, str]:
    """Cell format index → number format, for formats that show a date or add a percent sign or a unit (18.8)."""
    if styles is None:
        return {}
    codes = {**DATE_CODES, 9: "0%", 10: "0.00%"}
    for entry in styles.iter("{*}numFmt"):
        identity = str(entry.get("numFmtId", ""))
        if identity.isdigit():
            codes[int(identity)] = str(entry.get("formatCode", ""))
    kept = {number: code for number, code in codes.items() if telling(code) or shows_date(code)}
    cell_formats = next((entry for entry in styles if local_name(entry) == "cellXfs"), None)
    out: dict[int, str] = {}
    for index, entry in enumerate(cell_formats if cell_formats is not None else ()):
        number = own(entry, "numFmtId") or ""
        if number.isdigit() and int(number) in kept:
            out[index] = kept[int(number)]
    return out


def cell_formats(data: bytes, formats: Mapping[int, str], first_column: int) -> dict[int, dict[int, str]]:
    """Row number → column index (from the first column, counted from 0) → format, for cells with a telling format."""
    found: dict[int, dict[int, str]] = {}
    if formats:
        wanted = b"|".join(str(index).encode() for index in formats)
        pattern = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"[^>]*?\ss="(' + wanted + rb')"')
        for letters, digits, index in pattern.findall(data):
            column = column_number(letters.decode()) - 1 - first_column
            if column >= 0:
                found.setdefault(int(digits), {})[column] = formats[int(index)]
    return found


def shared_strings(data: bytes) -> list[str]:
    """The shared strings in order, without their phonetic hints (ECMA-376-1, 18.4.8)."""
    if b":si" not in data:
        plain = _PLAIN_ITEM.findall(data)
        if len(plain) == data.count(b"<si") == data.count(b"si>") - len(plain):
            # one text in each item, and no item spelled otherwise: the common case, ten times faster
            joined = unescaped(b"\0".join(plain).decode("utf-8", "replace"))
            return joined.split("\0") if plain else []
    return [_item(item) for item in _ITEM.findall(data)]


def _item(item: bytes) -> str:
    if b"rPh" in item:
        item = _PHONETIC.sub(b"", item)
    return unescaped(b"".join(_TEXT.findall(item)).decode("utf-8", "replace"))


def phonetic_hints(data: bytes) -> list[str]:
    """Text of phonetic runs, which stands above the characters and may say anything."""
    if b"rPh" not in data:
        return []
    return [unescaped(b"".join(_TEXT.findall(run)).decode("utf-8", "replace")) for run in _PHONETIC.findall(data)]


def unescaped(text: str) -> str:
    """A text without XML entities and without the `_x000D_` that stands for a character in a workbook (22.9.2.19)."""
    return plain_characters(html.unescape(text) if "&" in text else text)


def plain_characters(text: str) -> str:
    """A text with the characters that its `_x000D_` stand for."""
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(escape: re.Match[str]) -> str:
    number = int(escape[1], 16)
    return chr(number) if number and not 0xD800 <= number < 0xE000 else "\ufffd"
