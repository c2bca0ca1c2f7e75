"""HTML in: paragraphs, tables, hidden text, comments, titles and alternative texts out; `data:` content as children."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.charset import decode
from sluicegate.extract.frame import Child, Context, Find, Note, Source
from sluicegate.extract.markup.dataurl import carried
from sluicegate.extract.markup.walk import Aside, Block, Link, Rows, Walk
from sluicegate.extract.office.prose import is_prose
from sluicegate.extract.repair import garbled, repair
from sluicegate.extract.table import table_passages

MEDIA_TYPES = ("text/html", "application/xhtml+xml")

_CHARSET = re.compile(rb"(?:charset\s*=\s*[\"']?|encoding\s*=\s*[\"'])\s*([\w.:-]+)", re.I)
_HIDDEN = frozenset({"hidden"})
_UNSEEN = frozenset({"comment", "script", "style", "markup"})
_LONG_TAG = re.compile(r"<(?!!--)[^<>]{60,}+")
_VALUED = re.compile(r"(?<![^\s=<>\"'])[^\s=<>\"']++\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++)")
_STYLE_COMMENT = re.compile(r"/\*(.*?)(?:\*/|\Z)|content\s*:\s*[\"']([^\"']{8,})[\"']", re.S)


def read(source: Source, context: Context) -> Iterator[Find]:
    """Read a page as its source carries it; scripts are text here and never run."""
    stated = _CHARSET.search(source.data[:4096])
    text = decode(source.data, declared=stated[1].decode("ascii") if stated else None)
    yield from html_finds(text, context)


def html_finds(text: str, context: Context, **where: Any) -> Iterator[Find]:
    """Read HTML that is text already (a mail's body): passages in order, then what attributes say, then children."""
    if garbled(text):
        yield context.problem(ProblemKind.GARBLED, "most of the text is not readable characters", **where)
    asides: dict[str, list[str]] = {}
    if broken := list(_words_in_tags(text)):
        asides["markup"] = broken
    links: list[Link] = []
    paragraph = table = 0
    for piece in Walk(_parsed).pieces(_parsed(text).root):
        match piece:
            case Block():
                paragraph += 1
                place = context.place(**{"paragraph": paragraph, **where})
                yield Passage(repair(piece.text), place, flags=_HIDDEN if piece.hidden else frozenset())
            case Rows():
                table += 1
                place = context.place(**{"table": table, **where})
                rows = [[repair(cell) for cell in row] for row in piece.rows]
                yield from table_passages(rows, place, flags=_HIDDEN if piece.hidden else frozenset())
            case Aside():
                asides.setdefault(piece.channel, []).append(piece.text)
            case Link():
                links.append(piece)
    if not (paragraph or table or asides or links):
        yield Note("no words in it", blank=True)
    yield from _aside_passages(asides, context, where)
    yield from _children(links, context)


def _words_in_tags(text: str) -> Iterator[str]:
    """Sentences inside a tag but in no value: a tag that is never closed, names in a row, anything in an end tag.

    A parser drops them; who looks at the source reads them.
    """
    for tag in _LONG_TAG.findall(text):
        bare = tag if tag.startswith("</") else _VALUED.sub("|", tag)
        if is_prose(bare, sentence=True):
            yield bare


def _parsed(text: str) -> Any:
    from selectolax.lexbor import LexborHTMLParser  # compiled; 15 ms that only HTML needs

    return LexborHTMLParser(text)


def _aside_passages(asides: dict[str, list[str]], context: Context, where: dict[str, Any]) -> Iterator[Find]:
    for channel, found in asides.items():
        if channel == "style":
            found = [part for text in found for match in _STYLE_COMMENT.findall(text) for part in match]
        text = "\n".join(dict.fromkeys(part.strip() for part in found if part.strip()))
        if text:
            flags = _HIDDEN if channel in _UNSEEN else frozenset()
            yield Passage(repair(text), context.place(**{**where, "channel": channel}), flags=flags)


def _children(links: list[Link], context: Context) -> Iterator[Find]:
    """Pages in `srcdoc` and content in `data:` addresses (RFC 2397)."""
    for number, link in enumerate(links, 1):
        if link.attribute == "srcdoc":
            yield Child(f"frame {number}.html", link.value.encode("utf-8", "replace"), "text/html", "frame")
            continue
        found = carried(link.value, f"inline {number}", context)
        if found is not None:
            yield found
