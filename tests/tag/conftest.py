"""A tagger built once, and small documents to tag."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from sluicegate.document import Document, Grid, Part, Passage, Place
from sluicegate.tag import Tagged, Tagger


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return Tagger.load()


def passage(text: str, path: str = "a.txt") -> Passage:
    return Passage(text, Place((path,)))


def table(rows: Sequence[Sequence[str]], path: str = "a.txt") -> Passage:
    text, spans = "", []
    for cells in rows:
        row = []
        for cell in cells:
            row.append((len(text), len(text) + len(cell)))
            text += cell + "\t"
        text = text[:-1] + "\n"
        spans.append(tuple(row))
    return Passage(text[:-1], Place((path,), table=1), Grid(tuple(spans)))


def document(*passages: Passage) -> Document:
    paths = dict.fromkeys(item.place.path for item in passages)
    return Document("a.txt", tuple(Part(path, "", "text/plain") for path in paths), passages)


@pytest.fixture
def tagged(tagger: Tagger) -> Callable[..., Tagged]:
    """Tags texts (str) and tables (lists of rows) as the passages of one document."""

    def tag(*parts: str | Sequence[Sequence[str]]) -> Tagged:
        return tagger.tag(document(*(passage(part) if isinstance(part, str) else table(part) for part in parts)))

    return tag
