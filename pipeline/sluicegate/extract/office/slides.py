"""A slide, layout or notes part in, its shapes' text and tables out (ECMA-376-1, chapter 19)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sluicegate.document import Passage, Place
from sluicegate.extract.frame import Find
from sluicegate.extract.office.drawing import drawing_rows, paragraphs
from sluicegate.extract.table import table_passages
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_SHAPES = frozenset({"sp", "cxnSp", "graphicFrame", "pic", "grpSp", "contentPart"})


@dataclass(slots=True)
class SlideShapes:
    """Reads the shapes of one part in order. `graphic` gives what a chart or diagram frame points to, by its ids."""

    place: Place
    flags: frozenset[str]
    tables: int = 0
    known: str = ""

    def read(self, root: _Element) -> Iterator[Find]:
        """A passage for each shape's text and for each table; hidden shapes are flagged."""
        for tree in root.iter("{*}spTree"):
            yield from self._tree(tree, self.flags)

    def _tree(self, parent: _Element, flags: frozenset[str]) -> Iterator[Find]:
        for element in parent:
            kind = local_name(element)
            if kind == "AlternateContent":
                yield from self._alternatives(element, flags)
            elif kind in _SHAPES:
                shown = flags | {"hidden"} if _hidden(element) else flags
                if kind == "grpSp":
                    yield from self._tree(element, shown)
                else:
                    yield from self._shape(element, shown)

    def _alternatives(self, element: _Element, flags: frozenset[str]) -> Iterator[Find]:
        known = ""
        for branch in element:
            text = "".join(paragraphs_of(branch)).replace(" ", "")
            if not known or text not in known:
                yield from self._tree(branch, flags if not known else flags | {"hidden"})
            known += text

    def _shape(self, shape: _Element, flags: frozenset[str]) -> Iterator[Find]:
        found = list(shape.iter("{*}tbl"))
        for table in found:
            self.tables += 1
            yield from table_passages(drawing_rows(table), replace(self.place, table=self.tables), flags=flags)
        if not found:
            text = "\n".join(paragraphs(shape))
            if text:
                yield Passage(text, self.place, None, flags)


def paragraphs_of(branch: _Element) -> Iterator[str]:
    """All `a:t` below an element, whether it stands in a fallback or not."""
    for node in branch.iter("{*}t"):
        yield "".join(node.itertext())


def _hidden(shape: _Element) -> bool:
    for part in shape:
        if local_name(part).startswith("nv"):
            for child in part:
                if local_name(child) == "cNvPr":
                    return str(child.get("hidden", "0")) in ("1", "true")
    return False
