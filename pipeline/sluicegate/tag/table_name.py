"""Which labels name the property of a table's value: its cell with the labels beside and above it in, theirs out."""

from __future__ import annotations

from dataclasses import replace

from sluicegate.tag.cell import Cell
from sluicegate.tag.label import is_generic
from sluicegate.tag.label_property import share_of
from sluicegate.tag.properties import Mention
from sluicegate.tag.sample import sample_name
from sluicegate.tag.table_shape import text_of
from sluicegate.tag.table_topic import of_test


def of_rate(cell: Cell, left: list[Cell], above: list[Cell]) -> bool:
    """Whether a bare number is a capacity since a C-rate and nothing else heads it: "0.1C | 1C" over "160.1 | 149"."""
    assert cell.value is not None
    heads = [*above[:1], *left[:1]]
    rated = any(head.condition and head.value is not None and head.value.family == "rate" for head in heads)
    return rated and _LEAST <= cell.value.quantity.value <= _MOST and cell.value.quantity.high is None


_LEAST, _MOST = 102, 260  # mAh/g of cathodes; what is less may be a share of the capacity


def in_stated_unit(labels: list[Cell], corner: Cell) -> bool:
    """Whether what names a value can have the unit that the table's corner states for all: "mg/L | Feed | Product"."""
    families = {unit.family for unit, _ in corner.units}
    return not families or any(families & mention.families for label in labels for mention in label.mentions)


def family_of(cell: Cell, left: list[Cell], above: list[Cell]) -> tuple[str, bool]:
    """The family of a value that no label names: of its own unit, else of a unit above it or to its left."""
    assert cell.value is not None
    if cell.value.family:
        return cell.value.family, any(sample_name(text_of(label)) is not None for label in above)
    for labels, sideways in ((above, False), (left, True)):
        for label in labels:
            if label.units:
                return label.units[0][0].family, sideways or sample_name(text_of(label)) is not None
    return "", False


def element_of(row: list[Cell], j: int, corner: Cell) -> Cell | None:
    """The first label of a row that is an element's sign and nothing else, where the row or the table's corner states
    the unit of a share or a concentration."""
    label = row[0]
    stated = [unit.family for cell in (*row, corner) for unit, _ in cell.units]
    family = next((name for name in stated if name in ("fraction", "mass concentration")), None)
    mention = share_of(text_of(label), family) if j and family is not None else None
    return replace(label, mentions=(mention,)) if mention is not None else None


def mentioned(cell: Cell, labels: list[Cell]) -> Mention:
    """The mention that names the property: the last one that fits the unit of the cell or of its label."""
    assert cell.value is not None
    label = next(label for label in labels if label.mentions)
    families = {cell.value.family} if cell.value.family else {unit.family for unit, _ in label.units}
    fitting = [mention for mention in label.mentions if families & mention.families]
    return (fitting or label.mentions)[-1]


def naming(
    cell: Cell, left: list[Cell], above: list[Cell], corner: Cell, *, heads_values: bool
) -> tuple[list[Cell], list[Cell], bool] | None:
    """The labels that name the property (and units, conditions), the labels of the other side, and whether the
    property stands to the left. A property in the corner holds for the whole table."""
    assert cell.value is not None
    family = cell.value.family
    headed = next(
        (label.units[0][0].family for label in above if label.units and not is_generic(text_of(label))), ""
    )  # "Min." is no minute
    from_left = next((label for label in left if fits(label, family or ("" if label.units else headed))), None)
    from_above = next((label for label in above if fits(label, family)), None)
    if from_left is None and from_above is None:
        whole = corner.label and corner is not cell and fits(corner, family or headed)
        whole = whole and not (left and left[0].condition and of_test(corner, left[0])) and not heads_values
        return ([corner, *above], left, False) if whole else None
    if from_above is not None and (from_left is None or _stronger(from_above, from_left)):
        return [from_above, *[label for label in above if label is not from_above]], left, False
    assert from_left is not None
    return [from_left, *[label for label in left if label is not from_left and label.condition]], above, True


def measures(cell: Cell) -> bool:
    """Whether the first cell of a row is a value, so that the table's corner heads the first column only."""
    return cell.value is not None and not cell.value.family


def fits(label: Cell, family: str) -> bool:
    """Whether a label names a property that a value of a family of units may have."""
    return any(not family or family in mention.families for mention in label.mentions)


def _stronger(above: Cell, left: Cell) -> bool:
    """When both sides name a property: the one with a unit, else the header above."""
    if bool(left.units) != bool(above.units):
        return bool(above.units)
    return len(left.text.text) > len(above.text.text) + 30
