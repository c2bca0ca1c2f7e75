"""Single stages: tagging and scoring a page against bare pypdfium2, growth with the vocabulary, workbooks, workers."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from line import bare_text, page_texts
from papers import Papers
from rounds import Bar, interleaved, interleaved_wall, ratio

from sluicegate.document import Document, Part, Passage, Place
from sluicegate.screener import Screener
from sluicegate.tag import Tagger
from sluicegate.tag.terms import Term, Vocabulary
from sluicegate.verdict import TagLabel

PAGES = 40


def stage_bars(screener: Screener, plain: Papers, mixed: Papers, *, rounds: int) -> Iterator[Bar]:
    """Tagging and scoring, each over the bare text of as many pages."""
    ordinary = _document([text for path in plain.paths for text in page_texts(path)])
    relevant = _document(_relevant(screener, mixed))
    work = {
        "bare": bare_text(plain),
        "tag ordinary": lambda: screener.tagger.tag(ordinary),
        "tag relevant": lambda: screener.tagger.tag(relevant),
        "score": lambda: screener.model.score(ordinary),
    }
    spent = interleaved(work, rounds=rounds)
    bare = [second / plain.pages for second in spent["bare"]]
    pages = {name: len((relevant if name == "tag relevant" else ordinary).passages) for name in work}
    each = {name: [second / pages[name] for second in seconds] for name, seconds in spent.items()}
    yield Bar(
        "tag an ordinary page / pypdfium2 page", ratio(each["tag ordinary"], bare), 0.2, note=_ms(each["tag ordinary"])
    )
    yield Bar(
        "tag a relevant page / pypdfium2 page", ratio(each["tag relevant"], bare), 1.5, note=_ms(each["tag relevant"])
    )
    yield Bar("score a page / pypdfium2 page", ratio(each["score"], bare), 0.5, note=_ms(each["score"]))


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.2f} ms/page"


def _document(texts: list[str]) -> Document:
    passages = tuple(Passage(text, Place(("bench.pdf",), page=number)) for number, text in enumerate(texts, 1))
    return Document("bench.pdf", (Part(("bench.pdf",), "", "application/pdf"),), passages)


def _relevant(screener: Screener, mixed: Papers) -> list[str]:
    """Recipe pages, repeated with other numbers until there are enough of them."""
    texts = [text for path in mixed.paths for text in page_texts(path) if screener.tagger.interesting(text)]
    dense = sorted(texts, key=lambda text: -len(screener.tagger.prefilter.hits(text)))[: max(len(texts) // 2, 1)]
    return [dense[number % len(dense)].replace("4", str(number % 10)) for number in range(PAGES)]


def vocabulary_bar(screener: Screener, mixed: Papers, *, rounds: int) -> Bar:
    """3,000 phrases against 300: the same terms, and as many others as are needed that occur nowhere."""
    relevant = _document(_relevant(screener, mixed))
    few = _terms(screener.tagger.vocabulary, 300)
    spare = [Term(f"filler-{number}", TagLabel.MATERIAL, (), (_filler(number),)) for number in range(2700)]
    small, large = Tagger(Vocabulary(few)), Tagger(Vocabulary((*few, *spare)))
    spent = interleaved({"300": lambda: small.tag(relevant), "3000": lambda: large.tag(relevant)}, rounds=rounds * 2)
    return Bar("tagging with 3,000 phrases / with 300", ratio(spent["3000"], spent["300"]), 1.10)


def _terms(vocabulary: Vocabulary, phrases: int) -> tuple[Term, ...]:
    chosen: list[Term] = []
    for term in vocabulary.terms:
        if phrases <= 0:
            break
        chosen.append(term)
        phrases -= len(term.phrases)
    return tuple(chosen)


def _filler(number: int) -> str:
    """A phrase of two words that no document holds."""
    letters = "bcdfghjklmnpqrstvwz"
    return f"x{letters[number % 19]}{letters[number // 19 % 19]}{letters[number // 361 % 19]}q ore{number % 7}x"


def workbook_bar(screener: Screener, book: Path, *, rounds: int) -> Bar:
    """Cells, comments, headers and properties of a workbook against openpyxl's read-only mode, cells only."""
    from sluicegate.extract.driver import extract_bytes

    def ours() -> None:
        extract_bytes(
            book.read_bytes(), name=book.name, settings=screener.settings, interesting=screener.tagger.interesting
        )

    def peer() -> int:
        import openpyxl

        opened = openpyxl.load_workbook(book, read_only=True)
        return sum(
            1 for sheet in opened for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
        )

    spent = interleaved({"peer": peer, "ours": ours}, rounds=max(rounds // 2, 1))
    return Bar("XLSX: times faster than openpyxl read-only", ratio(spent["peer"], spent["ours"]), 5, at_most=False)


def worker_bar(screener: Screener, folder: Path, *, rounds: int) -> Bar:
    """What passing a file through a worker adds to screening it in process."""
    from sluicegate.workers import Task, WorkerPool

    paths = []
    for number in range(40):
        path = folder / f"note-{number}.txt"
        path.write_text(f"Note {number}\nThe meeting of the safety board is moved to room {number}.\n" * 12, "utf-8")
        paths.append(path)
    with WorkerPool(screener.settings, size=1) as pool:
        pool.screen(Task(name="warm", path=paths[0]))
        work: dict[str, Any] = {
            "pool": lambda: [pool.screen(Task(name=path.name, path=path)) for path in paths],
            "process": lambda: [screener.screen_file(path) for path in paths],
        }
        spent = interleaved_wall(work, rounds=rounds)
    added = [(pool - own) / len(paths) * 1000 for pool, own in zip(spent["pool"], spent["process"], strict=True)]
    return Bar("worker overhead a file", statistics.median(added), 5, unit="ms")


def presidio_bars(screener: Screener, mixed: Papers, *, rounds: int) -> tuple[Bar, ...]:
    """How many times faster than Presidio's analyzer with the same phrases; none where it is not installed.

    Once all of tagging, with formulas, quantities and what they belong to; once what both do, the phrases alone.
    """
    try:
        from presidio_analyzer import AnalyzerEngine, PatternRecognizer, RecognizerRegistry
        from presidio_analyzer.nlp_engine import SpacyNlpEngine
    except ImportError:
        return ()
    import spacy

    from sluicegate.tag.normalise import normalise

    class Blank(SpacyNlpEngine):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.nlp = {"en": spacy.blank("en")}

    labels: dict[str, list[str]] = {}
    for term in screener.tagger.vocabulary.terms:
        labels.setdefault(term.label.value, []).extend(phrase for phrase, _ in term.phrases)
    registry = RecognizerRegistry(supported_languages=["en"])
    for label, phrases in labels.items():
        registry.add_recognizer(PatternRecognizer(supported_entity=label, deny_list=phrases))
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["en"])
    texts = _relevant(screener, mixed)[:10]
    relevant = _document(texts)
    _, ruler = screener.tagger.spacy
    work = {
        "peer": lambda: [analyzer.analyze(text, language="en") for text in texts],
        "tagging": lambda: screener.tagger.tag(relevant),
        "marking the same phrases": lambda: [ruler.mark(normalise(text).text) for text in texts],
    }
    spent = interleaved(work, rounds=max(rounds // 3, 1))
    return tuple(
        Bar(f"{name}: times faster than Presidio", ratio(spent["peer"], spent[name]), 20, at_most=False, goal=True)
        for name in list(work)[1:]
    )
