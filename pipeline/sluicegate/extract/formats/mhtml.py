"""A web archive (MHTML, RFC 2557) in, its page's text and its other files out."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.extract.frame import Context, Find, Source
from sluicegate.extract.mime.finds import mail_finds

MEDIA_TYPES = ("multipart/related",)


def read(source: Source, context: Context) -> Iterator[Find]:
    """The archive is a message without recipients: its page is a body in place, pictures and styles are children."""
    yield from mail_finds(source.data, context)
