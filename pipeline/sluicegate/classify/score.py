"""The score of one window of text."""

from __future__ import annotations

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
    """At or above `sure` a text teaches; at or above `unsure` it may."""

    sure: float
    unsure: float
