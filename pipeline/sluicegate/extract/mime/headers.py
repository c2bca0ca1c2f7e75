"""Header fields in, passages out: the usual fields as one, and every other field in which text can stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from sluicegate.document import Passage
from sluicegate.extract.frame import Context
from sluicegate.extract.mime.fields import Fields
from sluicegate.extract.mime.words import header_text

USUAL = ("from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date")
_SHOWN = {name: name.capitalize() for name in USUAL}
_WORD = re.compile(r"(?<![\w.@=/+-])[^\W\d_]{3,20}(?![\w@=/+])")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LONG = 140
"""Bytes from which a field that says what a part is says more than that: a damaged header swallows what follows it."""
_ALLOWED = 30
"""Words that a machine's field may hold before it is read as text: a long Received or Authentication-Results has 20."""


def header_passages(fields: Fields, context: Context) -> Iterator[Passage]:
    """One passage with From, To, Cc, Subject and Date; one with every other field that holds words."""
    lines = [f"{_SHOWN[name]}: {header_text(value)}" for name, value in fields.items if name in _SHOWN and value]
    if lines:
        yield Passage("\n".join(lines), context.place(channel="headers"))
    unusual = unusual_text(fields, context)
    if unusual:
        yield Passage(unusual, context.place(channel="other headers"))


def unusual_text(fields: Fields, context: Context, *, but: frozenset[str] = frozenset()) -> str:
    """The other fields that hold words, one a line, without those in `but`.

    Know-how can stand in any field. One that programs write is left out only where it is short of words and the
    screen finds nothing of interest in it.
    """
    others = [
        (name, value)
        for name, value in fields.items
        if name not in _SHOWN and len(value) > 3 and (name not in but or len(value) > _LONG)
    ]
    texts = [(name, header_text(value)) for name, value in others]
    by_machine = [text for name, text in texts if _by_machine(name)]
    searched = bool(by_machine) and context.interesting("\n".join(by_machine))
    return "\n".join(
        f"{name}: {text}"
        for name, text in texts
        if (_machine_tells(text, context, searched=searched) if _by_machine(name) else _tells(text))
    )


def _tells(text: str) -> bool:
    return _wide(text) or (" " in text and (len(text) < 60 or bool(_WORD.search(text))))


def _machine_tells(text: str, context: Context, *, searched: bool) -> bool:
    """Does a machine's field hold more than its marks?"""
    if searched and context.interesting(text):
        return True
    return _wide(text) or (len(text) > 150 and len(_WORD.findall(text)) > _ALLOWED)


def _wide(text: str) -> bool:
    return not text.isascii() and len(_WIDE.findall(text)) > 1


def _by_machine(name: str) -> bool:
    names, starts = _machine_fields()
    return name in names or name.startswith(starts)


@cache
def _machine_fields() -> tuple[frozenset[str], tuple[str, ...]]:
    lines = files("sluicegate.extract.data").joinpath("machine_fields.txt").read_text("utf-8").split("\n")
    names = [line for line in lines if line and not line.startswith("#")]
    return frozenset(names), tuple(name for name in names if name.endswith("-"))
