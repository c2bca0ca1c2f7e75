"""The whole line against bare pypdfium2 and against the plain combination of the same libraries."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2
from papers import Papers
from rounds import Bar, family_cpu, interleaved, ratio

from sluicegate.document import Document, Part, Passage, Place
from sluicegate.screener import Screener


def bare_text(papers: Papers) -> Callable[[], int]:
    """Read the text of every page with pypdfium2 and do nothing else."""

    def read() -> int:
        return sum(len(text) for path in papers.paths for text in page_texts(path))

    return read


def page_texts(path: Path) -> Iterator[str]:
    """The bare text of each page."""
    document = pypdfium2.PdfDocument(path)
    for page in document:
        text_page = page.get_textpage()
        yield text_page.get_text_bounded()
        text_page.close()
        page.close()
    document.close()


def line_bars(screener: Screener, plain: Papers, mixed: Papers, *, rounds: int) -> Iterator[Bar]:
    """CPU of the whole line, in process, over bare text of the same files."""
    for papers, limit, what in ((plain, 1.8, "ordinary PDFs"), (mixed, 4.0, "1 page in 20 relevant, ruled table")):

        def screen(papers: Papers = papers) -> None:
            for path in papers.paths:
                screener.screen_file(path)

        spent = interleaved({"line": screen, "bare": bare_text(papers)}, rounds=rounds)
        per_page = statistics.median(spent["bare"]) / papers.pages * 1000
        note = f"{papers.pages} pages, bare {per_page:.2f} ms/page"
        yield Bar(f"whole line / pypdfium2 text, {what}", ratio(spent["line"], spent["bare"]), limit, note=note)


def pool_bars(screener: Screener, plain: Papers, mixed: Papers, *, rounds: int) -> Iterator[Bar]:
    """The same through the worker processes, their CPU included."""
    from sluicegate.workers import Task, WorkerPool

    with WorkerPool(screener.settings, size=1) as pool:
        for papers, limit, what in ((plain, 1.8, "ordinary PDFs"), (mixed, 4.0, "1 page in 20 relevant, ruled table")):

            def screen(papers: Papers = papers) -> None:
                for path in papers.paths:
                    pool.screen(Task(name=path.name, path=path))

            read = bare_text(papers)
            screen()
            ratios = []
            for _ in range(rounds):
                started = family_cpu()
                screen()
                middle = family_cpu()
                before = time.process_time()
                read()
                ratios.append((middle - started) / (time.process_time() - before))
            yield Bar(f"the same in workers, {what}", statistics.median(ratios), limit)


def peer_bar(screener: Screener, mixed: Papers, *, rounds: int) -> Bar:
    """How many times faster than pdfplumber text and tables + blank spaCy with our ruler + our classifier."""
    peer = Peer(screener)
    small = Papers((mixed.paths[0], mixed.paths[len(mixed.paths) // 2]), 0)  # the shortest in each language
    work = {"peer": lambda: [peer.screen(path) for path in small.paths]}
    work["line"] = lambda: [screener.screen_file(path) for path in small.paths]  # type: ignore[assignment,misc]
    spent = interleaved(work, rounds=max(rounds // 3, 1))
    faster = ratio(spent["peer"], spent["line"])
    return Bar("times faster than pdfplumber + spaCy + classifier", faster, 10, at_most=False, goal=True)


class Peer:
    """What one writes without thinking about cost: every page, every table, every stage."""

    def __init__(self, screener: Screener) -> None:
        import spacy

        import sluicegate.tag.ruler  # noqa: F401 registers the ruler

        self._model = screener.model
        self._nlp: Any = spacy.blank("xx")
        self._nlp.add_pipe("sluicegate_ruler")

    def screen(self, path: Path) -> int:
        """Text and tables of every page, the ruler on every page, the classifier on every page."""
        import pdfplumber

        passages = []
        with pdfplumber.open(path) as document:
            for number, page in enumerate(document.pages, 1):
                rows = [row for table in page.extract_tables() for row in table]
                cells = "\n".join("\t".join(cell or "" for cell in row) for row in rows)
                passages.append(Passage(f"{page.extract_text()}\n{cells}", Place((path.name,), page=number)))
                page.close()
        found = sum(len(self._nlp(passage.text).ents) for passage in passages)
        part = Part((path.name,), "", "application/pdf")
        return found + len(self._model.score(Document(path.name, (part,), tuple(passages))))
