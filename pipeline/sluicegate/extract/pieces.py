"""A long text in, pieces of it out, cut where a line, a sentence or a word ends."""

from __future__ import annotations

from collections.abc import Iterator


def pieces(text: str, size: int) -> Iterator[str]:
    """The text in pieces of about `size` characters, the last of up to twice as many; blanks at a cut are dropped.

    A cut is at the last end of a line in a piece, else of a Chinese sentence, else of a word, else anywhere.
    """
    start = 0
    while len(text) - start > 2 * size:
        stop = start + size
        found = (text.rfind(mark, start + 1, stop) + shift for mark, shift in (("\n", 0), ("。", 1), (" ", 0)))
        cut = next((place for place in found if place > start + size // 4), stop)
        yield text[start:cut]
        start = cut
        while text[start : start + 1] in ("\n", " "):
            start += 1
    yield text[start:]
