"""An OpenDocument file in, its parts out, decrypted where a password of the settings fits (ODF 1.3 part 2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sluicegate.document import Problem, ProblemKind
from sluicegate.extract.frame import Context, Source, Unreadable
from sluicegate.extract.office.odf_crypt import sealed_parts, unsealed
from sluicegate.extract.xml import parse_xml
from sluicegate.extract.zipsafe import TORN, SafeZip

if TYPE_CHECKING:
    from lxml.etree import _Element

_MANIFEST = "META-INF/manifest.xml"


class OdfPackage:
    """The parts of one file; `problems` keeps what is damaged, `locked` tells that a part stayed encrypted."""

    def __init__(self, source: Source, context: Context) -> None:
        self.context = context
        self.problems: list[Problem] = []
        self.locked = False
        self._zip = SafeZip(source.data, context.limits, passwords=context.extraction.passwords)
        self._data: dict[str, bytes] = {}
        self._sealed = sealed_parts(self._parsed(_MANIFEST, self._zip.get(_MANIFEST) or b""))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parts in order."""
        return tuple(dict.fromkeys(self._zip.names))

    def data(self, name: str) -> bytes:
        """A part's bytes; empty, with a problem kept, when it cannot be read."""
        if name not in self._data:
            try:
                self._data[name] = self._opened(name, self._zip.get(name) or b"")
            except Unreadable as broken:
                self.problems.append(self.context.problem(broken.kind, f"part {name[:120]}: {broken.detail}"))
                self._data[name] = b""
            if name in self._zip.torn:
                self.problems.append(self.context.problem(ProblemKind.DAMAGED, f"part {name[:120]}: {TORN}"))
        return self._data[name]

    def root(self, name: str) -> _Element | None:
        """A part's root element, or None."""
        data = self.data(name)
        return self._parsed(name, data) if data.strip() else None

    def drain(self) -> Iterator[Problem]:
        """The problems kept, each once."""
        kept, self.problems = self.problems, []
        yield from dict.fromkeys(kept)

    def _opened(self, name: str, data: bytes) -> bytes:
        sealed = self._sealed.get(name)
        if sealed is None:
            return data
        plain = unsealed(data, sealed, self.context.extraction.passwords)
        if plain is None:
            self.locked = True
            raise Unreadable(ProblemKind.ENCRYPTED, "needs a password that is not in the settings")
        return plain

    def _parsed(self, name: str, data: bytes) -> _Element | None:
        if not data:
            return None
        try:
            return parse_xml(data)
        except Unreadable as broken:
            self.problems.append(self.context.problem(broken.kind, f"part {name[:120]}: {broken.detail}"))
        try:
            return parse_xml(data, recover=True)
        except Unreadable:
            return None
