"""What a table is about: the property that a title or note names, a recipe, a bath, a brine.

In: the cells of a table. Out: the cell that says what is measured, and the property of a value as the table means it.
"""

from __future__ import annotations

import re

from sluicegate.tag.beside import DOPANT_SIGNS
from sluicegate.tag.cell import Cell
from sluicegate.tag.properties import Mention
from sluicegate.tag.table_shape import Rows, alone, text_of


def topic_of(titled: Rows, rows: Rows) -> Cell | None:
    """The only cell that stands alone in its row, above or below the values, and names one property with its unit."""
    lone = [cell for row in (*titled, *rows) if alone(row) for cell in row if text_of(cell)]
    topics = [cell for cell in lone if len({mention.name for mention in cell.mentions}) == 1 and _measured(cell)]
    return topics[0] if len(topics) == 1 and topics[0].value is None else None


def _measured(cell: Cell) -> bool:
    return any(unit.family in mention.families for mention in cell.mentions for unit, _ in cell.units)


def about(titled: Rows, rows: Rows) -> str:
    """All that a table says in words: its title, heads, labels and notes."""
    return "\n".join(text_of(cell) for row in (*titled, *rows) for cell in row if cell.label)


def of_test(label: Cell, condition: Cell) -> bool:
    """Whether a label names only what a test condition beside or below it is of."""
    assert condition.value is not None
    return bool(label.mentions) and all(condition.value.family in mention.families for mention in label.mentions)


def is_dopant(labels: list[Cell]) -> bool:
    """Whether the labels of a value name a dopant: "Ti (ppm)", "Nb2O5"."""
    return any(_DOPANTS.match(text_of(label)) for label in labels)


def is_recipe(rows: Rows) -> bool:
    """Whether a table tells how powders were made: a sintering step heads one of its rows or columns."""
    return any(_SINTERED.search(label.text.text) for label in (*rows[0], *(row[0] for row in rows)))


_DOPANTS = re.compile(rf"(?:{DOPANT_SIGNS})(?:\d?O\d)?(?=$|[\s(,/:])|[钛铌钒锆钨钼镁]")
_SINTERED = re.compile(r"sinter|calcin|firing|烧|焙", re.I)


def name_of(mention: Mention, labels: list[Cell], about: str) -> str:
    """The property that labels name, told apart by charge and discharge, press, bath and brine."""
    text = " ".join(label.text.text for label in labels)
    if (
        mention.name == "specific_capacity"
        and re.search(r"充电(?!放)|(?<![a-z])charge", text, re.I)
        and not re.search(r"放电|discharg", text, re.I)
    ):
        return "charge_capacity"
    if mention.name == "density" and re.search("压实|compact|press", text, re.I):
        return "compaction_density"
    if mention.name == "voltage" and _ELECTROLYSIS.search(about):
        return "cell_voltage"
    if mention.name == "density" and _LIQUORS.search(about) and not _SOLIDS.search(text):
        return "solution_density"
    return mention.name


_ELECTROLYSIS = re.compile(r"electroly[sz]|\bbath\b|anode|电解|槽温|阳极", re.I)
_LIQUORS = re.compile(r"brine|liquor|\bmother|eluate|leachate|卤|母液|净化液|浸出液|完成液", re.I)
_SOLIDS = re.compile(r"powder|crystal|cake|salt|粉|晶|饼|盐", re.I)
