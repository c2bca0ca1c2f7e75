from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.errors import SampleError
from sluicegate.learn.check import alike_across, conflicts, suspects, too_few
from sluicegate.learn.near import near_pairs, shingles, similarity
from sluicegate.learn.sample import RETOLD, SHIPPED, UNLABELLED, Sample
from sluicegate.learn.split import is_frozen, join_alike, split
from sluicegate.learn.train import Trained, require_enough, train, unseen_by
from tiny_texts import recipe, talk, tiny_samples


def sample(name: str, text: str, *, controlled: bool, group: str = "", **more: object) -> Sample:
    return Sample(name, (text,), controlled, True if controlled else None, group=group or name, **more)  # type: ignore[arg-type]


def test_the_same_text_with_both_labels_is_a_conflict_whatever_its_spaces() -> None:
    found = conflicts([
        sample("a", recipe(1), controlled=True, place="x.jsonl:1"), sample("b", recipe(1) + " \n", controlled=False),
        sample("c", recipe(2), controlled=True), sample("d", recipe(2), controlled=True),
    ])  # fmt: skip
    assert [doubt.samples for doubt in found] == [("x.jsonl:1", "b")]
    assert "decide on one" in found[0].advice


def test_nearly_the_same_text_with_both_labels_is_named_with_advice() -> None:
    found = alike_across([
        sample("a", recipe(1), controlled=True), sample("b", recipe(1).replace("grind", "mill"), controlled=False),
        sample("c", talk(1), controlled=False), sample("d", talk(1).replace("optimistic", "calm"), controlled=False),
    ])  # fmt: skip
    assert [doubt.samples for doubt in found] == [("a", "b")]
    assert "mark that passage" in found[0].advice


def test_doubts_never_quote_a_text() -> None:
    samples = [sample("a", recipe(1), controlled=True), sample("b", recipe(1), controlled=False)]
    doubts = [*conflicts(samples), *too_few(samples), *suspects(samples, np.asarray([0.1, 0.9]))]
    assert len(doubts) > 4
    assert not any("Weigh" in doubt.advice for doubt in doubts)
    assert "Weigh" not in repr(samples)


def test_too_few_of_a_language_or_point_say_how_many_are_needed() -> None:
    found = {doubt.samples: doubt.advice for doubt in too_few(tiny_samples(8))}
    assert found["en", "controlled"].startswith("8 documents labelled 'controlled' in en; 20 are needed")
    assert found[("lfp",)].startswith("8 controlled documents name lfp")
    assert found[("gallium",)].startswith("0 controlled documents")
    assert all("label more" in advice for advice in found.values())


@pytest.mark.parametrize("controlled", [True, False])
def test_too_little_to_learn_from_is_refused_with_the_count(controlled: bool) -> None:
    few = [sample(f"a{number}", recipe(number), controlled=controlled) for number in range(3)]
    many = [sample(f"b{number}", talk(number), controlled=not controlled) for number in range(9)]
    with pytest.raises(SampleError, match=r"3 documents are labelled .* at least 4 are needed"):
        require_enough([*few, *many])


def test_versions_of_one_document_count_once() -> None:
    versions = [sample(f"a{number}", recipe(number), controlled=True, group="a") for number in range(9)]
    with pytest.raises(SampleError, match="1 documents are labelled 'controlled'"):
        require_enough([*versions, *(sample(f"b{n}", talk(n), controlled=False) for n in range(9))])


def test_without_texts_that_teach_something_else_the_message_says_so() -> None:
    samples = [*(sample(f"a{n}", recipe(n), controlled=True) for n in range(9)),
               *(replace(sample(f"b{n}", talk(n), controlled=False), teaches=False) for n in range(9))]  # fmt: skip
    with pytest.raises(SampleError, match="keep the shipped samples"):
        train(samples, name="x", jobs=1)


