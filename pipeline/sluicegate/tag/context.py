"""A text in, what it speaks about out: whether it discusses the export rule, and which fields it names at all."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import Any

from sluicegate.tag.fold import TRADITIONAL

_ENOUGH = 2  # different words of the rule; one alone stands in any contract's compliance clause


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((resources.files("sluicegate.tag") / "context.toml").read_text("utf-8"))


def speaks_of_rule(text: str) -> bool:
    """Whether a text discusses export rules: at least two different words of theirs stand in it."""
    plain = _plain(text)
    return sum(word in plain for word in _words()["rule"]) >= _ENOUGH


def named_fields(text: str) -> frozenset[str]:
    """The labels of the control points whose field a text names at all ("lithium" opens five of them).

    A field is named, too, by its reagents: who brings lithium, iron and phosphate together makes an iron phosphate.
    """
    plain = _plain(text)
    if not _finder().find_matches_as_indexes(plain):
        return frozenset()
    fields = {field for field, words in _words()["anchors"].items() if any(word in plain for word in words)}
    for field, groups in _words()["reagents"].items():
        if all(any(word in plain for word in group) for group in groups):
            fields.add(field)
    return frozenset(label for field in fields for label in _words()["anchored"][field])


@cache
def _finder() -> Any:
    """Finds any word that bears on a field at all: most texts have none."""
    from ahocorasick_rs import AhoCorasick, Implementation

    anchors = [word for words in _words()["anchors"].values() for word in words]
    reagents = [word for groups in _words()["reagents"].values() for group in groups for word in group]
    return AhoCorasick(anchors + reagents, implementation=Implementation.ContiguousNFA)


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text).lower().translate(TRADITIONAL)
