"""A tiny model for tests that need one of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from sluicegate.classify.score import Thresholds
from sluicegate.learn.card import card
from sluicegate.learn.fit import FitSettings
from sluicegate.learn.pack import folder_files
from sluicegate.learn.shelf import write_model
from sluicegate.learn.train import Trained, train

sys.path.append(str(Path(__file__).parent))  # for tiny_texts

from tiny_texts import tiny_samples

settings.register_profile("sluicegate", deadline=None)  # no test asserts a time
settings.load_profile("sluicegate")


@pytest.fixture(scope="session")
def tiny_trained() -> Trained:
    """A model of the tiny samples, not written yet."""
    return train(tiny_samples(), name="tiny-1", settings=FitSettings(folds=3), jobs=1)


@pytest.fixture
def put_model(tiny_trained: Trained) -> Callable[..., Path]:
    """A function (models folder, name, thresholds) that writes the tiny model under that name."""

    def put(models: Path, name: str = "tiny-1", *, thresholds: Thresholds | None = None) -> Path:
        recipe_of = replace(tiny_trained.recipe, name=name, thresholds=thresholds or tiny_trained.recipe.thresholds)
        trained = replace(tiny_trained, recipe=recipe_of)
        return write_model(models, name, folder_files(recipe_of, card(trained)))

    return put
