"""Unit spellings of both languages: text after a number in, canonical unit and factor out. Data in `units.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import NamedTuple

_LONGEST = 26
_COMPOUND = re.compile(r"/(?:cm|mm|m|km|g|kg|mg|L|l|h|s|min|mol|t)(?![A-Za-z])")
_SKIPPED = frozenset(" ·^*\u00a0")


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit; `base` is how much of its family's base unit it is."""

    name: str
    family: str
    base: float


class Spelled(NamedTuple):
    """A unit as a text spells it: `end` is where the spelling ends, `factor` leads to the canonical unit."""

    unit: Unit
    factor: float
    end: int
    spelling: str


@dataclass(slots=True)
class _Node:
    """A stretch of spellings: what may follow in either case, and what the stretch means in one case or in any."""

    next: dict[str, _Node] = field(default_factory=dict)
    exact: dict[str, tuple[Unit, float]] = field(default_factory=dict)
    loose: tuple[Unit, float] | None = None


class Units:
    """The table of spellings; built once, then only read."""

    def __init__(self) -> None:
        entries = tomllib.loads((resources.files("sluicegate.tag") / "units.toml").read_text("utf-8"))["unit"]
        self.by_name: dict[str, Unit] = {}
        spellings: dict[str, tuple[Unit, float]] = {}
        for entry in entries:
            unit = Unit(entry["name"], entry["family"], float(entry["base"]))
            self.by_name[unit.name] = unit
            for spelling, factor in entry["spellings"].items():
                spellings.setdefault(_compact(spelling), (unit, float(factor)))
        self._root = _Node()
        for spelling, meaning in spellings.items():
            node = self._root
            for char in spelling.lower():
                following = node.next.setdefault(char, _Node())
                node.next[char.upper()] = following
                node = following
            node.exact[spelling] = meaning
            if len(spelling) >= 3 and node.loose is None:
                node.loose = meaning

        self._first = _SKIPPED.union(self._root.next)

    def read(self, text: str, position: int) -> Spelled | None:
        """The longest unit that starts at a position, blanks before it allowed; None when there is none."""
        if text[position : position + 1] not in self._first or (
            text[position : position + 1] == " " and text[position + 1 : position + 2] not in self._first
        ):
            return None
        found: tuple[tuple[Unit, float], int, str] | None = None
        node = self._root
        compact = ""
        for place, char in enumerate(text[position : position + _LONGEST], position):
            following = node.next.get(char)
            if following is None:
                if char not in _SKIPPED or (compact and text[place - 1] == " "):
                    break
                continue
            node = following
            compact += char
            if node.exact:
                meaning = node.exact.get(compact) or node.loose
                if meaning is not None and _complete(text, place + 1):
                    found = meaning, place + 1, compact
        return None if found is None else Spelled(*found[0], *found[1:])

    def convert(self, value: float, source: str, target: str) -> float | None:
        """A value in another unit of the same family; None when the families differ or temperatures need offsets."""
        first, second = self.by_name.get(source), self.by_name.get(target)
        if first is None or second is None or first.family != second.family:
            return None
        return value * first.base / second.base


def _compact(spelling: str) -> str:
    return "".join(char for char in spelling if char not in _SKIPPED)


def _complete(text: str, end: int) -> bool:
    if end >= len(text):
        return True
    last, following = text[end - 1], text[end]
    if not last.isascii():
        return True
    if last.isalpha():
        if following == "/":
            return _COMPOUND.match(text, end) is None
        return not (following.isascii() and following.isalnum())
    return not (last.isdigit() and following.isdigit())
