"""The gold passages and tables: what the tagger reads of them does not get worse."""

from __future__ import annotations

import importlib.util
from collections import Counter
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from sluicegate.controls import load_controls
from sluicegate.tag import Tagger

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "gold"
OPEN_FLOORS = {"names": 0.95, "quantities": 0.99, "bindings": 0.98, "criteria": 0.975}
ALL_FLOORS = {"names": 0.935, "quantities": 0.97, "bindings": 0.895, "criteria": 0.925}


@pytest.fixture(scope="module")
def gold() -> ModuleType:
    loader = SourceFileLoader("gold_script", str(SCRIPT))
    spec = importlib.util.spec_from_loader("gold_script", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def reach(gold: ModuleType, records: list[dict[str, object]], tagger: Tagger) -> dict[str, float]:
    """F1 of names, quantities and bindings, and the accuracy of the criteria."""
    score: dict[str, Counter[str]] = gold.measure(records, tagger, load_controls())
    reached = {name: gold.harmonic(score[name]) for name in ("names", "quantities", "bindings")}
    return reached | {"criteria": score["criteria"]["right"] / score["criteria"].total()}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("held", "floors"), [(False, OPEN_FLOORS), (True, ALL_FLOORS)], ids=["open", "all"])
def test_gold_stays_above_its_floors(
    language: str, held: bool, floors: dict[str, float], gold: ModuleType, tagger: Tagger
) -> None:
    records = [record for record in gold.records(language) if held or not record["held"]]
    assert len(records) == (175 if held else 87)
    reached = reach(gold, records, tagger)
    assert {name for name, floor in floors.items() if reached[name] < floor} == set(), reached


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_records_annotated_once_stay_above_their_floors(language: str, gold: ModuleType, tagger: Tagger) -> None:
    records = [record for record in gold.records(language, once=True) if not record["held"]]
    reached = reach(gold, records, tagger)
    floors = {"names": 0.925, "quantities": 0.98, "bindings": 0.94, "criteria": 0.95}
    assert {name for name, floor in floors.items() if reached[name] < floor} == set(), reached


def test_half_of_the_records_are_held_and_both_forms_are_there(gold: ModuleType) -> None:
    for language in ("zh", "en"):
        records = gold.records(language)
        assert sum(record["held"] for record in records) == 88
        assert sum("rows" in record for record in records) >= 20
        assert sum("text" in record for record in records) >= 150
