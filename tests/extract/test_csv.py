"""CSV: cells in a grid, whatever the delimiter and the charset."""

import pytest

from sluicegate.document import ProblemKind
from sluicegate.extract.driver import extract_bytes
from sluicegate.extract.formats.csv import delimiter_of
from sluicegate.settings import Settings


def _read(data, name="a.csv"):
    return extract_bytes(data, name=name, settings=Settings())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    assert (
        delimiter_of("\n".join(delimiter.join(["a, x" if delimiter != "," else "a", "b", "c"]) for _ in range(5)))
        == delimiter
    )


def test_cells_keep_their_rows_across_passages():
    lines = ["名称,压实密度 (g/cm3)", *(f"样品{n},{n / 100}" for n in range(1000))]
    document = _read("\n".join(lines).encode("gb18030"))
    last = document.passages[-1]
    assert last.place_at(last.text.index("样品999")).row == 1001
    assert last.grid.header == ("名称", "压实密度 (g/cm3)")


def test_quoted_cells_may_hold_delimiters_and_line_breaks():
    (passage,) = _read(b'a,b\n"x, y","line one\nline two"\n').passages
    assert [passage.text[start:end] for start, end in passage.grid.rows[1]] == ["x, y", "line one\nline two"]


def test_a_formula_that_would_run_a_program_is_noted():
    assert "DDE" in _read(b"a,b\n=cmd|'/c calc'!A0,1\n").notes[0]


def test_an_unclosed_quote_does_not_swallow_the_rest():
    assert "after" in _read(b'a,b\n"open,1\nafter,2\n').passages[0].text


def test_a_formula_that_starts_a_program_is_a_problem():
    for data in (b"a,b\n=cmd|'/c calc'!A0,1\n", b"=cmd|'/k \\..\\calc.exe'!A0\n"):
        assert [problem.kind for problem in _read(data).problems] == [ProblemKind.EXTERNAL]
    assert not _read(b"a,b\n=A1|B1,- x|y\n").problems
