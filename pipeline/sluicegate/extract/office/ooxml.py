"""An OOXML file in, its parts, content types and relationships out (ECMA-376-2, Open Packaging Conventions)."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sluicegate.document import Problem, ProblemKind
from sluicegate.extract.frame import Context, Source, Unreadable
from sluicegate.extract.xml import local_name, parse_xml
from sluicegate.extract.zipsafe import TORN, SafeZip

if TYPE_CHECKING:
    from lxml.etree import _Element


@dataclass(frozen=True, slots=True)
class Relationship:
    """A link from a part: `type` is the last word of its URI ("image"), `target` a part or an outside address."""

    id: str
    type: str
    target: str
    external: bool


class Package:
    """The parts of one file by name ("word/document.xml"), read within limits.

    Names are compared without case, leading slash or backslashes, as Office does. What is damaged in a part is kept in
    `problems`; `handled` collects the names that some reader has dealt with, the rest are leftovers;
    `swept` those whose attributes were searched as well.
    """

    def __init__(self, source: Source, context: Context) -> None:
        self.context = context
        self.problems: list[Problem] = []
        self.handled: set[str] = set()
        self.swept: set[str] = set()
        self.doubles: list[zipfile.ZipInfo] = []
        self._zip = SafeZip(source.data, context.limits, passwords=context.extraction.passwords)
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip:
            key = part_name(info.filename)
            if key.lower() in self._infos:
                self.doubles.append(self._infos[key.lower()])
            self._infos[key.lower()] = info
        self._data: dict[str, bytes] = {}
        self._links: dict[str, dict[str, Relationship]] = {}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._infos

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parts, relationship parts included, in the order of the file."""
        return tuple(part_name(info.filename) for info in self._infos.values())

    def data(self, name: str) -> bytes:
        """A part's bytes; empty, with a problem kept, when it is missing or unreadable."""
        key = name.lower()
        if key not in self._data:
            self._data[key] = self._read(key)
        return self._data[key]

    def member(self, info: zipfile.ZipInfo) -> bytes:
        """The bytes of one of `doubles`."""
        return self._zip.read(info)

    def root(self, name: str) -> _Element | None:
        """A part's root element; what can be saved of it, with a problem kept, when it is not well formed."""
        return self.parsed(self.data(name), name)

    def parsed(self, data: bytes, name: str) -> _Element | None:
        """The same for bytes that were taken out of a part."""
        if not data.strip():
            return None
        try:
            return parse_xml(data)
        except Unreadable as broken:
            self._problem(broken, name)
        try:
            return parse_xml(data, recover=True)
        except Unreadable:
            return None

    def forget(self, name: str) -> None:
        """Free a large part's bytes."""
        self._data.pop(name.lower(), None)

    def take(self, prefix: str, suffix: str = ".xml") -> tuple[str, ...]:
        """Names beginning and ending so, not yet handled, in the order of the numbers in them."""
        found = (n for n in self.names if n.lower().startswith(prefix) and n.lower().endswith(suffix))
        return tuple(sorted((n for n in found if n not in self.handled), key=_numbered))

    def content_type(self, name: str) -> str:
        """The content type that the package states for a part, in lower case; empty when it states none."""
        overrides, defaults = self._content_types
        return overrides.get(name.lower()) or defaults.get(name.rpartition(".")[2].lower(), "")

    @cached_property
    def _content_types(self) -> tuple[dict[str, str], dict[str, str]]:
        overrides: dict[str, str] = {}
        defaults: dict[str, str] = {}
        root = self.root("[Content_Types].xml") if "[Content_Types].xml" in self else None
        for entry in root if root is not None else ():
            stated = str(entry.get("ContentType", "")).lower()
            if local_name(entry) == "Override":
                overrides[part_name(str(entry.get("PartName", ""))).lower()] = stated
            elif local_name(entry) == "Default":
                defaults[str(entry.get("Extension", "")).lower()] = stated
        return overrides, defaults

    def relationships(self, name: str = "") -> dict[str, Relationship]:
        """A part's relationships by id; those of the package itself for an empty name."""
        if name in self._links:
            return self._links[name]
        rels = rels_name(name)
        root = self.root(rels) if rels in self else None
        found: dict[str, Relationship] = {}
        for entry in root if root is not None else ():
            relation = _relationship(entry, posixpath.dirname(name))
            if relation is not None:
                found[relation.id] = relation
        self._links[name] = found
        return found

    def related(self, name: str, kind: str) -> Iterator[str]:
        """Names of the parts that a part points to with this type, where they exist."""
        for relation in self.relationships(name).values():
            if relation.type == kind and not relation.external and relation.target in self:
                yield relation.target

    def sources(self) -> Iterator[str]:
        """Names of the parts that have relationships; empty for the package."""
        for name in self.names:
            folder, _, file = name.rpartition("/")
            if file.endswith(".rels") and folder.rpartition("/")[2] == "_rels":
                yield posixpath.join(folder.rpartition("/")[0], file.removesuffix(".rels")).lstrip("/")

    def _read(self, key: str) -> bytes:
        info = self._infos.get(key)
        if info is None:
            return b""
        try:
            content = self._zip.read(info)
        except Unreadable as broken:
            self._problem(broken, part_name(info.filename))
            return b""
        if info.filename in self._zip.torn:
            self._problem(Unreadable(ProblemKind.DAMAGED, TORN), part_name(info.filename))
        return content

    def _problem(self, broken: Unreadable, name: str) -> None:
        self.problems.append(self.context.problem(broken.kind, f"part {name[:120]}: {broken.detail}"))

    def drain(self) -> Iterator[Problem]:
        """The problems kept so far, once."""
        kept, self.problems = self.problems, []
        yield from dict.fromkeys(kept)


