"""DOCX, DOCM and DOTX in, passages of every story out: body, headers, notes, comments, boxes, deleted text.

python-docx (its package, part and style layers) beneath, lxml for the walk: python-docx's own iteration sees 11 of the
41 places where text can stand. Parts that are no story are read by `leftovers`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sluicegate.extract.frame import Child, Context, Find, Source
from sluicegate.extract.office.drawing import chart_passages, diagram_passages
from sluicegate.extract.office.leftovers import leftover_finds
from sluicegate.extract.office.ooxml import Package, missing_main, own
from sluicegate.extract.office.word_fields import field_finds
from sluicegate.extract.office.word_numbers import Numbering
from sluicegate.extract.office.word_package import WordPackage
from sluicegate.extract.office.word_story import Story
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPES = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
    "application/vnd.ms-word.document.macroenabled.12",
    "application/vnd.ms-word.template.macroenabled.12",
)
_STORIES = re.compile(r"^(header|footer|footnotes|endnotes|comments)\d*$")
_NOTES = {"footnotes": "footnote", "endnotes": "endnote", "comments": "comment"}
_CHART = re.compile(r"/charts/(?:chart|chartEx)\d*\.xml$", re.I)
_DIAGRAM = re.compile(r"/diagrams/data\d*\.xml$", re.I)


def read(source: Source, context: Context) -> Iterator[Find]:
    """The body first, then headers, notes, comments, charts, diagrams; then whatever else the package holds."""
    raw = Package(source, context)
    word = WordPackage(raw)
    fields: list[str] = []
    if word.main is None:
        yield missing_main(context, "main document")
    else:
        yield from _stories(word, word.main, fields)
    yield from _graphics(raw)
    yield from field_finds(fields, context)
    yield from leftover_finds(raw)


def _stories(word: WordPackage, main: str, fields: list[str]) -> Iterator[Find]:
    raw = word.raw
    folder = main.rpartition("/")[0]
    styles, numbering = (next(raw.related(main, kind), None) for kind in ("styles", "numbering"))
    parts = [main, *(name for name in raw.names if _is_story(name, folder, main))]
    for name in parts:
        raw.handled.add(name)
        root = word.root(name)
        if root is None:
            continue
        numbers = Numbering(word.root(numbering) if numbering else None, word.root(styles) if styles else None)
        for channel, element in _roots(root, name):
            place = raw.context.place(channel=channel)
            story = Story(place, numbers, word.hidden_styles, _embedder(raw, name), fields)
            yield from story.read(element)


def _is_story(name: str, folder: str, main: str) -> bool:
    above, _, file = name.rpartition("/")
    if name == main or not file.lower().endswith(".xml") or not above.startswith(folder):
        return False
    return bool(_STORIES.match(file[:-4].lower())) or name.lower().endswith("glossary/document.xml")


def _roots(root: _Element, name: str) -> Iterator[tuple[str | None, _Element]]:
    """(channel, element) for each story in a part: every note and comment is one."""
    kind = local_name(root)
    if kind in _NOTES:
        number = 0
        for entry in root:
            if local_name(entry) in ("footnote", "endnote", "comment"):
                ordinary = own(entry, "type") in (None, "normal")
                number += ordinary
                yield f"{_NOTES[kind]} {number}" if ordinary else f"{_NOTES[kind]} separator", entry
    elif kind in ("hdr", "ftr"):
        yield ("header" if kind == "hdr" else "footer"), root
    else:
        yield ("building block" if "glossary/" in name.lower() else None), root


def _embedder(raw: Package, name: str) -> Callable[[str], Iterator[Find]]:
    """What resolves `w:altChunk`: the part it points to is a file of its own."""

    def embed(identity: str) -> Iterator[Find]:
        relation = raw.relationships(name).get(identity)
        if relation is None or relation.external or relation.target not in raw:
            return
        if relation.target not in raw.handled:
            raw.handled.add(relation.target)
            yield Child(relation.target.rpartition("/")[2], raw.data(relation.target), None, "alternative chunk")

    return embed


def _graphics(raw: Package) -> Iterator[Find]:
    charts = 0
    for name in raw.names:
        if _CHART.search(name) or _DIAGRAM.search(name):
            raw.handled.add(name)
            root = raw.root(name)
            if root is None:
                continue
            if _DIAGRAM.search(name):
                yield from diagram_passages(root, raw.context.place())
                raw.handled.add(re.sub(r"/data(\d*\.xml)$", r"/drawing\1", name, flags=re.I))
            else:
                charts += 1
                yield from chart_passages(root, raw.context.place(), number=charts)
