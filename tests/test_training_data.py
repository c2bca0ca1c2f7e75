"""training_data/ is what its README says: enough of each kind, no templates, no marking that tells the label."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from sluicegate.learn.near import shingles
from sluicegate.learn.sample import POINTS, find_marks, language_of

FOLDER = Path(__file__).parents[1] / "training_data"
LEAST_SAMPLES = 800
LEAST_OF_POINT = {"gallium": 8}  # 20 for the others
ALIKE = 0.35  # Jaccard likeness of 5-character shingles; two texts on one subject by one writer reach 0.2
SHARED_RUNS = 0.35  # of a text's runs of 20 words, how many may stand in another group
SKELETON_GROUPS = 3  # groups that one sentence may stand in: a company's oath in its reports, a rule's title
MARKING_RATIO = 3.0  # how much oftener a marking may stand on one label than on the other
MARKING = re.compile(
    r"\bconfidential\b|proprietary|trade secret|internal (?:use|only)|company restricted"
    r"|do not (?:distribute|forward|copy)"
    r"|(?:机密|秘密|绝密|保密)(?![义协条责制工])|内部(?:资料|使用|文件|参考|传阅|公开)"
    r"|严禁(?:外传|复制)|请勿(?:外传|转发)|不得外传",
    re.IGNORECASE,
)  # stamps, not clauses on confidentiality
NAMED_MARKINGS = {"en": re.compile(r"\bconfidential\b", re.IGNORECASE), "zh": re.compile("机密")}


@cache
def rows() -> tuple[dict[str, Any], ...]:
    """Every line of every file."""
    lines = (line for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text("utf-8").split("\n"))
    return tuple(json.loads(line) for line in lines if line)


def controlled(row: dict[str, Any]) -> bool:
    return bool(row["label"] == "controlled")


def test_there_are_enough_and_half_are_chinese() -> None:
    languages = Counter(row["language"] for row in rows())
    assert len(rows()) >= LEAST_SAMPLES
    assert set(languages) == {"en", "zh"}
    assert 0.45 <= languages["zh"] / len(rows()) <= 0.55


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("point", POINTS)
def test_each_point_has_enough_in_each_language(point: str, language: str) -> None:
    count = sum(point in row["points"] for row in rows() if row["language"] == language)
    assert count >= LEAST_OF_POINT.get(point, 20)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_there_are_at_least_as_many_negatives(language: str) -> None:
    labels = Counter(controlled(row) for row in rows() if row["language"] == language)
    assert labels[False] >= labels[True]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_negatives_talk_and_teach_other_things(language: str) -> None:
    kinds = Counter(bool(row["teaches"]) for row in rows() if row["language"] == language and not controlled(row))
    assert min(kinds.values()) >= 40


def test_each_line_is_a_sample_as_the_readme_says() -> None:
    ids = Counter(row["id"] for row in rows())
    assert [name for name, count in ids.items() if count > 1] == []
    for row in rows():
        assert {"id", "text", "label", "teaches", "points", "language", "kind", "register", "group", "source"} <= set(
            row
        )
        assert row["label"] in ("controlled", "not"), row["id"]
        assert set(row["points"]) <= set(POINTS), row["id"]
        assert controlled(row) or not row["points"], row["id"]
        assert row["teaches"] or not controlled(row), row["id"]
        assert len(row["text"]) >= 40, row["id"]
        assert find_marks((row["text"],), row.get("passages") or ()) is not None, row["id"]


def test_controlled_texts_name_their_point_unless_they_are_written_in_code() -> None:
    unnamed = [row["id"] for row in rows() if controlled(row) and not row["points"]]
    assert len(unnamed) <= 0.02 * len(rows()), unnamed


def test_languages_are_those_of_the_texts() -> None:
    wrong = [row["id"] for row in rows() if language_of(row["text"]) != row["language"]]
    assert len(wrong) <= 0.02 * len(rows()), wrong


def test_both_labels_come_in_several_registers() -> None:
    for label in (True, False):
        counts = Counter(row["register"] for row in rows() if controlled(row) is label)
        assert sum(count >= 5 for count in counts.values()) >= 8
        assert max(counts.values()) <= 0.25 * sum(counts.values())


def likeness(texts: list[str]) -> csr_matrix:
    """Shingles that each pair of texts shares, over those that either has; shape (texts, texts), upper half."""
    sets = [shingles(text) for text in texts]
    codes, columns = np.unique(np.concatenate(sets), return_inverse=True)
    edges = np.cumsum([0, *map(len, sets)])
    table = csr_matrix((np.ones(len(columns), dtype=np.int32), columns, edges), shape=(len(sets), len(codes)))
    shared = (table @ table.T).tocoo()
    sizes = np.asarray([len(found) for found in sets])
    ratio = shared.data / (sizes[shared.row] + sizes[shared.col] - shared.data)
    upper = shared.row < shared.col
    return csr_matrix((ratio[upper], (shared.row[upper], shared.col[upper])), shape=shared.shape)


def test_no_two_groups_are_nearly_alike() -> None:
    found = likeness([row["text"] for row in rows()]).tocoo()
    pairs = [
        (round(float(value), 2), rows()[first]["id"], rows()[second]["id"])
        for first, second, value in zip(found.row, found.col, found.data, strict=True)
        if value >= ALIKE and rows()[first]["group"] != rows()[second]["group"]
    ]
    assert sorted(pairs, reverse=True) == []


def test_hardly_any_text_is_made_of_runs_of_another() -> None:
    """Runs of 20 words or Chinese characters: titles, rules and registers are quoted, texts are not put together."""
    where: dict[str, set[str]] = {}
    runs: dict[str, list[str]] = {}
    for row in rows():
        words = re.findall(r"[a-z0-9.]+|[\u3400-\u9fff]", row["text"].lower())
        runs[row["id"]] = [" ".join(words[start : start + 20]) for start in range(max(len(words) - 19, 0))]
        for run in runs[row["id"]]:
            where.setdefault(run, set()).add(row["group"])
    shared = {
        name: sum(len(where[run]) > 1 for run in found) / len(found) for name, found in runs.items() if len(found) > 20
    }
    assert {name: share for name, share in shared.items() if share > SHARED_RUNS} == {}


def test_no_skeleton_is_filled_in_again_and_again() -> None:
    """Sentences that differ in their numbers only are a template."""
    where: dict[str, set[str]] = {}
    for row in rows():
        for sentence in re.split(r"[.!?;:。！？；：\n]\s*", row["text"]):
            plain = re.sub(r"\d+(?:[.,]\d+)*", "0", " ".join(sentence.lower().split()))
            if sum(2 if character > "\u2fff" else 1 for character in plain) >= 50:
                where.setdefault(plain, set()).add(row["group"])
    assert {plain: groups for plain, groups in where.items() if len(groups) > SKELETON_GROUPS} == {}


def shares(pattern: re.Pattern[str], language: str | None = None) -> tuple[float, float, int]:
    """The share of controlled and of other samples with the marking, and how many have it."""
    chosen = [row for row in rows() if language in (None, row["language"])]
    marked = Counter(controlled(row) for row in chosen if pattern.search(row["text"]))
    labels = Counter(controlled(row) for row in chosen)
    return marked[True] / labels[True], marked[False] / labels[False], marked.total()


@pytest.mark.parametrize("language", [None, "en", "zh"])
def test_markings_stand_on_both_labels_alike(language: str | None) -> None:
    taught, other, count = shares(MARKING, language)
    assert count >= 20
    assert max(taught, other) <= MARKING_RATIO * min(taught, other), (taught, other)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_word_itself_stands_on_both_labels_alike(language: str) -> None:
    taught, other, _ = shares(NAMED_MARKINGS[language], language)
    assert min(taught, other) > 0
    assert max(taught, other) <= MARKING_RATIO * min(taught, other), (taught, other)


def test_a_marking_says_nothing_about_the_label_to_the_shipped_model() -> None:
    """The live model's score moves little when a marking is put before a text."""
    from sluicegate.classify.model import load_model, read_current, shipped_models

    model = load_model(shipped_models() / read_current(shipped_models()))
    moved = []
    for row in rows()[::12]:
        mark = "机密　严禁外传\n" if row["language"] == "zh" else "CONFIDENTIAL - do not distribute\n"
        plain, marked = (
            max(s.controlled for s in model.score_texts([text])) for text in (row["text"], mark + row["text"])
        )
        moved.append(marked - plain)
    assert abs(float(np.mean(moved))) < 0.03


def test_the_length_of_a_text_does_not_tell() -> None:
    """The median lengths of both labels differ by less than a factor of two, in each language."""
    for language in ("en", "zh"):
        medians = [
            float(
                np.median(
                    [len(row["text"]) for row in rows() if row["language"] == language and controlled(row) is label]
                )
            )
            for label in (True, False)
        ]
        assert max(medians) < 2 * min(medians)
