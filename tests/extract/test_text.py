"""Plain text: passages of a few paragraphs, none too long, nothing lost."""

import json

from hypothesis import given
from hypothesis import strategies as st

from sluicegate.document import ProblemKind
from sluicegate.extract.driver import extract_bytes
from sluicegate.settings import Limits, Settings


def _read(data, name="a.txt", settings=None):
    return extract_bytes(data, name=name, settings=settings or Settings())


def test_long_text_is_cut_at_paragraphs_and_numbered():
    document = _read("\n\n".join(f"paragraph {n} " + "word " * 60 for n in range(40)).encode())
    assert len(document.passages) > 5
    assert document.passages[1].text.startswith(f"paragraph {document.passages[1].place.paragraph - 1} ")


def test_json_escapes_are_characters():
    (passage,) = _read(json.dumps({"note": "压实密度 😀"}).encode(), name="a.json").passages
    assert "压实密度 😀" in passage.text


def test_an_empty_text_is_noted_and_an_empty_format_is_damaged():
    assert _read(b"").notes
    assert not _read(b"").problems
    assert _read(b"", name="a.docx").problems[0].kind is ProblemKind.DAMAGED


def test_text_beyond_the_limit_is_a_problem_and_what_was_read_stays():
    document = _read(("word " * 200 + "\n\n").encode() * 50, settings=Settings(limits=Limits(characters=5000)))
    assert document.passages
    assert document.problems[0].kind is ProblemKind.TOO_LARGE


@given(st.lists(st.text(st.characters(categories=["L", "N"]), max_size=4000), max_size=6))
def test_no_letter_is_lost(paragraphs):
    text = "\n\n".join(paragraphs)
    document = _read(b"\xef\xbb\xbf" + text.encode())
    assert "".join("".join(passage.text.split()) for passage in document.passages) == "".join(text.split())
