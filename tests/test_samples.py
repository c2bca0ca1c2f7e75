"""The documents of tests/samples get the verdicts that were written down for them in samples.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Line:
    """The line with the settings of this test, and a memory of what it has screened."""

    screener: Screener

    def verdict(self, file: str) -> Verdict:
        return _screen(self.screener, file)


@cache
def _screen(screener: Screener, file: str) -> Verdict:
    return screener.screen_file(SAMPLES / file, name=file)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    models = tmp_path_factory.mktemp("models")
    settings = parse_settings({"extraction": {"ocr": "off"}, "paths": {"models": str(models)}})
    return Line(Screener.build(settings, as_of=EXPECTED["as_of"]))


def _cases(key: str) -> list[Any]:
    return [pytest.param(sample, id=sample["file"]) for sample in EXPECTED["sample"] if key in sample]


def test_every_sample_has_an_expectation() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == {sample["file"] for sample in EXPECTED["sample"]}


@pytest.mark.parametrize("sample", _cases("decision"))
def test_decision_is_the_one_written_down(line: Line, sample: dict[str, Any]) -> None:
    verdict = line.verdict(sample["file"])
    allowed = sample["decision"] if isinstance(sample["decision"], list) else [sample["decision"]]
    assert verdict.decision in allowed, verdict.reasons


@pytest.mark.parametrize("sample", _cases("decision"))
def test_problems_are_the_ones_written_down(line: Line, sample: dict[str, Any]) -> None:
    assert sorted({problem.kind for problem in line.verdict(sample["file"]).problems}) == sample.get("problems", [])


@pytest.mark.parametrize("sample", _cases("points"))
def test_control_points_are_found(line: Line, sample: dict[str, Any]) -> None:
    assert set(sample["points"]) <= {finding.id for finding in line.verdict(sample["file"]).control_points}


@pytest.mark.parametrize("sample", _cases("place"))
def test_best_passage_stands_where_it_should(line: Line, sample: dict[str, Any]) -> None:
    best = line.verdict(sample["file"]).passages[0].place.text
    assert any(place in best for place in sample["place"]), best


@pytest.mark.parametrize("sample", _cases("criteria"))
def test_criteria_have_the_statuses_written_down(line: Line, sample: dict[str, Any]) -> None:
    wanted = dict(sample["criteria"])
    point = wanted.pop("point")
    finding = next(found for found in line.verdict(sample["file"]).control_points if found.id == point)
    statuses = {criterion.property: criterion.status for criterion in finding.criteria if criterion.property in wanted}
    assert statuses == wanted


def test_quotes_stand_in_the_verdict_of_every_held_sample(line: Line) -> None:
    held = [sample["file"] for sample in EXPECTED["sample"] if sample["decision"] == "hold"]
    assert all(line.verdict(file).passages[0].quote for file in held)
