"""Property parts of an OOXML package or an OLE file in, one passage "document properties" out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sluicegate.document import Passage
from sluicegate.extract.frame import Context
from sluicegate.extract.office.foreign import attempt
from sluicegate.extract.office.ooxml import Package
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from olefile import OleFileIO

CHANNEL = "document properties"
_NOISE = frozenset({
    "Application", "AppVersion", "DocSecurity", "ScaleCrop", "LinksUpToDate", "SharedDoc", "HyperlinksChanged",
    "Pages", "Words", "Characters", "CharactersWithSpaces", "Lines", "Paragraphs", "TotalTime", "Slides",
    "Notes", "HiddenSlides", "MMClips", "revision", "created", "modified", "lastPrinted", "HeadingPairs",
    "PresentationFormat", "DigSig",
})  # fmt: skip
"""Properties that programs write and that say nothing of the content."""


def package_properties(package: Package) -> Iterator[Passage]:
    """Core, extended and custom properties of a package, those without content left out."""
    lines: list[str] = []
    for name in package.names:
        lower = name.lower()
        if lower.startswith("docprops/") and lower.endswith(".xml") and name not in package.handled:
            package.handled.add(name)
            root = package.root(name)
            for element in root if root is not None else ():
                label = str(element.get("name") or local_name(element))
                value = " ".join(text.strip() for text in map(str, element.itertext()) if text.strip())
                if value and label not in _NOISE:
                    lines.append(f"{label}: {value}")
    yield from properties_passage(lines, package.context)


def properties_passage(lines: list[str], context: Context) -> Iterator[Passage]:
    """One passage of "name: value" lines, or nothing."""
    if lines:
        yield Passage("\n".join(dict.fromkeys(lines)), context.place(channel=CHANNEL))


_PREVIEW = 17  # PIDSI_THUMBNAIL


def ole_properties(opened: OleFileIO, context: Context) -> Iterator[Passage]:
    """Summary, document summary and custom properties of a compound file ([MS-OLEPS])."""
    lines: list[str] = []
    sets = [entry for entry in opened.listdir() if entry[-1][:1] == "\x05" and entry[-1].endswith("SummaryInformation")]
    for entry in sets:
        for section, label in _sections(opened, entry):
            texts = (text for value in section for text in _texts(value))
            lines.extend(f"{label}: {text}" for text in texts if any(map(str.isalpha, text)))
    yield from properties_passage(lines, context)


def _texts(value: str | bytes) -> Iterator[str]:
    """The text of a property, to its end mark; of what follows that, and of pictures, what is language.

    The preview of the first page is a property, and WPS Office states lengths that reach far into it.
    """
    from sluicegate.extract.charset import decode
    from sluicegate.extract.office.prose import strings_in

    raw = value if isinstance(value, bytes) else value.encode("utf-16-le", "surrogatepass")
    first, mark, _ = value.partition(b"\0") if isinstance(value, bytes) else value.partition("\0")
    text = (decode(first) if isinstance(first, bytes) else first).strip()
    if text.isprintable() or not mark:
        yield text
    if mark and raw.rstrip(b"\0").find(b"\0\0" if isinstance(value, str) else b"\0") >= 0:
        yield from (found for found in strings_in(raw) if found != text)


def _sections(opened: OleFileIO, entry: list[str]) -> Iterator[tuple[list[Any], str]]:
    label = "summary" if entry[-1] == "\x05SummaryInformation" else "document summary"
    values = attempt(lambda: opened.getproperties(entry, convert_time=False)) or {}
    preview = values.pop(_PREVIEW, None) if label == "summary" else None
    if isinstance(preview, bytes):  # PowerPoint's has a palette whose colours read as Han and kana
        from sluicegate.extract.office.prose import likely, strings_in

        yield [text for text in strings_in(preview) if likely("".join(text.split()))], label
    words = [item for value in values.values() for item in (value if isinstance(value, list) else [value])]
    yield [word for word in words if isinstance(word, str | bytes)], label
    if label == "document summary":  # olefile reads the first section only; custom properties stand in the second
        from sluicegate.extract.office.prose import strings_in

        raw = attempt(lambda: opened.openstream(entry).read()) or b""
        yield list(strings_in(raw)), "custom"
