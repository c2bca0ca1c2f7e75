"""Bound quantities and the samples of their sentence in, the same with the sample that each belongs to out."""

from __future__ import annotations

import re

from sluicegate.tag.bound import Bound, Context, Sentence
from sluicegate.tag.condition import in_order
from sluicegate.tag.sample import Sample
from sluicegate.tag.shorthand import AFTER_DEMAND, DEMANDED

_SHARING = re.compile(r"(?<!平)均(?!压|价|值|匀)|都|\b(?:both|all|each)\b")
_TO_SAMPLE = re.compile(r"\s?\(?(?:[^\d,;]{0,24}\s)?(?:for|in|of|with|by)?\s?(?:the )?")
_SURELY = re.compile(r"\b(?:for|in|of)\s(?:the )?$|\($")
_COMMA = re.compile(r"[,;、]")
_AT_THE_END = re.compile(r"[^,;()（）]{0,14}$")
_FOR = re.compile(r"(?:\bfor|\bof|\bin|\bfrom|为|系|来自|属于)\s?(?:[\w-]+ ){0,3}(?:of |in |from )?$")
_SPEAKS_OF_ALL = re.compile(
    r"(?:\W|\d(?=[·)])){0,4}(?:all|both|each)\b|(?:\W|\d(?=[^\d.])){0,4}(?:[^\d,;]{0,8}均|以上|上述|各|注)", re.I
)
_EVERYWHERE = re.compile(r"\s?(?:in|for) (?:every case|all cases|each case|all of them|both\b|all\b|each\b|either\b)")
_STATED_ONCE = frozenset({"pressure", "c_rate", "voltage_window"})


def lead(sentence: Sentence, context: Context) -> None:
    """Forget the sample of a line that has ended, and note the sample that a sentence compares with."""
    if context.until is not None and sentence.start >= context.until:
        context.recent, context.until = None, None
    if sentence.referred:
        context.reference = sentence.referred[-1].name


def with_samples(pairs: list[Bound], sentence: Sentence, context: Context) -> list[Bound]:
    """The bound quantities of a sentence with their samples; `context` says whose section or turn it is."""
    samples = [sample for sample in sentence.samples if not sample.aside]
    if not sentence.samples and context.current is None and not context.told:
        return pairs
    demanded = DEMANDED.search(sentence.text, sentence.start, sentence.end) is not None
    spread = _set_apart(pairs, sentence, context)
    if samples:
        spread |= _in_turn(pairs, samples, sentence)
    elif context.told:
        spread |= _as_listed(pairs, sentence, context)
    lists = _lists(samples, sentence) if len(samples) > 1 else []
    planned = not samples and _PLANNED.search(sentence.text, sentence.start, sentence.end) is not None
    of_all = not samples and _SPEAKS_OF_ALL.match(sentence.text, sentence.start, sentence.end) is not None
    changed = []
    for pair in pairs:
        if demanded and _limit(pair, sentence):
            changed.append(pair.of(None))
            continue
        if (name := spread.get(pair.start)) is not None:
            changed.append(pair.of(name))
            continue
        if not samples:
            shared = of_all or planned
            changed.append(pair.of(None if shared and pair.property in _SET else context.current))
            continue
        if lists and pair.property in _SET and _of_list(pair, samples, lists):
            changed.append(pair.of(None))
            continue
        if lists and _of_list(pair, samples, lists) and _sharing(pair, sentence):
            changed.append(pair.of(None))  # "examples 1 to 3 all exceed 1.20 g/cm3"
            continue
        alone = sum(other.property == pair.property for other in pairs) == 1
        shared = len(samples) > 1 and alone and _shared(pair, sentence)
        changed.append(pair.of(context.current if shared else _own(pair, sentence, context) or context.current))
    return changed


_PLANNED = re.compile(
    r"下[一]?[轮次周批步月]|计划|打算|准备(?:将|把|再)|拟(?:将|把|在)|将(?:改|调|把|进一步)|"
    r"\b(?:next (?:week|run|batch|lot|month|time|trial|step)|will (?:be|try|run|raise|lower)|plan(?:ned|s)? to|"
    r"going to|intend(?:s|ed)? to|if you)\b",
    re.I,
)


def _of_list(pair: Bound, samples: list[Sample], lists: list[list[Sample]]) -> bool:
    """Whether a test or process condition stands beside a list of samples, and so holds for each of them."""
    before = [sample for sample in samples if sample.end <= pair.start]
    if not before:
        return any(run[0] is samples[0] for run in lists)
    return any(run[-1] is before[-1] for run in lists)


