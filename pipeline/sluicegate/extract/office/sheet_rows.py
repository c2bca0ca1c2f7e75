"""The XML of a worksheet in, its rows as displayed texts out, without a parse into elements (ECMA-376-1, 18.3.1).

The rows of a sheet mostly have the same cells, written in the same way. So each row is stripped to its skeleton, its
markup without numbers and texts; a skeleton is understood once, and the values of all rows that share it are read
column by column. That takes half the time of calamine and needs no grid in memory. A skeleton that is not wholly
understood, or values that do not add up, send a block of rows to an XML parser; sheets of another make (prefixes,
comments, CDATA, hardly two rows alike) are left to other readers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, groupby
from typing import TYPE_CHECKING

from sluicegate.extract.office.serials import shown_number
from sluicegate.extract.office.sheet_values import Values, sheet_cells
from sluicegate.extract.office.sheet_xml import column_number, unescaped

if TYPE_CHECKING:
    from lxml.etree import _Element

SIZE = 1 << 18
"""Bytes of one block of rows: about a thousand rows."""
_GAP = 900
"""Blank rows that are filled in between two rows; after more of them a new stretch begins."""
_WIDE = 1000
_FEW = 50
"""Skeletons that a block may have however few its rows are."""
_NUMERALS = b"0123456789.+-"
_AS_LETTERS = str.maketrans("0123456789", "abcdefghij")
_AS_DIGITS = str.maketrans("abcdefghij", "0123456789")
_WORDS = re.compile(rb">[^<]+<")
_PLAIN_VALUE = re.compile(r"<v>([^<]*)")
_VALUE = re.compile(r"<[vt](?: [^>]*)?>([^<]*)</")
_ROW_NUMBER = re.compile(r'<row (?:[^>]*?\s)?r="(\d{1,7})"[^>]*(?<!/)>')
_CELL = (
    r'<c(?: r="([A-Z]*)")?((?: \w+="\w*")*)(?:/>|>\s*+(?:<f(?:[^>]*/>|[^>]*></f>)\s*+)?'
    r"(?:(<v(?: [^>]*)?>[eE]?</v>|<is>\s*+<t(?: [^>]*)?></t>\s*+</is>)|<v ?/>)?\s*+</c>)"
)
_EACH_CELL = re.compile(_CELL)
_WHOLE_ROW = re.compile(rf"\s*+(?:<row [^>]*/>\s*+)*<row [^>]*(?<!/)>\s*+(?:{_CELL}\s*+)*")
_BETWEEN = re.compile(r"\s*+(?:<row [^>]*/>\s*+)*")
_TYPE = re.compile(r' t="(\w+)"')
_STYLE = re.compile(r' s="([a-j]+)"')
_ROOT = re.compile(rb"<worksheet[^>]*>")
_FIRST_COLUMN = re.compile(rb'<dimension ref="([A-Z]{1,3})\d')
_DECLARED = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", re.I)

Numbered = tuple[int, Sequence[str]]
Parse = Callable[[bytes], "_Element | None"]
Column = Callable[[list[str]], Sequence[str]]


def sheet_rows(data: bytes, values: Values, parse: Parse) -> Iterator[Numbered] | None:
    """(row number from 1, texts of its cells) for every row with cells; None for a sheet of another make.

    The first text stands in the first column that the sheet states. `parse` gives the root element of what stands
    between the first and the last tag of a sheet, and keeps account of what is broken in it.
    """
    start, end = data.find(b"<sheetData>"), data.rfind(b"</sheetData>")
    root = _ROOT.search(data, 0, max(start, 0))
    if root is None or end < start or _DECLARED.match(data[:200]):
        return None
    first = _FIRST_COLUMN.search(data, 0, start)
    reader = _Reader(values, parse, root[0], column_number(first[1].decode()) - 1 if first else 0)
    start += len(b"<sheetData>")
    return reader.rows(data, start, end) if reader.suits(data[start : _cut(data, start, end)]) else None


def stretches(rows: Iterable[Numbered]) -> Iterator[tuple[int, Iterator[Sequence[str]]]]:
    """(first row, rows one below the other) with small gaps filled in; each is to be used up before the next."""
    source = iter(rows)
    ahead = next(source, None)

    def run() -> Iterator[Sequence[str]]:
        nonlocal ahead
        assert ahead is not None  # a stretch begins with a row
        expected = ahead[0]
        while ahead is not None and 0 <= ahead[0] - expected <= _GAP:
            if ahead[0] > expected:
                yield from ((),) * (ahead[0] - expected)
            yield ahead[1]
            expected = ahead[0] + 1
            ahead = next(source, None)

    while ahead is not None:
        yield ahead[0], run()


@dataclass(frozen=True, slots=True, eq=False)
class _Template:
    """What the skeleton of a row tells: the column and the reader of each value, in order."""

    columns: tuple[int, ...]
    readers: tuple[Column, ...]


class _Templates(dict[bytes, "_Template | None"]):
    """The skeletons of rows → their templates; None for one that is not wholly understood."""

    def __init__(self, values: Values, base: int) -> None:
        super().__init__()
        self._values = values
        self._base = base

    def __missing__(self, skeleton: bytes) -> _Template | None:
        text = skeleton.decode("utf-8", "replace")
        self[skeleton] = self._template(text) if _WHOLE_ROW.fullmatch(text) else None
        return self[skeleton]

    def _template(self, skeleton: str) -> _Template | None:
        columns: list[int] = []
        readers: list[Column] = []
        column = 0
        for letters, attributes, value in _EACH_CELL.findall(skeleton):
            after, column = column, column_number(letters) if letters else column + 1
            if column <= max(after, self._base):
                return None
            if value:
                columns.append(column - 1 - self._base)
                readers.append(self._reader(attributes))
        return _Template(tuple(columns), tuple(readers))

    def _reader(self, attributes: str) -> Column:
        """How a column of values with these attributes is read."""
        values = self._values
        kind = match[1] if (match := _TYPE.search(attributes)) else "n"
        style = match[1].translate(_AS_DIGITS) if (match := _STYLE.search(attributes)) else ""
        if kind == "s":
            strings = values.strings
            return lambda column: values.showing([*map(strings.__getitem__, map(int, column))])
        if kind in ("str", "inlineStr"):
            return lambda column: values.showing(_words(column))
        if kind == "n" and not style:
            return _numbers
        return lambda column: [*map({v: values.text(kind, style, v) for v in set(column)}.__getitem__, column)]


def _words(column: list[str]) -> list[str]:
    joined = "".join(column)
    return [*map(unescaped, column)] if "&" in joined or "_x" in joined else column


def _numbers(column: list[str]) -> list[str]:
    """Numbers as stored, where that is how they are shown as well."""
    joined = ",".join((*column, ""))
    plain = max(map(len, column)) < 16 and "E" not in joined and "e" not in joined and ".0," not in joined
    return column if plain else [shown_number(value, "") for value in column]


class _Reader:
    """Reads one sheet, block by block."""

    def __init__(self, values: Values, parse: Parse, root: bytes, base: int) -> None:
        self._values = values
        self._parse = parse
        self._root = root
        self._base = base
        self._templates = _Templates(values, base)
        self._marks = [
            (f' s="{style}"'.encode(), f' s="{str(style).translate(_AS_LETTERS)}"'.encode()) for style in values.formats
        ]
        self._last = 0
        self._wordy = False

    def suits(self, raw: bytes) -> bool:
        """Whether the rows of a block are enough alike."""
        skeletons = self._skeletons(raw)
        return len(set(skeletons)) <= max(_FEW, len(skeletons) // 4)

    def rows(self, data: bytes, start: int, end: int) -> Iterator[Numbered]:
        """The rows between two offsets."""
        while start < end:
            stop = _cut(data, start, end)
            rows = self._block(data[start:stop])
            yield from rows
            self._last = rows[-1][0] if rows else self._last
            start = stop

    def _block(self, raw: bytes) -> list[Numbered]:
        try:
            rows = self._found(raw)
        except (ValueError, IndexError):  # a shared string that does not exist
            rows = None
        return list(self._parsed(raw)) if rows is None else rows

    def _skeletons(self, raw: bytes) -> list[bytes]:
        for digits, letters in self._marks:
            raw = raw.replace(digits, letters)
        if not self._wordy:
            bare = raw.translate(None, _NUMERALS).split(b"</row>")
            self._wordy = any(map(_WORDS.search, set(bare)))
            if not self._wordy:
                return bare
        return b"><".join(_WORDS.split(raw)).translate(None, _NUMERALS).split(b"</row>")

    def _found(self, raw: bytes) -> list[Numbered] | None:
        *skeletons, rest = self._skeletons(raw)
        templates = [self._templates[skeleton] for skeleton in skeletons]
        text = raw.decode("utf-8", "replace")
        values = (_VALUE if "</t" in text or "<v " in text else _PLAIN_VALUE).findall(text)
        numbers = _ROW_NUMBER.findall(text)
        edges = [*accumulate((len(template.columns) if template else 0 for template in templates), initial=0)]
        if (
            None in templates
            or len(numbers) != len(templates)
            or edges[-1] != len(values)
            or not _BETWEEN.fullmatch(rest.decode("utf-8", "replace"))
        ):
            return None
        found: list[Sequence[str]] = [()] * len(templates)
        alike: dict[_Template, list[int]] = defaultdict(list)
        for row, template in enumerate(templates):
            if template is not None and template.columns:
                alike[template].append(row)
        for template, rows in alike.items():
            for row, cells in zip(rows, _read(template, rows, edges, values), strict=True):
                found[row] = cells
        return [(int(number), cells) for number, cells in zip(numbers, found, strict=True) if cells]

    def _parsed(self, raw: bytes) -> Iterator[Numbered]:
        root = self._parse(self._root + b"<sheetData>" + raw + b"</sheetData></worksheet>")
        cells = sheet_cells(root, self._values, after=self._last) if root is not None else {}
        for number, row in groupby(sorted(cells.items()), key=lambda cell: cell[0][0]):
            yield number, self._spread([(column, text) for (_, column), text in row])

    def _spread(self, cells: Sequence[tuple[int, str]]) -> list[str]:
        """Cells by their columns in a row; two at one place are both kept."""
        places = [max(column - 1 - self._base, 0) for column, _ in cells]
        if places[-1] > _WIDE + 40 * len(places):
            return [text for _, text in cells]
        row = [""] * (places[-1] + 1)
        for place, (_, text) in zip(places, cells, strict=True):
            row[place] = f"{row[place]} {text}".strip()
        return row


def _cut(data: bytes, start: int, end: int) -> int:
    """Where a block that begins at `start` ends: after a row."""
    tag = b"</row>"
    after = data.rfind(tag, start, min(start + SIZE, end))
    if after < 0:
        after = data.find(tag, start, end)
    return end if after < 0 else after + len(tag)


def _read(
    template: _Template, rows: Sequence[int], edges: Sequence[int], values: Sequence[str]
) -> Iterator[Sequence[str]]:
    """The rows of one template, as texts."""
    size = len(template.columns)
    if len(rows) == rows[-1] - rows[0] + 1:
        flat = list(values[edges[rows[0]] : edges[rows[-1] + 1]])
    else:
        flat = [*chain.from_iterable(values[edges[row] : edges[row] + size] for row in rows)]
    columns = [read(flat[place::size]) for place, read in enumerate(template.readers)]
    return _laid(template.columns, columns, len(rows))


def _laid(places: Sequence[int], columns: Sequence[Sequence[str]], height: int) -> Iterator[Sequence[str]]:
    """Columns at their places, row by row; far apart in a wide row they stand side by side."""
    if places == tuple(range(len(places))) or places[-1] > _WIDE + 40 * len(places):
        return zip(*columns, strict=True)
    laid: list[Sequence[str]] = [("",) * height] * (places[-1] + 1)
    for place, column in zip(places, columns, strict=True):
        laid[place] = column
    return zip(*laid, strict=True)
