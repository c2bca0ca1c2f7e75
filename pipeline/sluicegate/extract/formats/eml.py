"""A mail message in, its header, bodies and attachments out: all that any recipient's mail program could show."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.extract.frame import Context, Find, Source
from sluicegate.extract.mime.finds import mail_finds

MEDIA_TYPES = ("message/rfc822", "message/global")


def read(source: Source, context: Context) -> Iterator[Find]:
    """Header fields and texts as passages, attachments and messages inside as children, the rest as problems."""
    yield from mail_finds(source.data, context)
