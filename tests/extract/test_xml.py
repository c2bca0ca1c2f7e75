"""XML: text without tags, nothing expanded, nothing fetched."""

from sluicegate.extract.driver import extract_bytes
from sluicegate.settings import Settings


def _read(text):
    return extract_bytes(text.encode(), name="a.xml", settings=Settings())


def test_paragraphs_are_read_in_order_and_runs_make_words():
    assert (
        _read("<?xml version='1.0'?><a><p><r>Li</r><r>FePO4</r></p><b>next</b></a>").passages[0].text == "LiFePO4\nnext"
    )


def test_entities_are_text_and_never_expanded():
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    document = _read(f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "ha">{laughs}]><a>&e9;</a>')
    assert sum(len(passage.text) for passage in document.passages) < 2000


def test_no_file_is_fetched(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("fetched words")
    document = _read(f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>words &x;</a>')
    assert "fetched" not in "".join(passage.text for passage in document.passages)


def test_broken_xml_is_read_as_it_stands_and_noted():
    document = _read("<?xml version='1.0'?><a><b>words</a>")
    assert "words" in document.passages[0].text
    assert "not well formed" in document.notes[0]
