"""Rows become passages whose grid knows every cell, and long tables keep their header."""

from hypothesis import given
from hypothesis import strategies as st

from sluicegate.document import Place
from sluicegate.extract.table import header_of, table_passages

PLACE = Place(("a.csv",), table=1)
CELLS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\r"), max_size=8)


def test_cells_are_joined_by_tabs_and_rows_by_line_breaks():
    (passage,) = table_passages([["Property", "Value"], ["density", "2.6\tg"]], PLACE)
    assert passage.text == "Property\tValue\ndensity\t2.6 g"
    assert [[passage.text[a:b] for a, b in row] for row in passage.grid.rows] == [
        ["Property", "Value"],
        ["density", "2.6 g"],
    ]


def test_a_long_table_is_cut_and_repeats_its_header():
    rows = [["Property", "Value"], ["", "g/cm3"], *[[f"row {n}", str(n)] for n in range(200)]]
    passages = list(table_passages(rows, PLACE))
    assert len(passages) == 4
    assert passages[0].grid.header == ()
    assert [passage.grid.header for passage in passages[1:]] == [("Property", "Value g/cm3")] * 3
    assert passages[1].grid.first_row == 61
    assert passages[1].place_at(0).row == 61


def test_blank_rows_keep_their_numbers_and_a_long_gap_cuts():
    rows = [["a", "b"], [], ["1", "2"], *[["", ""]] * 10, ["3", "4"]]
    first, second = table_passages(rows, PLACE)
    assert first.place_at(first.text.index("2")).row == 3
    assert second.grid.first_row == 14


def test_rows_that_continue_a_table_carry_the_header_they_are_given():
    (passage,) = table_passages([["1", "2"]], PLACE, first_row=301, header=["A", "B"])
    assert passage.grid.header == ("A", "B")


def test_a_table_without_numbers_has_one_header_row():
    assert header_of([["name", "kind"], ["lime", "tree"], ["oak", "tree"]]) == ("name", "kind")


def test_no_rows_no_passage():
    assert not list(table_passages([[], ["", " "]], PLACE))


@given(st.lists(st.lists(CELLS, max_size=5), max_size=150), st.integers(1, 500))
def test_every_cell_is_found_again_at_its_row(rows, first_row):
    found = {}
    for passage in table_passages(rows, PLACE, first_row=first_row):
        for number, row in enumerate(passage.grid.rows, passage.grid.first_row):
            found[number] = [passage.text[start:end] for start, end in row]
            assert all(passage.place_at(start).row == number for start, end in row if end > start)
    for number, row in enumerate(rows, first_row):
        cells = [cell.strip().replace("\t", " ") for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        assert found.get(number, []) == cells
