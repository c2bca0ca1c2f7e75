"""The styles of an OpenDocument file in, the names of those that hide what they apply to out (ODF 1.3 part 3, 16)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass(frozen=True, slots=True)
class OdfStyles:
    """Names of styles: of hidden text, of hidden sheets, of hidden slides, of raised text, and percent formats."""

    hidden: frozenset[str] = frozenset()
    raised: frozenset[str] = field(default=frozenset())


def read_styles(roots: Iterable[_Element | None]) -> OdfStyles:
    """The styles of all given parts together; a style inherits from its parent."""
    hidden: set[str] = set()
    lifted: set[str] = set()
    parents: dict[str, str] = {}
    for root in roots:
        for style in root.iter("{*}style") if root is not None else ():
            name = get(style, "name")
            if get(style, "parent-style-name"):
                parents[name] = get(style, "parent-style-name")
            for properties in style:
                if _hides(properties):
                    hidden.add(name)
                position = get(properties, "text-position")
                if position.startswith(("super", *"123456789")):
                    lifted.add(name)
    for name in parents:
        seen, above = set(), name
        while above in parents and above not in seen:
            seen.add(above)
            above = parents[above]
            if above in hidden:
                hidden.add(name)
    return OdfStyles(frozenset(hidden), frozenset(lifted))


def _hides(properties: _Element) -> bool:
    kind = local_name(properties)
    if kind == "text-properties":
        return get(properties, "display") == "none"
    if kind == "table-properties":
        return get(properties, "display") == "false"
    return kind == "drawing-page-properties" and get(properties, "visibility") == "hidden"


def get(element: _Element, name: str) -> str:
    """An attribute by its local name, whatever its namespace."""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""
