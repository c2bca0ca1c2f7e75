"""Stretches of a binary Word story in, paragraphs and tables out: marks, fields and special characters resolved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from sluicegate.document import Passage, Place
from sluicegate.extract.office.marks import Line
from sluicegate.extract.office.symbols import plain_symbols, raised
from sluicegate.extract.office.word_binary import DELETED, HIDDEN, INSERTED, RAISED, ROW_END, Stretch
from sluicegate.extract.table import table_passages

_BEGIN, _SEPARATE, _END, _CELL, _PARAGRAPH = "\x13", "\x14", "\x15", "\x07", "\r"
_SPECIAL = {
    "\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-", "\x1f": "", "\xa0": " ", "\x01": "", "\x02": "", "\x03": "",
    "\x04": "", "\x05": "", "\x06": "", "\x08": "", "\x00": "", "\x28": "(", "\t": "\t",
}  # fmt: skip
_TABLE = str.maketrans(_SPECIAL)


@dataclass(slots=True)
class Lines:
    """Collects one story. `fields` gathers field codes."""

    place: Place
    fields: list[str]
    line: Line = field(default_factory=Line)
    codes: list[list[str]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    asides: list[Passage] = field(default_factory=list)
    number: int = 0
    tables: int = 0

    def read(self, stretches: Iterable[Stretch]) -> Iterator[Passage]:
        """Passages in order; deleted and hidden readings last."""
        for stretch in stretches:
            for piece in _split(stretch.text):
                yield from self._piece(piece, stretch.marks)
        yield from self._paragraph()
        yield from self._table()
        asides, self.asides = self.asides, []
        yield from sorted(asides, key=lambda passage: sorted(passage.flags))

    def _piece(self, piece: str, marks: int) -> Iterator[Passage]:
        if piece == _BEGIN:
            self.codes.append([])
        elif piece == _SEPARATE:
            self._code()
            self.codes.append([])
            self.codes[-1].append("\0")  # the result follows: it is text, not code
        elif piece == _END:
            self._code()
        elif piece == _CELL:
            yield from self._cell_end(marks)
        elif piece == _PARAGRAPH:
            if self.cells or self.cell or (self.rows and marks & 32):
                self._into_cell()
            else:
                yield from self._paragraph()
        elif self.codes and self.codes[-1][:1] != ["\0"]:
            self.codes[-1].append(piece)
        else:
            text = plain_symbols(piece.translate(_TABLE))
            if marks & RAISED and self.line.pieces:
                text = raised(text, self.line.pieces[-1][0])
            self.line.add(text, marks & (HIDDEN | INSERTED | DELETED))

    def _code(self) -> None:
        if self.codes:
            code = self.codes.pop()
            if code[:1] != ["\0"]:
                self.fields.append("".join(code))

    def _cell_end(self, marks: int) -> Iterator[Passage]:
        if marks & ROW_END:
            self.rows.append(self.cells)
            self.cells, self.line = [], Line()
            return
        self._into_cell()
        if not self.cells and not self.rows:
            self.tables += 1
        self.cells.append("\n".join(filter(None, self.cell)))
        self.cell = []
        yield from ()

    def _into_cell(self) -> None:
        place = replace(self.place, table=max(self.tables, 1))
        self.cell.append(self.line.text(HIDDEN | DELETED))
        self._asides(place)
        self.line = Line()

    def _asides(self, place: Place) -> None:
        marks = self.line.marks
        for flag, bit, without in (("deleted", DELETED, INSERTED), ("hidden", HIDDEN, DELETED)):
            text = self.line.text(without) if marks & bit else ""
            if text:
                self.asides.append(Passage(text, place, None, frozenset({flag})))

    def _paragraph(self) -> Iterator[Passage]:
        yield from self._table()
        self.number += 1
        place = replace(self.place, paragraph=self.number)
        text = self.line.text(HIDDEN | DELETED)
        if text:
            yield Passage(text, place, None, frozenset({"inserted"} if self.line.marks & INSERTED else ()))
        self._asides(place)
        self.line = Line()

    def _table(self) -> Iterator[Passage]:
        if self.cells or self.cell:
            self.rows.append([*self.cells, *filter(None, self.cell)])
        if self.rows:
            yield from table_passages(self.rows, replace(self.place, table=max(self.tables, 1)))
        self.rows, self.cells, self.cell = [], [], []


def _split(text: str) -> Iterator[str]:
    """The marks one by one, the text between them in one piece."""
    start = 0
    for index, char in enumerate(text):
        if char in "\x13\x14\x15\x07\r":
            if index > start:
                yield text[start:index]
            yield char
            start = index + 1
    if start < len(text):
        yield text[start:]
