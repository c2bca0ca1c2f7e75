"""A font in (in an e-book, a web page, a package), the remark that it holds no text out."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.extract.frame import Context, Find, Note, Source

MEDIA_TYPES = ("font/ttf", "font/otf", "font/woff", "font/woff2", "font/collection")


def read(source: Source, context: Context) -> Iterator[Find]:
    """One remark: shapes of characters teach nothing."""
    del source, context
    yield Note("a font", blank=True)
