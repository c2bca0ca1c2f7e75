"""XPS and OpenXPS (ECMA-388) in, the text of every page out, then its pictures and what else the package holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Child, Context, Find, Source
from sluicegate.extract.office.leftovers import leftover_finds
from sluicegate.extract.office.ooxml import Package, missing_main, numbers_in
from sluicegate.extract.placed import Piece, in_lines
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPES = ("application/vnd.ms-xpsdocument", "application/oxps")

_INTERLEAVED = re.compile(r"(.+)/\[(\d+)\](?:\.last)?\.piece$", re.I)
_FONT = re.compile(r"\.(?:odttf|ttf|otf|ttc)$", re.I)
_SAID = ("AutomationProperties.Name", "AutomationProperties.HelpText", "FixedPage.NavigateUri")
_SIZE = 12.0


def read(source: Source, context: Context) -> Iterator[Find]:
    """Pages in the order of their numbers; print that has glyphs and no characters is a problem."""
    package = Package(source, context)
    joined = _joined(package)
    whole = [*(name for name in package.names if name.lower().endswith(".fpage")), *joined]
    pages = sorted((name for name in whole if name.lower().endswith(".fpage")), key=numbers_in)
    silent: list[int] = []
    for number, name in enumerate(pages, 1):
        root = package.parsed(joined.pop(name, b"") or package.data(name), name)
        package.handled.add(name)
        package.swept.add(name)
        if root is not None:
            yield from _page(root, number, silent, context)
    if not pages:
        yield missing_main(context, "page")
    if silent:
        detail = f"print without characters on {len(silent)} pages; print the file to PDF and have that read by OCR"
        yield context.problem(ProblemKind.GARBLED, detail, page=silent[0])
    for name, data in joined.items():
        if not _FONT.search(name):
            yield Child(name.rpartition("/")[2], data)
    yield from leftover_finds(package)


def _page(root: _Element, number: int, silent: list[int], context: Context) -> Iterator[Find]:
    pieces: list[Piece] = []
    said: dict[str, None] = {}
    bare = 0
    for element in root.iter("*"):
        said.update(dict.fromkeys(value for key in _SAID if (value := str(element.get(key, "")).strip())))
        if local_name(element) == "Glyphs":
            text = str(element.get("UnicodeString", "")).removeprefix("{}")
            bare += not text and bool(element.get("Indices"))
            pieces.append(Piece(_length(element, "OriginX"), _length(element, "OriginY"), _size(element), text))
    text = in_lines(pieces)
    if text:
        yield Passage(text, context.place(page=number))
    if said:
        yield Passage("\n".join(said), context.place(page=number, channel="alternative text"))
    if bare * 2 > len(pieces):
        silent.append(number)


def _length(element: _Element, name: str) -> float:
    try:
        return float(str(element.get(name, "0")))
    except ValueError:
        return 0.0


def _size(element: _Element) -> float:
    return abs(_length(element, "FontRenderingEmSize")) or _SIZE


def _joined(package: Package) -> dict[str, bytes]:
    """Parts that are stored in pieces, as print drivers do (ECMA-376-2, 9.1.4), put together."""
    pieces: dict[str, list[tuple[int, str]]] = {}
    for name in package.names:
        if match := _INTERLEAVED.match(name):
            package.handled.add(name)
            pieces.setdefault(match[1], []).append((int(match[2][:9]), name))
    return {whole: b"".join(package.data(name) for _, name in sorted(parts)) for whole, parts in pieces.items()}
