"""The body of an OpenDocument part in, its paragraphs and tables out (ODF 1.3 part 3).

As in Word files, notes, comments, boxes and hidden or deleted readings come after the text that they hang on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sluicegate.document import Passage, Place
from sluicegate.extract.frame import Find
from sluicegate.extract.office.equation import equation_text
from sluicegate.extract.office.marks import DELETED, HIDDEN, Line
from sluicegate.extract.office.odf_styles import OdfStyles, get
from sluicegate.extract.office.symbols import plain_symbols, raised
from sluicegate.extract.table import table_passages
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_BREAKS = {"tab": "\t", "line-break": "\n", "soft-page-break": ""}
_ASIDES = {"note-body": "footnote", "annotation": "comment", "text-box": "text box"}
_NUMBERED = ("footnote", "endnote", "comment")
_WORDED = {"title": "alt text", "desc": "alt text", "creator": None, "date": None, "creator-initials": None}
_SILENT = frozenset({
    "note-citation", "sender-initials", "binary-data", "event-listeners", "forms", "sequence-decls",
    "tracked-changes", "table-column", "table-columns", "table-header-columns", "initials",
})  # fmt: skip
_REPEATS = 200
"""Copies of one cell or row that are read: spreadsheets repeat empty cells to the edge of the sheet."""


@dataclass(slots=True)
class OdfStory:
    """Reads one part's body below an element."""

    place: Place
    styles: OdfStyles
    flags: frozenset[str] = frozenset()
    paragraph: int = 0
    tables: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    asides: list[Passage] = field(default_factory=list)
    waiting: list[tuple[str, _Element, int]] = field(default_factory=list)

    def read(self, parent: _Element, marks: int = 0) -> Iterator[Find]:
        """All finds below an element; what hangs on the text last."""
        yield from self._blocks(parent, marks)
        while self.waiting:
            channel, element, inherited = self.waiting.pop(0)
            before, self.place = self.place, replace(self.place, channel=self._numbered(channel))
            yield from self._blocks(element, inherited)
            self.place = before
        asides, self.asides = self.asides, []
        yield from sorted(asides, key=lambda passage: sorted(passage.flags))

    def deletions(self, root: _Element) -> Iterator[Find]:
        """Text that tracked changes keep after its deletion."""
        for region in root.iter("{*}deletion"):
            for find in self._blocks(region, DELETED):
                if isinstance(find, Passage) and "deleted" not in find.flags:
                    find = replace(find, flags=find.flags | {"deleted"})
                yield find
        yield from self.asides
        self.asides = []

    def _numbered(self, channel: str) -> str:
        if channel in _NUMBERED:
            self.counts[channel] = self.counts.get(channel, 0) + 1
            channel = f"{channel} {self.counts[channel]}"
        return channel if self.place.channel is None else f"{self.place.channel}, {channel}"

    def _blocks(self, parent: _Element, marks: int) -> Iterator[Find]:
        for element in parent:
            kind = local_name(element)
            if kind in ("p", "h"):
                self.paragraph += 1
                line = Line()
                self._inline(element, marks | self._hidden(element), line)
                yield from self._passages(line)
            elif kind == "table":
                yield from self._table(element, marks | self._hidden(element))
            elif kind in _ASIDES:
                self._wait(element, kind, marks)
            elif kind in ("title", "desc"):
                self._words(element, kind)
            elif kind and kind not in _SILENT and kind not in _WORDED:
                yield from self._blocks(element, marks | self._hidden(element))

    def _hidden(self, element: _Element) -> int:
        kind = local_name(element)
        if kind in ("hidden-paragraph", "hidden-text") or get(element, "display") in ("none", "condition"):
            return HIDDEN
        return HIDDEN if get(element, "style-name") in self.styles.hidden else 0

    def _wait(self, element: _Element, kind: str, marks: int) -> None:
        channel = _ASIDES[kind]
        note = element.getparent()
        if kind == "note-body" and note is not None and get(note, "note-class") == "endnote":
            channel = "endnote"
        self.waiting.append((channel, element, marks))

    def _words(self, element: _Element, kind: str) -> None:
        text = "".join(element.itertext()).strip()
        channel = _WORDED[kind]
        if text and channel:
            self.asides.append(Passage(text, replace(self.place, channel=channel), None, self.flags))

    def _inline(self, element: _Element, marks: int, line: Line, *, lifted: bool = False) -> None:
        self._piece(element.text, marks, line, lifted)
        for child in element:
            kind = local_name(child)
            if kind in _BREAKS:
                line.add(_BREAKS[kind], marks)
            elif kind == "s":
                count = get(child, "c")
                line.add(" " * (min(int(count), 100) if count.isdigit() else 1), marks)
            elif kind in ("table", "p", "h", "list"):
                self.waiting.append(("text box", _Only([child]), marks))
            elif kind in _ASIDES:
                self._wait(child, kind, marks)
            elif kind in ("title", "desc"):
                self._words(child, kind)
            elif kind == "math":
                line.add(f" {equation_text(child)} ", marks)
            elif kind in ("hidden-text", "hidden-paragraph", "conditional-text"):
                self._veiled(child, marks, line)
            elif kind and kind not in _SILENT:
                style = get(child, "style-name")
                self._inline(child, marks | self._hidden(child), line, lifted=lifted or style in self.styles.raised)
            self._piece(child.tail, marks, line, lifted)

    def _veiled(self, element: _Element, marks: int, line: Line) -> None:
        """Fields that show one of two texts, or none: their values stand in attributes."""
        values = [get(element, name) for name in ("string-value", "string-value-if-true", "string-value-if-false")]
        text = "".join(element.itertext())
        line.add(text, marks | (0 if local_name(element) == "conditional-text" else HIDDEN))
        for value in values:
            if value and value not in text:
                line.add(f" {value} ", marks | HIDDEN)

    def _piece(self, text: str | None, marks: int, line: Line, lifted: bool) -> None:
        if text:
            text = plain_symbols(" ".join(text.split()) if "\n" in text else text)
            if lifted and line.pieces:
                text = raised(text, line.pieces[-1][0])
            line.add(text, marks)

    def _passages(self, line: Line) -> Iterator[Find]:
        place = replace(self.place, paragraph=self.paragraph)
        text = line.text(HIDDEN | DELETED)
        if text:
            yield Passage(text, place, None, self.flags)
        self._aside(line, place)

    def _aside(self, line: Line, place: Place) -> None:
        for flag, bit in (("deleted", DELETED), ("hidden", HIDDEN)):
            if line.marks & bit:
                self.asides.append(Passage(line.text(0), place, None, self.flags | {flag}))

    def _table(self, table: _Element, marks: int) -> Iterator[Find]:
        self.tables += 1
        place = replace(self.place, table=self.tables)
        shown: list[list[str]] = []
        veiled: list[list[str]] = []
        number = 0
        for row in rows_of(table):
            cells = self._cells(row, marks, place)
            count = _repeats(row, "number-rows-repeated")
            number += count if not any(cells) else min(count, _REPEATS)
            hidden = get(row, "visibility") in ("collapse", "filter")
            for _ in range(min(count, _REPEATS) if any(cells) else min(count, 4)):
                shown.append([] if hidden else cells)
                veiled.append(cells if hidden else [])
        flags = self.flags | ({"hidden"} if marks & HIDDEN else frozenset())
        yield from table_passages(shown, place, flags=flags)
        if any(veiled):
            yield from table_passages(veiled, place, flags=flags | {"hidden"})

    def _cells(self, row: _Element, marks: int, place: Place) -> list[str]:
        cells: list[str] = []
        for cell in row:
            if local_name(cell) not in ("table-cell", "covered-table-cell"):
                continue
            lines: list[Line] = []
            self._cell(cell, marks, lines)
            text = "\n".join(filter(None, (line.text(HIDDEN | DELETED) for line in lines))) or _value(cell)
            for line in lines:
                self._aside(line, place)
            cells += [text] * (min(_repeats(cell, "number-columns-repeated"), _REPEATS))
        while cells and not cells[-1]:
            cells.pop()
        return cells

    def _cell(self, parent: _Element, marks: int, lines: list[Line]) -> None:
        for element in parent:
            kind = local_name(element)
            if kind in ("p", "h"):
                self.paragraph += 1
                line = Line()
                self._inline(element, (marks & ~HIDDEN) | self._hidden(element), line)
                lines.append(line)
            elif kind == "table":
                self.waiting.append(("nested table", _Only([element]), marks))
            elif kind in _ASIDES:
                self._wait(element, kind, marks)
            elif kind in ("title", "desc"):
                self._words(element, kind)
            elif kind and kind not in _SILENT:
                self._cell(element, marks | self._hidden(element), lines)


class _Only(list["_Element"]):
    """A parent of exactly the given elements."""


def rows_of(table: _Element) -> Iterator[_Element]:
    """The rows of a table, also in header rows and row groups."""
    for child in table:
        kind = local_name(child)
        if kind == "table-row":
            yield child
        elif kind in ("table-header-rows", "table-rows", "table-row-group"):
            yield from rows_of(child)


def _repeats(element: _Element, name: str) -> int:
    count = get(element, name)
    return int(count) if count.isdigit() and len(count) < 9 else 1


def _value(cell: _Element) -> str:
    """A cell's stored value when it shows no text."""
    return get(cell, "string-value") or get(cell, "date-value") or get(cell, "value")
