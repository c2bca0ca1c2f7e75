"""Lines of a document in, those that its program wrote for its author out: they are read, but tell no language.

"Click to edit the title" stands in the empty frames of each layout in the language of the program, and so do the names
that it gives to shapes ("Zone de texte 5"). A person may write there too, so only what cannot teach counts as a prompt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sluicegate.document import Passage, Place

PROMPT = "prompt"
"""The flag of a passage of prompts."""
_LONGEST = 80
_LEVEL = re.compile(r"(?:\D{1,12} )?\d(?: ?\D{1,12})?")  # "第 2 レベル", "Nivå 3"
_NAME = re.compile(r"[^\d\n]{3,60} \d{1,3}")


def is_prompt(line: str) -> bool:
    """Whether a line in a frame of a layout may be a prompt: short, and with no number but that of a level."""
    return len(line) <= _LONGEST and (not any(map(str.isdigit, line)) or _LEVEL.fullmatch(line) is not None)


def is_name(line: str) -> bool:
    """Whether an attribute may be the name that a program gave to a shape: words and a number."""
    return _NAME.fullmatch(line) is not None


def background(prompts: Iterable[str], lines: Iterable[str], place: Place) -> Iterator[Passage]:
    """The texts of layouts: what was typed there, then the lines of their frames, each once."""
    framed = dict.fromkeys(line for text in prompts for line in text.splitlines() if line.strip())
    typed = dict.fromkeys([*lines, *(line for line in framed if not is_prompt(line))])
    yield from _passage(typed, place, frozenset())
    yield from _passage([line for line in framed if is_prompt(line)], place, frozenset({PROMPT}))


def attributes(lines: Iterable[str], place: Place) -> Iterator[Passage]:
    """The prose of a part's attributes: what somebody wrote, then the names that a program gave."""
    lines = list(lines)
    yield from _passage([line for line in lines if not is_name(line)], place, frozenset())
    yield from _passage([line for line in lines if is_name(line)], place, frozenset({PROMPT}))


def _passage(lines: Iterable[str], place: Place, flags: frozenset[str]) -> Iterator[Passage]:
    text = "\n".join(lines)
    if text:
        yield Passage(text, place, None, flags)
