"""A package in, what no other code has read out: stray XML text, attributes with words, pictures, embedded files.

This is the net that makes an OOXML reader complete: a part that the format's own code does not know is still read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Child, Find, Note, Unreadable
from sluicegate.extract.office.ooxml import Package
from sluicegate.extract.office.pictures import is_thumbnail
from sluicegate.extract.office.prompts import attributes
from sluicegate.extract.office.properties import package_properties
from sluicegate.extract.office.prose import attribute_prose, is_prose, strings_in, text_nodes

_FONT = re.compile(r"\.(?:odttf|fntdata|ttf|otf)$", re.I)
_SETTINGS = re.compile(r"(?:printerSettings\d*|calcChain|recovery\w*)\.(?:bin|xml)$", re.I)
_MARKUP = re.compile(rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<\?xml|<)|^(?:\xff\xfe<\x00|\xfe\xff\x00<)")
_FETCHED = frozenset({"attachedTemplate", "oleObject", "package", "aFChunk", "subDocument", "frame", "control"})
"""External relationships whose target Office would fetch and show, or run, when the document is opened."""
_REMOTE = re.compile(r"(?:https?|ftps?|smb|mhtml):|\\\\|//|file:", re.I)
_OWN_DISK = re.compile(r"file:/*(?:[A-Z](?::|%3A|\|)|Users/|Applications/|Library/|Volumes/|home/)", re.I)
"""A template on the author's own disk holds styles only, and no recipient can fetch it."""
_PIECE = 4000


def leftover_finds(package: Package, *, channel: str = "other text") -> Iterator[Find]:
    """Everything in the package that is not in `package.handled`, and the prose in all parts' attributes."""
    yield from package_properties(package)
    yield from _external(package)
    for name in package.names:
        if not name.lower().endswith(".rels") and name != "[Content_Types].xml":
            yield from _part(package, name, channel)
    for info in package.doubles:
        yield Note(f"two parts are named {info.filename[:120]}")
        try:
            yield Child(info.filename, package.member(info))
        except Unreadable as broken:
            yield package.context.problem(broken.kind, f"second part {info.filename[:120]}: {broken.detail}")
    yield from package.drain()


def _part(package: Package, name: str, channel: str) -> Iterator[Find]:
    handled = name in package.handled
    package.handled.add(name)
    if _FONT.search(name) or (not handled and _SETTINGS.search(name)):
        return
    kind = package.content_type(name)
    markup = name.lower().endswith((".xml", ".vml")) or kind.endswith(("+xml", "/xml"))
    if not markup:
        if not handled:
            yield from _binary(package, name)
        return
    data = package.data(name)
    if not _MARKUP.match(data[:200]):
        if data.strip() and not handled:
            yield Child(name, data)
        return
    if not handled:
        yield from _markup(package, name, channel)
    if name not in package.swept:
        yield from attribute_finds(package, data)


def _markup(package: Package, name: str, channel: str) -> Iterator[Find]:
    root = package.root(name)
    if root is None:
        return
    lower = name.lower()
    where = "custom XML" if lower.startswith("customxml/") else channel
    held: list[str] = []
    size = 0
    nodes = (str(node) for node in root.itertext())
    if lower.endswith(".vml"):  # its other text is measures and switches of form controls
        nodes = (str(node) for box in root.iter("{*}textbox") for node in box.itertext())
    for text in text_nodes(nodes):
        held.append(text)
        size += len(text)
        if size > _PIECE:
            yield Passage("\n".join(held), package.context.place(channel=where))
            held, size = [], 0
    if held:
        yield Passage("\n".join(held), package.context.place(channel=where))
    if lower.startswith("customxml/"):
        values = [str(value) for element in root.iter() for value in element.attrib.values() if is_prose(str(value))]
        if values:
            yield Passage("\n".join(dict.fromkeys(values)), package.context.place(channel=where))


def attribute_finds(package: Package, data: bytes, **where: str) -> Iterator[Find]:
    """Prose in a part's attributes, one passage a channel."""
    found: dict[str, list[str]] = {}
    for channel, text in attribute_prose(data):
        found.setdefault(channel, []).append(text)
    for channel, lines in found.items():
        yield from attributes(lines, package.context.place(channel=channel, **where))


def _binary(package: Package, name: str) -> Iterator[Find]:
    data = package.data(name)
    lower = name.lower()
    if not data:
        return
    if lower.endswith("vbaproject.bin") or package.content_type(name).endswith("vbaproject"):
        from sluicegate.extract.office.vba import macro_finds

        yield from macro_finds(data, package.context)
    elif lower.endswith(".bin") and not data.startswith(b"\xd0\xcf\x11\xe0") and "embeddings/" not in lower:
        for text in strings_in(data):
            yield Passage(text, package.context.place(channel="binary part"))
    elif not (lower.startswith("docprops/") and is_thumbnail(data)):
        yield Child(name.rpartition("/")[2], data, package.content_type(name) or None, _channel(lower))
    package.forget(name)


def _channel(name: str) -> str | None:
    if "/embeddings/" in name:
        return "embedded object"
    return "thumbnail" if name.startswith("docprops/") else None


def _external(package: Package) -> Iterator[Find]:
    """Addresses outside the file: links are text; what would be fetched and shown is a problem."""
    links: list[str] = []
    for source in package.sources():
        for relation in package.relationships(source).values():
            if not relation.external:
                continue
            links.append(relation.target)
            local = not _REMOTE.match(relation.target) or _OWN_DISK.match(relation.target)
            cached = "/charts/" in source or relation.type in ("image", "hyperlink") or "externalLinks/" in source
            if relation.type in _FETCHED and not cached and not (local and relation.type == "attachedTemplate"):
                yield package.context.problem(
                    ProblemKind.EXTERNAL, f"content is fetched from outside ({relation.type})"
                )
            elif relation.type != "hyperlink":
                yield Note(f"refers to something outside ({relation.type}); its stored copy was read")
    if links:
        yield Passage("\n".join(dict.fromkeys(links)), package.context.place(channel="link targets"))
