"""A sentence in, the property name that each of its quantities goes with out: the one right before it, one of a list
of equal length, else the nearest that fits its unit."""

# ruff: noqa: E501  (long lines are patterns)

from __future__ import annotations

import re

from sluicegate.tag.bound import Sentence
from sluicegate.tag.properties import Mention
from sluicegate.tag.quantity import Found

CONNECTION = r"\s?(?:\([^()]{0,30}\)|（[^（）]{0,30}）)?\s?(?:值|含量)?\s?(?:分别|依次|达到|达|为|是|在|约|:|=|>=|<=|≥|≤|>|<|of|is|was|were|reached|reaches|reaching|came to|comes to|stays at|at|about|到了?|做到|做到了|做出|目标|只有|仅有?|可达|高达|降至|降到|升至|升到|提高到|提高至|有|不低于|不小于|大于|超过|不高于|at least|控制|only|~|\s){0,4}"
CONNECTOR = re.compile(CONNECTION)
_CLAUSE = re.compile(r";")
_ADJACENT = re.compile(r"\s?(?:的|of|in|as|for)?\s?(?:a |the )?(?:\w{0,12}\s)?")
_CLOSE = 48
_PERCENT = frozenset(
    {
        "first_cycle_efficiency",
        "coulombic_efficiency",
        "capacity_retention",
        "yield",
        "current_efficiency",
        "humidity",
        "solid_content",
    }
)
_GOES_ON = re.compile(
    r"(?:[,、;(:/→]|\b(?:and|or|not|to|for|of|vs|versus|from|than|only|is|was|at|with|typically|gave|has|had|shows?|came|after|respectively)\b|\bat \S+ ?C\b|\d ?C\b|"
    r"[和与及或由从为是达仅]|依次|分别|优选|进一步|更|[降升增减低高少善][到至]|limit|spec\.?|target|over|above|below|exceed\w*|超出|超过|max\.?|min\.?|against|限值|上限|内控|标准|要求|典型值?|实测值?|时|下|后|号|例 ?\d+|品 ?[A-Z\d]+|批 ?\d+|ple \w+|lot \w+|batch \w+)\s?(?:[≥≤<>=~±]|about|ca\.?|约|不低于|不超过|大于|小于|at least)*\s?$",
    re.I,
)
_FAR = frozenset({"first_cycle_efficiency", "capacity_retention"})


def paired(sentence: Sentence) -> dict[int, Mention]:
    """Mentions and quantities of one family that come as two lists of equal length, paired in order."""
    pairs: dict[int, Mention] = {}
    if len(sentence.mentions) < 2 or len(sentence.found) < 2:
        return pairs
    for family in {quantity.family for quantity in sentence.found}:
        events = [(m.start, "m", n) for n, m in enumerate(sentence.mentions) if family in m.families]
        if len(events) < 2:
            continue
        events += [(q.start, "q", n) for n, q in enumerate(sentence.found) if q.family == family]
        events.sort()
        kinds = "".join(kind for _, kind, _ in events)
        for match in re.finditer(r"(m{2,})(q{2,})", kinds):
            names = [sentence.mentions[number] for _, _, number in events[match.start(1) : match.end(1)]]
            numbers = [number for _, _, number in events[match.start(2) : match.end(2)]]
            if len(names) == len(numbers) and len({name.name for name in names}) == len(names):
                pairs.update(zip(numbers, names, strict=True))
    return pairs


def adjacent(sentence: Sentence, quantity: Found) -> Mention | None:
    """The fitting mention right before a quantity, with nothing but "is", "of", "about" between them."""
    for mention in reversed(sentence.mentions):
        if mention.end <= quantity.start:
            if quantity.start - mention.end > _CLOSE:
                return None
            if quantity.family in mention.families and CONNECTOR.fullmatch(sentence.text, mention.end, quantity.start):
                return mention
    return None


def nearest(sentence: Sentence, index: int, taken: set[int]) -> Mention | None:
    """The mention that a quantity goes with: the last that fits before it, or one close behind it."""
    quantity = sentence.found[index]
    previous, following = _around(sentence, quantity)
    if following is None:
        if previous is None:
            return None
        if _CLAUSE.search(sentence.between(previous.end, quantity.start)):
            goes_on = quantity.family in ("density", "fraction") and _may_have(previous, quantity, sentence, taken)
            return previous if goes_on or previous.start not in taken else None
    elif (previous is None or previous.start in taken) and _ADJACENT.fullmatch(
        sentence.between(quantity.end, following.start)
    ):
        return following
    if previous is not None and not _may_have(previous, quantity, sentence, taken):
        previous = None
    if previous is not None:
        limit = 110
        if quantity.family == "density" or quantity.quantity.unit == "ppb" or previous.name in _FAR:
            limit = 200
        return previous if quantity.start - previous.end <= limit else None
    if (
        following is not None
        and following.start - quantity.end <= 40
        and not _CLAUSE.search(sentence.between(quantity.end, following.start))
    ):
        return None if _claimed(sentence, index, following) else following
    return None


def _may_have(mention: Mention, quantity: Found, sentence: Sentence, taken: set[int]) -> bool:
    """Whether a mention before a quantity may name it: a second value only where the words before it go on with the first ("… and 95.4 %", "降到14ppb"), not where they name something else."""
    if mention.start not in taken:
        return True
    if quantity.quantity.unit == "ppb":
        return True
    if mention.name == "dew_point":
        return False
    if quantity.family != "fraction":
        return True
    return _GOES_ON.search(sentence.text[max(mention.end, quantity.start - 30) : quantity.start]) is not None


def _around(sentence: Sentence, quantity: Found) -> tuple[Mention | None, Mention | None]:
    """The last fitting mention before a quantity and the first behind it."""
    previous: Mention | None = None
    whole = quantity.quantity.unit == "%"
    for mention in sentence.mentions:
        if quantity.family in mention.families and (whole or mention.name not in _PERCENT):
            if mention.end <= quantity.start:
                previous = mention
            elif mention.start >= quantity.end:
                return previous, mention
    return previous, None


def _claimed(sentence: Sentence, index: int, mention: Mention) -> bool:
    """Whether a mention behind a quantity belongs to the next quantity of the family, which stands closer to it."""
    family = sentence.found[index].family
    following = next((q for q in sentence.found[index + 1 :] if q.family == family), None)
    if following is None:
        return False
    return following.start < mention.start or following.start - mention.end <= 14
