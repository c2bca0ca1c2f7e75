"""OFD (GB/T 33190, the Chinese fixed-layout format) in, the text of pages, templates and annotations out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Context, Find, Note, Source
from sluicegate.extract.office.leftovers import leftover_finds
from sluicegate.extract.office.ooxml import Package, missing_main, numbers_in
from sluicegate.extract.placed import Piece, in_lines
from sluicegate.extract.repair import garbled
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPES = ("application/ofd",)

_PAGE = re.compile(r"/Pages/[^/]+/Content\.xml$", re.I)
_SEAL = re.compile(r"(?:^|/)Signs?/.*\.(?:dat|esl|asn1)$", re.I)
_LARGEST_SEAL = 512 * 1024
_SIZE = 4.0  # millimetres
_MOST_ADVANCES = 10_000


def read(source: Source, context: Context) -> Iterator[Find]:
    """Every part that prints text, pages first; pictures, attachments and the rest of the package after them."""
    package = Package(source, context)
    printing = sorted((name for name in package.names if name.lower().endswith(".xml")), key=_pages_first)
    number = 0
    for name in printing:
        is_page = _PAGE.search(f"/{name}") is not None
        data = package.data(name)
        if not is_page and b"TextCode" not in data:
            continue
        number += is_page
        package.handled.add(name)
        root = package.parsed(data, name)
        text = in_lines(_pieces(root)) if root is not None else ""
        where = {"page": number} if is_page else {"channel": "annotation" if "annot" in name.lower() else "template"}
        if garbled(text):
            detail = "its characters cannot be mapped to text; print the file to PDF and have that read by OCR"
            yield context.problem(ProblemKind.GARBLED, detail, **where)
        if text:
            yield Passage(text, context.place(**where))
    if not number:
        yield missing_main(context, "page")
    for name in package.names:
        if _SEAL.search(name) and package.data(name)[:1] == b"\x30" and len(package.data(name)) < _LARGEST_SEAL:
            package.handled.add(name)
            yield Note("the value of a signature or a seal", silent=True)
    yield from leftover_finds(package)


def _pages_first(name: str) -> tuple[bool, tuple[int, ...]]:
    return _PAGE.search(f"/{name}") is None, numbers_in(name)


def _pieces(root: _Element) -> Iterator[Piece]:
    """The TextCodes of every TextObject, placed by its boundary (GB/T 33190-2016, 11.3)."""
    for shape in root.iter("{*}TextObject"):
        corner = [*_numbers(str(shape.get("Boundary", ""))), 0.0, 0.0]
        size = abs(_number(shape, "Size")) or _SIZE
        x = y = 0.0
        for code in shape:
            if local_name(code) != "TextCode":
                continue
            x, y = _number(code, "X", x), _number(code, "Y", y)
            text = "".join(map(str, code.itertext())).strip("\r\n")
            advances = _advances(str(code.get("DeltaX", "")), len(text))
            width = sum(advances) + size if advances and len(advances) >= len(text) - 1 else None
            yield Piece(corner[0] + x, corner[1] + y, size, text, width)


def _advances(written: str, length: int) -> list[float]:
    """DeltaX: advances, where `g 3 4.5` stands for three times 4.5."""
    found: list[float] = []
    words = written.split()
    while words and len(found) < min(length, _MOST_ADVANCES):
        word = words.pop(0)
        if word == "g" and len(words) > 1:
            count, value = _numbers(" ".join(words[:2])) or [0.0, 0.0]
            words = words[2:]
            found += [value] * int(max(0.0, min(count, length)))
        else:
            found += _numbers(word)
    return found


def _number(element: _Element, name: str, otherwise: float = 0.0) -> float:
    found = _numbers(str(element.get(name, "")))
    return found[0] if found else otherwise


def _numbers(written: str) -> list[float]:
    try:
        return [float(word) for word in written.split()]
    except ValueError:
        return []
