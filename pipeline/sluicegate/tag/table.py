"""Quantities of tables bound to properties, conditions and samples, whichever way the table is turned.

Every number is a value cell; what names it stands to its left, above it, or in both: one side says the property (with
its unit and condition), the other the sample. Headers of continued tables come from `Grid.header`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sluicegate.document import Passage
from sluicegate.tag.beside import CONSTITUENT
from sluicegate.tag.binding import Binder
from sluicegate.tag.bound import Bound, Context
from sluicegate.tag.cell import CONDITION_FAMILIES, Cell, cell_of
from sluicegate.tag.cell_value import cell_quantity
from sluicegate.tag.label import heads_samples, is_code, is_generic, names_kind, share_of, table_sample
from sluicegate.tag.normalise import normalise
from sluicegate.tag.properties import Mention
from sluicegate.tag.record import Placed, with_tests
from sluicegate.tag.sample import sample_name
from sluicegate.verdict import Quantity

_NUMBERED = re.compile(r"\d{1,6}[A-Za-z]?#?|#\d{1,4}")
_CONDITION_HEADS = re.compile(r"条件|方法|备注|condition|method|remark|note", re.I)
_TEST_FAMILIES = {"pressure": "pressure", "rate": "c_rate", "voltage": "voltage_window", "force": "press_force"}


def bind_table(passage: Passage, binder: Binder, context: Context) -> list[Bound]:
    """The bound quantities of a table passage; offsets count in the passage's original text."""
    assert passage.grid is not None
    rows = [[cell_of(text, -1, binder) for text in passage.grid.header]] if passage.grid.header else []
    for spans in passage.grid.rows:
        rows.append([cell_of(passage.text[start:end], start, binder) for start, end in spans])
    titled, rows = _titles(rows)
    heads = _head_rows(rows)
    if rows and heads_samples(rows[0][0].text.text.strip()):
        rows[0] = [rows[0][0], *(_numbered(cell) for cell in rows[0][1:])]
    placed: list[Placed] = []
    noted: list[Bound] = []
    title = [test for cell in titled for test in _tests(cell)]
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell.start < 0 or not (cell.value or cell.found):
                continue
            if i >= heads and _of_conditions(rows, i, j):
                noted.extend(_tests(cell))
            elif cell.value is not None:
                found = _value(rows, i, j, heads, binder)
                if found is not None:
                    placed.append(found)
            elif len(cell.text.text) > 60 or _states(cell) or (i >= heads and _alone(row)):
                noted.extend(_within(cell, binder, context))
    bound = [*with_tests(placed, [*title, *noted]), *noted]
    return sorted(bound, key=lambda item: item.start)


def _numbered(cell: Cell) -> Cell:
    """A header that is a number: under "Sample" or "Batch" it names one and measures nothing."""
    if cell.value is None or not _NUMBERED.fullmatch(cell.text.text.strip()):
        return cell
    return replace(cell, value=None, found=(), mentions=(), units=())


def _titles(rows: list[list[Cell]]) -> tuple[list[Cell], list[list[Cell]]]:
    """What stands alone in the rows above the header, and the rows from the header on."""
    first = 0
    while first + 2 < len(rows) and len(rows[first]) > 1 and _alone(rows[first]):
        if any(sample_name(cell.text.text) is not None for cell in rows[first] if cell.text.text.strip()):
            break
        first += 1
    return [cell for row in rows[:first] for cell in row if cell.text.text.strip()], rows[first:]


def _head_rows(rows: list[list[Cell]]) -> int:
    """How many rows at the top are headers: more than one when those below begin with an empty cell, or with the cell
    above again, and only name."""
    heads = 1
    while heads + 1 < len(rows) and _under_head(rows[heads], rows[0]) and _only_names(rows[heads]):
        heads += 1
    return heads


def _under_head(row: list[Cell], head: list[Cell]) -> bool:
    first = row[0].text.text.strip()
    return not first or first == head[0].text.text.strip()


def _only_names(row: list[Cell]) -> bool:
    filled = [cell for cell in row if cell.text.text.strip()]
    return len(filled) > 1 and all(cell.label or cell.condition for cell in filled)


def _alone(row: list[Cell]) -> bool:
    """Whether a row is a note: one cell with text, the others empty."""
    return sum(bool(cell.text.text.strip()) for cell in row) == 1


