"""An XLSX package in, its sheets, and everything beside their cells, out (ECMA-376-1, chapter 18)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Find
from sluicegate.extract.office.drawing import chart_passages, paragraphs
from sluicegate.extract.office.leftovers import attribute_finds
from sluicegate.extract.office.ooxml import Package, relation_id
from sluicegate.extract.office.prose import is_prose
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_HIDDEN = frozenset({"hidden"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its name, its part, and whether Excel shows it."""

    name: str
    part: str
    hidden: bool

    @property
    def flags(self) -> frozenset[str]:
        """Flags for its passages."""
        return _HIDDEN if self.hidden else frozenset()


def sheets_of(package: Package, main: str) -> list[Sheet]:
    """The sheets in workbook order; parts that exist without being listed come last, as hidden."""
    root = package.root(main)
    relations = package.relationships(main)
    found: list[Sheet] = []
    for entry in root.iter("{*}sheet") if root is not None else ():
        relation = relations.get(relation_id(entry) or "")
        if relation is not None and relation.target in package:
            shown = str(entry.get("state", "visible")) == "visible"
            found.append(Sheet(str(entry.get("name", "")), relation.target, not shown))
    listed = {sheet.part for sheet in found}
    loose = [name for name in package.take("xl/worksheets/") if name not in listed and "/_rels/" not in name]
    return [*found, *(Sheet(f"(unlisted {name.rpartition('/')[2]})", name, True) for name in loose)]


def starts_in_1904(package: Package, main: str) -> bool:
    """True for a workbook whose dates count from 1904 (18.2.28)."""
    root = package.root(main)
    stated = (str(entry.get("date1904", "")) for entry in root.iter("{*}workbookPr")) if root is not None else ()
    return next(iter(stated), "") in ("1", "true")


def workbook_finds(package: Package, main: str) -> Iterator[Find]:
    """The names of the sheets, and defined names that hold words."""
    package.handled.add(main)
    root = package.root(main)
    titles = [str(entry.get("name", "")) for entry in root.iter("{*}sheet")] if root is not None else []
    if titles:
        yield Passage("\n".join(titles), package.context.place(channel="sheet names"))
    lines = []
    for entry in root.iter("{*}definedName") if root is not None else ():
        text = "".join(entry.itertext()).strip()
        if '"' in text or is_prose(text):
            lines.append(f"{entry.get('name', '')}: {text}")
    if lines:
        yield Passage("\n".join(lines), package.context.place(channel="defined names"))


def beside_finds(package: Package, sheet: Sheet) -> Iterator[Find]:
    """Comments, drawings and charts that hang on a sheet."""
    for relation in package.relationships(sheet.part).values():
        name = relation.target
        if relation.external or name not in package or name in package.handled:
            continue
        if relation.type in ("comments", "threadedComment"):
            yield from _comments(package, sheet, name)
        elif relation.type == "drawing":
            yield from _drawing(package, sheet, name)


def _comments(package: Package, sheet: Sheet, name: str) -> Iterator[Find]:
    package.handled.add(name)
    root = package.root(name)
    entries = [*root.iter("{*}comment", "{*}threadedComment")] if root is not None else []
    authors = [text for author in root.iter("{*}author") for text in author.itertext()] if root is not None else []
    authors += [str(entry.get("dT")) for entry in entries if entry.get("dT")]
    if any(author.strip() for author in authors):
        yield Passage("\n".join(authors), package.context.place(sheet=sheet.name, channel="author"))
    for entry in entries:
        text = "".join("".join(t.itertext()) for t in entry.iter("{*}t", "{*}text") if not len(t)).strip()
        if text:
            where = package.context.place(sheet=sheet.name, channel=f"comment at {entry.get('ref', '?')}")
            yield Passage(text, where, None, sheet.flags)


def _drawing(package: Package, sheet: Sheet, name: str) -> Iterator[Find]:
    package.handled.add(name)
    package.swept.add(name)
    root = package.root(name)
    if root is None:
        return
    context = package.context
    boxes = ["\n".join(paragraphs(shape)) for shape in root.iter("{*}txBody")]
    for text in filter(None, boxes):
        yield Passage(text, context.place(sheet=sheet.name, channel="text box"), None, sheet.flags)
    yield from attribute_finds(package, package.data(name), sheet=sheet.name)
    number = 0
    for relation in package.relationships(name).values():
        if not relation.external and "/charts/" in relation.target and relation.target in package:
            number += 1
            yield from chart_finds(package, relation.target, number, sheet)


def chart_finds(package: Package, name: str, number: int, sheet: Sheet | None) -> Iterator[Find]:
    """One chart part, once."""
    if name in package.handled:
        return
    package.handled.add(name)
    root = package.root(name)
    if root is not None:
        place = package.context.place(sheet=sheet.name if sheet else None)
        yield from chart_passages(root, place, number=number, flags=sheet.flags if sheet else frozenset())


def hidden_stores(package: Package, seen: set[str]) -> Iterator[Find]:
    """Text that a workbook keeps without showing it: pivot caches, links to other workbooks, DDE."""
    for name in package.names:
        lower = name.lower()
        if not lower.endswith(".xml") or name in package.handled:
            continue
        if "/pivotcache/" in lower:
            package.handled.add(name)
            yield from _cache(package, name, seen)
        elif "/externallinks/" in lower:
            yield from _external(package, name)
        elif re.search(r"/charts/chart(?:ex)?\d*\.xml$", lower):
            yield from chart_finds(package, name, 1, None)


def _cache(package: Package, name: str, seen: set[str]) -> Iterator[Find]:
    root = package.root(name)
    found: dict[str, None] = {}
    for entry in root.iter() if root is not None else ():
        value = str(entry.get("v") or entry.get("name") or "").strip()
        if value and local_name(entry) in ("s", "cacheField", "e") and value not in seen:
            found[value] = None
    lines = list(found)
    for start in range(0, len(lines), 100):
        where = package.context.place(channel="pivot cache")
        yield Passage("\n".join(lines[start : start + 100]), where, None, _HIDDEN)


def _external(package: Package, name: str) -> Iterator[Find]:
    root = package.root(name)
    for link in root.iter("{*}ddeLink") if root is not None else ():
        package.handled.add(name)
        yield package.context.problem(ProblemKind.EXTERNAL, "DDE link: would start another program; it was not run")
        yield Passage(
            " ".join(filter(None, (*map(str, link.attrib.values()), *_dde_items(link)))),
            package.context.place(channel="DDE link"), None, _HIDDEN,
        )  # fmt: skip


def _dde_items(link: _Element) -> Iterator[str]:
    for item in link.iter():
        if local_name(item) == "ddeItem":
            yield str(item.get("name", ""))
        elif local_name(item) == "val":
            yield "".join(item.itertext())
