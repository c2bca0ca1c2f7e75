"""A story of a Word file in (body, header, note, comment), its paragraphs and tables out (ECMA-376-1, chapter 17).

What a reader does not see still leaves with the file, so a paragraph comes in up to three readings: as it looks now,
as it was before tracked deletions (flag `deleted`), and with its hidden text (flag `hidden`). The latter two, text
boxes and field codes come after the story, so that they do not tear its paragraphs apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sluicegate.document import Passage, Place
from sluicegate.extract.frame import Find
from sluicegate.extract.office.equation import equation_text
from sluicegate.extract.office.marks import DELETED, HIDDEN, INSERTED, MARKS, Line
from sluicegate.extract.office.ooxml import own, relation_id
from sluicegate.extract.office.symbols import plain_symbols, raised, symbol
from sluicegate.extract.office.word_numbers import Numbering
from sluicegate.extract.office.word_rows import rows_of, skipped_before, span_of, wrapped
from sluicegate.extract.table import table_passages
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}
_OFF = ("0", "false", "off")
_SILENT = frozenset(
    {"pPr", "rPr", "tblPr", "trPr", "tcPr", "tblGrid", "sectPr", "sdtEndPr", "proofErr", "bookmarkStart"}
)
_ASIDE_TEXT = {"txbxContent": "text box", "ruby": "ruby text"}
_DEEPEST = 60
"""Tables within tables; deeper ones are read without their structure."""


@dataclass(slots=True)
class Story:
    """Reads one story. `embed` resolves an alternative chunk by its relationship id; `fields` collects field codes."""

    place: Place
    numbering: Numbering
    hidden_styles: frozenset[str]
    embed: Callable[[str], Iterator[Find]]
    fields: list[str]
    paragraph: int = 0
    tables: int = 0
    depth: int = 0
    asides: list[Passage] = field(default_factory=list)
    boxes: list[tuple[str, _Element, int]] = field(default_factory=list)
    open_fields: list[list[str]] = field(default_factory=list)

    def read(self, root: _Element, marks: int = 0) -> Iterator[Find]:
        """All finds of the story below this element; asides last."""
        yield from self._blocks(root, marks)
        while self.boxes:
            channel, box, inherited = self.boxes.pop(0)
            before, self.place = self.place, self._replaced(channel)
            yield from self._blocks(box, inherited)
            self.place = before
        asides, self.asides = self.asides, []
        yield from sorted(asides, key=lambda passage: sorted(passage.flags))

    def _replaced(self, channel: str) -> Place:
        from dataclasses import replace

        above = self.place.channel
        return replace(self.place, channel=channel if above is None or above == channel else f"{above}, {channel}")

    def _blocks(self, parent: _Element, marks: int) -> Iterator[Find]:
        for element in parent:
            kind = local_name(element)
            if kind == "p":
                yield from self._paragraph(element, marks)
            elif kind == "tbl" and self.depth < _DEEPEST:
                yield from self._table(element, marks)
            elif kind == "altChunk":
                yield from self.embed(relation_id(element) or "")
            elif kind == "AlternateContent":
                yield from self._blocks(self._choice(element, marks), marks)
            elif kind in ("r", "hyperlink", "oMath", "oMathPara", "fldSimple"):  # out of place, but text
                line = Line()
                self._inline(element, marks, line)
                yield from self._passages(line)
            elif kind and kind not in _SILENT:
                yield from self._blocks(element, marks | MARKS.get(kind, 0))

    def _choice(self, element: _Element, marks: int) -> _Element:
        """The branch that Word shows; a fallback with words of its own is kept as an aside."""
        branches = [child for child in element if local_name(child) in ("Choice", "Fallback")]
        if not branches:
            return element
        shown = branches[0]
        known = _plain(shown)
        for other in branches[1:]:
            if _plain(other) not in known:
                self.boxes.append(("fallback", other, marks | HIDDEN))
        return shown

    def _paragraph(self, element: _Element, marks: int) -> Iterator[Find]:
        self.paragraph += 1
        yield from self._passages(self._line(element, marks))

    def _line(self, element: _Element, marks: int) -> Line:
        line = Line()
        properties = next((child for child in element if local_name(child) == "pPr"), None)
        style = None
        if properties is not None:
            style = next((own(child, "val") for child in properties if local_name(child) == "pStyle"), None)
        if style in self.hidden_styles:
            marks |= HIDDEN
        label = self.numbering.label(properties, style)
        for child in element:
            self._inline(child, marks, line)
        if label and line.pieces:
            line.pieces.insert(0, (f"{label} ", line.pieces[0][1]))
        return line

    def _passages(self, line: Line) -> Iterator[Find]:
        from dataclasses import replace

        marks = line.marks
        place = replace(self.place, paragraph=self.paragraph)
        seen = line.text(HIDDEN | DELETED)
        if seen:
            yield Passage(seen, place, None, frozenset({"inserted"}) if marks & INSERTED else frozenset())
        if marks & DELETED:
            hidden = HIDDEN if marks & HIDDEN and line.text(INSERTED | HIDDEN) else 0
            self._aside(line.text(INSERTED | hidden), place, "deleted")
        if marks & HIDDEN:
            self._aside(line.text(DELETED), place, "hidden")

    def _aside(self, text: str, place: Place, flag: str) -> None:
        if text:
            self.asides.append(Passage(text, place, None, frozenset({flag})))

    def _table(self, table: _Element, marks: int) -> Iterator[Find]:
        from dataclasses import replace

        self.tables += 1
        self.depth += 1
        place = replace(self.place, table=self.tables)
        rows: list[list[str]] = []
        nested: list[Find] = []
        for row, row_marks in rows_of(table, marks):
            rows.append(self._row(row, row_marks, place, nested))
        yield from table_passages(rows, place, flags=frozenset({"inserted"} if marks & INSERTED else ()))
        self.depth -= 1
        yield from nested

    def _row(self, row: _Element, marks: int, place: Place, nested: list[Find]) -> list[str]:
        cells: list[str] = [""] * skipped_before(row)
        for cell, cell_marks in wrapped(row, "tc", marks):
            lines: list[Line] = []
            self._cell(cell, cell_marks, lines, nested)
            text = "\n".join(filter(None, (line.text(HIDDEN | DELETED) for line in lines)))
            cells += [text, *([""] * (span_of(cell) - 1))]
            for flag, bit, without in (("deleted", DELETED, INSERTED), ("hidden", HIDDEN, DELETED)):
                kept = [line.text(without) for line in lines if line.marks & bit]
                self._aside("\n".join(kept), place, flag)
        return cells

    def _cell(self, parent: _Element, marks: int, lines: list[Line], nested: list[Find]) -> None:
        for element in parent:
            kind = local_name(element)
            if kind == "p":
                self.paragraph += 1
                lines.append(self._line(element, marks))
            elif kind in ("tbl", "altChunk"):
                holder = _Holder([element])
                nested.extend(self._blocks(holder, marks))
            elif kind == "AlternateContent":
                self._cell(self._choice(element, marks), marks, lines, nested)
            elif kind and kind not in _SILENT:
                self._cell(element, marks | MARKS.get(kind, 0), lines, nested)

    def _inline(self, element: _Element, marks: int, line: Line) -> None:
        kind = local_name(element)
        if kind == "r":
            self._run(element, marks, line)
        elif kind in ("oMath", "oMathPara"):
            line.add(f" {equation_text(element)} ", marks)
        elif kind == "AlternateContent":
            for child in self._choice(element, marks):
                self._inline(child, marks, line)
        elif kind in _ASIDE_TEXT:
            self._aside_text(element, kind, marks, line)
        elif kind in ("t", "delText"):
            line.add(element.text or "", marks | (DELETED if kind == "delText" else 0))
        elif kind and kind not in _SILENT:
            if kind == "fldSimple":
                self.fields.append(own(element, "instr") or "")
            for child in element:
                self._inline(child, marks | MARKS.get(kind, 0), line)

    def _aside_text(self, element: _Element, kind: str, marks: int, line: Line) -> None:
        """A text box waits until its story is read; of ruby text the base stays in the line."""
        if kind == "txbxContent":
            self.boxes.append((_ASIDE_TEXT[kind], element, marks))
            return
        for child in element:
            if local_name(child) == "rubyBase":
                for run in child:
                    self._inline(run, marks, line)
            elif local_name(child) == "rt":
                rubric = Line()
                for run in child:
                    self._inline(run, marks, rubric)
                text = rubric.text(0)
                if text:
                    self.asides.append(Passage(text, self._replaced(_ASIDE_TEXT[kind])))

    def _run(self, run: _Element, marks: int, line: Line) -> None:
        font, lifted = "Symbol", False
        for child in run:
            kind = local_name(child)
            if kind == "rPr":
                marks, font, lifted = self._formatted(child, marks)
            elif kind in ("t", "delText"):
                text = plain_symbols(child.text or "", font)
                if lifted and line.pieces:
                    text = raised(text, line.pieces[-1][0])
                line.add(text, marks | (DELETED if kind == "delText" else 0))
            elif kind in _BREAKS:
                line.add(_BREAKS[kind], marks)
            elif kind == "sym":
                code = own(child, "char") or "20"
                line.add(symbol(_hex(code), own(child, "font") or "Symbol"), marks)
            elif kind in ("instrText", "delInstrText", "fldChar"):
                self._field(child, kind)
            elif kind:
                self._inline(child, marks, line)

    def _formatted(self, properties: _Element, marks: int) -> tuple[int, str, bool]:
        font, lifted = "Symbol", False
        for child in properties:
            kind = local_name(child)
            if kind in ("vanish", "specVanish"):
                off = (own(child, "val") or "1").lower() in _OFF
                marks = marks & ~HIDDEN if off else marks | HIDDEN
            elif kind == "rStyle" and own(child, "val") in self.hidden_styles:
                marks |= HIDDEN
            elif kind == "vertAlign":
                lifted = own(child, "val") == "superscript"
            elif kind == "rFonts":
                font = own(child, "ascii") or own(child, "hAnsi") or font
            elif kind in MARKS:
                marks |= MARKS[kind]
        return marks, font, lifted

    def _field(self, element: _Element, kind: str) -> None:
        """Field codes stand between `begin` and `separate`, spread over runs, one field within another."""
        if kind != "fldChar":
            (self.open_fields[-1] if self.open_fields else self.fields).append(element.text or "")
            return
        match own(element, "fldCharType"):
            case "begin":
                self.open_fields.append([])
            case "separate" | "end" if self.open_fields:
                code = "".join(self.open_fields.pop())
                self.fields.append(code)
                if own(element, "fldCharType") == "separate":
                    self.open_fields.append([])
        for child in element:
            if local_name(child) == "ffData":
                self.fields.extend(own(entry, "val") or "" for entry in child.iter() if _is_words(entry))


class _Holder(list["_Element"]):
    """A parent of exactly the given elements."""


def _is_words(entry: _Element) -> bool:
    return local_name(entry) in ("default", "listEntry", "helpText", "statusText", "name")


def _plain(element: _Element) -> str:
    return "".join("".join(node.itertext()) for node in element.iter("{*}t")).replace(" ", "")


def _hex(code: str) -> int:
    try:
        return int(code, 16)
    except ValueError:
        return 0x20
