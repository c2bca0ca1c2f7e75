"""A text in, what it speaks about out: whether it discusses the export rule itself."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from importlib import resources

from sluicegate.tag.fold import TRADITIONAL

_ENOUGH = 2  # different words of the rule; one alone stands in any contract's compliance clause


@cache
def _rule_words() -> tuple[str, ...]:
    data = tomllib.loads((resources.files("sluicegate.tag") / "context.toml").read_text("utf-8"))
    return tuple(data["rule"])


def speaks_of_rule(text: str) -> bool:
    """Whether a text discusses export rules: at least two different words of theirs stand in it."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(TRADITIONAL)
    return sum(word in plain for word in _rule_words()) >= _ENOUGH
