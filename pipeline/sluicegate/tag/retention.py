"""What is kept of a capacity, and at which rate: the rates of a sentence and a retention in, those that it is at out.

"1C/0.1C", "relative to 0.1C", "97.5 % of the 0.1C capacity" name a rate that others are compared with; "1C: 152.9 mAh/g
(97.3 %)" says in brackets how much of it is left.
"""

# ruff: noqa: E501  (long lines are patterns)

from __future__ import annotations

import re

from sluicegate.tag.bound import Bound, Sentence

_REFERENCE = re.compile(
    r"\d\s?C\s?/\s?$|(?:relative|compared|referred) (?:to|with) (?:that at |the capacity at |the )?$|(?:vs\.?|versus) $|(?:of|than|vs\.?|versus|to) (?:that |(?:the|its) (?:capacity|value|one) )(?:measured |obtained )?at $|(?:相对于?|较|(?<!C)(?<!C )与|相比于?)$",
    re.I,
)


def kept_at_rate(sentence: Sentence, index: int) -> bool:
    """Whether a percentage stands in the brackets of a capacity at a rate well above 0.1C, and so is what is left of it."""
    quantity = sentence.found[index]
    if not index or quantity.quantity.unit != "%" or not _LEAST <= quantity.quantity.value <= _WHOLE:
        return False
    capacity = sentence.found[index - 1]
    if (
        capacity.family != "specific capacity"
        or _BRACKET.fullmatch(sentence.text, capacity.end, quantity.start) is None
    ):
        return False
    rates = [found for found in sentence.found[: index - 1] if found.family == "rate"]
    return bool(rates) and rates[-1].quantity.value >= _FAST and _CLOSED.match(sentence.text, quantity.end) is not None


_LEAST, _WHOLE = 50, 100  # % that is left of a capacity
_FAST = 0.5  # C from which a capacity is compared with the one at 0.1C
_BRACKET = re.compile(
    r"\s?(?:(?:remain(?:ed|s)?|(?:is|are|were) left)\s?)?\((?:(?:capacity )?retention|容量保持率?|保持率?|kept)?\s?(?:of |为|:|=)?\s?"
)
_CLOSED = re.compile(r"\s?(?:(?:capacity )?retention|kept|of 0\.1 ?C)?\s?\)")


def _of_bracket(rates: list[Bound], pair: Bound, pairs: list[Bound], sentence: Sentence) -> Bound | None:
    """The rate of the capacity in whose brackets a retention stands."""
    for other in pairs:
        if other.property == "specific_capacity" and _BRACKET.fullmatch(sentence.text, other.end, pair.start):
            return next((rate for rate in reversed(rates) if rate.end <= other.start), None)
    return None


def rates_of_retention(rates: list[Bound], pair: Bound, pairs: list[Bound], sentence: Sentence) -> list[Bound]:
    """The rates that a retention may be at: none that others are compared with, unless nothing else is left ("relative
    to 0.1C it kept 97 % of its capacity at 1C")."""
    if (own := _of_bracket(rates, pair, pairs, sentence)) is not None:
        return [own]
    free = [rate for rate in rates if not _spent(rate, pair, pairs)]
    kept = [rate for rate in free if not _compared_with(rate, sentence)]
    if kept or not any(_RELATIVE.search(sentence.text, sentence.start, rate.start) for rate in free[1:]):
        return kept
    return free[1:]


_RELATIVE = re.compile(r"\b(?:relative|compared|referred) to\b|相对于?|相比", re.I)


def _compared_with(rate: Bound, sentence: Sentence) -> bool:
    """Whether a rate is only what another is compared with: "1C/0.1C", "relative to 0.1C", "of that at 0.1C"."""
    if _CAPACITY_AFTER.match(sentence.text, rate.end) and _OF_THE.search(sentence.text, sentence.start, rate.start):
        return True  # "97.5 % of the 0.1C capacity"
    if _OF_THAT.match(sentence.text, rate.end):
        return True  # "1C容量为0.1C的97.4%"
    return is_reference(sentence.text[max(sentence.start, rate.start - 28) : rate.start])


_CAPACITY_AFTER = re.compile(r"\s?(?:discharge )?(?:capacity|value)\b")
_OF_THAT = re.compile(r"\s?(?:时|下)?(?:的)?(?:放电)?(?:比?容量)?的\s?\d")
_OF_THE = re.compile(r"%\s?of (?:the|its) $")


def _spent(rate: Bound, pair: Bound, pairs: list[Bound]) -> bool:
    """Whether a rate belongs to a capacity that stands between it and a retention."""
    return any(
        other.property == "specific_capacity" and rate.end <= other.start and other.end <= pair.start for other in pairs
    )


def is_reference(before: str) -> bool:
    """Whether the words before a rate say that others are compared with it."""
    return _REFERENCE.search(before) is not None