def _limit(pair: Bound, sentence: Sentence) -> bool:
    """Whether a value is what a specification asks for, and so of no sample."""
    return AFTER_DEMAND.search(sentence.text[max(sentence.start, pair.start - 36) : pair.start]) is not None


def follow(sentence: Sentence, context: Context) -> None:
    """Keep the only sample of a sentence for the sentences behind it; several samples leave it open."""
    own = [sample for sample in sentence.samples if not sample.aside]
    names = tuple(dict.fromkeys(sample.name for sample in own))
    if not names:
        return
    context.recent = names[0] if len(names) == 1 else None
    context.until = own[0].until
    context.told = (*(name for name in context.told if name not in names), *names)
    if len(names) > 1:
        context.listed = names


def _set_apart(pairs: list[Bound], sentence: Sentence, context: Context) -> dict[int, str]:
    """What belongs to another sample than its sentence: a value in the brackets of a sample ("(example 1: 4.6 mg/g)"),
    and the one that was changed where the text tells how it differs from another sample ("instead of 8 h")."""
    found: dict[int, str] = {}
    for sample in sentence.samples:
        if sample.aside:
            end = sentence.text.find(")", sample.end)
            found.update((pair.start, sample.name) for pair in pairs if sample.end <= pair.start < end)
    if context.reference is not None:
        stretches = [match.span(1) for match in _CHANGED.finditer(sentence.text, sentence.start, sentence.end)]
        for pair in pairs:
            before = sentence.text[max(sentence.start, pair.start - 16) : pair.start]
            if any(start <= pair.start < end for start, end in stretches) or _INSTEAD.search(before):
                found[pair.start] = context.reference
    return found


_CHANGED = re.compile(
    r"[由从]([^,;。由从]{1,24}?)(?:提高|增加?|降低?|升高?|改|减少?|延长|缩短|调整?|变|换)\w{0,2}?[为至到成]|"
    r"\bfrom (\d[^,;]{0,16}?) to (?=\d)"
)
_INSTEAD = re.compile(r"(?:instead of|rather than|in place of|而(?:非|不是)|代替)\s?(?:the |of )?$")


def _runs(pairs: list[Bound], sentence: Sentence) -> list[list[Bound]]:
    """The values of one property that stand in a list: "2.56, 2.59 and 2.62 g/cm3", "160.4 / 160.1 mAh/g"."""
    runs: list[list[Bound]] = []
    for pair in pairs:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and last.property == pair.property
            and _JOINT.fullmatch(sentence.text, last.end, pair.start)
        ):
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return [run for run in runs if len(run) > 1]


_JOINT = re.compile(r"\s?(?:[/,;、|和与及]|,?\s?(?:and|while|versus|vs\.?))\s?")


def _as_listed(pairs: list[Bound], sentence: Sentence, context: Context) -> dict[int, str]:
    """A list as long as that of the samples that the text named last: its values are theirs in turn. "Their" and "二者"
    mean samples that sentences of their own named, too."""
    ordered = _ORDERED.search(sentence.text, sentence.start, sentence.end) is not None
    theirs = _THEIRS.search(sentence.text, sentence.start, sentence.end) is not None
    found: dict[int, str] = {}
    for run in _runs(pairs, sentence):
        if run[0].property in _SET and not ordered:
            continue
        names = context.told[-len(run) :] if theirs and len(run) != len(context.listed) else context.listed
        if len(names) == len(run):
            found.update((pair.start, name) for pair, name in zip(run, names, strict=True))
    return found


_THEIRS = re.compile(r"\b(?:their|both|these|the (?:two|three|four))\b|二者|两者|三者|它们|上述|两批|三批", re.I)
_ORDERED = re.compile(r"respectively|successively|in (?:this|that) order|in turn|分别|依次|顺次")
_SET = frozenset(
    {"temperature", "time", "pressure", "c_rate", "cycles", "voltage_window", "ratio", "heating_rate", "press_force"}
)


