from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sluicegate.classify.columns import column_of
from sluicegate.classify.model import load_model
from sluicegate.errors import ModelError, SampleError
from sluicegate.learn.corpus import build_corpus
from sluicegate.learn.fit import FitSettings, kept_columns
from sluicegate.learn.run import Order, run
from sluicegate.learn.sample import UNLABELLED, Mark, Sample, find_marks
from sluicegate.learn.train import Trained, measured_languages, train, weigh_origins
from sluicegate.settings import Settings
from tiny_texts import recipe, talk, tiny_samples

FIT = FitSettings(folds=3)


def fit(samples: list[Sample], *, seed: int = 0, jobs: int = 1) -> Trained:
    return train(samples, name="x", settings=replace(FIT, seed=seed), jobs=jobs)


def numbers(trained: Trained) -> dict[str, bytes]:
    heads = trained.recipe.fitted.heads
    return {name: head.coef_.tobytes() + head.intercept_.tobytes() for name, head in heads.items()}


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_data_and_seed_give_the_same_numbers_in_whatever_order(tiny_trained: Trained, jobs: int) -> None:
    mixed = tiny_samples()
    random.Random(3).shuffle(mixed)
    again = fit(mixed, jobs=jobs)
    assert numbers(again) == numbers(tiny_trained)
    assert np.array_equal(again.recipe.fitted.columns, tiny_trained.recipe.fitted.columns)
    assert again.recipe.calibration == tiny_trained.recipe.calibration
    assert again.recipe.thresholds == tiny_trained.recipe.thresholds
    assert again.recipe.data == tiny_trained.recipe.data


def test_another_label_or_weight_is_other_data(tiny_trained: Trained) -> None:
    samples = tiny_samples()
    changed = [replace(samples[0], weight=2.0), *samples[1:]]
    other = fit(changed)
    assert other.recipe.data["digest"] != tiny_trained.recipe.data["digest"]
    assert numbers(other) != numbers(tiny_trained)


def test_every_score_out_of_fold_is_a_probability(tiny_trained: Trained) -> None:
    assert tiny_trained.unseen.shape == (len(tiny_samples()), len(tiny_trained.recipe.fitted.heads))
    assert ((tiny_trained.unseen >= 0) & (tiny_trained.unseen <= 1)).all()
    assert 0 <= tiny_trained.recipe.thresholds.unsure <= tiny_trained.recipe.thresholds.sure <= 1


@pytest.mark.parametrize(("texts", "even"), [(199, True), (240, False)])
def test_a_rarer_word_counts_more_where_there_are_samples_enough_to_tell(texts: int, even: bool) -> None:
    language = [("talk kiln", "talk", "talk mill", "talk")[number % 4] for number in range(texts)]
    samples = [
        Sample(id=str(n), texts=(text,), controlled=False, teaches=False, group=str(n), language="en", place=str(n))
        for n, text in enumerate(language)
    ]
    corpus = build_corpus(samples, jobs=1)
    columns, rarity = kept_columns(corpus, np.ones(texts, dtype=bool), least=2)
    of = dict(zip(columns.tolist(), rarity.tolist(), strict=True))
    common, rare = of[column_of("talk")], of[column_of("kiln")]
    assert (common == rare == 1.0) if even else (common < 1.0 < rare)


def test_points_with_too_few_samples_get_no_head() -> None:
    samples = [replace(one, points=("gallium",)) if one.id == "en-r2" else one for one in tiny_samples(12)]
    assert set(fit(samples).recipe.fitted.heads) == {"teaches", "listed", "lfp", "lmfp"}


def test_a_language_counts_as_measured_from_twenty_documents_of_each_label() -> None:
    assert measured_languages(tiny_samples(20)) == ("en", "zh")
    assert measured_languages([one for one in tiny_samples(20) if not (one.language == "zh" and one.id > "zh-r2")]) == (
        "en",
    )


def contract(number: int, *, annex: str = "") -> str:
    clauses = [
        f"Clause {part}.{number}: the buyer shall pay within {30 + part} days of the invoice, and the seller bears "
        "the cost of insurance until delivery; notices are sent in writing to the address named above. "
        for part in range(14)
    ]
    return "".join([*clauses[:7], annex, " ", *clauses[7:]])


def bags(*, marked: bool) -> list[Sample]:
    """Contracts whose label comes from one annex in each, beside the tiny samples' talk; no contract without one."""
    made = []
    for number in range(16):
        text = contract(number, annex=recipe(number + 30))
        marks = find_marks((text,), [recipe(number + 30)]) if marked else ()
        assert marks is not None
        made.append(Sample(f"c{number}", (text,), True, True, ("lfp",), language="en", group=f"c{number}", marks=marks))
    return [*made, *(one for one in tiny_samples(16) if "-t" in one.id or "-c" in one.id)]


