"""ODT, ODS, ODP and their kin in, passages of text, sheets and slides out, with notes, comments, hidden text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable
from sluicegate.extract.office.equation import equation_text
from sluicegate.extract.office.odf_package import OdfPackage
from sluicegate.extract.office.odf_story import OdfStory
from sluicegate.extract.office.odf_styles import OdfStyles, get, read_styles
from sluicegate.extract.office.pictures import is_preview, is_thumbnail
from sluicegate.extract.office.prompts import PROMPT, attributes, is_prompt
from sluicegate.extract.office.properties import properties_passage
from sluicegate.extract.office.prose import attribute_prose, text_nodes
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPES = (
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.text-master",
    "application/vnd.oasis.opendocument.text-web",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.graphics",
    "application/vnd.oasis.opendocument.chart",
    "application/vnd.oasis.opendocument.formula",
    "application/vnd.oasis.opendocument.database",
)
_PROGRAMS = re.compile(r"^(?:Configurations2|META-INF)/|(?:^|/)(?:mimetype|settings\.xml|layout-cache|manifest\.rdf)$")
_META_NOISE = frozenset({"generator", "creation-date", "date", "editing-cycles", "editing-duration", "print-date",
                         "document-statistic"})  # fmt: skip
_FETCHED = re.compile(r"^(?:https?|ftps?|smb|file):|^//", re.I)


def read(source: Source, context: Context) -> Iterator[Find]:
    """The content, then headers and footers, properties, embedded objects, pictures, macros, the rest."""
    package = OdfPackage(source, context)
    content, styles = package.root("content.xml"), package.root("styles.xml")
    names = read_styles([styles, content])
    if content is None:
        yield from package.drain()
        raise Unreadable(ProblemKind.ENCRYPTED if package.locked else ProblemKind.DAMAGED, "its content cannot be read")
    yield from _content(content, names, context)
    yield from _fixed(styles, names, context)
    yield from _meta(package)
    for name in package.names:
        yield from _member(package, name, names)
    yield from package.drain()


def _content(root: _Element, names: OdfStyles, context: Context) -> Iterator[Find]:
    for body in root.iter("{*}body"):
        for kind in body:
            match local_name(kind):
                case "spreadsheet":
                    yield from _sheets(kind, names, context)
                case "presentation" | "drawing":
                    yield from _slides(kind, names, context)
                case _:
                    yield from OdfStory(context.place(), names).read(kind)
    yield from OdfStory(context.place(channel="tracked change"), names).deletions(root)
    if local_name(root) == "math":
        yield Passage(equation_text(root), context.place(channel="equation"))
    yield from _links(root, context)


def _sheets(parent: _Element, names: OdfStyles, context: Context) -> Iterator[Find]:
    titles = [get(element, "name") for element in parent if local_name(element) == "table"]
    if any(titles):
        yield Passage("\n".join(titles), context.place(channel="sheet names"))
    for element in parent:
        if local_name(element) == "table":
            name = get(element, "name")
            hidden = get(element, "style-name") in names.hidden
            if hidden:
                yield Note(f"sheet {name} is hidden")
            flags = frozenset({"hidden"}) if hidden else frozenset()
            story = OdfStory(context.place(sheet=name), names, flags)
            yield from story.read([element])
        elif local_name(element) != "tracked-changes":
            yield from OdfStory(context.place(), names).read([element])


def _slides(parent: _Element, names: OdfStyles, context: Context) -> Iterator[Find]:
    number = 0
    for page in parent:
        if local_name(page) != "page":
            yield from OdfStory(context.place(), names).read([page])
            continue
        number += 1
        hidden = get(page, "style-name") in names.hidden
        if hidden:
            yield Note(f"slide {number} is hidden")
        flags = frozenset({"hidden"}) if hidden else frozenset()
        for part in page:
            channel = "speaker notes" if local_name(part) == "notes" else None
            boxes = [part] if channel is None else list(part)
            for box in boxes:
                story = OdfStory(context.place(slide=number, channel=channel), names, flags)
                yield from story.read(_unboxed(box))


def _unboxed(shape: _Element) -> _Element:
    """A slide's frames are its text itself: look into the text box, unless alternative text stands beside it."""
    inside = [child for child in shape if local_name(child) == "text-box"]
    rest = [child for child in shape if local_name(child) in ("title", "desc", "table", "p", "list", "g", "object")]
    return inside[0] if len(inside) == 1 and not rest else ([shape] if not inside else [*inside[0], *rest])