def test_flipped_labels_lead_the_list_of_suspects() -> None:
    samples = tiny_samples(30)
    flipped = {"en-r3", "zh-r8", "en-t5", "zh-t11"}
    wrong = [
        replace(one, controlled=not one.controlled, teaches=not one.controlled or None, points=())
        if one.id in flipped else one for one in samples
    ]  # fmt: skip
    trained = train(wrong, name="x", jobs=1)
    ranked = [doubt.samples[0] for doubt in suspects(trained.corpus.samples, trained.controlled)]
    assert len(ranked) == len(samples)
    assert flipped <= set(ranked[: len(ranked) // 10])


def test_shipped_and_unlabelled_samples_are_never_suspected() -> None:
    samples = [
        sample("a", recipe(1), controlled=True, origin=SHIPPED), sample("b", talk(1), controlled=False, origin=RETOLD),
        sample("c", talk(2), controlled=False, origin="plant 2"),
        sample("d", talk(3), controlled=False, origin=UNLABELLED),
    ]  # fmt: skip
    assert [doubt.samples for doubt in suspects(samples, np.asarray([0.0, 1.0, 0.9, 1.0]))] == [("c",)]


def test_samples_set_aside_are_scored_by_the_model_that_has_not_seen_them(tiny_trained: Trained) -> None:
    fresh = tiny_samples(6, first=60)
    scores = unseen_by(tiny_trained, fresh)
    assert scores.shape == (len(fresh),)
    label = np.asarray([one.controlled for one in fresh])
    assert scores[label].min() > scores[~label].max()
    assert unseen_by(tiny_trained, []).shape == (0,)


# Groups and likeness


@given(st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=40))
def test_a_group_is_never_on_both_sides_of_the_split(groups: list[str]) -> None:
    samples = [sample(f"s{n}", f"text {n}", controlled=False, group=group) for n, group in enumerate(groups)]
    learned, frozen = split(samples)
    assert len(learned) + len(frozen) == len(samples)
    assert not {one.group for one in learned} & {one.group for one in frozen}


def test_about_one_group_in_seven_is_set_aside_and_the_same_ones_on_every_machine() -> None:
    aside = [number for number in range(1000) if is_frozen(sample(f"group-{number}", "x", controlled=False))]
    assert 120 < len(aside) < 180
    assert aside[:5] == [11, 13, 17, 24, 26]


def test_near_copies_end_up_in_one_group() -> None:
    samples = [
        sample("a", recipe(1), controlled=True), sample("b", recipe(1).replace("grind", "mill"), controlled=True),
        sample("c", recipe(1).replace("grind", "crush"), controlled=True), sample("d", talk(9), controlled=False),
    ]  # fmt: skip
    groups = [one.group for one in join_alike(samples)]
    assert groups == ["a", "a", "a", "d"]


def test_no_group_is_dealt_to_two_folds() -> None:
    from sluicegate.learn.train import fold_of

    own = [sample(f"s{n}", f"text {n}", controlled=False, group=f"g{n % 7}") for n in range(60)]
    folds = {(one.group, fold_of(one, folds=5, seed=1)) for one in own}
    assert len(folds) == 7
    shipped = [replace(one, origin=SHIPPED, register=f"r{n % 3}") for n, one in enumerate(own)]
    assert len({(one.register, fold_of(one, folds=5, seed=1)) for one in shipped}) == 3


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_symmetric_and_full_for_equal_texts(first: str, second: str) -> None:
    one, two = shingles(first), shingles(second)
    assert similarity(one, two) == similarity(two, one)
    assert 0 <= similarity(one, two) <= 1
    assert similarity(one, one) == 1 or not len(one)


def test_every_pair_that_is_alike_is_found() -> None:
    texts = [recipe(number) for number in range(30)] + [talk(number) for number in range(30)]
    sets = [shingles(text) for text in texts]
    wanted = {
        (first, second) for first in range(60) for second in range(first + 1, 60)
        if similarity(sets[first], sets[second]) >= 0.8
    }  # fmt: skip
    assert wanted <= {(pair.first, pair.second) for pair in near_pairs(texts, least=0.6)}