@pytest.mark.parametrize("marked", [True, False])
def test_an_annex_does_not_teach_the_contract_around_it(tmp_path: Path, marked: bool) -> None:
    from sluicegate.learn.pack import folder_files
    from sluicegate.learn.shelf import write_model

    plain = [Sample(f"p{n}", (contract(n + 50),), False, False, language="en", group=f"p{n}") for n in range(8)]
    trained = fit([*bags(marked=marked), *(() if marked else plain)])
    model = load_model(write_model(tmp_path, "x", folder_files(trained.recipe, "card")))
    text = contract(90, annex=recipe(70))
    scores = model.score_texts([text])
    best = max(scores, key=lambda score: score.teaches)
    start = text.index("Preparation 70")
    assert best.start < start + len(recipe(70))
    assert best.end > start
    away = [score.teaches for score in scores if score.end <= start or score.start >= start + len(recipe(70))]
    assert max(away) < 0.5 * best.teaches


def test_windows_outside_of_the_marks_count_as_harmless() -> None:
    text = contract(1, annex=recipe(1))
    start = text.index("Preparation")
    sample = Sample("a", (text,), True, True, group="a", marks=(Mark(0, start, start + len(recipe(1))),))
    corpus = build_corpus([sample], jobs=1)
    for (_, first, last), mark in zip(corpus.spans, corpus.marked.tolist(), strict=True):
        apart = last <= start or first >= start + len(recipe(1))
        assert (mark == 0) == apart
    assert 1 in corpus.marked


def test_a_harmless_label_says_nothing_about_teaching_until_the_model_settles_it() -> None:
    samples = tiny_samples()
    unsaid = [replace(one, teaches=None) if one.id in {"en-c3", "en-t3"} else one for one in samples]
    settled = {one.id: one.teaches for one in fit(unsaid).corpus.samples}
    assert settled["en-c3"] is True
    assert settled["en-t3"] is False


def test_own_samples_weigh_more_than_shipped_ones() -> None:
    own, plain = tiny_samples(1)[0], replace(tiny_samples(1)[1], origin=UNLABELLED, weight=0.5)
    shipped = replace(own, origin="written for Sluicegate")
    assert [one.weight for one in weigh_origins([own, plain, shipped], own_weight=3.0)] == [3.0, 1.5, 1.0]


# The whole of `train`


def write_samples(path: Path, samples: list[Sample]) -> Path:
    rows = [
        {"id": one.id, "text": one.text, "label": one.label, "teaches": one.teaches, "points": list(one.points),
         "register": one.register, "language": one.language} for one in samples
    ]  # fmt: skip
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def test_train_writes_a_model_with_card_and_manifest_and_makes_nothing_live(tmp_path: Path) -> None:
    data = write_samples(tmp_path / "own.jsonl", tiny_samples(24))
    plain = tmp_path / "ordinary"
    plain.mkdir()
    for number in range(5):
        (plain / f"{number}.txt").write_text(talk(number + 90))
    stages: list[str] = []
    result = run(
        Order((data,), unlabelled=(plain,), shipped=False, fit=FIT, jobs=1), name="plant-2", models=tmp_path / "models",
        settings=Settings(), progress=lambda stage, done, total: stages.append(stage),
    )  # fmt: skip
    model = load_model(result.folder)
    values = model.manifest.values
    assert model.name == "plant-2"
    assert values["data"]["from"]["unlabelled"] == 5
    assert values["data"]["paths"] == [str(data.resolve())]
    assert values["data"]["samples"] + result.frozen == 120 + 5
    assert result.frozen > 5
    assert "Out of fold" in (result.folder / "card.md").read_text()
    assert len((result.folder / "learned.txt").read_text().split()) == values["data"]["samples"]
    assert dict.fromkeys(stages).keys() == {"reading samples", "features", "learning", "writing"}
    assert len(result.suspects) == 120  # of all own samples, those set aside among them
    assert not (tmp_path / "models" / "current").exists()
    assert not list((tmp_path / "models").glob(".*"))


def test_a_taken_name_is_refused_before_anything_is_learned(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(ModelError, match="choose another --name"):
        run(Order((tmp_path / "gone.jsonl",)), name="taken", models=tmp_path, settings=Settings())
    with pytest.raises(ModelError, match="is not a name"):
        run(Order((tmp_path / "gone.jsonl",)), name="../x", models=tmp_path, settings=Settings())


def test_a_missing_folder_of_ordinary_documents_is_refused(tmp_path: Path) -> None:
    data = write_samples(tmp_path / "own.jsonl", tiny_samples(4))
    with pytest.raises(SampleError, match="is not a folder"):
        run(Order((data,), unlabelled=(tmp_path / "gone",), shipped=False), name=None, models=tmp_path / "models",
            settings=Settings())  # fmt: skip
    assert not (tmp_path / "models").exists()


def test_samples_that_cannot_be_learned_from_leave_nothing_behind(tmp_path: Path) -> None:
    data = write_samples(tmp_path / "own.jsonl", tiny_samples(2))
    with pytest.raises(SampleError, match="at least 4 are needed"):
        run(Order((data,), shipped=False, jobs=1), name="x", models=tmp_path / "models", settings=Settings())
    assert not (tmp_path / "models").exists()
