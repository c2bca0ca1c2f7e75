"""Short neighbours become one passage; tables and different places stay apart."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sluicegate.document import Grid, Passage, Place
from sluicegate.extract.merge import LONGEST, TARGET, merge_passages
from sluicegate.extract.pieces import pieces

PLACE = Place(("a.docx",))


def _passage(text, **where):
    return Passage(text, replace(PLACE, **where))


def test_paragraphs_of_one_place_are_joined_under_the_first_number():
    (merged,) = merge_passages([_passage("one", paragraph=3), _passage("two", paragraph=4)])
    assert merged.text == "one\ntwo"
    assert merged.place.paragraph == 3


def test_what_differs_in_place_channel_or_flags_stays_apart():
    passages = [
        _passage("a", page=1), _passage("b", page=2), _passage("c", page=2, channel="footnote 1"),
        replace(_passage("d", page=2, channel="footnote 1"), flags=frozenset({"hidden"})),
    ]  # fmt: skip
    assert list(merge_passages(passages)) == passages


def test_tables_are_never_merged():
    table = replace(_passage("1\t2", table=1), grid=Grid((((0, 1), (2, 3)),)))
    assert list(merge_passages([table, table])) == [table, table]


@given(st.lists(st.text(min_size=1, max_size=900), max_size=12))
def test_nothing_is_lost_and_nothing_grows_too_long(texts):
    merged = list(merge_passages([_passage(text) for text in texts]))
    assert "\n".join(passage.text for passage in merged) == "\n".join(texts)
    assert all(len(passage.text) <= TARGET for passage in merged)


@given(st.text(alphabet="ab铁。 \n", max_size=400), st.integers(1, 40))
def test_pieces_lose_nothing_but_blanks_at_the_cuts(text, size):
    cut = list(pieces(text, size))
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(len(piece) <= 2 * size for piece in cut)


def test_a_paragraph_of_a_whole_book_is_cut_under_its_number():
    long = _passage("The kiln runs at 700 °C for 9 h. " * 1000, paragraph=7)
    cut = list(merge_passages([_passage("before", paragraph=6), long]))
    assert len(cut) > 4
    assert all(len(passage.text) <= 2 * LONGEST for passage in cut)
    assert {passage.place.paragraph for passage in cut[1:]} == {7}
    assert "".join(passage.text for passage in cut[1:]).replace(" ", "") == long.text.replace(" ", "")


def test_a_long_table_stays_whole():
    table = replace(_passage("1\t2\n" * 5000, table=1), grid=Grid((((0, 1), (2, 3)),)))
    assert list(merge_passages([table])) == [table]
