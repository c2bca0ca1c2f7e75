"""Bytes in, Document out: finds the type of each file, runs its reader, recurses into children, keeps the limits."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain

from sluicegate.document import Document, Part, Passage, Place, Problem, ProblemKind
from sluicegate.extract.advice import unsupported
from sluicegate.extract.appended import appended
from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable
from sluicegate.extract.merge import merge_passages
from sluicegate.extract.ocr import find_ocr
from sluicegate.extract.packed import find_packed
from sluicegate.extract.quiet import silence_parsers
from sluicegate.extract.registry import reader_for
from sluicegate.extract.sniff import sniff
from sluicegate.extract.sniff_names import promises_format
from sluicegate.settings import Settings

_HALF = re.compile("[\ud800-\udfff]")
SOFT_SHARE = 0.8
"""Share of the wall time after which reading stops by itself, so that what was read is kept; later the worker dies."""


@dataclass(slots=True)
class _Haul:
    """What one document has yielded so far, against its limits."""

    until: float
    parts: list[Part] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seen: dict[str, Place] = field(default_factory=dict)
    characters: int = 0
    bytes: int = 0
    full: bool = False

    def stop(self, kind: ProblemKind, place: Place, detail: str) -> None:
        """Take nothing more, and say why."""
        self.problems.append(Problem(kind, place, detail))
        self.full = True


def extract_bytes(
    data: bytes,
    *,
    name: str,
    settings: Settings,
    interesting: Callable[[str], bool] = bool,
    media_type: str | None = None,
) -> Document:
    """Read one file given as bytes.

    `interesting` tells whether a page's text deserves dear work (ruled tables). `media_type` is a type known for
    certain (a gateway knows that it was handed a message): bytes that look like something else are read as both.
    Never raises for a bad document: what cannot be read is in `Document.problems`.
    """
    silence_parsers()
    haul = _Haul(time.monotonic() + SOFT_SHARE * settings.limits.seconds)
    ocr = find_ocr() if settings.extraction.ocr == "auto" else None
    context = Context((name,), settings.limits, settings.extraction, interesting, ocr)
    _descend(Child(name, data, media_type), context, haul)
    if media_type is not None and haul.parts[0].media_type != media_type and len(data) <= settings.limits.bytes:
        _keep_all(finds_of(Source(name, data, media_type), context), context, haul)
    passages = tuple(merge_passages(haul.passages))
    return Document(name, tuple(haul.parts), passages, tuple(haul.problems), tuple(haul.notes))


def _descend(child: Child, context: Context, haul: _Haul) -> None:
    """Read one file, unless a limit is in the way or the same bytes were read before."""
    haul.bytes += len(child.data)
    sniffed = sniff(child.data, name=child.name, hint=child.media_type)
    digest = hashlib.sha256(child.data).hexdigest()
    haul.parts.append(Part(context.path, digest, sniffed.media_type))
    here = Place(context.path)
    if sniffed.note:
        haul.notes.append(f"{here.text}: {sniffed.note}")
    if not _within_limits(child, here, context, haul):
        return
    if digest in haul.seen and child.data:  # quines, and bombs of many equal layers, end here
        if not sniffed.media_type.startswith("image/"):
            haul.notes.append(f"{here.text}: the same bytes as {haul.seen[digest].text}")
        return
    haul.seen[digest] = here
    first = len(haul.passages)
    _keep_all(finds_of(Source(child.name, child.data, sniffed.media_type), context), context, haul)
    if not haul.full:
        own = (passage.text for passage in haul.passages[first:] if passage.place.path == context.path)
        _keep_all(_guarded(_packed_finds(own, context), context), context, haul)


def _packed_finds(texts: Iterator[str], context: Context) -> Iterator[Find]:
    """The files that stand in a file's text as base64 or hexadecimal digits."""
    for number, packed in enumerate(find_packed(texts), 1):
        if packed.known:
            yield Child(f"encoded {number}", packed.data, channel="encoded text")
        else:
            yield context.problem(ProblemKind.UNSUPPORTED, f"{len(packed.data)} encoded bytes of no known kind")