def part_name(name: str) -> str:
    """A part's name without leading slash and with forward slashes."""
    return name.replace("\\", "/").lstrip("/")


def rels_name(name: str) -> str:
    """The name of the part that holds a part's relationships."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"


def own(element: _Element, name: str) -> str | None:
    """An attribute in the element's own namespace, or without one: Transitional and Strict files differ in it."""
    tag = str(element.tag)
    value = element.get(tag[: tag.find("}") + 1] + name) or element.get(name)
    return None if value is None else str(value)


def relation_id(element: _Element, *names: str) -> str | None:
    """The value of an attribute in any relationships namespace (`r:id`, `r:embed`)."""
    for key, value in element.attrib.items():
        namespace, _, local = str(key).rpartition("}")
        if local in (names or ("id",)) and namespace.endswith("relationships"):
            return str(value)
    return None


def missing_main(context: Context, what: str) -> Problem:
    """The problem of a package whose main part is not there."""
    return context.problem(ProblemKind.DAMAGED, f"no {what} part in the package")


def numbers_in(name: str) -> tuple[int, ...]:
    """The numbers in a part's name, folders and all: the order of pages, where a package gives no other."""
    return tuple(int(number[:9]) for number in re.findall(r"\d+", name))


def _relationship(entry: _Element, folder: str) -> Relationship | None:
    identity, target = entry.get("Id"), entry.get("Target")
    if local_name(entry) != "Relationship" or identity is None or target is None:
        return None
    kind = str(entry.get("Type", "")).rstrip("/").rpartition("/")[2]
    if str(entry.get("TargetMode", "")).lower() == "external":
        return Relationship(str(identity), kind, str(target), True)
    path = unquote(str(target).replace("\\", "/").partition("#")[0])
    resolved = path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))
    return Relationship(str(identity), kind, resolved, False)


def _numbered(name: str) -> tuple[str, int, str]:
    stem = name.rpartition(".")[0]
    digits = stem[len(stem.rstrip("0123456789")) :]
    return stem.rstrip("0123456789").lower(), int(digits[:9] or 0), name
