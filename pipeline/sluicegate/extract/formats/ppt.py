"""PPT (PowerPoint 97 to 2003) in, passages of every slide out: text, notes, comments, layouts, objects, macros."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable
from sluicegate.extract.office.crypt import decrypted
from sluicegate.extract.office.ole import embedded_finds, opened_ole, stream
from sluicegate.extract.office.pictures import pictures_in
from sluicegate.extract.office.prompts import background
from sluicegate.extract.office.properties import ole_properties
from sluicegate.extract.office.slide_binary import SlideText, read_slides
from sluicegate.extract.office.vba import ole_macros

MEDIA_TYPES = ("application/vnd.ms-powerpoint",)
_ENCRYPTED = b"\xdf\xc4\xd1\xf3"
_OWN_NAME = "___PPT"  # of a part that PowerPoint keeps for programs


def read(source: Source, context: Context) -> Iterator[Find]:
    """Texts slide by slide, then pictures, embedded objects, macros and properties."""
    data = source.data
    with opened_ole(data) as opened:
        current = stream(opened, "Current User")
        sealed = current[12:16] == _ENCRYPTED or opened.exists("EncryptedSummary")
    if sealed:
        data, built_in = decrypted(data, context.extraction.passwords)
        yield Note(f"opened with {'a built-in password' if built_in else 'a password from the settings'}")
    with opened_ole(data) as opened:
        document = stream(opened, "PowerPoint Document")
        if not document:
            raise Unreadable(ProblemKind.UNSUPPORTED, "no PowerPoint 97 stream: older than PowerPoint 97")
        texts, objects = read_slides(document)
        yield from _passages(texts, context)
        for number, picture in enumerate(pictures_in(stream(opened, "Pictures")), 1):
            yield Child(f"picture {number}", picture)
        for number, embedded in enumerate(objects, 1):
            yield Child(f"embedded object {number}", embedded, None, f"embedded object {number}")
        yield from embedded_finds(opened, context, below={e[0] for e in opened.listdir() if len(e) > 1} or {""})
        yield from ole_macros(opened, context)
        yield from ole_properties(opened, context)


def _passages(texts: list[SlideText], context: Context) -> Iterator[Find]:
    """The texts in order; what the outline repeats of a slide, and the programs' own words, are left out."""
    on_slides = {text.text for text in texts if text.slide is not None}
    lines: dict[str, None] = {}
    prompts: dict[str, None] = {}
    for text in texts:
        if text.text.startswith(_OWN_NAME):
            continue
        if text.channel == "slide layout":
            (prompts if text.prompt else lines)[text.text] = None
            continue
        if text.channel == "outline" and text.text in on_slides:
            continue
        flags = frozenset({"hidden"}) if text.hidden else frozenset()
        yield Passage(text.text, context.place(slide=text.slide, channel=text.channel), None, flags)
    yield from background(prompts, lines, context.place(channel="slide layout"))