def _within_limits(child: Child, here: Place, context: Context, haul: _Haul) -> bool:
    limits = context.limits
    if len(context.path) > limits.depth + 1:
        haul.problems.append(Problem(ProblemKind.TOO_DEEP, here, f"deeper than {limits.depth} containers"))
    elif len(haul.parts) > limits.members:
        haul.stop(ProblemKind.TOO_MANY, here, f"more than {limits.members} files inside")
    elif len(child.data) > (limits.bytes if len(context.path) == 1 else limits.part_bytes):
        haul.problems.append(Problem(ProblemKind.TOO_LARGE, here, f"{len(child.data)} bytes"))
    elif haul.bytes > limits.total_bytes:
        haul.stop(ProblemKind.TOO_LARGE, here, f"more than {limits.total_bytes} bytes in all")
    else:
        return True
    return False


def finds_of(source: Source, context: Context) -> Iterator[Find]:
    """Everything that the reader of this type finds, and what is appended to the file; its failure is a last problem.

    Never empty and never raises for a bad document: a file in which nothing is found is a problem.
    """
    settled = False
    for find in chain(_guarded(_reader_finds(source, context), context), _guarded(appended(source), context)):
        if isinstance(find, Passage) and not find.text.strip():
            continue
        settled = settled or not isinstance(find, Note) or find.silent or find.blank
        yield find
    if not settled:
        yield context.problem(ProblemKind.NO_TEXT, "nothing to read was found in it")


def _reader_finds(source: Source, context: Context) -> Iterator[Find]:
    reader = reader_for(source.media_type)
    if not source.data:
        yield _empty(source.name, context)
    elif reader is None:
        yield context.problem(ProblemKind.UNSUPPORTED, unsupported(source.media_type, source.name))
    else:
        yield from reader(source, context)


def _empty(name: str, context: Context) -> Find:
    """A file of no bytes: nothing in it can leave, but one that should have had a format has lost its content."""
    if promises_format(name):
        return context.problem(ProblemKind.DAMAGED, "the file is empty")
    return Note("the file is empty", blank=True)


def _keep_all(finds: Iterator[Find], context: Context, haul: _Haul) -> None:
    for find in finds:
        _keep(find, context, haul)
        if haul.full:
            return
        if time.monotonic() > haul.until:
            haul.stop(ProblemKind.TIMED_OUT, Place(context.path), "reading stopped before its time limit")
            return


def _guarded(finds: Iterator[Find], context: Context) -> Iterator[Find]:
    """The finds of a reader, or of what looks at its texts; its failure becomes a last find."""
    try:
        yield from finds
    except Unreadable as stop:
        yield context.problem(stop.kind, stop.detail)
    except MemoryError:
        yield context.problem(ProblemKind.OUT_OF_MEMORY, "the reader ran out of memory")
    except RecursionError:
        yield context.problem(ProblemKind.TOO_DEEP, "nested too deeply for its reader")
    except BaseException as error:  # a parser may raise anything on hostile bytes; unread, not clean
        # A panic inside a Rust library is no Exception; leaving the program and closing the generator must go on.
        if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
            raise
        yield context.problem(ProblemKind.DAMAGED, f"reader failed: {type(error).__name__}")


def _sound(passage: Passage) -> Passage:
    """The passage without halves of characters (lone surrogates), which no later stage could write down."""
    if passage.text.isascii() or not _HALF.search(passage.text):
        return passage
    return replace(passage, text=_HALF.sub("\ufffd", passage.text))


def _keep(find: Find, context: Context, haul: _Haul) -> None:
    match find:
        case Passage():
            haul.characters += len(find.text)
            if haul.characters > context.limits.characters:
                haul.stop(ProblemKind.TOO_LARGE, find.place, f"more text than {context.limits.characters} characters")
            else:
                haul.passages.append(_sound(find))
        case Problem():
            haul.problems.append(find)
        case Note():
            if not find.silent:
                haul.notes.append(f"{Place(context.path).text}: {find.text}")
        case Child():
            inner = context.within(find.name)
            if find.metadata.strip():
                haul.passages.append(Passage(find.metadata, inner.place(channel=find.channel or "description")))
            _descend(find, inner, haul)
