"""A DOCX package in, python-docx's view of it out: parsed parts, styles that hide text, comments' authors.

python-docx opens a cleaned copy: only members that passed the limits, XML parts only, links to missing parts removed.
So no bomb reaches it, and a document with a dangling link (14 of 499 real ones) still opens. When it fails all the
same, the reader goes on without it: `WordPackage.package` is None and parts are parsed one by one.
"""

from __future__ import annotations

import io
import zipfile
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sluicegate.extract.frame import Unreadable
from sluicegate.extract.office.foreign import attempt
from sluicegate.extract.office.ooxml import Package
from sluicegate.extract.xml import local_name, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

_TYPES = "[Content_Types].xml"


class WordPackage:
    """The parts of a DOCX as python-docx parsed them, beside the raw `Package`."""

    def __init__(self, raw: Package) -> None:
        self.raw = raw

    @cached_property
    def package(self) -> Any | None:
        """python-docx's `Package`, or None when it does not open this file."""
        from docx.package import Package as DocxPackage  # 120 ms

        return attempt(lambda: DocxPackage.open(io.BytesIO(_cleaned(self.raw))))

    @cached_property
    def _parts(self) -> dict[str, Any]:
        if self.package is None:
            return {}
        return {str(part.partname).lstrip("/").lower(): part for part in self.package.iter_parts()}

    @cached_property
    def main(self) -> str | None:
        """Name of the main document part, from the package's relationships; else where Word puts it."""
        named = next(self.raw.related("", "officeDocument"), None)
        return named or ("word/document.xml" if "word/document.xml" in self.raw else None)

    def root(self, name: str) -> _Element | None:
        """A part's root: python-docx's parsed element where it has one."""
        element = getattr(self._parts.get(name.lower()), "element", None)
        return element if element is not None else self.raw.root(name)

    @cached_property
    def hidden_styles(self) -> frozenset[str]:
        """Ids of the styles whose text is hidden, by themselves or through the styles they are based on."""
        part = self._parts.get((self.main or "").lower())
        if part is None:
            return frozenset()
        # python-docx raises on styles without a type or with unknown values; then only the flag is lost
        return attempt(lambda: frozenset(s.style_id for s in part.styles if s.style_id and _hides(s))) or frozenset()


def _hides(style: Any) -> bool:
    """True when a style, or the nearest one it is based on that says so, has hidden font."""
    seen: set[str] = set()
    while style is not None and style.style_id not in seen:
        seen.add(style.style_id)
        font = getattr(style, "font", None)
        if font is not None and font.hidden is not None:
            return bool(font.hidden)
        style = style.base_style
    return False


def _cleaned(raw: Package) -> bytes:
    """A ZIP, stored, of the XML parts; other parts are empty, relationships to missing parts are left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as copy:
        for name in raw.names:
            lower = name.lower()
            if lower.endswith(".rels"):
                copy.writestr(name, _pruned(raw, name))
            elif lower == _TYPES.lower():
                copy.writestr(_TYPES, _defaulted(raw.data(name)))
            elif lower.endswith(".xml") and not lower.startswith("customxml/"):
                copy.writestr(name, raw.data(name) or b"<empty/>")
            else:
                copy.writestr(name, b"<empty/>")
    return out.getvalue()


def _pruned(raw: Package, name: str) -> bytes:
    from lxml import etree

    folder, _, file = name.rpartition("/")
    above = folder.rpartition("/")[0]
    source = f"{above}/{file.removesuffix('.rels')}".lstrip("/")
    try:
        root = parse_xml(raw.data(name))
    except Unreadable:
        return b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
    live = raw.relationships(source)
    for entry in list(root):
        relation = live.get(str(entry.get("Id")))
        if relation is None or not (relation.external or relation.target in raw):
            root.remove(entry)
    return bytes(etree.tostring(root))


def _defaulted(data: bytes) -> bytes:
    """The content types with a default for every extension that a package may forget."""
    from lxml import etree

    root = parse_xml(data)
    stated = {str(entry.get("Extension", "")).lower() for entry in root if local_name(entry) == "Default"}
    namespace = str(root.tag).rpartition("}")[0] + "}"
    for extension, kind in (("xml", "application/xml"), ("bin", "application/octet-stream")):
        if extension not in stated:
            entry = etree.SubElement(root, f"{namespace}Default")
            entry.set("Extension", extension)
            entry.set("ContentType", kind)
    return bytes(etree.tostring(root))
