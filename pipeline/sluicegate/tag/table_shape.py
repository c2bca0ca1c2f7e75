"""A table's cells in, its shape out: title rows, header rows, groups of rows, headers that span columns."""

from __future__ import annotations

import re
from dataclasses import replace

from sluicegate.tag.cell import Cell
from sluicegate.tag.label import is_code, is_generic, kind_over, names_kind
from sluicegate.tag.normalise import normalise
from sluicegate.tag.sample import sample_name

Rows = list[list[Cell]]


def text_of(cell: Cell) -> str:
    """A cell's text without the blanks around it."""
    return cell.text.text.strip()


def titles(rows: Rows) -> tuple[Rows, Rows]:
    """What stands alone or in pairs ("Lot | 2503") in the rows above the header, and the rows from the header on."""
    first = _form_rows(rows)
    while first + 2 < len(rows) and len(rows[first]) > 1 and (alone(rows[first]) or _paired(rows, first)):
        section = any(sample_name(cell.text.text) is not None for cell in rows[first] if text_of(cell))
        if section and not only_names(rows[first + 1]):
            break
        first += 1
    return rows[:first], rows[first:]


def _form_rows(rows: Rows) -> int:
    """How many rows of a form ("Product | LFP-64", "Date | …") stand above the header, which a generic corner tells."""
    for k, row in enumerate(rows[1:_FORM], 1):
        if any(cell.mentions for cell in rows[k - 1]) or _heads_columns(rows[k - 1]):
            return 0
        if is_generic(text_of(row[0])) and only_names(row):
            return k
    return 0


def _heads_columns(row: list[Cell]) -> bool:
    """Whether several codes follow a label ("Product | LFP-64 | LFP-65") and not one ("Product | LFP-64 | Lot | 7")."""
    texts = [text for cell in row if (text := text_of(cell))]
    return len(texts) > _PAIR and all(is_code(text) for text in texts[1:])


_FORM = 10  # the first rows of a table, among which its header stands


def _paired(rows: Rows, first: int) -> bool:
    """Whether a row gives one lot or product in pairs of label and value, and the row below another, only names, or
    gives the first value."""
    row, following = rows[first], rows[first + 1]
    if any(cell.mentions for cell in row):
        return False
    if named_once(row) is None and not (_filled(row) == _PAIR and kind_over(text_of(row[0])) and only_names(row)):
        return False
    return only_names(following) or named_once(following) is not None or bool(following[0].mentions)


_PAIR = 2


def _filled(row: list[Cell]) -> int:
    return sum(bool(text_of(cell)) for cell in row)


def named_once(row: list[Cell]) -> tuple[str, str] | None:
    """The kind of sample that a row names and the one code behind it: "Lot no. | 2503 | |"; a lot before its product.

    None where several codes follow ("Lot | 2503 | 2504"): they head columns.
    """
    texts = [text_of(cell) for cell in row]
    found: list[tuple[str, str]] = []
    for k, text in enumerate(texts):
        kind = kind_over(text)
        following = [other for other in texts[k + 1 :] if other]
        if kind is None or not following or not _NAMED.fullmatch(following[0]):
            continue
        if len(following) == 1 or not any(char.isdigit() for char in following[1]):
            found.append((kind, following[0]))
    return next((pair for pair in found if pair[0] in LOTS), found[0] if found else None)


LOTS = ("batch", "lot", "sample")  # what says more than a product
_NAMED = re.compile(r"(?=.{0,20}\d)[A-Za-z0-9#/-]{2,24}")


def head_rows(rows: Rows) -> int:
    """How many rows at the top are headers: more than one when those below begin with an empty cell, or with the cell
    above again, and only name."""
    heads = 1
    while heads + 1 < len(rows) and _under_head(rows[heads], rows[0]) and only_names(rows[heads]):
        heads += 1
    return 2 if heads == 1 and len(rows) > _PAIR and _spanned(rows[0], rows[1], rows[2]) else heads


def _spanned(head: list[Cell], row: list[Cell], following: list[Cell]) -> bool:
    """Whether the heads of a row stand over several columns each, which the row below tells apart by test conditions,
    units or properties, before the values begin: "Compaction density | |" over "Sample | 220 MPa | 300 MPa"."""
    apart = [cell for k, cell in enumerate(row[1 : len(head)], 1) if not text_of(head[k]) and text_of(cell)]
    if not any(map(text_of, head[1:])) or not any(cell.condition or cell.units or cell.mentions for cell in apart):
        return False
    return only_names(row) and any(cell.value is not None and not cell.condition for cell in following[1:])


