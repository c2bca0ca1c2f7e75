"""Tests that a sentence states for what follows: its bound quantities in, the context with pressures and C-rates out."""

# ruff: noqa: E501  (long lines are word lists and patterns)

from __future__ import annotations

import re
from collections.abc import Callable

from sluicegate.tag.bound import Bound, Context, Sentence
from sluicegate.tag.condition import DENSITIES, RATED
from sluicegate.verdict import Quantity

_EACH = re.compile(r"\b(?:both|all|each)\b|均|都|以上|上述", re.I)


_BELOW_TOO = re.compile(
    r"\s?[,(]?\s?(?:下同|以下(?:均|都)?同|后同|余同|均同|(?:the )?same (?:below|throughout|for all|hereinafter|in what follows)|(?:here(?:in)?after|below) the same|likewise below|throughout\b)",
    re.I,
)


def hold_on(pairs: list[Bound], sentence: Sentence, context: Context) -> list[Bound]:
    """The bound quantities of a sentence; a test pressure or C-rate that it says to hold for what follows ("220 MPa,
    下同") is remembered and belongs to no sample."""
    changed = []
    for pair in pairs:
        held = pair.property in _HELD and pair.quantity.high is None and _BELOW_TOO.match(sentence.text, pair.end)
        if held:
            _HELD[pair.property](context).append(pair.quantity)
        changed.append(pair.of(None) if held else pair)
    return changed


_HELD: dict[str, Callable[[Context], list[Quantity]]] = {
    "pressure": lambda context: context.pressures,
    "c_rate": lambda context: context.rates,
}


def note_rates(pairs: list[Bound], sentence: Sentence, context: Context) -> None:
    """Remember the C-rate of a sentence that says how cells are tested but gives no result of one."""
    rates = [pair.quantity for pair in pairs if pair.property == "c_rate" and pair.quantity.high is None]
    if len(set(rates)) != 1 or any(pair.property in RATED or pair.property == "cycles" for pair in pairs):
        return
    if _CELLS.search(sentence.text, sentence.start, sentence.end):
        context.rates.append(rates[0])


_CELLS = re.compile(
    r"charged and discharged|charge[ /-]+discharge|capacit|half[ -]?cells?|coin|button|electrochemical|efficienc|充放电|充/放|放电|电性能|容量|扣电|扣式|半电池|纽扣|首圈|首次",
    re.I,
)


def note_pressures(pairs: list[Bound], sentence: Sentence, context: Context) -> None:
    """Remember a test pressure from a sentence that says how density is tested but gives no density."""
    named = any(mention.name == "compaction_density" for mention in sentence.mentions)
    if not named and "compaction_density" in context.last:
        named = _EACH.search(sentence.text, sentence.start, sentence.end) is not None
    if named and not any(pair.property in DENSITIES for pair in pairs):
        context.pressures.extend(
            pair.quantity for pair in pairs if pair.property == "pressure" and pair.quantity.high is None
        )
