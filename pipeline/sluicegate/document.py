"""What extraction yields: a Document of passages, each with its place, and the problems met on the way.

All values are frozen. Text is never part of a `repr`, so it cannot slip into a log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class ProblemKind(StrEnum):
    """Why a part of a document went unread."""

    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY = "too_many"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    NO_TEXT = "no_text"
    GARBLED = "garbled"
    UNSUPPORTED_LANGUAGE = "unsupported_language"
    CHANGED = "changed"
    PERMISSION = "permission"
    MISSING = "missing"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the file inside its containers, then the page, sheet, table and row.

    `path` holds the names from the outermost file inwards. Numbers count from 1. `channel` names a side channel of
    the format ("footnote 2", "comment 1", "speaker notes", "document properties"); `section` is what the document
    calls the place itself ("Annex B, clause 3", "comparative example 2").
    """

    path: tuple[str, ...]
    page: int | None = None
    sheet: str | None = None
    slide: int | None = None
    section: str | None = None
    channel: str | None = None
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None

    @property
    def inside(self) -> str:
        """The place within its file, for people: "page 3, Annex B, table 1, row 4"."""
        words = [
            f"page {self.page}" if self.page is not None else None,
            f"sheet {self.sheet}" if self.sheet is not None else None,
            f"slide {self.slide}" if self.slide is not None else None,
            self.section,
            self.channel,
            f"paragraph {self.paragraph}" if self.paragraph is not None else None,
            f"table {self.table}" if self.table is not None else None,
            f"row {self.row}" if self.row is not None else None,
        ]
        return ", ".join(word for word in words if word)

    @property
    def text(self) -> str:
        """The whole place: "a.eml > spec.pdf > page 3, table 1, row 4"."""
        return " > ".join([*self.path, self.inside] if self.inside else self.path)

    def to_json(self) -> dict[str, Any]:
        """The place as the verdict's JSON has it; fields that do not apply are left out."""
        named = {name: getattr(self, name) for name in _PLACE_FIELDS}
        return {"text": self.text, "path": list(self.path)} | {k: v for k, v in named.items() if v is not None}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Place:
        """The inverse of `to_json`."""
        return cls(tuple(value["path"]), **{name: value[name] for name in _PLACE_FIELDS if name in value})


_PLACE_FIELDS = ("page", "sheet", "slide", "section", "channel", "paragraph", "table", "row")


@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)
class Grid:
    """The cells of a table passage.

    `rows` holds, for each row, the (start, end) of each cell in the passage's text; `first_row` is the number of the
    first row in the whole table; `header` repeats the header cells when a long table continues in this passage
    (empty when the header stands in the grid itself).

    A grid can be made of its rows, or `of_text` where every cell is one line: then the rows are found when they are
    first asked for, as most tables are never looked at cell by cell.
    """

    first_row: int
    header: tuple[str, ...]
    _rows: tuple[tuple[tuple[int, int], ...], ...] | None
    _text: str

    def __init__(
        self, rows: tuple[tuple[tuple[int, int], ...], ...], first_row: int = 1, header: tuple[str, ...] = ()
    ) -> None:
        self._set(rows, "", first_row, header)

    @classmethod
    def of_text(cls, text: str, first_row: int = 1, header: tuple[str, ...] = ()) -> Grid:
        """The grid of a text with a line for each row and a tab between two cells; an empty line has no cells."""
        grid = cls.__new__(cls)
        grid._set(None, text, first_row, header)
        return grid

    @property
    def rows(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """For each row, the (start, end) of each cell in the passage's text."""
        if self._rows is None:
            object.__setattr__(self, "_rows", tuple(_cells_of_lines(self._text)))
        return self._rows or ()

    def _set(
        self,
        rows: tuple[tuple[tuple[int, int], ...], ...] | None,
        text: str,
        first_row: int,
        header: tuple[str, ...],
    ) -> None:
        for name, value in (("_rows", rows), ("_text", text), ("first_row", first_row), ("header", header)):
            object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Grid):
            return NotImplemented
        return (self.rows, self.first_row, self.header) == (other.rows, other.first_row, other.header)

    def __hash__(self) -> int:
        return hash((self.rows, self.first_row, self.header))

    def __repr__(self) -> str:
        return f"Grid(rows={self.rows!r}, first_row={self.first_row}, header of {len(self.header)} cells)"


def _cells_of_lines(text: str) -> Iterator[tuple[tuple[int, int], ...]]:
    start = 0
    for line in text.split("\n"):
        row = []
        for cell in line.split("\t") if line else ():
            row.append((start, start + len(cell)))
            start += len(cell) + 1
        start += not line
        yield tuple(row)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text with one place: some paragraphs, a page, a slide, or (part of) a table.

    `flags` may hold `hidden`, `deleted`, `inserted`, `ocr`: text that a reader may not see but a recipient can get; and
    `prompt`: words of the program that the document was written with, which tell no language.
    """

    text: str = field(repr=False)
    place: Place
    grid: Grid | None = None
    flags: frozenset[str] = frozenset()

    def place_at(self, offset: int) -> Place:
        """The place of a character: of its row, when this passage is a table."""
        from dataclasses import replace

        if self.grid is None:
            return self.place
        for number, row in enumerate(self.grid.rows, self.grid.first_row):
            if row and offset < row[-1][1]:
                return replace(self.place, row=number)
        return self.place


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a document that went unread, and why; `detail` never quotes the document."""

    kind: ProblemKind
    place: Place
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """The problem as the verdict's JSON has it."""
        return {"kind": self.kind.value, "place": self.place.to_json(), "detail": self.detail}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Problem:
        """The inverse of `to_json`."""
        return cls(ProblemKind(value["kind"]), Place.from_json(value["place"]), value["detail"])


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a document: itself, an attachment or an archive member. `kind` is known after structure tagging.

    Once a document is not released, `decision` says what this part alone (without the files inside it) leads to, and
    `points` the control points behind that, as "LIST:ID"; before, both are empty.
    """

    path: tuple[str, ...]
    sha256: str
    media_type: str
    kind: str = "other"
    decision: str = ""
    points: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The part as the verdict's JSON has it."""
        value = {"path": list(self.path), "sha256": self.sha256, "media_type": self.media_type, "kind": self.kind}
        return value | {"decision": self.decision, "points": list(self.points)} if self.decision else value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Part:
        """The inverse of `to_json`."""
        return cls(
            tuple(value["path"]), value["sha256"], value["media_type"], value["kind"],
            value.get("decision", ""), tuple(value.get("points", ())),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """A file, stream or message after extraction. `parts[0]` is the document itself."""

    name: str
    parts: tuple[Part, ...]
    passages: tuple[Passage, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """Hash of the outermost file, in hexadecimal; empty when nothing could be read."""
        return self.parts[0].sha256 if self.parts else ""

    @property
    def media_type(self) -> str:
        """Type of the outermost file, found by content."""
        return self.parts[0].media_type if self.parts else "application/octet-stream"
