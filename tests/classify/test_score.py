from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from sluicegate.classify.model import Model, find_model, load_model
from sluicegate.document import Document, Part, Passage, Place
from sluicegate.errors import ModelMissing
from sluicegate.settings import Settings, parse_settings
from tiny_texts import recipe, talk


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory, tiny_trained: object) -> Model:
    from sluicegate.learn.pack import folder_files
    from sluicegate.learn.shelf import write_model

    folder = write_model(tmp_path_factory.mktemp("models"), "tiny-1", folder_files(tiny_trained.recipe, "card"))  # type: ignore[attr-defined]
    return load_model(folder)


def document(*texts: str) -> Document:
    path = ("a.txt",)
    return Document("a.txt", (Part(path, "0" * 64, "text/plain"),), tuple(Passage(text, Place(path)) for text in texts))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_teaches_scores_above_what_talks_on_unseen_texts(model: Model, language: str) -> None:
    taught = [model.score_texts([recipe(number, language=language)])[0] for number in range(60, 70)]
    talked = [model.score_texts([talk(number, language=language)])[0] for number in range(60, 70)]
    assert min(score.teaches for score in taught) > max(score.teaches for score in talked)


def test_another_technology_teaches_and_is_not_controlled(model: Model) -> None:
    score = model.score_texts([recipe(61, other=True)])[0]
    assert score.teaches > 0.5
    assert score.controlled < model.score_texts([recipe(61)])[0].controlled


def test_each_point_has_a_score_and_the_named_one_is_highest(model: Model) -> None:
    points = dict(model.score_texts([recipe(61)])[0].points)
    assert set(points) == {"lfp", "lmfp"}
    assert points["lmfp"] > points["lfp"]


@hypothesis_settings(max_examples=40)
@given(st.lists(st.text(max_size=900), max_size=5))
def test_scores_are_probabilities_of_stretches_of_their_passage(model: Model, texts: list[str]) -> None:
    for score in model.score(document(*texts)):
        assert 0 <= score.controlled <= score.teaches <= 1
        assert all(0 <= value <= score.teaches for _, value in score.points)
        assert texts[score.passage][score.start : score.end].strip() or len(texts[score.passage]) > 200


def test_a_document_scores_as_its_texts_do_and_the_same_each_time(model: Model) -> None:
    texts = [recipe(3), "", talk(3) * 9, recipe(4, language="zh")] * 90  # more than one batch
    assert model.score(document(*texts)) == model.score_texts(texts) == model.score_texts(texts)
    assert {score.passage for score in model.score_texts(texts)} == {n for n, text in enumerate(texts) if text}


def test_a_recipe_inside_a_long_text_stands_out_at_its_place(model: Model) -> None:
    before = " ".join(talk(number) for number in range(20))
    text = f"{before} {recipe(62)} {before}"
    best = max(model.score_texts([text]), key=lambda score: score.teaches)
    assert best.start < len(before) + 200
    assert best.end > len(before)
    assert best.teaches > 0.5


def test_an_explanation_names_readable_terms_strongest_first(model: Model) -> None:
    terms = model.explain(recipe(61), top=6)
    weights = [abs(weight) for _, weight in terms]
    assert 0 < len(terms) <= 6
    assert weights == sorted(weights, reverse=True)
    assert not any(mark in name for name, _ in terms for mark in "§=>")


@pytest.mark.parametrize("text", ["", " \n", "。", "🦆"])
def test_what_has_no_words_has_no_explanation(model: Model, text: str) -> None:
    assert model.explain(text) == ()


def test_the_terms_of_talk_weigh_against_it_and_those_of_a_recipe_for_it(model: Model) -> None:
    talked, taught = (sum(weight for _, weight in model.explain(text)) for text in (talk(61), recipe(61)))
    assert talked < 0 < taught


def settings_for(models: Path, **more: object) -> Settings:
    return parse_settings({"paths": {"models": str(models)}, **more})


def test_the_promoted_model_is_found_before_the_shipped_one(tmp_path: Path, put_model: Callable[..., Path]) -> None:
    shipped = find_model(settings_for(tmp_path))
    folder = put_model(tmp_path)
    assert find_model(settings_for(tmp_path)) == shipped
    (tmp_path / "current").write_text("tiny-1\n")
    assert find_model(settings_for(tmp_path)) == folder


def test_the_settings_name_a_model_before_the_promoted_one(tmp_path: Path, put_model: Callable[..., Path]) -> None:
    put_model(tmp_path)
    (tmp_path / "current").write_text("tiny-1\n")
    other = put_model(tmp_path, "tiny-2")
    assert find_model(settings_for(tmp_path, model="tiny-2")) == other


@pytest.mark.parametrize("name", ["gone", "../tiny-1", "", "a/b", "\x00"])
def test_a_promoted_model_that_is_not_there_is_never_replaced_in_silence(tmp_path: Path, name: str) -> None:
    (tmp_path / "current").write_text(name)
    with pytest.raises(ModelMissing, match="models list"):
        find_model(settings_for(tmp_path))
