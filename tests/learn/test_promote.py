from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sluicegate.classify.model import find_model, load_model
from sluicegate.classify.score import Thresholds
from sluicegate.cli import build_app
from sluicegate.errors import ModelMissing, ModelRefused
from sluicegate.learn.promote import duel, frozen_for, promote, rollback
from sluicegate.learn.sample import Sample
from sluicegate.learn.shelf import make_current, previous, promotions
from sluicegate.learn.split import is_frozen
from sluicegate.settings import Settings, parse_settings
from tiny_texts import tiny_samples

Put = Callable[..., Path]
DEAF = Thresholds(0.9999, 0.999)  # a model that stops nothing
NERVOUS = Thresholds(0.0001, 0.0)  # a model that stops everything that names a point


@pytest.fixture
def models(tmp_path: Path, put_model: Put) -> Path:
    folder = tmp_path / "models"
    put_model(folder, "tiny-1")
    put_model(folder, "tiny-2")
    put_model(folder, "deaf", thresholds=DEAF)
    put_model(folder, "nervous", thresholds=NERVOUS)
    return folder


@pytest.fixture
def settings(models: Path, tmp_path: Path) -> Settings:
    found = parse_settings({"paths": {"models": str(models), "records": str(tmp_path / "records")}})
    promote("tiny-1", settings=found, reason="first", forced=False)
    return found


@pytest.fixture(scope="session")
def frozen() -> list[Sample]:
    """Tiny samples that are set aside, as they come."""
    return [one for one in tiny_samples(100, first=100) if is_frozen(one) and "-c" not in one.id]


def live(settings: Settings) -> str:
    return load_model(find_model(settings)).name


def test_an_equal_model_is_not_worse(settings: Settings, frozen: list[Sample]) -> None:
    found = duel("tiny-2", frozen, [], settings=settings)
    assert (found.champion, found.documents, found.worse) == ("tiny-1", len(frozen), [])
    assert all("cannot tell" in pair.sentence for pair in found.found)


def test_a_model_that_misses_more_is_worse_and_the_slices_say_where(settings: Settings, frozen: list[Sample]) -> None:
    found = duel("deaf", frozen, [], settings=settings)
    where = {(pair.slice, pair.question) for pair in found.worse}
    assert {("all", "controlled documents stopped"), ("language zh", "controlled documents stopped"),
            ("register process_manual", "controlled documents stopped")} <= where  # fmt: skip
    assert not any(question == "harmless documents let through" for _, question in where)
    assert any("interval" in pair.sentence and "lost of" in pair.sentence for pair in found.worse)


def test_a_model_that_stops_harmless_text_is_worse(settings: Settings, frozen: list[Sample]) -> None:
    found = duel("nervous", frozen, [], settings=settings)
    assert ("all", "harmless documents let through") in {(pair.slice, pair.question) for pair in found.worse}


def test_past_review_decisions_count_though_they_were_never_set_aside(settings: Settings) -> None:
    decided = [replace(one, group=f"review-{one.id}") for one in tiny_samples(60, first=300) if "-r" in one.id]
    assert duel("deaf", [], decided, settings=settings).worse


def test_what_a_model_learned_from_is_left_out(tmp_path: Path, frozen: list[Sample]) -> None:
    from sluicegate.learn.evaluate import fingerprint

    (tmp_path / "learned.txt").write_text(fingerprint(frozen[0].text))
    learned = [one for one in tiny_samples(60) if not is_frozen(one)]
    assert frozen_for([*frozen, *learned], [frozen[1]], (tmp_path,)) == [*frozen[1:], frozen[1]]


def test_promoting_records_from_to_and_reason_and_rollback_goes_back(settings: Settings, models: Path) -> None:
    promote("tiny-2", settings=settings, reason="quarterly", forced=False)
    assert live(settings) == "tiny-2"
    assert rollback(settings=settings, reason="holds too much") == "tiny-1"
    assert live(settings) == "tiny-1"
    entries = [(entry["from"], entry["to"], entry["reason"], entry["forced"]) for entry in promotions(models)]
    assert entries[1:] == [("tiny-1", "tiny-2", "quarterly", False), ("tiny-2", "tiny-1", "holds too much", False)]


def test_the_first_rollback_goes_back_to_the_shipped_model(settings: Settings, models: Path) -> None:
    assert previous(models, "tiny-1") == find_model(parse_settings({"paths": {"models": str(models / "none")}})).name


def test_without_a_promotion_there_is_nothing_to_go_back_to(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="no promotion"):
        rollback(settings=parse_settings({"paths": {"models": str(tmp_path)}}), reason="x")


@pytest.mark.parametrize("name", ["gone", "../models/tiny-2", ""])
def test_a_model_that_is_not_there_is_not_promoted(settings: Settings, name: str) -> None:
    with pytest.raises(ModelMissing, match="models list"):
        promote(name, settings=settings, reason="x", forced=False)
    assert live(settings) == "tiny-1"


