"""The line for one document: bytes or a path in, Verdict out. This is the public Python API.

    from sluicegate.screener import Screener
    verdict = Screener.build(load_settings()).screen_file(Path("offer.pdf"))

A document's trouble never raises; ours (no model, bad lists) does, from `sluicegate.errors`.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from sluicegate.classify.model import Model, find_model, load_model
from sluicegate.controls import Controls, load_controls
from sluicegate.decide import Evidence, decide
from sluicegate.document import Document, Passage, Problem, ProblemKind
from sluicegate.evidence import Gathered, gather
from sluicegate.extract.driver import extract_bytes
from sluicegate.extract.files import open_regular, why_unread
from sluicegate.parts import judge_parts
from sluicegate.settings import Settings
from sluicegate.tag import Tagged, Tagger
from sluicegate.tag.language import letters_of
from sluicegate.touch import could_touch
from sluicegate.unread import provenance_of, renewed, unread_verdict
from sluicegate.verdict import Decision, PointFinding, Provenance, ScoredPassage, Verdict

_FOREIGN_LETTERS = 80  # letters of an unmeasured language in one file before it counts as a text, not a name
_EXPLAINED = 0.02  # score of a passage from which the terms behind it are given


@dataclass(frozen=True)
class Screener:
    """Everything one process needs to screen documents: lists, tagger and model, built once."""

    settings: Settings
    controls: Controls
    tagger: Tagger
    model: Model
    model_folder: Path

    @classmethod
    def build(cls, settings: Settings, *, as_of: date | None = None) -> Screener:
        """Load lists, vocabulary and the live model; raises `ControlListError`, `ModelError`."""
        controls = load_controls(names=settings.policy.lists, folder=settings.paths.lists, as_of=as_of)
        folder = find_model(settings)
        return cls(settings, controls, Tagger.load(), load_model(folder), folder)

    def stale(self) -> bool:
        """Whether another model has been promoted since this one was loaded."""
        return find_model(self.settings) != self.model_folder

    def screen_file(self, path: Path, *, name: str | None = None) -> Verdict:
        """Screen one file; a file that cannot be opened is a problem in the verdict."""
        shown = name if name is not None else str(path)
        try:
            with open_regular(path) as file:
                size = os.fstat(file.fileno()).st_size
                if size > self.settings.limits.bytes:
                    return self._unread(shown, ProblemKind.TOO_LARGE, f"{size} bytes")
                data = file.read()
        except OSError as error:
            return self._unread(shown, *why_unread(error))
        return self.screen_bytes(data, name=shown)

    def screen_bytes(self, data: bytes, *, name: str, media_type: str | None = None) -> Verdict:
        """Screen one file or RFC 5322 message given as bytes; `media_type` is a type known for certain."""
        started = time.perf_counter()
        document = extract_bytes(
            data, name=name, settings=self.settings, interesting=self.tagger.interesting, media_type=media_type
        )
        verdict = self.screen_document(document)
        return replace(verdict, elapsed_ms=(time.perf_counter() - started) * 1000)

    def screen_document(self, document: Document) -> Verdict:
        """Screen a document that was already extracted.

        A document that could touch no control point, whatever its score, is not scored.
        """
        tagged = self.tagger.tag(document)
        windows = self.model.score(document) if could_touch(tagged) else ()
        policy = self.settings.policy
        gathered = gather(tagged, windows, self.controls, self.model, policy)
        problems = (*document.problems, *_foreign(tagged, self.model.languages))
        evidence = Evidence(gathered.points, gathered.untouched, gathered.untouched_place, problems)
        ruling = decide(evidence, unread=policy.unread)
        parts = tagged.document.parts
        if ruling.decision is not Decision.RELEASE:
            parts = judge_parts(tagged, windows, evidence, controls=self.controls, model=self.model, policy=policy)
        return Verdict(
            document=document.name,
            sha256=document.sha256,
            media_type=document.media_type,
            kind=tagged.kind,
            language=_languages(tagged),
            parts=parts,
            decision=ruling.decision,
            reasons=ruling.reasons,
            reasons_zh=ruling.reasons_zh,
            know_how=gathered.know_how,
            control_points=gathered.findings,
            passages=self._explained(gathered),
            problems=problems,
            provenance=self.provenance(),
            notes=document.notes,
            read_decision=decide(replace(evidence, problems=())).decision,
        )

    def provenance(self) -> Provenance:
        """What a verdict made now is made with."""
        return renewed(self._made_with)

    @cached_property
    def _made_with(self) -> Provenance:
        return provenance_of(self.settings, model=self.model.name, lists=self.controls.names, as_of=self.controls.as_of)

    def _explained(self, gathered: Gathered) -> tuple[ScoredPassage, ...]:
        return tuple(
            replace(passage, terms=self.model.explain(passage.quote)) if passage.score >= _EXPLAINED else passage
            for passage in gathered.passages
        )

    def _unread(self, name: str, kind: ProblemKind, detail: str) -> Verdict:
        return unread_verdict(name, kind, detail, settings=self.settings, provenance=self.provenance())


def _languages(tagged: Tagged) -> tuple[str, ...]:
    found: set[str] = set().union(*tagged.languages) if tagged.languages else set()
    return tuple(sorted(found, key=lambda language: (language not in ("zh", "en"), language != "zh", language)))


def _foreign(tagged: Tagged, measured: frozenset[str]) -> tuple[Problem, ...]:
    """One problem for each file of the document that holds text in a language the model was not measured on."""
    letters: dict[tuple[tuple[str, ...], str], float] = {}
    first: dict[tuple[tuple[str, ...], str], Passage] = {}
    for passage, languages in zip(tagged.document.passages, tagged.languages, strict=True):
        for language in languages - measured:
            key = (passage.place.path, language)
            letters[key] = letters.get(key, 0.0) + letters_of(language, passage.text)
            first.setdefault(key, passage)
    return tuple(
        Problem(ProblemKind.UNSUPPORTED_LANGUAGE, first[key].place, f"{key[1]}: the model was not measured on it")
        for key, count in letters.items()
        if count >= _FOREIGN_LETTERS
    )


__all__ = ["PointFinding", "Screener", "provenance_of", "unread_verdict"]