def _in_turn(pairs: list[Bound], samples: list[Sample], sentence: Sentence) -> dict[int, str]:
    """Samples for the properties that come as often as samples are listed: "examples 1 to 3 … 755, 765 and 775 °C"."""
    found: dict[int, str] = {}
    if len(samples) < 2:
        return found
    runs = _runs(pairs, sentence)
    for group in _listed(samples, sentence):
        end = next((other.start for other in samples if other.start > group[-1].start), sentence.end)
        by_name: dict[str, list[Bound]] = {}
        for pair in pairs:
            if group[-1].end <= pair.start < end or len(group) == len(samples):
                by_name.setdefault(pair.property, []).append(pair)
        for name, mates in by_name.items():
            if name in _SET and len(group) < len(samples):
                continue  # a test of a list of samples holds for all of them, unless it is a list itself
            if len(mates) == len(group) and in_order(
                [sample.start for sample in group], [pair.start for pair in mates]
            ):
                found.update((pair.start, sample.name) for pair, sample in zip(mates, group, strict=True))
        for run in runs:
            if len(run) == len(group) and group[-1].end <= run[0].start < end:
                for pair, sample in zip(run, group, strict=True):
                    found.setdefault(pair.start, sample.name)
    return found


def _listed(samples: list[Sample], sentence: Sentence) -> list[list[Sample]]:
    """All samples of the sentence, and those that stand in one list."""
    return [samples, *(run for run in _lists(samples, sentence) if len(run) < len(samples))]


def _lists(samples: list[Sample], sentence: Sentence) -> list[list[Sample]]:
    """The samples that are listed: "examples 1 to 3", "batches 311 and 312"."""
    runs: list[list[Sample]] = []
    for sample in samples:
        gap = sample.start - runs[-1][-1].end if runs else 1
        listed = gap <= 0 or (
            gap <= _LIST_GAP and not _BREAK.search(sentence.between(sample.start - gap, sample.start))
        )
        if runs and listed:
            runs[-1].append(sample)
        else:
            runs.append([sample])
    return [run for run in runs if len(run) > 1]


_LIST_GAP = 8
_BREAK = re.compile(r"[\d;。]")


def _of_all(sample: Sample, sentence: Sentence) -> bool:
    """Whether a sentence ends by saying whose all its values are: "161 (0.1C), 150 (1C) for the LFP of run 7"."""
    rest = sentence.text[sample.end : sentence.end]
    return _AT_THE_END.match(rest) is not None and _FOR.search(sentence.text, sentence.start, sample.start) is not None


def _shared(pair: Bound, sentence: Sentence) -> bool:
    """Whether one quantity belongs to all the samples of its sentence: a test condition, or "all below 8 ppb"."""
    if pair.property in _STATED_ONCE:
        return not _of_first(pair, sentence)
    return _sharing(pair, sentence) or _EVERYWHERE.match(sentence.text, pair.end) is not None


def _sharing(pair: Bound, sentence: Sentence) -> bool:
    """Whether the clause before a value says that it is of all: "均大于1.20", "all below 8 ppb"."""
    before = sentence.text[max(sentence.start, pair.start - 30) : pair.start]
    before = before[max(before.rfind(sign) for sign in ",;、") + 1 :]
    return _SHARING.search(before) is not None


def _of_first(pair: Bound, sentence: Sentence) -> bool:
    """Whether a test stands behind the one sample that a sentence begins with, and before the others: "Example 2 has
    2.60 g/cm3 under 220 MPa, whereas that of Example 1 …"."""
    before = [sample for sample in sentence.samples if sample.end <= pair.start]
    behind = [sample for sample in sentence.samples if sample.start >= pair.end]
    measured = any(sample.end <= found.start < pair.start for sample in before for found in sentence.found)
    return len(before) == 1 and bool(behind) and measured


_OF_OTHERS = re.compile(
    r"\s?(?:for|in|of|with) (?:the|a|an) (?:reference|control|comparison|conventional|known|prior|"
    r"commercial|competing|competitor'?s?|standard|undoped|untreated)\b"
)


def _own(pair: Bound, sentence: Sentence, context: Context) -> str | None:
    before = [sample for sample in sentence.samples if sample.end <= pair.start]
    after = [sample for sample in sentence.samples if sample.start >= pair.end]
    gap = sentence.between(pair.end, after[0].start) if after else ""
    if after and not before and _OF_OTHERS.match(sentence.text, pair.end):
        return None  # "0.95 g/cm3 for the reference to 1.24 g/cm3 for example 4"
    if after and _TO_SAMPLE.fullmatch(gap) and (not before or _SURELY.search(gap)):
        return after[0].name
    if before:
        return before[-1].name
    if len(sentence.samples) == 1 and after and context.current is None and _of_all(after[0], sentence):
        return after[0].name
    alone = context.current is None and (pair.property in _STATED_ONCE or not _COMMA.search(gap))
    return after[0].name if after and alone else None
