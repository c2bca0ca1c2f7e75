"""A mailbox file (RFC 4155) in, its messages out, each as a file of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluicegate.document import ProblemKind
from sluicegate.extract.frame import Context, Find, Source
from sluicegate.extract.mime.fields import normalised
from sluicegate.extract.mime.finds import mail_finds, message_child

MEDIA_TYPES = ("application/mbox",)

_START = re.compile(rb"(?:\A|\n)From \S[^\r\n]{0,200}?\d{2}:\d{2}[^\r\n]{0,100}\r?\n(?=(?:>?From |[!-9;-~]+:))")
_ENVELOPE = 120
"""A longer "From " line than this stays in its message, where it is read as text."""


def read(source: Source, context: Context) -> Iterator[Find]:
    """A message begins at a "From " line with a time, before a header; a body that holds one is cut, but all is read.

    A file of one message is read in place: many programs save a message with its "From " line.
    """
    data = normalised(source.data)
    starts = [match.start() + (data[match.start()] == 0x0A) for match in _START.finditer(data)] or [0]
    starts[0] = 0
    if len(starts) == 1:
        yield from mail_finds(data, context)
        return
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(data)], strict=True), 1):
        if number > context.limits.members:
            yield context.problem(ProblemKind.TOO_MANY, f"more than {context.limits.members} messages")
            return
        line, _, message = data[start:end].partition(b"\n")
        if len(line) > _ENVELOPE or not line.startswith(b"From "):
            message = data[start:end]
        yield from message_child(f"message {number}", message, context)
