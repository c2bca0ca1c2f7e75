"""Bytes in, Document out: finds the type of each file, runs its reader, recurses into children, keeps the limits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sluicegate.document import Document, Part, Passage, Place, Problem, ProblemKind
from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable
from sluicegate.extract.merge import merge_passages
from sluicegate.extract.registry import reader_for
from sluicegate.extract.sniff import sniff
from sluicegate.settings import Settings


@dataclass(slots=True)
class _Haul:
    """What one document has yielded so far, against its limits."""

    parts: list[Part] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    characters: int = 0
    bytes: int = 0
    full: bool = False


def extract_bytes(
    data: bytes, *, name: str, settings: Settings, interesting: Callable[[str], bool] = bool
) -> Document:
    """Read one file given as bytes.

    `interesting` tells whether a page's text deserves dear work (ruled tables). Never raises for a bad document: what
    cannot be read is in `Document.problems`.
    """
    haul = _Haul()
    context = Context((name,), settings.limits, settings.extraction, interesting)
    _descend(Child(name, data), context, haul)
    return Document(name, tuple(haul.parts), tuple(merge_passages(haul.passages)), tuple(haul.problems), tuple(haul.notes))


def _descend(child: Child, context: Context, haul: _Haul) -> None:
    limits = context.limits
    haul.bytes += len(child.data)
    sniffed = sniff(child.data, name=child.name, hint=child.media_type)
    part = Part(context.path, hashlib.sha256(child.data).hexdigest(), sniffed.media_type)
    haul.parts.append(part)
    here = Place(context.path)
    if sniffed.note:
        haul.notes.append(f"{here.text}: {sniffed.note}")
    if len(context.path) > limits.depth + 1:
        haul.problems.append(Problem(ProblemKind.TOO_DEEP, here, f"deeper than {limits.depth} containers"))
    elif len(haul.parts) > limits.members:
        haul.problems.append(Problem(ProblemKind.TOO_MANY, here, f"more than {limits.members} files inside"))
        haul.full = True
    elif len(child.data) > (limits.bytes if len(context.path) == 1 else limits.part_bytes):
        haul.problems.append(Problem(ProblemKind.TOO_LARGE, here, f"{len(child.data)} bytes"))
    elif haul.bytes > limits.total_bytes:
        haul.problems.append(Problem(ProblemKind.TOO_LARGE, here, f"more than {limits.total_bytes} bytes in all"))
        haul.full = True
    else:
        _read(Source(child.name, child.data, sniffed.media_type), context, haul)


def _read(source: Source, context: Context, haul: _Haul) -> None:
    reader = reader_for(source.media_type)
    if reader is None:
        haul.problems.append(context.problem(ProblemKind.UNSUPPORTED, f"no reader for {source.media_type}"))
        return
    for find in _guarded(reader(source, context), context):
        _keep(find, context, haul)
        if haul.full:
            return


def _guarded(finds: Iterator[Find], context: Context) -> Iterator[Find]:
    """The reader's finds; its failure becomes a last find."""
    try:
        yield from finds
    except Unreadable as stop:
        yield context.problem(stop.kind, stop.detail)
    except MemoryError:
        yield context.problem(ProblemKind.OUT_OF_MEMORY, "the reader ran out of memory")
    except RecursionError:
        yield context.problem(ProblemKind.TOO_DEEP, "nested too deeply for its reader")
    except Exception as error:  # a parser may raise anything on hostile bytes; unread, not clean
        yield context.problem(ProblemKind.DAMAGED, f"reader failed: {type(error).__name__}")


def _keep(find: Find, context: Context, haul: _Haul) -> None:
    match find:
        case Passage():
            haul.characters += len(find.text)
            if haul.characters > context.limits.characters:
                haul.problems.append(Problem(ProblemKind.TOO_LARGE, find.place, "more text than the limit"))
                haul.full = True
            else:
                haul.passages.append(find)
        case Problem():
            haul.problems.append(find)
        case Note():
            haul.notes.append(f"{Place(context.path).text}: {find.text}")
        case Child():
            _descend(find, context.within(find.name), haul)
