"""Names of properties: normalised text in, mentions of properties with their unit families out (`properties.toml`)."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib import resources
from typing import NamedTuple

from sluicegate.tag.prefilter import Hit, Prefilter
from sluicegate.tag.terms import plural

_OF_ELECTRODE = re.compile(r"\s?(?:of|for) the (?:\w+ ){0,2}(?:electrode|cathode|pole)")
_ELECTRODE = re.compile(r"极片|极板|电极|pole piece|electrode|cathode sheet|calender", re.I)


class Mention(NamedTuple):
    """A property named at [start, end) of a text."""

    name: str
    families: frozenset[str]
    start: int
    end: int


class Properties:
    """Finds property names; the longest wins where names overlap.

    `default` names the property of a quantity for which the text names none, by the family of its unit; `only` those
    of families that have no other.
    """

    def __init__(self) -> None:
        entries = tomllib.loads((resources.files("sluicegate.tag") / "properties.toml").read_text("utf-8"))["property"]
        self.families: dict[str, frozenset[str]] = {entry["name"]: frozenset(entry["families"]) for entry in entries}
        self.default: dict[str, str] = {
            family: entry["name"] for entry in reversed(entries) if entry.get("default") for family in entry["families"]
        }
        self.default.pop("energy", None)  # a bare energy is no consumption
        counts = Counter(family for entry in entries for family in entry["families"])
        self.only: dict[str, str] = {
            family: name for family, name in self.default.items() if counts[family] == 1 and family != _TOLD_APART
        }
        phrases, names, exact = [], [], []
        for entry in entries:
            spelled = [form for phrase in entry["en"] for form in (phrase, *plural(phrase))]
            for phrase in (*entry["zh"], *spelled, *entry.get("exact", ())):
                phrases.append(phrase)
                names.append(entry["name"])
                exact.append(phrase in entry.get("exact", ()) or phrase in _SHORT)
        self._names = tuple(names)
        self._finder = Prefilter(phrases, exact=exact)

    def find(self, text: str) -> list[Mention]:
        """The properties that a normalised text names, in order."""
        hits = sorted(self._finder.hits(text), key=_by_place)
        mentions: list[Mention] = []
        reach = -1
        for number, start, end in hits:
            name = self._names[number]
            if start < reach and not (mentions and (mentions[-1].start, mentions[-1].end) == (start, end)):
                continue
            if name == "compaction_density" and _ELECTRODE.search(text[max(0, start - 14) : end + 22]):
                near = text[max(0, start - 14) : start]
                after = _OF_ELECTRODE.match(text, end)
                name = "electrode_density" if _ELECTRODE.search(near) or after else name
            if text[start:end] in _GENERIC and mentions and start - mentions[-1].end <= 1:
                continue  # "magnetic impurity content" is no other property than magnetic impurity
            mentions.append(Mention(name, self.families[name], start, end))
            reach = max(reach, end)
        return mentions


def _by_place(hit: Hit) -> tuple[int, int]:
    return hit[1], -hit[2]


_TOLD_APART = "mass concentration"  # an uptake too, which the words beside it tell
_GENERIC = frozenset({"content", "含量"})
_SHORT = frozenset({"TD", "BET", "SSA"})