def numbered_groups(rows: Rows) -> Rows:
    """The rows with kinds over numbers as one head: "Examples | | Comparative examples" over "1 | 2 | 1"; and numbers
    behind the first of their kind ("Batch 31 | 32 | 33") with it."""
    if len(rows) < _PAIR:
        return rows
    head, below = rows[0], rows[1]
    numbers = [text_of(cell) for cell in below[1:]]
    grouped = any(names_kind(text_of(cell)) for cell in head[1:])
    if grouped and not text_of(below[0]) and any(numbers) and all(_RUNNING.fullmatch(text) for text in numbers if text):
        joined = [_joined(spanning(head, k), cell) for k, cell in enumerate(below) if k]
        return [[head[0], *joined, *head[len(below) :]], *rows[2:]]
    first = next((k for k, cell in enumerate(head) if k and _FIRST_OF_KIND.fullmatch(text_of(cell))), None)
    following = head[first + 1 :] if first is not None else []
    if first is None or not following or not all(_RUNNING.fullmatch(text_of(cell)) for cell in following):
        return rows
    kind = _FIRST_OF_KIND.fullmatch(text_of(head[first]))
    assert kind is not None
    return [[*head[: first + 1], *(_labelled(cell, kind[1] + text_of(cell)) for cell in following)], *rows[1:]]


def _joined(kind: Cell | None, number: Cell) -> Cell:
    if kind is None or not text_of(number) or not names_kind(text_of(kind)):
        return number if text_of(number) or kind is None else kind
    return _labelled(number, f"{text_of(kind)} {text_of(number)}")


def _labelled(cell: Cell, text: str) -> Cell:
    return replace(cell, text=normalise(text), start=-1, mentions=(), found=(), value=None, units=())


_RUNNING = re.compile(r"#?\d{1,4}#?|[A-Z]\d?")
_FIRST_OF_KIND = re.compile(r"((?:examples?|samples?|batch|lot|run|grade|实施例|样品|批次|批号|产品)\s?)\d{1,4}", re.I)


def one_head(rows: Rows, heads: int) -> Rows:
    """The rows with the corner of a header's last row in its first: a title may stand above "Sample"."""
    corner = rows[heads - 1][0] if heads > 1 and rows[heads - 1] else None
    if corner is None or not text_of(corner) or corner.condition or text_of(corner) == text_of(rows[0][0]):
        return rows
    return [[corner, *rows[0][1:]], *rows[1:]]


def unfolded(rows: Rows) -> Rows:
    """The rows of a form that gives two or three pairs of label and value side by side, one pair a row."""
    width = len(rows[0]) if rows else 0
    if width not in _FOLDED or len(rows) < _PAIR or any(len(row) != width for row in rows):
        return rows
    labels = [cell for row in rows for cell in row[::2] if text_of(cell)]
    fields = [cell for row in rows for cell in row[1::2]]
    valued = [k for k in range(2, width, 2) if any(_pair(row[k], row[k + 1]) for row in rows)]
    if not valued or not all(cell.label for cell in labels) or any(cell.mentions for cell in fields):
        return rows
    return [list(row[k : k + 2]) for k in range(0, width, 2) for row in rows if text_of(row[k]) or text_of(row[k + 1])]


def _pair(label: Cell, value: Cell) -> bool:
    return bool(label.mentions) and (value.value is not None or bool(value.found))


_FOLDED = (4, 6)  # cells of a row of two or three pairs


def _under_head(row: list[Cell], head: list[Cell]) -> bool:
    first = text_of(row[0])
    return not first or first == text_of(head[0])


def only_names(row: list[Cell]) -> bool:
    """Whether a row holds names and conditions only, and more than one: another row of heads."""
    filled = [cell for cell in row if text_of(cell)]
    return len(filled) > 1 and all(cell.label or cell.condition for cell in filled)


def alone(row: list[Cell]) -> bool:
    """Whether a row is a note: one cell with text, the others empty."""
    return _filled(row) == 1


def group_of(rows: Rows, i: int, heads: int) -> Cell | None:
    """The label of the group of rows that a row without one of its own belongs to."""
    return next((rows[k][0] for k in range(i - 1, heads - 1, -1) if text_of(rows[k][0])), None)


def spanning(row: list[Cell], j: int) -> Cell | None:
    """The header over a column in an upper header row, where one header stands over several columns."""
    for k in range(min(j, len(row) - 1), 0, -1):
        if text_of(row[k]):
            return row[k]
    return None