def _tests(cell: Cell) -> list[Bound]:
    """The pressures, rates and voltage windows of a cell in a column of test conditions."""
    tests = []
    for found in cell.found:
        name = _TEST_FAMILIES.get(found.family)
        if name is not None and (name != "voltage_window" or found.quantity.high is not None):
            start, end = cell.text.origin(found.start, found.end)
            tests.append(Bound(name, found.quantity, start + cell.start, end + cell.start))
    return tests


def _states(cell: Cell) -> bool:
    """Whether a cell gives a property and its value by itself, and is not a header with a test condition."""
    return any(quantity.family in mention.families for quantity in cell.found for mention in cell.mentions)


def _within(cell: Cell, binder: Binder, context: Context) -> list[Bound]:
    placed = []
    for item in binder.bind(cell.text.text, cell.found, Context(context.sample, context.pressures)):
        start, end = cell.text.origin(item.start, item.end)
        placed.append(item.at(start + cell.start, end + cell.start))
    return placed


def _value(rows: list[list[Cell]], i: int, j: int, heads: int, binder: Binder) -> Placed | None:
    cell = rows[i][j]
    if i < heads and cell.condition:
        return None
    left = [
        rows[i][k]
        for k in range(j - 1, -1, -1)
        if (rows[i][k].label or (k == 0 and rows[i][k].condition)) and not _of_conditions(rows, i, k)
    ]
    above = []
    for k in range(i - 1, -1, -1):
        head = _spread(rows[k], j) if k < heads - 1 else rows[k][j] if j < len(rows[k]) else None
        if head is not None and (head.label or (k < heads and head.condition)):
            above.append(head)
    assert cell.value is not None
    if j and not rows[i][0].text.text.strip() and (group := _group(rows, i, heads)) is not None:
        left.append(group)
    named = _named(cell, left, above, rows[0][0])
    if named is None and not cell.value.family and (element := _element(rows[i], j)) is not None:
        named = [element], above, True
    if named is None:
        family, sideways = _family(cell, left, above)
        name = binder.properties.default.get(family, "")
        if not name or not (left or above):
            return None
        mention = Mention(name, frozenset((family,)), 0, 0)
        labels, others = (left, above) if sideways else (above, left)
    else:
        labels, others, sideways = named
        mention = _mentioned(cell, labels)
    quantity = cell_quantity(cell, labels, others, rows[i], mention)
    if quantity is None or (mention.name == "impurity" and quantity.unit == "%" and quantity.value > CONSTITUENT):
        return None
    start, end = cell.text.origin(cell.value.start, cell.value.end)
    conditions = _conditions([cell, *labels, *others, *_condition_cells(rows, i, j)], quantity)
    sample = table_sample(
        [label.text.text.strip() for label in (reversed(others) if sideways else _row_labels(rows, i, j, others))
         if label is not cell and not label.units and not label.condition],
        rows[0][0].text.text.strip(),
        coded=_coded(rows, sideways),
    )  # fmt: skip
    name = _name(mention, labels)
    sample = sample or _section(rows, i)
    return Placed(
        Bound(name, quantity, start + cell.start, end + cell.start, conditions, sample), i, j, sideways, i < heads
    )


def _family(cell: Cell, left: list[Cell], above: list[Cell]) -> tuple[str, bool]:
    """The family of a value that no label names: of its own unit, else of a unit above it or to its left."""
    assert cell.value is not None
    if cell.value.family:
        return cell.value.family, False
    for labels, sideways in ((above, False), (left, True)):
        for label in labels:
            if label.units:
                return label.units[0][0].family, sideways
    return "", False


def _section(rows: list[list[Cell]], i: int) -> str | None:
    """The sample that a row of its own above names: "Example 2" over its values."""
    for k in range(i - 1, -1, -1):
        if len(rows[k]) > 1 and _alone(rows[k]):
            return next((sample_name(cell.text.text) for cell in rows[k] if cell.text.text.strip()), None)
    return None


def _group(rows: list[list[Cell]], i: int, heads: int) -> Cell | None:
    """The label of the group of rows that a row without one of its own belongs to."""
    return next((rows[k][0] for k in range(i - 1, heads - 1, -1) if rows[k][0].text.text.strip()), None)


def _row_labels(rows: list[list[Cell]], i: int, j: int, others: list[Cell]) -> list[Cell]:
    """The labels of a row from the left, a numbered group ("Example" | "1") as one."""
    first = rows[i][0] if rows[i][0].text.text.strip() else next(iter(reversed(others)), rows[i][0])
    number = rows[i][1] if j > 1 and len(rows[i]) > 1 else None
    if number is not None and _NUMBERED.fullmatch(number.text.text.strip()) and names_kind(first.text.text.strip()):
        return [replace(first, text=normalise(f"{first.text.text.strip()} {number.text.text.strip()}"))]
    return [first, *reversed(others)]


