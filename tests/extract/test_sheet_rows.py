"""The fast way through a worksheet gives what the slow one gives, and leaves alone what it does not understand."""

from __future__ import annotations

import datetime as dt
import io
from html import escape

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.extract.test_office import extracted

from sluicegate.extract.evasion import excel
from sluicegate.extract.office.serials import shown_number, shows_date
from sluicegate.extract.office.sheet_rows import sheet_rows, stretches
from sluicegate.extract.office.sheet_values import Values, sheet_cells
from sluicegate.extract.xml import parse_xml

STRINGS = ("first", "second", "a < b", "third")
FORMATS = {3: "0.0%", 14: "yyyy-mm-dd", 5: '0.00" g/cm3"'}
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_characters="\x7f\ufffd"), max_size=8)


def sheet(rows: str, before: str = "") -> bytes:
    return f"<worksheet>{before}<sheetData>{rows}</sheetData></worksheet>".encode()


def values() -> Values:
    return Values(STRINGS, FORMATS)


def read(rows: str, before: str = "") -> dict[int, list[str]]:
    found = sheet_rows(sheet(rows, before), values(), parse_xml)
    assert found is not None
    return {number: list(cells) for number, cells in found}


@st.composite
def cells(draw) -> str:
    """One cell without its reference, as programs write them."""
    style = draw(st.sampled_from(("", ' s="1"', ' s="3"', ' s="14"', ' s="5"')))
    words = escape(draw(TEXTS))
    number = draw(st.sampled_from(("0", "7", "-2.5", "0.10000000000000001", "1E-3", "1.0", "45000.25", "1.5e7")))
    return draw(
        st.sampled_from(
            (
                f'{style} t="s"><v>{draw(st.integers(0, len(STRINGS) + 1))}</v></c>',
                f"{style}><v>{number}</v></c>",
                f'{style} t="n"><v>{number}</v></c>',
                f"{style}><f>A1*2</f><v>{number}</v></c>",
                f'{style} t="str"><f t="shared" si="0"/><v>{words}</v></c>',
                f'{style} t="inlineStr"><is><t>{words}</t></is></c>',
                f'{style} t="inlineStr"><is><r><t>{words}</t></r><r><t xml:space="preserve"> on</t></r></is></c>',
                f'{style} t="b"><v>1</v></c>',
                f'{style} t="e"><v>#DIV/0!</v></c>',
                f"{style}/>",
                f"{style}><v/></c>",
                f'{style} t="s"><v><!-- hidden -->1</v></c>',
                f"{style}><v><![CDATA[12]]></v></c>",
            )
        )
    )


@st.composite
def sheets(draw) -> str:
    rows, number = [], 0
    for _ in range(draw(st.integers(0, 6))):
        number += draw(st.integers(1, 3))
        if draw(st.booleans()):
            rows.append(f'<row r="{number}" ht="15.5"/>')
            number += 1
        columns = sorted(draw(st.sets(st.sampled_from(("A", "B", "C", "F", "AA")))), key=lambda name: (len(name), name))
        line = "".join(f'<c r="{column}{number}"{draw(cells())}' for column in columns)
        rows.append(f'<row r="{number}" spans="1:27">{line}</row>')
    return draw(st.sampled_from(("", "\n"))).join(rows)


