"""Measures the bars on speed and prints each figure beside its bar; exit status 1 when a bar fails.

Everything compared runs in turn in one process on the same files; the figures are medians of ratios. Goals that are
missed are said and do not fail the run.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "samples")]
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")

from papers import make  # noqa: E402
from rounds import Bar, command_cpu  # noqa: E402

FULL = {"en": (10, 30, 60), "zh": (10, 25, 50)}
QUICK = {"en": (20,), "zh": (20,)}
PAGE = (
    "The board met on Tuesday. It approved the minutes, heard the report of the auditors and set the date of the "
    "next meeting. The rent of the Oslo office rises by 3 % from January; the lease runs until 2029. "
)


def command_bars(folder: Path, *, rounds: int) -> Iterator[Bar]:
    """CPU of the command from cold: the interpreter, the imports, the work and the children."""
    command = [sys.executable, "-c", "from sluicegate.cli import main; main()"]
    page = folder / "page.txt"
    page.write_text(PAGE * 9, "utf-8")
    yield Bar("sluicegate --help", command_cpu([*command, "--help"], rounds=rounds), 0.5, unit="s CPU")
    yield Bar("sluicegate check, one page", command_cpu([*command, "check", str(page)], rounds=rounds), 3, unit="s CPU")


def all_bars(folder: Path, *, quick: bool) -> Iterator[Bar]:
    """Every bar in turn."""
    from books import workbook
    from line import line_bars, peer_bar, pool_bars
    from stages import presidio_bars, stage_bars, vocabulary_bar, workbook_bar, worker_bar

    from sluicegate.screener import Screener
    from sluicegate.settings import Settings

    rounds, pages = (3, QUICK) if quick else (7, FULL)
    yield from command_bars(folder, rounds=3)
    plain = make(folder / "plain", pages=pages, mixed=False)
    mixed = make(folder / "mixed", pages=pages, mixed=True)
    screener = Screener.build(Settings())
    yield from line_bars(screener, plain, mixed, rounds=rounds)
    yield from pool_bars(screener, plain, mixed, rounds=rounds)
    yield peer_bar(screener, mixed, rounds=rounds)
    yield from stage_bars(screener, plain, mixed, rounds=rounds)
    yield vocabulary_bar(screener, mixed, rounds=rounds)
    book = folder / "book.xlsx"
    workbook(book, rows=2000 if quick else 20000)
    yield workbook_bar(screener, book, rounds=rounds)
    yield worker_bar(screener, folder, rounds=rounds)
    against = presidio_bars(screener, mixed, rounds=rounds)
    yield from against
    if not against:
        print("Presidio's analyzer is not installed: not compared (pip install presidio-analyzer)")


def show(bar: Bar) -> None:
    """Print one figure beside its bar."""
    sign = "≤" if bar.at_most else "≥"
    word = "pass" if bar.holds else ("below the goal" if bar.goal else "FAIL")
    asked = f"{sign} {bar.limit:g} {bar.unit}{' (goal)' if bar.goal else ''}"
    print(f"{bar.name:<62} {bar.value:>8.2f} {bar.unit:<6} {asked:<16} {word:<5} {bar.note}".rstrip(), flush=True)


def main() -> int:
    """Run, print, and answer 0 when every bar holds, else 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer pages and rounds: about a minute, rougher figures")
    quick: bool = parser.parse_args().quick
    failed = 0
    with tempfile.TemporaryDirectory(prefix="sluicegate-bench-") as folder:
        for bar in all_bars(Path(folder), quick=quick):
            show(bar)
            failed += not (bar.holds or bar.goal)
    print("every bar holds" if not failed else f"{failed} bar(s) missed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
