"""XML: text without tags, nothing expanded, nothing fetched."""

from sluicegate.document import ProblemKind
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
    assert [problem.kind for problem in document.problems] == [ProblemKind.DAMAGED]


def test_no_file_is_fetched(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("fetched words")
    document = _read(f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>words &x;</a>')
    assert "fetched" not in "".join(passage.text for passage in document.passages)


def test_broken_xml_is_read_as_it_stands_and_noted():
    document = _read("<?xml version='1.0'?><a><b>words</a>")
    assert "words" in document.passages[0].text
    assert "not well formed" in document.notes[0]


def test_entities_are_put_in_to_a_measure():
    document = _read(f'<!DOCTYPE a [<!ENTITY e "{"ha" * 2000}">]><a>{"&e;" * 100}</a>')
    assert [problem.kind for problem in document.problems] == [ProblemKind.TOO_LARGE]
    assert _read('<!DOCTYPE a [<!ENTITY e "thi">]><a>li&e;um</a>').passages[0].text == "lithium"


def test_an_entity_from_outside_is_a_problem():
    document = _read('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "http://example.org/e">]><a>&e;</a>')
    assert [problem.kind for problem in document.problems] == [ProblemKind.EXTERNAL]


def test_words_of_a_broken_document_are_read_without_the_tags_within_them():
    document = _read("<?xml version='1.0'?><a><p><r>Li</r><r>FePO4</r></p><b>next</a>")
    assert any("LiFePO4" in passage.text for passage in document.passages)


def test_labels_of_one_word_are_read_from_the_attributes_that_keep_them():
    document = _read(
        "<?xml version='1.0'?><map><node TEXT='Calcine 750 °C' ID='n1'/><node TEXT='&lt;b>Mill&lt;/b>'/></map>"
    )
    assert [passage.text for passage in document.passages] == ["Calcine 750 °C\nMill"]
