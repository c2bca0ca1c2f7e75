from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.learn.bound import FEWEST, interval, miss_rate, upper_bound
from sluicegate.learn.compare import Finding, paired
from tiny_texts import tiny_samples

COUNTS = st.integers(0, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@pytest.mark.parametrize(
    ("misses", "documents", "bound"),
    [(0, 59, 0.0495), (0, 60, 0.0487), (0, 300, 0.00994), (1, 59, 0.0778), (5, 100, 0.1022)],
)  # the standard tables of Clopper and Pearson's one-sided bound
def test_the_bound_is_the_exact_one(misses: int, documents: int, bound: float) -> None:
    assert upper_bound(misses, documents) == pytest.approx(bound, abs=2e-4)


def test_fewer_than_59_documents_make_no_statement() -> None:
    refused = miss_rate(0, FEWEST - 1, population="reports of plant 2")
    assert refused.upper is None
    assert "58 controlled documents of your own are too few; at least 59" in refused.sentence
    stated = miss_rate(0, FEWEST, population="reports of plant 2")
    assert "0 of 59 controlled documents were released" in stated.sentence
    assert "at most 5.0% on documents like these: reports of plant 2" in stated.sentence
    assert "nothing of other documents" in stated.sentence


@given(COUNTS)
def test_an_interval_holds_the_share_and_stays_within_0_and_1(counts: tuple[int, int]) -> None:
    hits, total = counts
    low, high = interval(hits, total)
    assert 0 <= low <= high <= 1
    assert total == 0 or low <= hits / total <= high


@given(COUNTS)
def test_more_misses_raise_the_bound(counts: tuple[int, int]) -> None:
    misses, documents = counts
    if misses < documents:
        assert upper_bound(misses, documents) < upper_bound(misses + 1, documents) <= 1


@pytest.mark.parametrize(
    ("gained", "lost", "documents", "finding"),
    [
        (0, 0, 100, Finding.CANNOT_TELL), (12, 0, 100, Finding.BETTER), (0, 12, 100, Finding.WORSE),
        (3, 4, 100, Finding.CANNOT_TELL), (0, 3, 20, Finding.WORSE), (0, 2, 20, Finding.CANNOT_TELL),
        (0, 3, 500, Finding.CANNOT_TELL), (40, 10, 200, Finding.BETTER),
    ],
)  # fmt: skip
def test_paired_findings(gained: int, lost: int, documents: int, finding: Finding) -> None:
    found = paired("all", "controlled documents stopped", documents, gained, lost)
    assert found.finding is finding
    assert found.low <= (gained - lost) / documents <= found.high


def test_the_bound_counts_own_source_documents_that_the_model_has_not_learned_from(
    put_model: object, tmp_path: object
) -> None:
    from dataclasses import replace
    from pathlib import Path

    from sluicegate.classify.model import load_model
    from sluicegate.learn.evaluate import LEARNED_FILE, evaluate, fingerprint
    from sluicegate.learn.sample import SHIPPED
    from sluicegate.screener import Screener
    from sluicegate.settings import parse_settings

    assert isinstance(tmp_path, Path)
    folder = put_model(tmp_path)  # type: ignore[operator]
    screener = Screener.build(parse_settings({"paths": {"models": str(tmp_path)}, "model": "tiny-1"}))
    assert screener.model.name == load_model(folder).name
    own = [one for one in tiny_samples(40, first=200) if "-c" not in one.id]
    own = [replace(one, group=f"source-{one.id[:2]}-{one.id[4:]}-{one.controlled}") for one in own]
    versions = [replace(one, id=f"{one.id}b") for one in own if one.controlled]
    shipped = [replace(one, id=f"s{one.id}", origin=SHIPPED) for one in tiny_samples(3, first=400)]
    (folder / LEARNED_FILE).write_text(fingerprint(own[0].text))
    found = evaluate(screener, [*own, *versions, *shipped], population="test texts")
    sources = {one.group for one in own if one.controlled and one.text != own[0].text}
    assert found.miss_rate.documents == len(sources)
    assert found.learned == 1 + (1 if own[0].controlled else 0)
    assert found.rows[0].controlled == sum(one.controlled for one in [*own, *versions, *shipped]) - found.learned
