"""Text in, its skeleton out, and where each character of the skeleton stood.

Short texts go through `str.translate`. Longer ones are looked up as a whole in a table of code points that fills
itself in as characters turn up: a page costs about the same in every script.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sluicegate.tag.fold import Skeleton

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]

SHORT = 160  # characters below which a look-up of the whole text does not pay
_CODES = 0x110000
_UNKNOWN, _NOTHING = 0, 1  # no skeleton holds these control characters


class Folded(NamedTuple):
    """A skeleton, the highest character of its text, and what tells for places in it the places in the text."""

    text: str
    highest: str
    origins: Callable[[Sequence[int]], list[int]]


class Folder:
    """Folds texts to skeletons; spellings of one word have one skeleton."""

    def __init__(self) -> None:
        self._fold = Skeleton()
        self._look_up = Lookup(self._entry)
        self._several: list[str] = []
        self._last: tuple[str, Folded] | None = None

    def fold(self, text: str) -> Folded:
        """The skeleton of a text with the way back; that of the last text is kept, for the next filter to use."""
        if self._last is None or self._last[0] != text:
            self._last = text, self._folded(text)
        return self._last[1]

    def _folded(self, text: str) -> Folded:
        if len(text) < SHORT:
            return Folded(text.translate(self._fold), max(text, default=""), lambda places: self._origins(text, places))
        codes = codes_of(text)
        folded = self._look_up(codes)
        places = (folded > _NOTHING).nonzero()[0]
        folded = folded[places]
        if folded.size and int(folded.max()) >= _CODES:
            folded, places = self._spelled_out(folded, places)
        return Folded(text_of(folded), chr(codes.max()), lambda wanted: _listed(places[list(wanted)]))

    def _origins(self, text: str, places: Sequence[int]) -> list[int]:
        fold = self._fold
        origins = [place for place, char in enumerate(text) for _ in fold[ord(char)] or ""]
        return [origins[place] for place in places]

    def _entry(self, code: int) -> int:
        """A code point, `_NOTHING`, or beyond all code points the number of a longer skeleton."""
        plain = self._fold[code] or ""
        if len(plain) <= 1:
            return ord(plain) if plain else _NOTHING
        self._several.append(plain)
        return _CODES + len(self._several) - 1

    def _spelled_out(self, folded: Codes, places: NDArray[np.intp]) -> tuple[Codes, NDArray[np.intp]]:
        import numpy as np

        lengths = np.ones(folded.size, np.intp)
        marked = (folded >= _CODES).nonzero()[0]
        spelled = [self._several[number - _CODES] for number in folded[marked].tolist()]
        lengths[marked] = [len(plain) for plain in spelled]
        starts = (lengths.cumsum() - lengths)[marked].tolist()
        folded, places = folded.repeat(lengths), places.repeat(lengths)
        for start, plain in zip(starts, spelled, strict=True):
            folded[start : start + len(plain)] = codes_of(plain)
        return folded, places


class Lookup:
    """A table of code points that fills itself in: what `entry` makes of each that turns up."""

    def __init__(self, entry: Callable[[int], int]) -> None:
        self._entry = entry
        self._table: Codes | None = None

    def __call__(self, codes: Codes) -> Codes:
        """What each code point of a text becomes."""
        import numpy as np

        if self._table is None:
            self._table = np.zeros(_CODES, np.uint32)
        found: Codes = self._table[codes]
        if np.count_nonzero(found) < found.size:
            for code in np.unique(codes[found == _UNKNOWN]).tolist():
                self._table[code] = self._entry(code)
            found = self._table[codes]
        return found


def _listed(places: NDArray[np.intp]) -> list[int]:
    listed: list[int] = places.tolist()
    return listed


def codes_of(text: str) -> Codes:
    """The code points of a text; lone surrogates too."""
    import numpy as np  # 0.1 s, and never needed for short texts

    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))


def text_of(codes: Codes) -> str:
    """The inverse of `codes_of`."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")
