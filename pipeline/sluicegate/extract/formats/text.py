"""Plain text in (TXT, Markdown, TeX, JSON, logs, source code), passages of a few paragraphs out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.charset import decode
from sluicegate.extract.frame import Context, Find, Note, Source
from sluicegate.extract.pieces import pieces
from sluicegate.extract.repair import garbled, repair

MEDIA_TYPES = (
    "text/plain",
    "text/markdown",
    "text/x-tex",
    "text/troff",
    "text/x-source",
    "application/json",
    "application/x-ndjson",
    "application/yaml",
    "application/toml",
)

CHARACTERS = 1500
_PARAGRAPHS = re.compile(r"\n[ \t\u3000]*\n")
_JSON_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}")


def read(source: Source, context: Context) -> Iterator[Find]:
    """Passages of up to about 1,500 characters, numbered by the paragraph that they begin with."""
    text = decode(source.data)
    if source.media_type in ("application/json", "application/x-ndjson"):
        text = unescaped(text)
    yield from text_passages(text, context)
    if not text.strip():
        yield Note("no words in it", blank=True)


def text_passages(text: str, context: Context, **where: str | int) -> Iterator[Find]:
    """Cut a long text at blank lines, or failing that at line ends, into passages; garbage becomes a problem."""
    text = repair(text)
    if garbled(text):
        yield context.problem(ProblemKind.GARBLED, "most of the text is not readable characters", **where)
    for number, piece in _pieces(text):
        if piece.strip():
            yield Passage(piece, context.place(paragraph=number, **where))


def unescaped(text: str) -> str:
    """JSON text with its \\uXXXX escapes as characters, so that Chinese in it can be matched."""
    if "\\u" not in text:
        return text
    plain = _JSON_ESCAPE.sub(lambda match: chr(int(match[0][2:], 16)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """(number of the first paragraph, text) for each piece."""
    held: list[str] = []
    first = 1
    size = 0
    for number, paragraph in enumerate(_PARAGRAPHS.split(text), 1):
        for part in pieces(paragraph.strip("\n"), CHARACTERS):
            if held and size + len(part) > CHARACTERS:
                yield first, "\n\n".join(held)
                held, size = [], 0
            if not held:
                first = number
            held.append(part)
            size += len(part)
    if held:
        yield first, "\n\n".join(held)
