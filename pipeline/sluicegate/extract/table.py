"""Rows of cell texts in, table passages with a grid out; long tables are cut and keep their header.

A passage's text is its cells joined by tabs and its rows by line breaks; the grid tells where each cell stands, so a
cell may hold line breaks of its own (its paragraphs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, repeat
from operator import add

from sluicegate.document import Grid, Passage, Place

ROWS = 60
"""Rows of one passage: about a printed page."""
CHARACTERS = 6000
"""Characters of one passage, so that a table with whole paragraphs in its cells is cut as well."""
_BLANKS = 3
_ONES = repeat(1)
_EMPTY_ROW = ("",)
_NUMBER = re.compile(r"^[\s<>=≤≥~≈±+\-−–]*\d[\d.,\s]*(?:[%‰]|[^\W\d]{0,4}|[^\w\s]{0,3})\s*$")


def table_passages(
    rows: Sequence[Sequence[str]],
    place: Place,
    *,
    first_row: int = 1,
    header: Sequence[str] = (),
    flags: frozenset[str] = frozenset(),
) -> Iterator[Passage]:
    """Passages of one table, in order.

    `first_row` is the number of `rows[0]` in the whole table. `header` holds the header cells when they are known;
    otherwise the leading rows without numbers serve. It is repeated in `Grid.header` of every passage that does not
    begin with the table's first row. Blank rows keep their number and add nothing; a long gap of them cuts the table.
    """
    cells = _trimmed(rows)
    repeated = tuple(header) or header_of(cells)
    lines = [*map("\t".join, cells)]
    for start, stop in _cuts(lines):
        text = "\n".join(lines[start:stop])
        above = () if first_row + start == 1 else repeated
        yield Passage(text, place, _grid(text, cells[start:stop], first_row + start, above), flags)


def header_of(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The header cells of a table: its leading rows without numbers (at most three), joined column by column."""
    leading: list[Sequence[str]] = []
    for row in rows[:8]:
        if not any(row):
            continue
        if leading and (len(leading) == 3 or any(_NUMBER.match(cell) for cell in row if cell)):
            break
        leading.append(row)
    if len(leading) > 1 and len(leading) == sum(1 for row in rows if any(row)):
        leading = leading[:1]  # no numbers anywhere: only the first row can be told from the rest
    width = max((len(row) for row in leading), default=0)
    columns = ([row[i] for row in leading if i < len(row) and row[i]] for i in range(width))
    return tuple(" ".join(dict.fromkeys(column)) for column in columns)


def _trimmed(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows without blanks around cells, without tabs in them and without empty cells at their ends."""
    trimmed = [[*map(str.strip, row)] for row in rows]
    if "\t" in "".join(chain.from_iterable(trimmed)):
        trimmed = [[cell.replace("\t", " ") for cell in cells] for cells in trimmed]
    for cells in trimmed:
        while cells and not cells[-1]:
            cells.pop()
    return trimmed


def _cuts(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of rows, each beginning and ending with a row that has text."""
    start: int | None = None
    last = size = 0
    for number, line in enumerate(lines):
        if not line:
            continue
        long = len(line)
        full = start is not None and (number - start >= ROWS or size + long > CHARACTERS or number - last > _BLANKS)
        if start is not None and full:
            yield start, last + 1
            start = None
        if start is None:
            start, size = number, 0
        size += long
        last = number
    if start is not None:
        yield start, last + 1


def _grid(text: str, cells: Sequence[Sequence[str]], first_row: int, header: tuple[str, ...]) -> Grid:
    if text.count("\n") == len(cells) - 1:
        return Grid.of_text(text, first_row, header)
    # Tabs and line breaks are one character each, so the offsets of all cells come from one run over their lengths;
    # an empty row takes part as one empty cell.
    lengths = [*map(len, chain.from_iterable(row or _EMPTY_ROW for row in cells))]
    starts = [*accumulate(map(add, lengths, _ONES), initial=0)]
    places = [*zip(starts, map(add, starts, lengths), strict=False)]
    edges = [*accumulate([len(row) or 1 for row in cells], initial=0)]
    spans = tuple(
        tuple(places[first:after]) if row else () for row, first, after in zip(cells, edges, edges[1:], strict=False)
    )
    return Grid(spans, first_row, header)