class TestRows:
    @given(sheets())
    def test_they_are_what_a_parse_gives(self, rows):
        parsed = sheet_cells(parse_xml(sheet(rows)), values())
        found = read(rows)
        fast = {(n, column): text for n, row in found.items() for column, text in enumerate(row, 1) if text.strip()}
        assert {place: text.strip() for place, text in fast.items()} == {
            place: text.strip() for place, text in parsed.items() if text.strip()
        }

    def test_columns_count_from_the_stated_one(self):
        assert read('<row r="4"><c r="C4"><v>1</v></c><c r="E4"><v>2</v></c></row>', '<dimension ref="C4:E4"/>') == {
            4: ["1", "", "2"]
        }

    @pytest.mark.parametrize(
        "inside",
        [
            '<c r="B1"><v>1</v></c><c r="A1"><v>2</v></c>',
            '<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>',
            '<c r="A1"><v>1</v><v>2</v></c>',
            '<c r="A1" t="inlineStr"><is><t>1</t></is><v>2</v></c>',
            '<c r="A1"><v>1</v></c><extra><c r="B1"><v>2</v></c></extra>',
            "<c><v>1</v></c><c><v>2</v></c>",
            "<c r='A1'><v>1</v></c><c r='B1'><v>2</v></c>",
        ],
    )
    def test_nothing_is_lost_in_odd_markup(self, inside):
        text = " ".join(read(f'<row r="1">{inside}</row>')[1])
        assert "1" in text
        assert "2" in text

    def test_a_row_far_to_the_right_does_not_fill_memory(self):
        assert read('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>') == {1: ["1", "2"]}

    @pytest.mark.parametrize(
        "data",
        [
            b"<x:worksheet><x:sheetData><x:row r='1'/></x:sheetData></x:worksheet>",
            b'<?xml version="1.0" encoding="UTF-16"?><worksheet><sheetData></sheetData></worksheet>',
            b"no sheet",
        ],
    )
    def test_other_makes_are_left_to_other_readers(self, data):
        assert sheet_rows(data, values(), parse_xml) is None

    def test_hardly_two_rows_alike_are_left_to_other_readers(self):
        names = [f"{a}{b}" for a in "ABCDEFGHIJ" for b in "ABCDEFGHIJ"]
        rows = "".join(f'<row r="{n}"><c r="{name}{n}"><v>1</v></c></row>' for n, name in enumerate(names, 1))
        assert sheet_rows(sheet(rows), values(), parse_xml) is None

    def test_a_large_sheet_is_read_block_by_block(self):
        rows = "".join(
            f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>row {n}</t></is></c></row>' for n in range(1, 20001)
        )
        assert read(rows) == {n: [f"row {n}"] for n in range(1, 20001)}


class TestStretches:
    def test_small_gaps_are_filled_and_large_ones_begin_a_new_one(self):
        rows = [(3, ["a"]), (5, ["b"]), (9000, ["c"]), (2, ["d"])]
        found = [(first, [list(row) for row in run]) for first, run in stretches(rows)]
        assert found == [(3, [["a"], [], ["b"]]), (9000, [["c"]]), (2, [["d"]])]


class TestNumbers:
    @pytest.mark.parametrize(
        ("value", "code", "text"),
        [
            ("45293", "yyyy-mm-dd", "2024-01-02"),
            ("45293.5", "d/m/yy h:mm", "2024-01-02 12:00:00"),
            ("0.5", "h:mm", "12:00:00"),
            ("1.125", "[h]:mm", "1 day, 3:00:00"),
            ("59", "d.m.yy", "1900-02-28"),
            ("61", "d.m.yy", "1900-03-01"),
            ("-5", "yyyy", "-5"),
            ("3000000", "yyyy", "3000000"),
            ("0.25", "0.0%", "25%"),
            ("2.5", '0.0" g/cm3"', "2.5 g/cm3"),
            ("0.1234567890123456", "", "0.123456789012346"),
            ("words", "0%", "words"),
        ],
    )
    def test_they_show_as_their_format_says(self, value, code, text):
        assert shown_number(value, code) == text

    def test_dates_may_count_from_1904(self):
        assert shown_number("43831", "yyyy-mm-dd", epoch_1904=True) == "2024-01-02"

    @pytest.mark.parametrize(
        ("code", "dated"),
        [("General", False), ("[Red]0.0", False), ('0" days"', False), ("[$-804]yyyy/m/d", True), ("[mm]:ss", True)],
    )
    def test_dates_are_told_from_numbers(self, code, dated):
        assert shows_date(code) is dated

    def test_a_workbook_of_another_program_reads_alike(self):
        book = openpyxl.Workbook()
        page = book.active
        page.append(["Batch", "Day", "Share", "Sum"])
        page.append(["B1", dt.datetime(2024, 1, 2), 0.25, "=1+1"])
        page["C2"].number_format = "0.0%"
        held = io.BytesIO()
        book.save(held)
        texts = [passage.text for passage in extracted(held.getvalue(), "a.xlsx").passages]
        assert "Batch\tDay\tShare\tSum\nB1\t2024-01-02\t25%" in texts


def test_a_broken_block_is_a_problem_and_the_rest_is_read():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</c></row>'
    document = extracted(excel.workbook(rows), "a.xlsx")
    assert document.problems
    assert any("1" in passage.text for passage in document.passages)