def _element(row: list[Cell], j: int) -> Cell | None:
    """The first label of a row that is an element's sign and nothing else, where the row states a share's unit."""
    label = row[0]
    shares = any(unit.family == "fraction" for cell in row for unit, _ in cell.units)
    mention = share_of(label.text.text.strip()) if j and shares else None
    return replace(label, mentions=(mention,)) if mention is not None else None


def _coded(rows: list[list[Cell]], sideways: bool) -> bool:
    """Whether the labels that stand for samples all look like codes: "A", "B", "C" or "F3", "F4"."""
    cells = rows[0][1:] if sideways else [row[0] for row in rows[1:]]
    texts = [text for cell in cells if (text := cell.text.text.strip()) and not is_generic(text)]
    return len(texts) > 1 and len(set(texts)) == len(texts) and all(is_code(text) for text in texts)


def _spread(row: list[Cell], j: int) -> Cell | None:
    """The header over a column in an upper header row, where one header stands over several columns."""
    for k in range(min(j, len(row) - 1), 0, -1):
        if row[k].text.text.strip():
            return row[k]
    return None


def _mentioned(cell: Cell, labels: list[Cell]) -> Mention:
    """The mention that names the property: the last one that fits the unit of the cell or of its label."""
    assert cell.value is not None
    label = next(label for label in labels if label.mentions)
    families = {cell.value.family} if cell.value.family else {unit.family for unit, _ in label.units}
    fitting = [mention for mention in label.mentions if families & mention.families]
    return (fitting or label.mentions)[-1]


def _named(cell: Cell, left: list[Cell], above: list[Cell], corner: Cell) -> tuple[list[Cell], list[Cell], bool] | None:
    """The labels that name the property (and units, conditions), the labels of the other side, and whether the
    property stands to the left. A property in the corner holds for the whole table."""
    assert cell.value is not None
    family = cell.value.family
    from_left = next((label for label in left if _fits(label, family)), None)
    from_above = next((label for label in above if _fits(label, family)), None)
    if from_left is None and from_above is None:
        fits = corner.label and corner is not cell and _fits(corner, family)
        return ([corner, *above], left, False) if fits else None
    if from_above is not None and (from_left is None or _stronger(from_above, from_left)):
        return [from_above, *[label for label in above if label is not from_above]], left, False
    assert from_left is not None
    return [from_left, *[label for label in left if label is not from_left and label.condition]], above, True


def _fits(label: Cell, family: str) -> bool:
    return any(not family or family in mention.families for mention in label.mentions)


def _stronger(above: Cell, left: Cell) -> bool:
    """When both sides name a property: the one with a unit, else the header above."""
    if bool(left.units) != bool(above.units):
        return bool(above.units)
    return len(left.text.text) > len(above.text.text) + 30


def _condition_cells(rows: list[list[Cell]], i: int, j: int) -> list[Cell]:
    """Cells of the row that stand under "test condition", "method" or "remarks"."""
    return [rows[i][k] for k in range(len(rows[i])) if k != j and _of_conditions(rows, i, k)]


def _of_conditions(rows: list[list[Cell]], i: int, k: int) -> bool:
    """Whether a cell stands in a column of test conditions, methods or remarks."""
    return i > 0 and k < len(rows[0]) and _CONDITION_HEADS.search(rows[0][k].text.text) is not None


def _conditions(labels: list[Cell], quantity: Quantity) -> tuple[tuple[str, Quantity], ...]:
    stated: dict[str, Quantity] = {}
    for label in labels:
        for found in label.found:
            name = CONDITION_FAMILIES.get(found.family)
            if found.family == "voltage" and found.quantity.high is not None and quantity.unit != "V":
                name = "voltage_window"
            if name is not None and found.quantity.unit != quantity.unit:
                stated.setdefault(name, found.quantity)
    return tuple(stated.items())


def _name(mention: Mention, labels: list[Cell]) -> str:
    text = " ".join(label.text.text for label in labels)
    if (
        mention.name == "specific_capacity"
        and re.search(r"充电(?!放)|(?<![a-z])charge", text, re.I)
        and not re.search(r"放电|discharg", text, re.I)
    ):
        return "charge_capacity"
    if mention.name == "density" and re.search("压实|compact|press", text, re.I):
        return "compaction_density"
    return mention.name
