"""One labelled sample, whatever file it came from: the text of its passages, what it teaches, and where it belongs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

POINTS = (
    "lfp", "lmfp", "phosphate_precursor", "spodumene_carbonate", "spodumene_hydroxide", "lithium_metal", "brine",
    "purified_liquid", "gallium",
)  # fmt: skip
SHIPPED = "written for Sluicegate"
RETOLD = "re-told from public pages"
OWN = "company"
UNLABELLED = "unlabelled"


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch that teaches: `texts[passage][start:end]` of its sample."""

    passage: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A document with its label.

    `texts` are its passages. `controlled` says that some passage teaches something listed; `teaches` that some passage
    teaches how to make anything at all, `None` where nobody said. Versions of one document share a `group` and never
    stand on both sides of a split. `weight` is what the sample counts in training, `origin` who it came from
    (`SHIPPED`, `RETOLD`, `OWN`, `UNLABELLED` or a source of its own).
    """

    id: str
    texts: tuple[str, ...] = field(repr=False)
    controlled: bool
    teaches: bool | None
    points: tuple[str, ...] = ()
    language: str = ""
    kind: str = "other"
    register: str = "other"
    group: str = ""
    origin: str = OWN
    marks: tuple[Mark, ...] = ()
    weight: float = 1.0
    place: str = ""

    @property
    def text(self) -> str:
        """All passages, joined by blank lines."""
        return "\n\n".join(self.texts)

    @property
    def shipped(self) -> bool:
        """Whether it came with Sluicegate: nobody's own document, whatever it was made from."""
        return self.origin in (SHIPPED, RETOLD)

    @property
    def label(self) -> str:
        """The label as files spell it: "controlled" or "not"."""
        return "controlled" if self.controlled else "not"


def language_of(text: str) -> str:
    """ "zh" when Chinese characters outweigh Latin letters (a character says about three letters' worth), else "en"."""
    han = sum("\u3400" <= character <= "\u9fff" for character in text)
    latin = sum("a" <= character <= "z" for character in text.lower())
    return "zh" if han * 3 > latin else "en"


def find_marks(texts: Sequence[str], wanted: Iterable[object]) -> tuple[Mark, ...] | None:
    """The marks for exact substrings or [start, end] pairs (offsets in a single passage); `None` if one is missing."""
    marks: list[Mark] = []
    for item in wanted:
        if isinstance(item, str) and item.strip():
            needle = item.strip("\n")
            found = next(((number, text.find(needle)) for number, text in enumerate(texts) if needle in text), None)
            if found is None:
                return None
            marks.append(Mark(found[0], found[1], found[1] + len(needle)))
        elif isinstance(item, list | tuple) and len(item) >= 2 and all(isinstance(edge, int) for edge in item[:2]):
            start, end = int(item[0]), int(item[1])
            if len(texts) != 1 or not 0 <= start < end <= len(texts[0]):
                return None
            marks.append(Mark(0, start, end))
        else:
            return None
    return tuple(marks)


def digest_of(samples: Iterable[Sample]) -> str:
    """SHA-256 over what the samples teach: texts, labels, marks, groups and weights, in the order of their ids."""
    total = hashlib.sha256()
    for sample in sorted(samples, key=lambda sample: sample.id):
        label = (
            sample.id,
            sample.controlled,
            sample.teaches,
            sample.points,
            sample.group,
            sample.weight,
            sample.origin,
        )
        total.update(repr((label, [(mark.passage, mark.start, mark.end) for mark in sample.marks])).encode())
        for text in sample.texts:
            total.update(hashlib.sha256(text.encode("utf-8", "replace")).digest())
    return total.hexdigest()


def fraction(text: str) -> float:
    """A number in [0, 1) that depends on `text` alone: how groups are dealt to splits, the same on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8]) / 2**64
