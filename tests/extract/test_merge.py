"""Short neighbours become one passage; tables and different places stay apart."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sluicegate.document import Grid, Passage, Place
from sluicegate.extract.merge import TARGET, merge_passages

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
