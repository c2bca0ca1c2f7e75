"""Bound quantities and the samples of their sentence in, the same with the sample that each belongs to out."""

from __future__ import annotations

import re

from sluicegate.tag.bound import Bound, Context, Sentence
from sluicegate.tag.condition import in_order
from sluicegate.tag.sample import Sample
from sluicegate.tag.shorthand import AFTER_DEMAND, DEMANDED

_SHARING = re.compile(r"均|都|\b(?:both|all|each)\b")
_TO_SAMPLE = re.compile(r"\s?\(?(?:[^\d,;]{0,24}\s)?(?:for|in|of|with|by)?\s?(?:the )?")
_SURELY = re.compile(r"\b(?:for|in|of)\s(?:the )?$|\($")
_COMMA = re.compile(r"[,;、]")
_AT_THE_END = re.compile(r"[^,;()（）]{0,14}$")
_FOR = re.compile(r"(?:\bfor|\bof|\bin|\bfrom|为|系|来自|属于)\s?(?:[\w-]+ ){0,3}(?:of |in |from )?$")
_STATED_ONCE = frozenset({"pressure", "c_rate", "voltage_window"})


def with_samples(pairs: list[Bound], sentence: Sentence, context: Context) -> list[Bound]:
    """The bound quantities of a sentence with their samples; `context` says whose section or turn it is."""
    samples = sentence.samples
    if not samples and context.current is None:
        return pairs
    demanded = DEMANDED.search(sentence.text, sentence.start, sentence.end) is not None
    if not samples:
        if not demanded:
            return [pair.of(context.current) for pair in pairs]
        return [pair.of(None if _limit(pair, sentence) else context.current) for pair in pairs]
    spread = _in_turn(pairs, samples, sentence)
    changed = []
    for pair in pairs:
        if demanded and _limit(pair, sentence):
            changed.append(pair.of(None))
            continue
        if (name := spread.get(pair.start)) is not None:
            changed.append(pair.of(name))
            continue
        alone = sum(other.property == pair.property for other in pairs) == 1
        shared = len(samples) > 1 and alone and _shared(pair, sentence)
        changed.append(pair.of(context.current if shared else _own(pair, sentence, context) or context.current))
    return changed


def _limit(pair: Bound, sentence: Sentence) -> bool:
    """Whether a value is what a specification asks for, and so of no sample."""
    return AFTER_DEMAND.search(sentence.text[max(sentence.start, pair.start - 36) : pair.start]) is not None


def follow(sentence: Sentence, context: Context) -> None:
    """Keep the only sample of a sentence for the sentences behind it; several samples leave it open."""
    names = {sample.name for sample in sentence.samples}
    if names:
        context.recent = names.pop() if len(names) == 1 else None


def _in_turn(pairs: list[Bound], samples: list[Sample], sentence: Sentence) -> dict[int, str]:
    """Samples for the properties that come as often as samples are listed: "examples 1 to 3 … 755, 765 and 775 °C"."""
    found: dict[int, str] = {}
    if len(samples) < 2:
        return found
    for group in _listed(samples, sentence):
        end = next((other.start for other in samples if other.start > group[-1].start), sentence.end)
        by_name: dict[str, list[Bound]] = {}
        for pair in pairs:
            if group[-1].end <= pair.start < end or len(group) == len(samples):
                by_name.setdefault(pair.property, []).append(pair)
        for mates in by_name.values():
            if len(mates) == len(group) and in_order(
                [sample.start for sample in group], [pair.start for pair in mates]
            ):
                found.update((pair.start, sample.name) for pair, sample in zip(mates, group, strict=True))
    return found


def _listed(samples: list[Sample], sentence: Sentence) -> list[list[Sample]]:
    """All samples of the sentence, and those that stand in one list."""
    groups = [samples]
    run = [samples[0]]
    for sample in samples[1:]:
        gap = sample.start - run[-1].end
        if gap <= 0 or (gap <= _LIST_GAP and not _BREAK.search(sentence.between(run[-1].end, sample.start))):
            run.append(sample)
        else:
            if 1 < len(run) < len(samples):
                groups.append(run)
            run = [sample]
    if 1 < len(run) < len(samples):
        groups.append(run)
    return groups


_LIST_GAP = 8
_BREAK = re.compile(r"[\d;。]")


def _of_all(sample: Sample, sentence: Sentence) -> bool:
    """Whether a sentence ends by saying whose all its values are: "161 (0.1C), 150 (1C) for the LFP of run 7"."""
    rest = sentence.text[sample.end : sentence.end]
    return _AT_THE_END.match(rest) is not None and _FOR.search(sentence.text, sentence.start, sample.start) is not None


def _shared(pair: Bound, sentence: Sentence) -> bool:
    """Whether one quantity belongs to all the samples of its sentence: a test condition, or "all below 8 ppb"."""
    if pair.property in _STATED_ONCE:
        return True
    before = sentence.text[max(sentence.start, pair.start - 30) : pair.start]
    return _SHARING.search(before) is not None


def _own(pair: Bound, sentence: Sentence, context: Context) -> str | None:
    before = [sample for sample in sentence.samples if sample.end <= pair.start]
    after = [sample for sample in sentence.samples if sample.start >= pair.end]
    gap = sentence.between(pair.end, after[0].start) if after else ""
    if after and _TO_SAMPLE.fullmatch(gap) and (not before or _SURELY.search(gap)):
        return after[0].name
    if before:
        return before[-1].name
    if len(sentence.samples) == 1 and after and context.current is None and _of_all(after[0], sentence):
        return after[0].name
    alone = context.current is None and (pair.property in _STATED_ONCE or not _COMMA.search(gap))
    return after[0].name if after and alone else None
