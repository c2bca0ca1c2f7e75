"""The shipped vocabulary: TOML files in, validated terms with every spelling out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources

from sluicegate.controls.validate import Entry
from sluicegate.errors import ControlListError
from sluicegate.tag.prefilter import Prefilter
from sluicegate.verdict import TagLabel

_SPELLINGS = (
    ("isation", "ization"), ("isating", "izating"), ("ising", "izing"), ("ised", "ized"), ("iser", "izer"),
    ("aluminium", "aluminum"), ("sulph", "sulf"), ("vapour", "vapor"), ("fibre", "fiber"), ("colour", "color"),
    ("sagger", "saggar"), ("lithium-ion", "li-ion"), ("ageing", "aging"), ("coulombic", "columbic"),
    ("labelled", "labeled"), ("litre", "liter"), ("centre", "center"), ("grey", "gray"), ("analyse", "analyze"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One notion of the vocabulary. `points` are training labels, or `other:nmc` for technology no list names.

    `decisive`: the term alone names the controlled thing or step. `exact`: a short abbreviation that counts only
    when written exactly so (no spaces, same case). `not_with`: words beside which the term means something else.
    `decisive_with`: ids of terms that make this one decisive when the same document has one of them (a feed and its
    product). `yields_to`: points whose decisive terms, in the same file, make this one a mere raw material, unless
    the passage itself has a decisive step of this term's own point; an `other:` term then says nothing at all.
    """

    id: str
    label: TagLabel
    zh: tuple[str, ...]
    en: tuple[str, ...]
    points: tuple[str, ...] = ()
    decisive: bool = False
    exact: bool = False
    not_with: tuple[str, ...] = ()
    decisive_with: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    source: str = ""

    @property
    def phrases(self) -> tuple[tuple[str, bool], ...]:
        """Every spelling that is looked for (British and American, singular and plural), and whether exactly so.

        Short abbreviations that are only context count exactly as written: "lco" stands in too many words.
        """
        spelled = (*self.zh, *self.en) if self.exact else (*self.zh, *_spellings(self.en))
        return tuple((phrase, self.exact or (not self.decisive and _short(phrase))) for phrase in spelled)


def _short(phrase: str) -> bool:
    """Abbreviations and small formulas: LCO, GaN, LiCl."""
    return len(phrase) <= 5 and phrase.isascii() and phrase.isalnum() and sum(map(str.isupper, phrase)) >= 2


def _spellings(phrases: Iterable[str]) -> Iterator[str]:
    for phrase in phrases:
        forms = [phrase]
        for british, american in _SPELLINGS:
            forms += [form.replace(british, american) for form in forms if british in form]
        for form in forms:
            yield form
            yield from plural(form)


def plural(phrase: str) -> Iterator[str]:
    """The plural of an English phrase whose last word is long enough to have one."""
    if re.search(r"[a-z]{2}[^aeiou\W\d]y$", phrase):
        yield f"{phrase[:-1]}ies"
    elif re.search(r"[a-z]{3}[^s\W\d]$", phrase):
        yield f"{phrase}s"


@dataclass(frozen=True)
class Vocabulary:
    """All terms of one tagger."""

    terms: tuple[Term, ...] = field(repr=False)

    @cached_property
    def phrases(self) -> tuple[tuple[str, bool, str], ...]:
        """All phrases with their exactness and the key of their term."""
        return tuple((text, exact, key) for key, term in self.by_key.items() for text, exact in term.phrases)

    @cached_property
    def by_key(self) -> dict[str, Term]:
        """Terms by their position as text; ids repeat where one notion serves several points."""
        return {str(number): term for number, term in enumerate(self.terms)}

    @cached_property
    def yields(self) -> dict[str, tuple[str, ...]]:
        """Each technology that no list names with the points beside which its materials are only materials."""
        return {
            point: term.yields_to
            for term in self.terms
            for point in term.points
            if term.yields_to and point.startswith("other:")
        }

    def prefilter(self) -> Prefilter:
        """A skeleton filter for these terms; its phrase numbers are positions in `phrases`."""
        return Prefilter([text for text, _, _ in self.phrases], exact=[exact for _, exact, _ in self.phrases])

    def labels(self) -> frozenset[str]:
        """Every point that some term names."""
        return frozenset(point for term in self.terms for point in term.points)


def load_vocabulary() -> Vocabulary:
    """The vocabulary files shipped with the package; raises `ControlListError` naming the file and the fault."""
    folder = resources.files("sluicegate.tag") / "vocabulary"
    terms: list[Term] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            terms.extend(parse_vocabulary(entry.read_text("utf-8"), source=entry.name))
    return Vocabulary(tuple(terms))


def parse_vocabulary(text: str, *, source: str) -> tuple[Term, ...]:
    """The terms of one file; raises `ControlListError` when it is not TOML or a term lacks what it needs.

    A file has `points` (labels that its terms belong to unless a term names its own), `source`, `read` and an array
    `terms` of inline tables with `id`, `label`, `zh`, `en` and optionally the other fields of `Term`.
    """
    try:
        values = tomllib.loads(text)
        points = tuple(values["points"])
        return tuple(_term(value, points=points, source=values["source"]) for value in values["terms"])
    except tomllib.TOMLDecodeError as error:
        raise ControlListError(f"{source} is not valid TOML: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ControlListError(f"{source}: {error!r}") from error


def _term(value: dict[str, object], *, points: tuple[str, ...], source: str) -> Term:
    known = {
        "id",
        "label",
        "zh",
        "en",
        "decisive",
        "exact",
        "points",
        "not_with",
        "source",
        "decisive_with",
        "yields_to",
    }
    if set(value) - known:
        raise ValueError(f"unknown key in term {value.get('id')!r}")
    return Term(
        str(value["id"]),
        TagLabel(str(value["label"])),
        _texts(value["zh"]),
        _texts(value["en"]),
        _texts(value.get("points", list(points))),
        bool(value.get("decisive", False)),
        bool(value.get("exact", False)),
        _texts(value.get("not_with", [])),
        _texts(value.get("decisive_with", [])),
        _texts(value.get("yields_to", [])),
        str(value.get("source", source)),
    )


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("expected a list of texts")
    return tuple(value)


def entries() -> tuple[Entry, ...]:
    """The shipped vocabulary as `controls.validate` wants it; raises `ControlListError` for an unreadable file."""
    folder = resources.files("sluicegate.tag") / "vocabulary"
    found: list[Entry] = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            for term in parse_vocabulary(file.read_text("utf-8"), source=file.name):
                found.append(Entry(file.name, term.id, term.zh, term.en, term.points, term.decisive, term.exact))
    return tuple(found)