def _fixed(styles: _Element | None, names: OdfStyles, context: Context) -> Iterator[Find]:
    """Headers and footers of page styles, and the shapes of master pages."""
    for page in styles.iter("{*}master-page") if styles is not None else ():
        for part in page:
            kind = local_name(part)
            channel = kind.partition("-")[0] if kind.startswith(("header", "footer")) else "slide layout"
            inner = part if channel != "slide layout" else [part]
            flags = frozenset({PROMPT}) if get(part, "class") and _is_prompt(part) else frozenset()
            yield from OdfStory(context.place(channel=channel), names, flags).read(inner)


def _is_prompt(frame: _Element) -> bool:
    """Whether a frame of a master page that presentations fill in holds prompts only (ODF 1.3, 19.391)."""
    return all(is_prompt("".join(map(str, paragraph.itertext())).strip()) for paragraph in frame.iter("{*}p", "{*}h"))


def _links(root: _Element, context: Context) -> Iterator[Find]:
    """Addresses as text; sections and objects whose content comes from outside as a problem; DDE as one."""
    targets: dict[str, None] = {}
    kinds: set[str] = set()
    for element in root.iter():
        href = get(element, "href") if len(element.attrib) else ""
        kind = local_name(element)
        if href and not href.startswith(("#", "Object", "./", "Pictures/")):
            targets[href] = None
            if kind in ("section-source", "object", "object-ole", "floating-frame") and _FETCHED.match(href):
                kinds.add(f"content is fetched from outside ({kind})")
        if kind in ("dde-connection-decl", "dde-source"):
            kinds.add("DDE link: would start another program; it was not run")
    if targets:
        yield Passage("\n".join(targets), context.place(channel="link targets"))
    for detail in sorted(kinds):
        yield context.problem(ProblemKind.EXTERNAL, detail)


def _meta(package: OdfPackage) -> Iterator[Find]:
    root = package.root("meta.xml")
    lines: list[str] = []
    for holder in root if root is not None else ():
        for element in holder:
            label = get(element, "name") or local_name(element)
            value = " ".join("".join(element.itertext()).split())
            if value and label not in _META_NOISE:
                lines.append(f"{label}: {value}")
    yield from properties_passage(lines, package.context)


def _member(package: OdfPackage, name: str, names: OdfStyles) -> Iterator[Find]:
    if name in ("content.xml", "styles.xml"):
        yield from _attributes(package, name)
    elif name == "meta.xml" or _PROGRAMS.search(name):
        return
    elif name.endswith("content.xml"):
        root = package.root(name)
        if root is not None:
            yield from _content(root, names, package.context)
    elif name.endswith(".xml"):
        root = package.root(name)
        lines = list(text_nodes(map(str, root.itertext()))) if root is not None else []
        if lines:
            channel = "macro" if name.startswith(("Basic/", "Scripts/")) else "other text"
            yield Passage("\n".join(lines), package.context.place(channel=channel))
        if name.startswith("Basic/") and lines:
            yield Note("contains macros; their source was read as text")
        yield from _attributes(package, name)
    elif not _rendering(package, name):
        data = package.data(name)
        first_page = name == "Thumbnails/thumbnail.png"
        if first_page and is_preview(data) and package.context.ocr is None:
            yield Note("a small picture of the first page was not read", silent=is_thumbnail(data))
        elif data and not (first_page and is_thumbnail(data)):
            yield Child(name.rpartition("/")[2] or name, data)


def _rendering(package: OdfPackage, name: str) -> bool:
    """True for the picture of an embedded object that is in the file itself, and so read."""
    folder, _, target = name.rpartition("/")
    return folder == "ObjectReplacements" and any(n == target or n.startswith(f"{target}/") for n in package.names)


def _attributes(package: OdfPackage, name: str) -> Iterator[Find]:
    found: dict[str, list[str]] = {}
    for channel, text in attribute_prose(package.data(name)):
        found.setdefault(channel, []).append(text)
    for channel, lines in found.items():
        yield from attributes(lines, package.context.place(channel=channel))
