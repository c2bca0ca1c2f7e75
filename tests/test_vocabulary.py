"""The vocabulary knows the fields' own names: what teaches in them is touched, what only names them is released."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sluicegate.classify.score import WindowScore
from sluicegate.document import Document, Part, Passage, Place
from sluicegate.screener import Screener
from sluicegate.settings import Settings
from sluicegate.tag import Tagger
from sluicegate.tag.terms import load_vocabulary
from sluicegate.touch import Bands, Touch, touch_all
from sluicegate.verdict import Decision

HERE = Path(__file__).parent / "vocabulary"
BANDS = Bands(sure=0.8, unsure=0.4)
HIDDEN_ON_PURPOSE = frozenset({
    "triphylite", "energy-density-gain", "ion-sieving", "red-mud", "coal-fly-ash",
})  # fmt: skip


def texts(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text("utf-8"))


def cases(name: str, *keys: str) -> list[Any]:
    return [
        pytest.param(point, text, id=f"{point}-{key}-{number}")
        for point, own in texts(name).items()
        for key in keys
        for number, text in enumerate(own[key], 1)
    ]


@cache
def tagger() -> Tagger:
    return Tagger.load()


@cache
def line() -> Screener:
    return Screener.build(Settings())


def touched(text: str) -> Touch:
    """What a text touches when the model finds it just worth a look and has no idea of its point."""
    passage = Passage(text, Place(("a.txt",)))
    tagged = tagger().tag(Document("a.txt", (Part(("a.txt",), "", "text/plain"),), (passage,)))
    return touch_all(tagged, [WindowScore(0, 0, len(text), BANDS.unsure, BANDS.unsure, ())], BANDS)[0]


@pytest.mark.parametrize(("point", "text"), cases("teaching", "zh", "en"))
def test_what_teaches_touches_its_point_by_its_words(point: str, text: str) -> None:
    assert point in touched(text).labels


@pytest.mark.parametrize(("point", "text"), cases("harmless", "texts"))
def test_what_only_names_a_thing_is_released(point: str, text: str) -> None:
    assert line().screen_bytes(text.encode(), name="text.txt").decision is Decision.RELEASE


@pytest.mark.parametrize("point", texts("harmless"))
def test_all_that_only_names_a_thing_is_released_together(point: str) -> None:
    whole = "\n\n".join(texts("harmless")[point]["texts"])
    assert line().screen_bytes(whole.encode(), name="text.txt").decision is Decision.RELEASE


@pytest.mark.parametrize("text", texts("elsewhere")["texts"])
def test_other_technology_names_no_listed_point(text: str) -> None:
    assert [tag.text for tag in touched(text).tags if tag.decisive] == []


def test_no_context_hides_a_decisive_name_inside_it() -> None:
    vocabulary = load_vocabulary()
    prefilter, keys = vocabulary.prefilter(), [key for _, _, key in vocabulary.phrases]
    hiding = {
        (term.id, phrase)
        for term in vocabulary.terms
        if not term.decisive and term.id not in HIDDEN_ON_PURPOSE
        for phrase in (*term.zh, *term.en)
        for number, start, end in prefilter.hits(phrase)
        if (inner := vocabulary.by_key[keys[number]]).decisive
        and set(inner.points) & set(term.points)
        and end - start < len(phrase)
    }
    assert hiding == set()


def others(text: str) -> list[str]:
    return [point for tag in touched(text).tags for point in tag.points if point.startswith("other:")]


@pytest.mark.parametrize(
    "text",
    [
        "Unlike LiCoO2, the powder is fired under nitrogen.",
        "Compared with NMC811 the powder is fired under nitrogen.",
        "与三元材料相比,该粉体在氮气中烧结。",
        "不同于钴酸锂,该粉体在氮气中烧结。",
        "The spinel titanate sieve is Li4Ti5O12 before the acid wash.",
        "钛酸锂离子筛由钛酸锂酸洗得到。",
        "采用偕胺肟树脂提镓,产品用于半导体和光伏。",
    ],
)
def test_what_is_only_mentioned_is_no_other_technology(text: str) -> None:
    assert others(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "NMC811 is fired in oxygen, compared with LFP at a lower temperature.",
        "钴酸锂在空气中烧结。",
        "Li4Ti5O12 is fired in air and mixed with binder.",
    ],
)
def test_what_is_made_stays_another_technology(text: str) -> None:
    assert others(text) != []
