"""CSV or tab-separated text in, table passages with a grid out; formulas that would run a program are noted."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from sluicegate.document import ProblemKind
from sluicegate.extract.charset import decode
from sluicegate.extract.frame import Context, Find, Note, Source
from sluicegate.extract.repair import garbled, repair
from sluicegate.extract.table import ROWS, header_of, table_passages

MEDIA_TYPES = ("text/csv", "text/tab-separated-values")

_DELIMITERS = ",;\t|"
_SAMPLE = 64 * 1024
_BATCH = 10 * ROWS
_PROGRAM = re.compile(r"^\s*[=+@-].*(?:\||cmd|DDE\s*\(|HYPERLINK\s*\(|WEBSERVICE\s*\()", re.I)
_SERVER = re.compile(r"""(?:^|[,;\t"])[ \t]*[=+@-]+[ \t]*[\w.\\:/ ]+\|[ \t]*(?:'[^'\n]*'|[^'!|\n]*)[ \t]*!""", re.M)
"""A DDE address (`=program|topic!item`), which starts a program."""
_FIELD = 10_000_000


def read(source: Source, context: Context) -> Iterator[Find]:
    """The file as one table, row numbers counting from 1; quoting as RFC 4180, the delimiter as the file has it."""
    text = decode(source.data)
    if garbled(text[:_SAMPLE]):
        yield context.problem(ProblemKind.GARBLED, "most of the text is not readable characters")
    tabs = source.media_type == "text/tab-separated-values"
    rows: list[list[str]] = []
    header: tuple[str, ...] = ()
    first = 1
    program = False
    for row in _rows(text, "\t" if tabs else delimiter_of(text[:_SAMPLE])):
        program = program or any(_PROGRAM.match(cell) for cell in row)
        rows.append([repair(cell) for cell in row])
        if len(rows) == _BATCH:
            header = header or header_of(rows)
            yield from table_passages(rows, context.place(table=1), first_row=first, header=header)
            first, rows = first + len(rows), []
    yield from table_passages(rows, context.place(table=1), first_row=first, header=header)
    if not text.strip():
        yield Note("no words in it", blank=True)
    if program:
        yield Note("a cell holds a formula that would fetch or run something (DDE)")
    if _SERVER.search(text):
        yield context.problem(ProblemKind.EXTERNAL, "DDE formula: would start another program; it was not run")


def delimiter_of(sample: str) -> str:
    """The delimiter that cuts the most lines into the same number of cells, more than one."""
    lines = [line for line in sample.splitlines()[:200] if line.strip()]
    best, score = ",", 0.0
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        if usual and counts.count(usual) * usual**0.25 > score:
            best, score = delimiter, counts.count(usual) * usual**0.25
    return best


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Rows of cells; a field too long for the reader, or a stray quote, ends quoting and not the reading."""
    lines = io.StringIO(text.replace("\0", ""), newline="")
    limit = csv.field_size_limit(_FIELD)
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error:
        rest = lines.read()
        yield from (line.split(delimiter) for line in rest.splitlines())
    finally:
        csv.field_size_limit(limit)
