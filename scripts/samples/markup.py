"""Reads the sample texts: plain text with a little markup in, a list of blocks out.

`# ` to `### ` are headings, `| a | b |` table rows, `- ` list items, `---` a page break, `@@notes` starts the speaker
notes of a slide, `[^1]` and a line `^1 text` make a footnote. Lines of one paragraph stand together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

TEXTS = Path(__file__).parent / "text"
Kind = Literal["heading", "paragraph", "item", "table", "break", "notes"]


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item, table, page break or start of notes."""

    kind: Kind
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(slots=True)
class Source:
    """The blocks of one text and its footnotes by number."""

    blocks: list[Block] = field(default_factory=list)
    footnotes: dict[str, str] = field(default_factory=dict)


def read(name: str) -> Source:
    """Parse `text/NAME.txt`."""
    source = Source()
    rows: list[tuple[str, ...]] = []
    for line in [*(TEXTS / f"{name}.txt").read_text("utf-8").splitlines(), ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip().strip("|").split("|")))
            continue
        if rows:
            source.blocks.append(Block("table", rows=tuple(rows)))
            rows = []
        if note := re.match(r"\^(\d+) (.*)", line):
            source.footnotes[note[1]] = note[2]
        elif line.strip():
            source.blocks.append(_block(line))
    return source


def _block(line: str) -> Block:
    if line == "---":
        return Block("break")
    if line == "@@notes":
        return Block("notes")
    if heading := re.match(r"(#{1,3}) (.*)", line):
        return Block("heading", heading[2], len(heading[1]))
    if line.startswith("- "):
        return Block("item", line[2:])
    return Block("paragraph", line)
