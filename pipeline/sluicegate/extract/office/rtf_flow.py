"""Pieces of text with marks in, one destination's paragraphs and tables out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sluicegate.document import Passage, Place
from sluicegate.extract.office.marks import DELETED, HIDDEN, INSERTED, Line
from sluicegate.extract.office.symbols import raised
from sluicegate.extract.table import table_passages


@dataclass(slots=True)
class Flow:
    """Collects paragraphs; `drain` gives what is finished, `finish` the rest with the deleted and hidden readings."""

    place: Place
    line: Line = field(default_factory=Line)
    cells: list[str] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    done: list[Passage] = field(default_factory=list)
    asides: list[Passage] = field(default_factory=list)
    number: int = 0
    tables: int = 0

    def add(self, text: str, marks: int, *, lifted: bool = False) -> None:
        """Append text to the paragraph; halves of a surrogate pair are joined."""
        if (
            text
            and "\udc00" <= text[0] <= "\udfff"
            and self.line.pieces
            and "\ud800" <= self.line.pieces[-1][0][-1:] <= "\udbff"
        ):
            before, above = self.line.pieces.pop()
            text = (before + text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            marks |= above
        elif lifted and self.line.pieces:
            text = raised(text, self.line.pieces[-1][0])
        self.line.add(text, marks)

    def paragraph_end(self, *, in_table: bool = False) -> None:
        """A paragraph ends: within a cell it becomes a line of the cell."""
        if in_table:
            self._into_cell()
            return
        self._table()
        text = self.line.text(HIDDEN | DELETED)
        self.number += 1
        place = replace(self.place, paragraph=self.number)
        if text:
            flags = frozenset({"inserted"} if self.line.marks & INSERTED else ())
            self.done.append(Passage(text, place, None, flags))
        self._aside(place)
        self.line = Line()

    def cell_end(self) -> None:
        """A cell ends."""
        self._into_cell()
        self.cells.append("\n".join(filter(None, self.cell)))
        self.cell = []

    def row_end(self) -> None:
        """A row ends."""
        if self.cells:
            self.rows.append(self.cells)
        self.cells = []

    def drain(self) -> list[Passage]:
        """The passages finished since the last call."""
        if not self.done:
            return []
        done, self.done = self.done, []
        return done

    def finish(self) -> Iterator[Passage]:
        """All that is left."""
        self.paragraph_end()
        yield from self.drain()
        asides, self.asides = self.asides, []
        yield from sorted(asides, key=lambda passage: sorted(passage.flags))

    def _into_cell(self) -> None:
        self.cell.append(self.line.text(HIDDEN | DELETED))
        self._aside(replace(self.place, table=self.tables + 1))
        self.line = Line()

    def _aside(self, place: Place) -> None:
        for flag, bit, without in (("deleted", DELETED, INSERTED), ("hidden", HIDDEN, DELETED)):
            text = self.line.text(without) if self.line.marks & bit else ""
            if text:
                self.asides.append(Passage(text, place, None, frozenset({flag})))

    def _table(self) -> None:
        if self.cells or any(self.cell):
            self.rows.append([*self.cells, *filter(None, self.cell)])
        if self.rows:
            self.tables += 1
            self.done.extend(table_passages(self.rows, replace(self.place, table=self.tables)))
        self.rows, self.cells, self.cell = [], [], []
