"""The documents of tests/samples get the verdicts that were written down for them in samples.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sluicegate.screener import Screener
from sluicegate.settings import parse_settings
from sluicegate.verdict import Verdict

HERE = Path(__file__).parent
SAMPLES = HERE / "samples"
EXPECTED: dict[str, Any] = tomllib.loads((HERE / "samples.toml").read_text("utf-8"))


Line = Callable[[str], Verdict]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    models = tmp_path_factory.mktemp("models")
    settings = parse_settings({"extraction": {"ocr": "off"}, "paths": {"models": str(models)}})
    screener = Screener.build(settings, as_of=EXPECTED["as_of"])
    return cache(lambda file: screener.screen_file(SAMPLES / file, name=file))


def _cases(key: str) -> list[Any]:
    return [pytest.param(sample, id=sample["file"]) for sample in EXPECTED["sample"] if key in sample]


def test_every_sample_has_an_expectation() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == {sample["file"] for sample in EXPECTED["sample"]}


@pytest.mark.parametrize("sample", _cases("decision"))
def test_decision_is_the_one_written_down(line: Line, sample: dict[str, Any]) -> None:
    verdict = line(sample["file"])
    allowed = sample["decision"] if isinstance(sample["decision"], list) else [sample["decision"]]
    assert verdict.decision in allowed, verdict.reasons


@pytest.mark.parametrize("sample", _cases("decision"))
def test_problems_are_the_ones_written_down(line: Line, sample: dict[str, Any]) -> None:
    assert sorted({problem.kind for problem in line(sample["file"]).problems}) == sample.get("problems", [])


@pytest.mark.parametrize("sample", _cases("points"))
def test_control_points_are_found(line: Line, sample: dict[str, Any]) -> None:
    assert set(sample["points"]) <= {finding.id for finding in line(sample["file"]).control_points}


@pytest.mark.parametrize("sample", _cases("place"))
def test_best_passage_stands_where_it_should(line: Line, sample: dict[str, Any]) -> None:
    best = line(sample["file"]).passages[0].place.text
    assert any(place in best for place in sample["place"]), best


@pytest.mark.parametrize("sample", _cases("criteria"))
def test_criteria_have_the_statuses_written_down(line: Line, sample: dict[str, Any]) -> None:
    wanted = dict(sample["criteria"])
    point = wanted.pop("point")
    finding = next(found for found in line(sample["file"]).control_points if found.id == point)
    statuses = {criterion.property: criterion.status for criterion in finding.criteria if criterion.property in wanted}
    assert statuses == wanted


def test_quotes_stand_in_the_verdict_of_every_held_sample(line: Line) -> None:
    held = [sample["file"] for sample in EXPECTED["sample"] if sample["decision"] == "hold"]
    assert all(line(file).passages[0].quote for file in held)
