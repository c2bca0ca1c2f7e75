"""The score of one window of text."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WindowScore:
    """What the model says of `document.passages[passage].text[start:end]`.

    `teaches`: calibrated probability that the window teaches how to make something, whatever it is; `controlled`: that
    it does and that what it teaches is listed; `points`: the same for each training label, one against the rest.
    """

    passage: int
    start: int
    end: int
    teaches: float
    controlled: float
    points: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """At or above `sure` a text teaches; at or above `unsure` it may.

    `unsure_in` and `sure_in` have (language, threshold) where a language has one of its own.
    """

    sure: float
    unsure: float
    unsure_in: tuple[tuple[str, float], ...] = ()
    sure_in: tuple[tuple[str, float], ...] = ()

    def unsure_of(self, languages: Set[str]) -> float:
        """`unsure` for a text in these languages; one in several gets the general one."""
        return _of(languages, self.unsure_in, self.unsure)

    def sure_of(self, languages: Set[str]) -> float:
        """The same for `sure`."""
        return _of(languages, self.sure_in, self.sure)


def _of(languages: Set[str], own: tuple[tuple[str, float], ...], general: float) -> float:
    if len(languages) == 1:
        for language, threshold in own:
            if language in languages:
                return threshold
    return general
