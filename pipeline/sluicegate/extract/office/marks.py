"""The text of one paragraph in pieces, each marked as hidden, inserted or deleted; its readings out."""

from __future__ import annotations

from dataclasses import dataclass, field

HIDDEN, INSERTED, DELETED = 1, 2, 4
MARKS = {"ins": INSERTED, "moveTo": INSERTED, "del": DELETED, "moveFrom": DELETED}


@dataclass(slots=True)
class Line:
    """The pieces of one paragraph, each with its marks."""

    pieces: list[tuple[str, int]] = field(default_factory=list)

    def add(self, text: str, marks: int) -> None:
        """Append text with its marks."""
        if text:
            self.pieces.append((text, marks))

    def text(self, without: int, *, whole: bool = False) -> str:
        """The text whose pieces have none of these marks; unstripped when it is to be joined further."""
        text = "".join(piece for piece, marks in self.pieces if not marks & without)
        return text if whole else text.strip()

    @property
    def marks(self) -> int:
        """All marks that occur on pieces with something to see."""
        found = 0
        for text, marks in self.pieces:
            if marks and text.strip():
                found |= marks
        return found
