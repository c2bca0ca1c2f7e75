"""Each library that the line is built on does its work on the production path: calls are watched, none replaced."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

from sluicegate.learn.fit import FitSettings
from sluicegate.learn.train import train
from sluicegate.screener import Screener
from sluicegate.settings import parse_settings
from sluicegate.verdict import Verdict
from tiny_texts import tiny_samples

SAMPLES = Path(__file__).parent / "samples"
RULED = "lfp-product-spec.pdf"
PLAIN = "lfp-manual-de.pdf"
WORD = "lfp-pilot-manual.docx"


@contextmanager
def calls_into(*packages: str) -> Iterator[set[str]]:
    """The names of the Python functions of some packages that are called."""
    found: set[str] = set()

    def watch(frame: FrameType, event: str, _: object) -> None:
        module = frame.f_globals.get("__name__") or ""
        if event == "call" and module.partition(".")[0] in packages:
            found.add(frame.f_code.co_qualname)

    sys.setprofile(watch)
    try:
        yield found
    finally:
        sys.setprofile(None)


@pytest.fixture(scope="module")
def screener(tmp_path_factory: pytest.TempPathFactory) -> Screener:
    models = str(tmp_path_factory.mktemp("models"))
    return Screener.build(parse_settings({"extraction": {"ocr": "off"}, "paths": {"models": models}}))


def screened(screener: Screener, name: str) -> Verdict:
    return screener.screen_file(SAMPLES / name, name=name)


def test_pdfplumber_finds_the_table_whose_cells_are_weighed(screener: Screener) -> None:
    import pdfplumber

    with calls_into("pdfplumber") as called:
        verdict = screened(screener, RULED)
    assert "Page.find_tables" in called
    stated = [
        criterion.stated
        for finding in verdict.control_points
        for criterion in finding.criteria
        if criterion.stated is not None and criterion.place is not None and criterion.place.table == 1
    ]
    assert stated
    with pdfplumber.open(SAMPLES / RULED) as pdf:
        cells = [cell for row in pdf.pages[0].extract_tables()[0] for cell in row if cell]
    assert all(any(f"{found['value']:g}" in cell for cell in cells) for found in stated)


def test_pdfplumber_is_left_alone_where_nothing_is_ruled(screener: Screener) -> None:
    with calls_into("pdfplumber") as called:
        screened(screener, PLAIN)
    assert called == set()


def test_python_docx_opens_the_package_and_parses_its_parts(screener: Screener) -> None:
    import docx

    with calls_into("docx") as called:
        verdict = screened(screener, WORD)
    assert {"OpcPackage.open", "OpcPackage.iter_parts"} <= called
    cells = [
        cell.text for table in docx.Document(str(SAMPLES / WORD)).tables for row in table.rows for cell in row.cells
    ]
    place = verdict.control_points[0].criteria[0].place
    stated = verdict.control_points[0].criteria[0].stated
    assert place is not None
    assert stated is not None
    assert place.table == 2
    assert any(f"{stated['value']:g}" in cell for cell in cells)


def test_tags_are_spans_of_a_spacy_pipeline(screener: Screener) -> None:
    import spacy
    from spacy.matcher import PhraseMatcher

    best = screened(screener, WORD).passages[0]
    nlp, ruler = screener.tagger.spacy
    assert isinstance(nlp, spacy.language.Language)
    assert isinstance(ruler._matcher, PhraseMatcher)
    doc = ruler(nlp.make_doc(best.quote))
    spans = {(span.label_, span.text) for group in doc.spans.values() for span in group}
    words = {
        (tag.label.value, tag.text) for tag in best.tags if tag.label.value in ("CHEMISTRY", "PROCESS", "EQUIPMENT")
    }
    assert words
    assert words <= spans
    assert {(entity.label_, entity.text) for entity in doc.ents} <= spans


def test_scores_come_from_scikit_learn_regressions(screener: Screener) -> None:
    from sklearn.linear_model import LogisticRegression
    from skops import io as skops_io

    from sluicegate.classify.vectors import window_matrix

    text = "Iron phosphate and lithium carbonate are milled for 3 h, dried, and sintered at 760 °C for 9 h in nitrogen."
    content: Any = skops_io.load(screener.model_folder / "model.skops", trusted=[])
    head = content["heads"]["teaches"]
    assert isinstance(head, LogisticRegression)
    matrix, _ = window_matrix([text])
    slope, shift = content["calibration"]["teaches"]
    logit = head.decision_function(matrix[:, content["columns"]]) * slope + shift
    (score,) = screener.model.score_texts([text])
    assert score.teaches == pytest.approx(float(1 / (1 + np.exp(-logit[0]))), rel=1e-4)


def test_training_fits_with_scikit_learn_in_jobs_of_joblib() -> None:
    with calls_into("joblib", "sklearn") as called:
        train(tiny_samples(), name="x", settings=FitSettings(folds=3), jobs=1)
    assert {"Parallel.__call__", "delayed", "LogisticRegression.fit"} <= called


def test_the_command_line_is_a_typer_application(capsys: pytest.CaptureFixture[str]) -> None:
    import typer

    from sluicegate.cli import build_app

    app = build_app()
    assert isinstance(app, typer.Typer)
    with calls_into("typer") as called, pytest.raises(SystemExit) as ended:
        app(["controls", "list"])
    assert ended.value.code == 0
    assert "252604X.1" in capsys.readouterr().out
    assert any("wrapper" in name for name in called)  # around every command
