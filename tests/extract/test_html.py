"""HTML: what a reader sees, what he does not, and what attributes carry."""

from hypothesis import given
from hypothesis import strategies as st

from sluicegate.extract.driver import extract_bytes
from sluicegate.settings import Settings


def _read(page):
    return extract_bytes(page if isinstance(page, bytes) else page.encode(), name="a.html", settings=Settings())


def _texts(page):
    return [passage.text for passage in _read(page).passages]


def test_runs_make_one_word_and_blocks_make_lines():
    assert _texts("<html><p>Li<b>Fe</b>PO<sub>4</sub> is<br>sintered</p><div>next</div></html>") == [
        "LiFePO4 is\nsintered\nnext"
    ]


def test_hidden_text_is_flagged_and_does_not_tear_the_visible():
    seen, hidden = _read("<html><p>Li<span style='Display : None'>xx</span>FePO4</p></html>").passages
    assert (seen.text, seen.flags) == ("LiFePO4", frozenset())
    assert (hidden.text, hidden.flags) == ("xx", {"hidden"})


def test_white_letters_on_a_coloured_ground_are_seen():
    (passage,) = _read("<html><p style='color:#fff;background:#003366'>heading</p></html>").passages
    assert not passage.flags


def test_a_table_of_data_is_a_grid_and_one_of_layout_is_not():
    data = "<html><table><tr><th>Property<th>Value<tr><td>density<td>2.6</table></html>"
    assert _read(data).passages[0].grid is not None
    layout = "<html><table><tr><td><table><tr><td>inner</table><td>side</table></html>"
    assert all(passage.grid is None for passage in _read(layout).passages)


def test_the_stated_charset_is_believed_when_it_fits():
    page = "<html><meta charset=gb2312><p>镕基压实密度</p></html>"
    assert _texts(page.encode("gbk"))[0] == "镕基压实密度"
    assert _texts(page.encode("utf-8"))[0] == "镕基压实密度"


def test_content_in_an_address_is_a_child():
    document = _read("<html><a href='data:text/plain;base64,aGVsbG8='>x</a></html>")
    assert [part.path for part in document.parts] == [("a.html",), ("a.html", "inline 1")]
    assert document.passages[-1].text == "hello"


def test_deeply_nested_markup_is_read():
    assert _texts("<html>" + "<div>" * 5000 + "deep") == ["deep"]


@given(st.text(max_size=400))
def test_any_text_between_tags_is_read_or_noted(text):
    document = _read("<html><body>" + text)
    assert document.parts
    assert document.passages or document.problems or document.notes


SENTENCE = "the dried cake was fired at seven hundred degrees for ten hours"


def test_sentences_that_a_parser_drops_with_their_tag_are_read():
    for page in (
        f'<html><p>note</p><div title="{SENTENCE} and then milled',
        f"<html><p>note</p><b {SENTENCE}>x</b>",
        f'<html><p>note</p img alt="{SENTENCE}">',
        f"<html><p>note</p><style>/* {SENTENCE}",
    ):
        assert any(SENTENCE in text for text in _texts(page)), page


def test_attributes_of_an_office_page_are_no_sentences():
    page = (
        "<html><p class=MsoNormal align=center style='text-align:center;mso-line-height-alt:12pt;margin:0cm'><o:p/></p>"
        '<td width=104 nowrap valign=bottom style="width:78.0pt;padding:0cm 5.4pt" checked disabled>note</td>'
    )
    assert _texts(page) == ["note"]
