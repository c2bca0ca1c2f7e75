"""What a format module gets and gives: it takes a Source and a Context and yields passages, problems and children.

A format is one module in `sluicegate.extract.formats` with two names::

    MEDIA_TYPES = ("application/pdf",)

    def read(source: Source, context: Context) -> Iterator[Find]: ...

`read` is a generator: what it yielded before it failed is kept, and the driver turns the failure into a problem.
Readers never open paths, never recurse by themselves and never swallow a part silently: a part that they cannot read
is a `Problem`, a file inside the file is a `Child`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sluicegate.document import Passage, Place, Problem, ProblemKind
from sluicegate.settings import Extraction, Limits


@dataclass(frozen=True, slots=True)
class Source:
    """One file's bytes with its name and its type, found by content."""

    name: str
    data: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class Child:
    """A file found inside a file: an attachment, an archive member, an embedded object.

    `media_type` is a hint only: the driver looks at the content. `channel` tells where the child was found when its
    name does not ("sheet Costs, embedded object 2"). `metadata` are a few words about the child that are part of what
    leaves (its description, say); they are read as a passage of their own in that channel.
    """

    name: str
    data: bytes = field(repr=False)
    media_type: str | None = None
    channel: str | None = None
    metadata: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark that is neither text nor trouble, for the verdict's `notes` ("name says PDF, content is HTML").

    A remark alone does not account for a file, and the driver reports one in which nothing else was found. `blank`
    says that the file was read to its end and holds no words (an archive without members); a `silent` remark says so
    too and is not kept (a logo).
    """

    text: str
    silent: bool = False
    blank: bool = False


Find = Passage | Problem | Child | Note


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may know: its place, the limits, and whether a page is interesting enough for dear work."""

    path: tuple[str, ...]
    limits: Limits
    extraction: Extraction
    interesting: Callable[[str], bool] = field(repr=False)
    ocr: Callable[[bytes], str] | None = field(default=None, repr=False)

    def place(self, **where: Any) -> Place:
        """A place inside the current file; keywords as in `Place`."""
        return Place(self.path, **where)

    def inside(self, name: str) -> Place:
        """The place of a child of the current file, for a problem with a child that could not be taken out."""
        return Place((*self.path, clean_name(name)))

    def problem(self, kind: ProblemKind, detail: str = "", **where: Any) -> Problem:
        """A problem inside the current file."""
        return Problem(kind, self.place(**where), detail)

    def within(self, name: str) -> Context:
        """The context for a child of the current file."""
        return replace(self, path=(*self.path, clean_name(name)))


_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean_name(name: str) -> str:
    """A member's name as it may be shown: bytes that are not UTF-8, controls and direction marks escaped."""
    shown = _UNPRINTABLE.sub(lambda match: ascii(match[0])[1:-1], name.replace("\\", "/") if name else "unnamed")
    return shown if len(shown) <= 240 else f"{shown[:180]}…{shown[-59:]}"


class Unreadable(Exception):
    """Raised by a reader to stop with a problem: what it yielded so far stays."""

    def __init__(self, kind: ProblemKind, detail: str = "") -> None:
        super().__init__(f"{kind.value}: {detail}")
        self.kind = kind
        self.detail = detail
