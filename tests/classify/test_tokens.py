from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.classify.columns import COLUMNS, columns_of
from sluicegate.classify.tokens import classed, feature_version, features, stem
from sluicegate.classify.vectors import hashed, window_logits, window_matrix

PIPELINE = Path(__file__).parents[2] / "pipeline"
CHARACTERS = st.text(alphabet=st.characters(codec="utf-8"), max_size=300)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("700 °C", "§temp"), ("７００℃", "§temp"), ("8 h", "§time"), ("8小时", "§time"), ("350 rpm", "§rot"),
        ("220 MPa", "§press"), ("2.58 g/cm3", "§dens"), ("$ 12,000", "§money"), ("2026年3月", "§date"),
        ("1:1.02:0.98", "§ratio"), ("3 mol/L", "§conc"), ("155 mAh/g", "§capa"), ("99.5 %", "§pct"),
    ],
)  # fmt: skip
def test_a_number_with_its_unit_becomes_the_class_of_the_quantity(text: str, token: str) -> None:
    assert classed(text).split() == [token]


def test_two_temperatures_have_the_same_features() -> None:
    assert sorted(features("sinter at 700 °C for 8 h")) == sorted(features("Sinter at 815 ℃ for 12 h"))


def test_words_of_one_meaning_share_a_class_in_both_languages() -> None:
    assert {"=heat"} <= set(features("sintered")) & set(features("烧结"))


@pytest.mark.parametrize(("word", "root"), [("sintered", "sinter"), ("sintering", "sinter"), ("lfp", "lfp")])
def test_inflection_is_taken_off(word: str, root: str) -> None:
    assert stem(word) == root


def test_traditional_full_width_and_zero_width_spellings_make_no_difference() -> None:
    assert sorted(features("燒結溫度")) == sorted(features("烧结温度"))
    assert sorted(features("Ｌｉ２ＣＯ３ si\u00adnter")) == sorted(features("Li2CO3 sinter"))


@given(CHARACTERS)
def test_features_are_a_function_of_the_text(text: str) -> None:
    assert features(text) == features(text)
    assert all(name and name.strip() for name in features(text))


@given(st.lists(CHARACTERS, max_size=5))
def test_each_text_has_its_own_row_whatever_stands_beside_it(texts: list[str]) -> None:
    together = hashed(texts)
    for number, text in enumerate(texts):
        alone = hashed([text])
        assert sorted(together[number].indices) == sorted(alone.indices)
        assert set(columns_of(sorted(set(features(text))))) == set(alone.indices.tolist())


@given(st.lists(st.sampled_from(["sinter at 700 °C. ", "烧结。", "价格上涨", "x y ", "\n"]), min_size=1, max_size=60))
def test_rows_have_length_one_so_that_length_does_not_tell(pieces: list[str]) -> None:
    matrix, _ = window_matrix(["".join(pieces)])
    assert matrix.shape[1] == COLUMNS
    sizes = [sum(value * value for value in matrix[row].data.tolist()) for row in range(matrix.shape[0])]
    assert all(size == 0 or abs(size - 1) < 1e-4 for size in sizes)


@given(st.lists(st.lists(CHARACTERS, max_size=8).map("sinter at 700 °C. ".join), max_size=4))
def test_windows_weigh_what_their_matrix_says(texts: list[str]) -> None:
    weights = np.random.default_rng(0).normal(size=(COLUMNS, 3)).astype(np.float32)
    logits, spans = window_logits(texts, weights)
    matrix, rows = window_matrix(texts)
    assert spans == rows
    assert logits == pytest.approx(matrix @ weights, abs=1e-4)


def test_columns_are_the_same_in_another_process() -> None:
    names = ["sinter", "=heat", "=heat>§temp", "磷酸", "烧"]
    program = f"from sluicegate.classify.columns import columns_of; print(columns_of({names!r}))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(PIPELINE), "PYTHONHASHSEED": "7", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.stdout.strip() == str(columns_of(names))


def test_the_version_names_the_data_files_by_their_digest() -> None:
    number, _, digest = feature_version().partition("-")
    assert number.isdigit()
    assert len(digest) == 12