def test_a_damaged_model_is_not_promoted_even_by_force(settings: Settings, models: Path) -> None:
    (models / "tiny-2" / "model.skops").write_bytes(b"PK\x03\x04")
    with pytest.raises(ModelRefused):
        promote("tiny-2", settings=settings, reason="x", forced=True)
    assert live(settings) == "tiny-1"


def test_a_torn_line_in_the_record_spoils_no_later_one(models: Path, settings: Settings) -> None:
    with (models / "promotions.jsonl").open("a") as log:
        log.write('{"at": "2026-')
    make_current(models, "tiny-2", reason="after a power cut")
    assert promotions(models)[-1]["reason"] == "after a power cut"
    assert previous(models, "tiny-2") == "tiny-1"


# The commands


@pytest.fixture
def command(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """A function that runs `sluicegate` with these settings and an empty folder of shipped samples."""
    (tmp_path / "shipped").mkdir()
    rows = [{"id": one.id, "text": one.text, "label": one.label, "teaches": one.teaches, "register": one.register}
            for one in tiny_samples(100, first=100)]  # fmt: skip
    (tmp_path / "shipped" / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    monkeypatch.setattr("sluicegate.learn.run.shipped_samples", lambda: tmp_path / "shipped")
    config = tmp_path / "sluicegate.toml"
    paths = {"models": settings.folder("models"), "records": settings.folder("records")}
    config.write_text("[paths]\n" + "".join(f"{name} = {json.dumps(str(path))}\n" for name, path in paths.items()))

    def call(*arguments: str, status: int) -> str:
        done = CliRunner().invoke(build_app(), [*arguments, "--config", str(config)])
        assert done.exit_code == status, done.output
        return done.output

    return call


def test_promote_refuses_a_worse_model_and_says_where_unless_forced_with_a_reason(
    command: Callable[..., str], settings: Settings, models: Path
) -> None:
    refused = command("models", "promote", "deaf", status=1)
    assert "Refused: deaf is worse" in refused
    assert "language zh, controlled documents stopped: worse" in refused
    assert live(settings) == "tiny-1"
    assert len(promotions(models)) == 1
    command("models", "promote", "deaf", "--force", "--reason", "a drill", status=0)
    assert live(settings) == "deaf"
    assert promotions(models)[-1] | {"at": ""} == {
        "at": "", "to": "deaf", "from": "tiny-1", "forced": True, "reason": "a drill",
    }  # fmt: skip
    assert "tiny-1 is live again" in command("models", "rollback", "--reason", "end of drill", status=0)
    assert live(settings) == "tiny-1"


@pytest.mark.parametrize("reason", [(), ("--reason", " ")])
def test_force_without_a_reason_is_a_usage_error(
    command: Callable[..., str], settings: Settings, reason: tuple[str, ...]
) -> None:
    assert "goes on record" in command("models", "promote", "deaf", "--force", *reason, status=2)
    assert live(settings) == "tiny-1"


def test_list_stars_the_live_model_and_names_the_trouble_of_others(command: Callable[..., str], models: Path) -> None:
    (models / "deaf" / "extra").write_bytes(b"")
    lines = command("models", "list", status=0).splitlines()
    assert next(line for line in lines if line.startswith("*")).startswith("* tiny-1  en, zh")
    assert any(line.startswith("  deaf  refused:") for line in lines)


def test_show_prints_the_card(command: Callable[..., str]) -> None:
    assert command("models", "show", "tiny-2", status=0).startswith("# Model tiny-2\n")


def test_train_prints_doubts_with_what_to_do_and_writes_the_suspects(
    command: Callable[..., str], settings: Settings, tmp_path: Path
) -> None:
    rows = [{"id": one.id, "text": one.text, "label": one.label, "teaches": one.teaches} for one in tiny_samples(12)]
    rows += [{"id": "twin", "text": rows[0]["text"], "label": "not"}, {"id": "odd", "text": "x", "label": "maybe"}]
    data = tmp_path / "own.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = command("train", str(data), "--no-shipped", "--name", "new", "--suspects", str(tmp_path / "s.tsv"),
                  "--jobs", "1", status=0)  # fmt: skip
    assert "left out: own.jsonl:62: its label is neither controlled nor not" in out
    assert "conflict: own.jsonl:1, own.jsonl:61: the same text has both labels: decide on one" in out
    assert "too few: gallium" in out
    assert "Make it live: sluicegate models promote new" in out
    assert len((tmp_path / "s.tsv").read_text().splitlines()) == 1 + 61
    assert live(settings) == "tiny-1"
    assert "exists already" in command("train", str(data), "--name", "new", status=1)
