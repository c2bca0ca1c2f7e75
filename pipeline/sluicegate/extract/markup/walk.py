"""A parsed HTML tree in, its paragraphs, tables, hidden words and attribute texts out, in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sluicegate.extract.markup.hiding import hides
from sluicegate.extract.office.prose import is_prose

_BLOCK_TAGS = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li main menu nav noscript ol option p "
    "pre section select summary svg table tbody td template text textarea tfoot th thead title tr ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_RAW = frozenset({"script", "style"})
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SAID = ("alt", "title", "placeholder", "aria-label", "label", "summary", "value", "content", "datetime", "abbr")
_CODED = frozenset({"class", "style", "d", "points", "srcset", "sizes", "viewbox", "transform", "href", "src", "rel"})
_SAYING = 16
"""Characters of an attribute of any name from which it may hold a sentence."""
_PROSE = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}|[\u4e00-\u9fff]{2}|\d\s*(?:°C|℃|%|[gμm]\b)")
_CELL = 600
"""Characters from which a cell holds prose, so that its table is layout and not data."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph's text; `hidden` when a reader does not see it."""

    text: str = field(repr=False)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A data table."""

    rows: Sequence[Sequence[str]] = field(repr=False)
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """Text of a side channel: `title`, `comment`, `script`, `attributes`."""

    channel: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Link:
    """An address that may carry content of its own (`data:`), or a whole page given in an attribute (`srcdoc`)."""

    attribute: str
    value: str = field(repr=False)


Piece = Block | Rows | Aside | Link


class Walk:
    """One walk over a tree; `pieces` is the only thing to call, once."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        self._parse = parse
        self._lines: dict[bool, list[str]] = {False: [], True: []}

    def pieces(self, root: Any) -> Iterator[Piece]:
        """Everything below `root` (a selectolax node) and beside it, without recursion, however deep it nests."""
        stack: list[tuple[Any, bool, str]] = []
        node, hidden = root, False
        while node is not None or stack:
            if node is None:
                parent, hidden, tag = stack.pop()
                if tag in _BLOCKS:
                    yield from self._flush()
                node = parent.next
                continue
            tag = node.tag
            below = None
            if tag == "-text":
                self._lines[hidden].append(node.text_content or "")
            elif tag == "-comment":
                yield from self._comment(node.comment_content or "")
            elif tag in _RAW:
                yield Aside(tag, node.text() or "")
            else:
                yield from self._opened(node, tag)
                rows = _data_rows(node) if tag == "table" else None
                if rows is not None:
                    yield Rows(rows, hidden or hides(tag, node.attributes))
                    yield from (piece for inner in _elements(node) for piece in _attributes(inner))
                else:
                    below = self._children(node, tag)
            if below is None:
                if tag in _BLOCKS:
                    yield from self._flush()
                node = node.next
            else:
                stack.append((node, hidden, tag))
                hidden = hidden or hides(tag, node.attributes)
                node = below
        yield from self._flush()

    @staticmethod
    def _children(node: Any, tag: str) -> Any:
        """The first child; a template's content stands in a fragment of its own."""
        if tag != "template":
            return node.child
        return next((fragment.child for fragment in node.template_fragments()), None)

    def _opened(self, node: Any, tag: str) -> Iterator[Piece]:
        if tag in _BLOCKS:
            yield from self._flush()
        elif tag == "br":
            for lines in self._lines.values():
                lines.append("\n") if lines else None
        yield from _attributes(node)

    def _comment(self, text: str) -> Iterator[Piece]:
        """A comment's text; one with markup in it (`<!--[if mso]>`) without that."""
        if "<" in text and "/" in text:
            text = self._parse(text).root.text(separator=" ")
        if text.strip():
            yield Aside("comment", text)

    def _flush(self) -> Iterator[Piece]:
        for hidden, lines in self._lines.items():
            text = _tidy("".join(lines))
            lines.clear()
            if text:
                yield Block(text, hidden)


def _tidy(text: str) -> str:
    """White space as a browser shows it; only `<br>` breaks a line."""
    lines = (_SPACES.sub(" ", line).strip() for line in text.replace("\r", " ").split("\n"))
    return "\n".join(line for line in lines if line)


def _elements(node: Any) -> Iterator[Any]:
    return (inner for inner in node.traverse(include_text=False) if inner.tag[0] != "-")


def _attributes(node: Any) -> Iterator[Piece]:
    """What an element's attributes say in words, and what they carry."""
    attributes: Mapping[str, str | None] = node.attributes
    for name, value in attributes.items():
        if not value:
            continue
        if name in _SAID or name.startswith(("data-", "aria-")):
            if name in ("alt", "title") or _PROSE.search(value):
                yield Aside("attributes", value)
        elif name == "srcdoc" or value[:5].lower() == "data:":
            yield Link(name, value)
        elif len(value) > _SAYING and name not in _CODED and is_prose(value, sentence=True):
            yield Aside("attributes", value)  # of no known name: what a person typed there, or a damaged page


def _data_rows(table: Any) -> list[list[str]] | None:
    """The rows of a table of data; None for layout: nested tables, one column, or prose in the cells."""
    inner = list(_elements(table))
    if any(node.tag == "table" for node in inner[1:]):
        return None
    if any(node.tag in _RAW or hides(node.tag, node.attributes) for node in inner[1:]):
        return None
    rows: list[list[str]] = []
    for node in inner:
        if node.tag == "tr":
            rows.append([])
        elif node.tag in ("td", "th"):
            rows = rows or [[]]
            rows[-1].append(_tidy(_cell_text(node)))
    wide = max(map(len, rows), default=0) > 1
    longest = max((len(cell) for row in rows for cell in row), default=0)
    return rows if wide and len(rows) > 1 and longest < _CELL else None


def _cell_text(cell: Any) -> str:
    """The text of a cell, with a line break where a paragraph ends."""
    parts: list[str] = []
    for node in cell.traverse(include_text=True):
        if node.tag == "-text":
            parts.append((node.text_content or "").replace("\n", " "))
        elif node.tag in _BLOCKS or node.tag == "br":
            parts.append("\n")
    return "".join(parts)
