from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sluicegate.cli import build_app
from sluicegate.learn.export import FORMATS, choose
from sluicegate.learn.load import Loaded, load_samples
from sluicegate.learn.promote import promote
from sluicegate.screener import Screener
from sluicegate.settings import Settings, parse_settings
from tiny_texts import recipe, talk


@pytest.fixture
def settings(tmp_path: Path, put_model: Callable[..., Path]) -> Settings:
    put_model(tmp_path / "models")
    found = parse_settings({"paths": {"models": str(tmp_path / "models")}})
    promote("tiny-1", settings=found, reason="first", forced=False)
    return found


@pytest.fixture
def screener(settings: Settings) -> Screener:
    return Screener.build(settings)


def documents() -> list[tuple[Path, tuple[str, ...]]]:
    texts = [recipe(61), talk(61), recipe(62, language="zh"), talk(62, language="zh"), f"{talk(63)}\u2028{talk(64)}"]
    return [(Path(f"folder/{number}.txt"), (text,)) for number, text in enumerate(texts)]


def test_the_least_sure_come_first_and_a_random_share_of_the_released_follows(screener: Screener) -> None:
    chosen = choose(screener, documents(), uncertain=2, released=2, seed=0)
    thresholds = screener.model.thresholds
    middle = (thresholds.sure + thresholds.unsure) / 2
    doubtful = [choice for choice in chosen if choice.why == "uncertain"]
    rest = [choice for choice in chosen if choice.why == "released, at random"]
    assert (len(doubtful), len(rest)) == (2, 2)
    distances = [abs(choice.know_how - middle) for choice in doubtful]
    assert distances == sorted(distances)
    assert all("analysts" in choice.text or "业内" in choice.text for choice in rest)


def test_the_random_share_depends_on_the_seed_alone(screener: Screener) -> None:
    many = [(Path(f"{number}.txt"), (talk(number),)) for number in range(30)]
    picks = [[c.id for c in choose(screener, many, uncertain=0, released=5, seed=seed)] for seed in (1, 1, 2)]
    assert picks[0] == picks[1] != picks[2]
    assert len(set(picks[0])) == 5


def test_what_the_verdict_showed_is_marked_by_offsets(screener: Screener) -> None:
    (choice,) = choose(screener, documents()[:1], uncertain=1, released=0, seed=0)
    assert choice.shown
    assert all(0 <= start < end <= len(choice.text) for start, end in choice.shown)
    assert "Weigh" not in repr(choice)


def label(form: str, text: str, row: dict[str, Any], name: str) -> dict[str, Any]:
    """What a person's tool adds to a task."""
    if form == "label-studio":
        choice = {"type": "choices", "value": {"choices": [name]}, "from_name": "label", "to_name": "text"}
        return row | {"annotations": [{"id": 1, "result": [choice], "was_cancelled": False}]}
    if form == "doccano":
        return row | {"label": [name]}
    return row | {"accept": [name], "answer": "accept"}


def labelled(form: str, written: str) -> str:
    rows = json.loads(written) if form == "label-studio" else [json.loads(line) for line in written.split("\n") if line]
    answers = []
    for row in rows:
        text = row["data"]["text"] if form == "label-studio" else row["text"]
        taught = "Weigh" in text or "称取" in text
        answers.append(label(form, text, row, "controlled" if taught else "not"))
    if form == "label-studio":
        return json.dumps(answers)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in answers)


def read_back(path: Path, settings: Settings) -> Loaded:
    return load_samples([path], settings=settings, jobs=1)


@pytest.mark.parametrize("form", FORMATS)
def test_a_labelled_export_comes_back_with_text_id_and_group(
    form: str, screener: Screener, settings: Settings, tmp_path: Path
) -> None:
    chosen = choose(screener, documents(), uncertain=5, released=0, seed=0)
    file = tmp_path / ("e.json" if form == "label-studio" else "e.jsonl")
    file.write_text(labelled(form, FORMATS[form](chosen)), "utf-8")
    loaded = read_back(file, settings)
    assert loaded.skipped == ()
    back = {sample.id: sample for sample in loaded.samples}
    if form == "doccano":  # doccano gives its own id and keeps ours among the other fields
        assert set(back) == {choice.id for choice in chosen}
    for choice in chosen:
        sample = back[choice.id]
        assert (sample.text, sample.group) == (choice.text, choice.group)
        assert sample.controlled == ("Weigh" in choice.text or "称取" in choice.text)


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_that_nobody_has_labelled_yields_no_samples(
    form: str, screener: Screener, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / ("e.json" if form == "label-studio" else "e.jsonl")
    file.write_text(FORMATS[form](choose(screener, documents(), uncertain=5, released=0, seed=0)), "utf-8")
    if form == "prodigy":
        with pytest.raises(Exception, match="not a form of labelled samples"):
            read_back(file, settings)
    else:
        assert read_back(file, settings).samples == ()


@pytest.mark.parametrize(("form", "name"), [("label-studio", "e.json"), ("doccano", "e.jsonl"), ("prodigy", "e.jsonl")])
def test_the_command_reads_documents_and_writes_for_its_owner_only(
    form: str, name: str, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "sent"
    folder.mkdir()
    (folder / "a.txt").write_text(recipe(61))
    (folder / "b.txt").write_text(talk(61))
    (folder / "empty.txt").write_text("")
    config = tmp_path / "sluicegate.toml"
    config.write_text(f"[paths]\nmodels = {json.dumps(str(settings.folder('models')))}\n")
    arguments = ["export", str(folder), "--out", str(tmp_path / name), "--format", form, "--config", str(config)]
    done = CliRunner().invoke(build_app(), [*arguments, "--jobs", "1"])
    assert done.exit_code == 0, done.output
    assert "Wrote 2 of 3 documents" in done.output
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert "Weigh 63 kg" in (tmp_path / name).read_text("utf-8")


def test_an_unknown_format_is_a_usage_error(tmp_path: Path) -> None:
    done = CliRunner().invoke(build_app(), ["export", str(tmp_path), "--out", str(tmp_path / "x"), "--format", "csv"])
    assert done.exit_code == 2
