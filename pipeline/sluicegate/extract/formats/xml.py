"""XML of any vocabulary and SVG in, its text, telling attributes, comments and entities out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.charset import decode
from sluicegate.extract.formats.text import text_passages
from sluicegate.extract.frame import Context, Find, Note, Source, Unreadable
from sluicegate.extract.markup.dataurl import carried
from sluicegate.extract.repair import repair
from sluicegate.extract.xml import local_name, parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPES = ("text/xml", "application/xml", "image/svg+xml")

_PARAGRAPHS = frozenset({"p", "para", "text", "title", "h", "li", "td", "th", "desc", "claim-text", "name", "v"})
_TELLING = re.compile(r"[^\W\d_]{3,}\W+[^\W\d_]{3,}|[\u4e00-\u9fff]{3}")
_SAID = frozenset({
    "text", "label", "value", "title", "caption", "content", "description", "desc", "comment", "tooltip", "note",
    "unicodestring",
})  # fmt: skip
_WORDED = re.compile(r"[^\W\d_]{3}|[\u4e00-\u9fff]{2}|\d ?(?:°|℃|[A-Za-zμ]+/[A-Za-z])")
_WORD = re.compile(r"\s*(?:<[^<>]*>)*(?:[^\W\d_]{3,30}|[\u4e00-\u9fff，、。；：]+)(?:<[^<>]*>)*\s*")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_MOST_ATTRIBUTES = 50_000
_EXPANSION = 200_000
_REFERENCE = re.compile(r"&([^\s&;]{1,100});")


def read(source: Source, context: Context) -> Iterator[Find]:
    """The text of an XML document; one that is not well formed is read as plain text, tags and all."""
    try:
        root = parse_xml(source.data)
    except Unreadable:
        yield Note("not well formed, read as plain text")
        text = decode(source.data)
        yield from text_passages(text, context)
        yield from _saved(source.data, context)
        if "<!ENTITY" in text:
            yield context.problem(ProblemKind.DAMAGED, "its entities were not put in: it is not well formed, or a bomb")
        return
    number = 0
    entities = _Entities(root)
    for text in map(entities.expanded, _paragraphs(root)):
        if text.strip():
            number += 1
            yield Passage(repair(text.strip()), context.place(paragraph=number))
    yield from _aside(_attributes(root), "attributes", context)
    yield from _aside(_comments(root), "comment", context)
    yield from _aside(iter(entities.contents.values()), "entities", context)
    if entities.outside:
        yield context.problem(ProblemKind.EXTERNAL, "an entity's content is fetched from outside; it was not fetched")
    if entities.too_large:
        yield context.problem(ProblemKind.TOO_LARGE, f"entities expand to more than {_EXPANSION} characters")
    yield from _carried(root, context)
    if not number:
        yield Note("no text between its tags", silent=source.media_type == "image/svg+xml", blank=True)


def _saved(data: bytes, context: Context) -> Iterator[Find]:
    """What a parser can save of a broken document: there tags do not stand within words."""
    try:
        root = parse_xml(data, recover=True)
    except Unreadable:
        return
    yield from _aside(_paragraphs(root), "text without tags", context)


def _paragraphs(root: _Element) -> Iterator[str]:
    """The text of each element that is a paragraph by its name or by text of its own, in document order."""
    stack = [root]
    while stack:
        element = stack.pop()
        children = [child for child in element if isinstance(child.tag, str)]
        own = (element.text or "") + "".join(child.tail or "" for child in element)
        if own.strip() or local_name(element) in _PARAGRAPHS or not children:
            yield "".join(str(text) for text in element.itertext(tag=None) if text)
        else:
            stack.extend(reversed(children))


def _aside(words: Iterator[str], channel: str, context: Context) -> Iterator[Find]:
    text = "\n".join(dict.fromkeys(word.strip() for word in words if word.strip()))
    if text:
        hidden = frozenset({"hidden"}) if channel not in ("attributes", "text without tags") else frozenset()
        yield Passage(repair(text), context.place(channel=channel), flags=hidden)


def _attributes(root: _Element) -> Iterator[str]:
    """Attribute values that read like words, not like names or numbers."""
    for number, element in enumerate(root.iter("*")):
        if number > _MOST_ATTRIBUTES:
            return
        for name, value in element.attrib.items():
            if _is_telling(str(value)) or _is_label(str(name), str(value)[:2000]):
                yield _TAG.sub(" ", str(value)).strip() if "<" in value else str(value)


def _is_label(name: str, value: str) -> bool:
    """Whether an attribute holds what a person typed, if only one word: the label of a box, and no identifier."""
    if name.rpartition("}")[2].lower() not in _SAID or "xlink" in name:
        return False
    return _WORDED.search(value) is not None and (" " in value.strip() or _WORD.fullmatch(value) is not None)


def _is_telling(value: str) -> bool:
    return value[:5].lower() != "data:" and _TELLING.search(value[:2000]) is not None


def _comments(root: _Element) -> Iterator[str]:
    from lxml import etree

    yield from (comment.text or "" for comment in root.iter(etree.Comment))
    for preceding in (True, False):
        yield from (sibling.text or "" for sibling in root.itersiblings(etree.Comment, preceding=preceding))


class _Entities:
    """What a document defines as entities: text that a program which expands them shows, in the middle of words even.

    The parser expands none; here they are, up to a size that no honest document reaches.
    """

    def __init__(self, root: _Element) -> None:
        dtd = root.getroottree().docinfo.internalDTD
        declared = list(dtd.iterentities()) if dtd is not None else []
        self.contents = {str(entity.name): str(entity.content) for entity in declared if entity.content}
        self.outside = any(entity.content is None for entity in declared)
        self.too_large = False
        self._left = _EXPANSION

    def expanded(self, text: str) -> str:
        """The text with its entities put in; as it stands when that would be too large, or never end."""
        before = text
        while self.contents and (names := [name for name in _REFERENCE.findall(text) if name in self.contents]):
            size = sum(len(self.contents[name]) for name in names)
            self._left -= size
            if self._left < 0 or size == 0:
                self.too_large = True
                return before
            text = _REFERENCE.sub(lambda match: self.contents.get(match[1], match[0]), text)
        return text


def _carried(root: _Element, context: Context) -> Iterator[Find]:
    """Pictures and files in `data:` addresses."""
    number = 0
    for element in root.iter("*"):
        for value in map(str, element.attrib.values()):
            if value[:5].lower() == "data:":
                number += 1
                found = carried(value, f"inline {number}", context)
                if found is not None:
                    yield found
