"""PPTX and its kin in, passages of every slide out: shapes, tables, charts, SmartArt, notes, comments, layouts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sluicegate.document import Passage, Place
from sluicegate.extract.frame import Context, Find, Note, Source
from sluicegate.extract.office.drawing import chart_passages, diagram_passages, paragraphs
from sluicegate.extract.office.leftovers import leftover_finds
from sluicegate.extract.office.ooxml import Package, missing_main, relation_id
from sluicegate.extract.office.prompts import background
from sluicegate.extract.office.prose import text_nodes
from sluicegate.extract.office.slides import SlideShapes
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPES = (
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
    "application/vnd.openxmlformats-officedocument.presentationml.template",
    "application/vnd.ms-powerpoint.presentation.macroenabled.12",
    "application/vnd.ms-powerpoint.slideshow.macroenabled.12",
    "application/vnd.ms-powerpoint.template.macroenabled.12",
)
_BACKGROUND = re.compile(r"ppt/(?:slideLayouts|slideMasters|notesMasters|handoutMasters)/[^/]+\.xml$", re.I)
_HIDDEN = frozenset({"hidden"})
_NONE: frozenset[str] = frozenset()


def read(source: Source, context: Context) -> Iterator[Find]:
    """Slides in the order of the show, each with its notes and comments; then layouts, loose parts, the rest."""
    package = Package(source, context)
    main = next(package.related("", "officeDocument"), "ppt/presentation.xml")
    if main not in package:
        yield missing_main(context, "presentation")
    order = _order(package, main)
    extra = [name for name in package.take("ppt/slides/slide") if name not in order]
    if extra and order:
        yield Note(f"{len(extra)} slides are in the file but not in the show; they were read")
    for number, name in enumerate([*order, *extra], 1):
        yield from _slide(package, name, number, hidden=bool(order) and name in extra)
    yield from _background(package)
    yield from _graphics(package, [n for n in package.names if _is_graphic(n)], context.place(), _NONE, 0)
    package.handled.add(main)
    yield from leftover_finds(package)


def _order(package: Package, main: str) -> list[str]:
    """The slides' part names as the presentation lists them."""
    root = package.root(main)
    relations = package.relationships(main)
    found: list[str] = []
    for entry in root.iter("{*}sldId") if root is not None else ():
        relation = relations.get(relation_id(entry) or "")
        if relation is not None and relation.target in package and relation.target not in found:
            found.append(relation.target)
    return found


def _slide(package: Package, name: str, number: int, *, hidden: bool) -> Iterator[Find]:
    package.handled.add(name)
    root = package.root(name)
    if root is None:
        return
    hidden = hidden or str(root.get("show", "1")) in ("0", "false")
    flags = _HIDDEN if hidden else _NONE
    place = package.context.place(slide=number)
    if hidden:
        yield Note(f"slide {number} is hidden")
    yield from SlideShapes(place, flags).read(root)
    related = [relation.target for relation in package.relationships(name).values() if not relation.external]
    yield from _graphics(package, [target for target in related if _is_graphic(target)], place, flags, 0)
    for target in related:
        if target in package and target not in package.handled:
            yield from _beside(package, target, place, flags)


def _beside(package: Package, name: str, place: Place, flags: frozenset[str]) -> Iterator[Find]:
    """Notes and comments of a slide."""
    from dataclasses import replace

    lower = name.lower()
    if "notesslides/" in lower:
        package.handled.add(name)
        root = package.root(name)
        if root is not None:
            yield from SlideShapes(replace(place, channel="speaker notes"), flags).read(root)
    elif "comments/" in lower:
        package.handled.add(name)
        root = package.root(name)
        lines = list(text_nodes(map(str, root.itertext()))) if root is not None else []
        if lines:
            yield Passage("\n".join(lines), replace(place, channel="comment"), None, flags)


def _is_graphic(name: str) -> bool:
    return bool(re.search(r"/charts/chart(?:Ex)?\d*\.xml$|/diagrams/data\d*\.xml$", name, re.I))


def _graphics(package: Package, names: list[str], place: Place, flags: frozenset[str], charts: int) -> Iterator[Find]:
    for name in names:
        if name in package.handled or name not in package:
            continue
        package.handled.add(name)
        root = package.root(name)
        if root is None:
            continue
        if "/diagrams/" in name.lower():
            package.handled.add(re.sub(r"/data(\d*\.xml)$", r"/drawing\1", name, flags=re.I))
            yield from diagram_passages(root, place, flags=flags)
        else:
            charts += 1
            yield from chart_passages(root, place, number=charts, flags=flags)


def _background(package: Package) -> Iterator[Find]:
    """Layouts and masters: each distinct line once, as they repeat one another."""
    lines: dict[str, None] = {}
    prompts: dict[str, None] = {}
    for name in package.names:
        if _BACKGROUND.match(name):
            package.handled.add(name)
            root = package.root(name)
            if root is not None:
                framed = Counter(line for shape in root.iter("{*}sp") if _is_frame(shape) for line in paragraphs(shape))
                lines.update(dict.fromkeys(Counter(paragraphs(root)) - framed))
                prompts.update(dict.fromkeys(framed))
    yield from background(prompts, lines, package.context.place(channel="slide layout"))


def _is_frame(shape: _Element) -> bool:
    """Whether a shape is a placeholder, which slides fill in (ECMA-376-1, 19.3.1.36)."""
    return any(local_name(part) == "nvSpPr" and next(part.iter("{*}ph"), None) is not None for part in shape)
