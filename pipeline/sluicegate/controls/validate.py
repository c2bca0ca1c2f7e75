"""Control lists and vocabulary entries in, what is wrong or doubtful about them out, one finding a line.

Lists and vocabulary are plain values here (`Entry`), so that the vocabulary of the tagger, which stands above this
package, can be handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sluicegate.controls.model import ControlList, Point

_SAFE = 4  # Latin letters; a Chinese character counts as two
_ENOUGH = 60
_STALE_DAYS = 366


@dataclass(frozen=True, slots=True)
class Entry:
    """One vocabulary term as validation sees it: its phrases by language and the labels that it belongs to."""

    file: str
    id: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    points: tuple[str, ...]
    decisive: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: an `error` makes a list or term unusable, a `warning` wants a person's eye."""

    level: Literal["error", "warning"]
    where: str
    message: str


def validate(lists: Sequence[ControlList], entries: Sequence[Entry], *, today: date) -> tuple[Finding, ...]:
    """Every finding on the lists and the vocabulary, errors first."""
    findings = [*_lists(lists, today), *_vocabulary(entries), *_coverage(lists, entries)]
    return tuple(sorted(findings, key=lambda finding: finding.level))


def _lists(lists: Iterable[ControlList], today: date) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for control_list in lists:
        for point in control_list.points:
            if point.id in seen:
                yield Finding("error", point.id, f"stands in {seen[point.id]} and in {control_list.id}")
            seen[point.id] = control_list.id
            yield from _point(control_list, point)
        if control_list.effective < control_list.published:
            yield Finding("error", control_list.id, "takes effect before it was published")
        yield from _dates(control_list, today)


def _dates(control_list: ControlList, today: date) -> Iterator[Finding]:
    start, end = control_list.suspended_from, control_list.suspended_to
    if end is not None and (start is None or end < start):
        yield Finding("error", control_list.id, "the suspension ends before it begins")
    if end is not None and end < today and control_list.after_suspension == "unconfirmed":
        yield Finding("warning", control_list.id, f"the suspension ended on {end}; confirm what holds since")
    oldest = min((source.read for source in control_list.sources.values()), default=today)
    if (today - oldest).days > _STALE_DAYS:
        yield Finding("warning", control_list.id, f"a source was last read on {oldest}")


def _point(control_list: ControlList, point: Point) -> Iterator[Finding]:
    for criterion in point.criteria:
        where = f"{point.id} {criterion.property}"
        source = control_list.sources[criterion.source]
        if not criterion.confirmed and not criterion.note:
            yield Finding("error", where, "is unconfirmed and does not say why")
        if not criterion.confirmed or source.kind == "draft":
            yield Finding("warning", where, f"{criterion.threshold}: {criterion.note or 'rests on a draft'}")
    if point.numeric and not any(criterion.joint for criterion in point.criteria):
        yield Finding("error", point.id, "has criteria, but none that must hold jointly")


def _vocabulary(entries: Sequence[Entry]) -> Iterator[Finding]:
    ids: set[tuple[str, str]] = set()
    phrases: dict[tuple[str, str], str] = {}
    for entry in entries:
        where = f"{entry.file} {entry.id}"
        if (entry.file, entry.id) in ids:
            yield Finding("error", where, "the id stands twice in this file")
        ids.add((entry.file, entry.id))
        if not entry.zh or not entry.en:
            yield Finding("error", where, f"has no {'Chinese' if not entry.zh else 'English'} twin")
        for phrase in dict.fromkeys((*entry.zh, *entry.en)):
            earlier = phrases.setdefault((entry.file, phrase), entry.id)
            if earlier != entry.id:
                yield Finding("error", where, f"“{phrase}” stands under {earlier} too")
            if _unsafe(phrase, entry):
                yield Finding("error", where, f"“{phrase}” is too short to be decisive")


def _unsafe(phrase: str, entry: Entry) -> bool:
    """Whether a decisive phrase is so short that it stands inside or beside other words by chance."""
    if not entry.decisive or entry.exact:
        return False
    han = sum("\u3400" <= char <= "\u9fff" for char in phrase)
    return 2 * han + (len(phrase) - han) < _SAFE and phrase not in _KNOWN_SHORT


_KNOWN_SHORT = frozenset({"LFP", "M3P"})


def _coverage(lists: Sequence[ControlList], entries: Sequence[Entry]) -> Iterator[Finding]:
    """Points of technology without enough words in each language to be found by."""
    labels = {
        point.label for control_list in lists for point in control_list.points
        if point.subject == "technology" and control_list.suspended_from is None
    }  # fmt: skip
    for label in sorted(labels):
        own = [entry for entry in entries if label in entry.points]
        for language, count in (("zh", sum(len(e.zh) for e in own)), ("en", sum(len(e.en) for e in own))):
            if count < _ENOUGH:
                yield Finding("warning", label, f"has only {count} terms in {language}")
        if not any(entry.decisive for entry in own):
            yield Finding("error", label, "has no decisive term: no text can touch it")
