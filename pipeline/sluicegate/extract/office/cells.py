"""Cell values of a spreadsheet in, their texts as displayed out; and tables with hidden rows told apart."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from sluicegate.document import Passage, Place
from sluicegate.extract.table import header_of, table_passages

BLOCK = 960
"""Rows taken at a time: sixteen passages of 60."""
_HIDDEN = frozenset({"hidden"})
_PATTERNS: Mapping[type, str] = {str: "%s", float: "%.15g"}
_BETWEEN = "\x1f"
_NUMBER_PART = re.compile(r"[0#?][0#?.,\s/]*(?:E[+-][0#?]+)?")
_SKIPPED = re.compile(r"\[(?!\$)[^\]]*\]|_.|\*.")
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")


def cell_text(value: Any) -> str:
    """A value as text: numbers with 15 digits as Excel shows them, dates in ISO 8601, TRUE and FALSE."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is float:
        return f"{value:.15g}"
    if kind is dt.date:
        return str(value)
    if kind is bool:
        return "TRUE" if value else "FALSE"
    if kind is dt.datetime:
        return str(value.date()) if value.time() == dt.time() else str(value.isoformat(" "))
    return "" if value is None else str(value)


def row_texts(
    rows: Iterable[Sequence[Any]], first_row: int = 1, formats: Mapping[int, Mapping[int, str]] | None = None
) -> Iterator[list[str]]:
    """Rows as texts. `formats` holds, by row number and column index, number formats that add a unit."""
    patterns: dict[tuple[type, ...], str] = {}
    for number, row in enumerate(rows, first_row):
        kinds = tuple(map(type, row))
        if (pattern := patterns.get(kinds)) is None:
            pattern = patterns[kinds] = _pattern(kinds)
        texts = (pattern % tuple(row)).split(_BETWEEN) if pattern else []
        if len(texts) != len(row):
            texts = [cell_text(value) for value in row]
        if formats and number in formats:
            for column, code in formats[number].items():
                if column < len(row):
                    texts[column] = formatted(row[column], code) or texts[column]
        yield texts


def _pattern(kinds: tuple[type, ...]) -> str:
    """What formats a whole row of texts and numbers at once, twice as fast as cell by cell; empty for other rows."""
    return _BETWEEN.join(_PATTERNS[kind] for kind in kinds) if kinds and _PATTERNS.keys() >= set(kinds) else ""


def formatted(value: Any, code: str) -> str | None:
    """A number as its format shows it when that adds a unit: `0.0%`, `0.00" g/cm3"`; None when it adds nothing.

    Only the first section of the format counts; the number itself keeps all its digits.
    """
    if type(value) not in (float, int) or (around := _around(code)) is None:
        return None
    before, percent, after = around
    shown = f"{value * 100:.12g}" if percent else f"{value:.15g}"
    text = f"{before}{shown}{after}".strip()
    return text if text != shown else None


@lru_cache(maxsize=256)
def _around(code: str) -> tuple[str, bool, str] | None:
    """What a number format puts before and after the number, and whether it shows a share in percent."""
    section = _CURRENCY.sub(lambda match: f'"{match[1]}"', code.partition(";")[0])
    section = _SKIPPED.sub("", section)
    quoted: list[str] = []
    plain = re.sub(r'"([^"]*)"|\\(.)', lambda match: _kept(match, quoted), section)
    number = _NUMBER_PART.search(plain)
    if number is None:
        return None
    return _restored(plain[: number.start()], quoted), "%" in plain, _restored(plain[number.end() :], quoted)


def _kept(match: re.Match[str], quoted: list[str]) -> str:
    quoted.append(match[1] if match[1] is not None else match[2])
    return chr(0xE000 + len(quoted) - 1)


def _restored(piece: str, quoted: list[str]) -> str:
    out = [quoted[ord(char) - 0xE000] if 0 <= ord(char) - 0xE000 < len(quoted) else char for char in piece]
    return "".join(out).replace("General", "").replace("@", "")


def telling(code: str) -> bool:
    """True for a number format that adds a percent sign or words of its own."""
    bare = re.sub(r"\[[^\]]*\]", "", code.partition(";")[0])
    return "%" in bare or any(
        any(char.isalpha() or char in "°%‰℃" for char in literal)
        for literal in re.findall(r'"([^"]*)"|\\(.)', bare)
        for literal in literal
    )


def sheet_passages(
    rows: Iterable[Sequence[str]],
    place: Place,
    *,
    first_row: int = 1,
    hidden_rows: frozenset[int] = frozenset(),
    flags: frozenset[str] = frozenset(),
    seen: set[str] | None = None,
) -> Iterator[Passage]:
    """A sheet's rows as tables; hidden rows come as tables of their own, flagged, with the same row numbers.

    `hidden_rows` counts as `first_row` does. Each keeps the sheet's header, so that a value keeps its property. The
    rows are taken in blocks; `seen` collects their texts.
    """
    where = replace(place, table=1)
    source = iter(rows)
    header: tuple[str, ...] | None = None
    while block := list(islice(source, BLOCK)):
        if seen is not None:
            seen.update(chain.from_iterable(block))
        if header is None:
            header = header_of(block)
        yield from _block(block, where, first_row, header, hidden_rows, flags)
        first_row += len(block)


def _block(
    rows: Sequence[Sequence[str]],
    place: Place,
    first: int,
    header: tuple[str, ...],
    hidden: frozenset[int],
    flags: frozenset[str],
) -> Iterator[Passage]:
    if not hidden or "hidden" in flags or hidden.isdisjoint(range(first, first + len(rows))):
        yield from table_passages(rows, place, first_row=first, header=header, flags=flags)
        return
    numbered = list(enumerate(rows, first))
    shown = [[] if number in hidden else row for number, row in numbered]
    veiled = [row if number in hidden else [] for number, row in numbered]
    yield from table_passages(shown, place, first_row=first, header=header, flags=flags)
    yield from table_passages(veiled, place, first_row=first, header=header, flags=flags | _HIDDEN)


def scattered(
    cells: Mapping[tuple[int, int], str],
) -> Iterator[tuple[int, list[list[str]]]]:
    """(first row, rows) for stretches of rows that lie together; columns without any cell are left out.

    For sheets with few cells far apart, where a full grid would not fit in memory. Rows count from 1.
    """
    stretch: dict[int, dict[int, str]] = {}
    for (row, column), text in sorted(cells.items()):
        if stretch and row - max(stretch) > 3:
            yield _squeezed(stretch)
            stretch = {}
        stretch.setdefault(row, {})[column] = text
    if stretch:
        yield _squeezed(stretch)


def _squeezed(stretch: dict[int, dict[int, str]]) -> tuple[int, list[list[str]]]:
    columns = sorted({column for row in stretch.values() for column in row})
    first = min(stretch)
    return first, [[stretch.get(n, {}).get(column, "") for column in columns] for n in range(first, max(stretch) + 1)]
