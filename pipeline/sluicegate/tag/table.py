"""Quantities of tables bound to properties, conditions and samples, whichever way the table is turned.

Every number is a value cell; what names it stands to its left, above it, or in both: one side says the property (with
its unit and condition), the other the sample. Headers of continued tables come from `Grid.header`.
"""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from sluicegate.document import Passage
from sluicegate.tag.binding import BARE_UNITS, Binder
from sluicegate.tag.bound import Bound, Context
from sluicegate.tag.normalise import Normalised, normalise
from sluicegate.tag.properties import Mention
from sluicegate.tag.quantity import Found, find_quantities
from sluicegate.tag.sample import sample_name
from sluicegate.tag.units import Unit
from sluicegate.verdict import Quantity

_VALUE = re.compile(
    r"(?:≥|≤|>|<|>=|<=|=|~|≈|约|不低于|不小于|不高于|不大于|大于|小于|min\.?|max\.?)?\s?[-+]?\d[\d.,]*(?:\s?[x×*]\s?10\^?-?\d+)?"
    r"(?:\s?(?:-|~|±|至|to|/)\s?[-+]?\d[\d.,]*)*\s?(?:[^\d\s]{0,14}|[a-zA-Z°%/·μ].{0,14})?",
)
_GENERIC = re.compile(
    r"(?:序号|编号|项目|检测项目|检验项目|指标|性能|参数|单位|数值|结果|测试结果|检测结果|实测值?|典型值?|标准值?|规格|要求|技术要求|测试方法|检测方法|方法|备注|条件|测试条件|最小值?|最大值?|"
    r"no\.?|item|items|parameter|property|properties|value|values|result|results|unit|units|typical|typical value|specification|spec\.?|target|measured|test method|method|"
    r"conditions?|test conditions?|remarks?|min\.?|max\.?|minimum|maximum|limit|requirement|standard|average|mean|#)",
    re.I,
)
_MIN = re.compile(r"min(?:imum)?\.?|最小值?|下限|≥", re.I)
_MAX = re.compile(r"max(?:imum)?\.?|最大值?|上限|≤", re.I)
_CONDITION_HEADS = re.compile(r"条件|方法|备注|condition|method|remark|note", re.I)
_STEP_HEADS = re.compile(r"工序|步骤|阶段|工步|\bsteps?\b|\bstages?\b|\bsection\b", re.I)
_CONDITION_FAMILIES = {"pressure": "pressure", "rate": "c_rate", "cycles": "cycles", "temperature": "temperature"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its normalised text, where it starts in the passage (-1 for repeated headers), what stands in it."""

    text: Normalised
    start: int
    mentions: tuple[Mention, ...]
    found: tuple[Found, ...]
    value: Found | None
    units: tuple[tuple[Unit, float], ...]

    @property
    def label(self) -> bool:
        """Whether the cell names rather than measures."""
        return self.value is None and bool(self.text.text.strip())

    @property
    def condition(self) -> bool:
        """Whether the cell is nothing but a test condition, such as the header "220 MPa" or the row label "0.1C"."""
        return self.value is not None and self.value.family in _CONDITION_FAMILIES


def bind_table(passage: Passage, binder: Binder, context: Context) -> list[Bound]:
    """The bound quantities of a table passage; offsets count in the passage's original text."""
    assert passage.grid is not None
    rows = [[_cell(text, -1, binder) for text in passage.grid.header]] if passage.grid.header else []
    for spans in passage.grid.rows:
        rows.append([_cell(passage.text[start:end], start, binder) for start, end in spans])
    bound: list[Bound] = []
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            if cell.start < 0:
                continue
            if cell.value is not None:
                found = _value(rows, i, j, binder)
                if found is not None:
                    bound.append(found)
            elif cell.found and (len(cell.text.text) > 60 or _states(cell)) and not _of_conditions(rows, i, j):
                bound.extend(_within(cell, binder, context))
    return bound


def _states(cell: Cell) -> bool:
    """Whether a cell gives a property and its value by itself, and is not a header with a test condition."""
    return any(quantity.family in mention.families for quantity in cell.found for mention in cell.mentions)


def _within(cell: Cell, binder: Binder, context: Context) -> list[Bound]:
    placed = []
    for item in binder.bind(cell.text.text, cell.found, Context(context.sample, context.pressures)):
        start, end = cell.text.origin(item.start, item.end)
        placed.append(item.at(start + cell.start, end + cell.start))
    return placed


def _cell(text: str, start: int, binder: Binder) -> Cell:
    normal = normalise(text)
    body = normal.text
    mentions = tuple(binder.properties.find(body)) if body.strip() and sample_name(body) is None else ()
    found = tuple(find_quantities(body, binder.units)) if body and any(char.isdigit() for char in body) else ()
    value = None
    if (
        any(char.isdigit() for char in body)
        and not mentions
        and _VALUE.fullmatch(body.strip())
        and sample_name(body) is None
    ):
        bare = find_quantities(body, binder.units, bare=True)
        value = bare[0] if bare else None
    return Cell(normal, start, mentions, found, value, _units_of(body, binder) if value is None else ())


def _units_of(body: str, binder: Binder) -> tuple[tuple[Unit, float], ...]:
    """The units that a label may carry: alone, in brackets, behind a slash or a comma, at its end."""
    stripped = body.strip()
    whole = binder.units.read(stripped, 0)
    if whole is not None and whole.end == len(stripped):
        return ((whole.unit, whole.factor),)
    found = []
    for match in re.finditer(r"[(\[/,,]\s?", stripped):
        spelled = binder.units.read(stripped, match.end())
        if spelled is not None and re.match(r"\s?(?:[)\],;]|$|@|at\b|\()", stripped[spelled.end :]):
            found.append((spelled.unit, spelled.factor))
    tail = re.search(r"\s(\S{1,10})$", stripped)
    if tail:
        spelled = binder.units.read(stripped, tail.start(1))
        if spelled is not None and spelled.end == len(stripped) and len(spelled.spelling) > 1:
            found.append((spelled.unit, spelled.factor))
    return tuple(found)


def _value(rows: list[list[Cell]], i: int, j: int, binder: Binder) -> Bound | None:
    cell = rows[i][j]
    left = [
        rows[i][k]
        for k in range(j - 1, -1, -1)
        if (rows[i][k].label or (k == 0 and rows[i][k].condition)) and not _of_conditions(rows, i, k)
    ]
    above = [
        rows[k][j]
        for k in range(i - 1, -1, -1)
        if j < len(rows[k]) and (rows[k][j].label or (k == 0 and rows[k][j].condition))
    ]
    named = _named(cell, left, above, rows[0][0])
    if named is None:
        return None
    labels, others, sideways = named
    mention = next(label.mentions[-1] for label in labels if label.mentions)
    quantity = _quantity(cell, labels, others, rows, i, j, mention, binder)
    if quantity is None:
        return None
    assert cell.value is not None
    start, end = cell.text.origin(_trimmed(cell), cell.value.end)
    conditions = _conditions([*labels, *others, *_condition_cells(rows, i, j)], quantity)
    steps = not sideways and _STEP_HEADS.search(rows[0][0].text.text) is not None
    sample = None if steps else _sample(others, rows[i][0] if not sideways else None)
    return Bound(_name(mention, quantity, labels), quantity, start + cell.start, end + cell.start, conditions, sample)


def _trimmed(cell: Cell) -> int:
    assert cell.value is not None
    return cell.value.start


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
    return [from_left], above, True


def _fits(label: Cell, family: str) -> bool:
    return any(not family or family in mention.families for mention in label.mentions)


def _stronger(above: Cell, left: Cell) -> bool:
    """When both sides name a property: the one with a unit, else the header above."""
    if bool(left.units) != bool(above.units):
        return bool(above.units)
    return len(left.text.text) > len(above.text.text) + 30


def _quantity(
    cell: Cell,
    labels: list[Cell],
    others: list[Cell],
    rows: list[list[Cell]],
    i: int,
    j: int,
    mention: Mention,
    binder: Binder,
) -> Quantity | None:
    assert cell.value is not None
    quantity = cell.value.quantity
    if not cell.value.family:
        unit = _stated_unit([*labels, *others, *rows[i]], mention)
        if unit is not None:
            high = quantity.high * unit[1] if quantity.high is not None else None
            quantity = replace(quantity, value=float(f"{quantity.value * unit[1]:.10g}"), high=high, unit=unit[0].name)
            if unit[0].family == "time":
                factor = unit[0].base
                quantity = replace(
                    quantity, value=quantity.value * factor, high=high * factor if high is not None else None, unit="h"
                )
        elif mention.name in BARE_UNITS:
            name, low, top = BARE_UNITS[mention.name]
            if low <= quantity.value <= top:
                quantity = replace(quantity, unit=name)
            elif name == "%" and 0.2 <= quantity.value <= 1.1:
                quantity = replace(quantity, value=quantity.value * 100, unit="%")
            else:
                return None
        elif mention.families:
            return None
    heading = next((label.text.text.strip() for label in others), "") if others else ""
    if quantity.comparator == "=" and quantity.high is None:
        if _MIN.fullmatch(heading):
            quantity = replace(quantity, comparator=">=")
        elif _MAX.fullmatch(heading):
            quantity = replace(quantity, comparator="<=")
    return quantity


def _stated_unit(labels: list[Cell], mention: Mention) -> tuple[Unit, float] | None:
    for label in labels:
        for unit in label.units:
            if unit[0].family in mention.families:
                return unit
    return None


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
            name = _CONDITION_FAMILIES.get(found.family)
            if found.family == "voltage" and found.quantity.high is not None and quantity.unit != "V":
                name = "voltage_window"
            if name is not None and found.quantity.unit != quantity.unit:
                stated.setdefault(name, found.quantity)
    return tuple(stated.items())


def _name(mention: Mention, quantity: Quantity, labels: list[Cell]) -> str:
    text = labels[0].text.text
    if (
        mention.name == "specific_capacity"
        and re.search(r"充电(?!放)|(?<![a-z])charge", text, re.I)
        and not re.search(r"放电|discharg", text, re.I)
    ):
        return "charge_capacity"
    if mention.name == "density" and re.search("压实|compact|press", text, re.I):
        return "compaction_density"
    del quantity
    return mention.name


def _sample(others: list[Cell], first: Cell | None) -> str | None:
    candidates = [*reversed(others)] if first is None else [first, *reversed(others)]
    for label in candidates:
        text = label.text.text.strip()
        if not text or label.units or _GENERIC.fullmatch(text):
            continue
        named = sample_name(text)
        if named is not None:
            return named
        if not label.mentions and not (label.found and len(text) < 10) and len(text) <= 40:
            return text
    return None
