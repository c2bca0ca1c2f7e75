"""The driver: recursion, limits, failures turned into problems, nothing silently empty."""

import hashlib
import io
import logging
import zipfile
from collections.abc import Iterator

import pytest

from sluicegate.document import ProblemKind
from sluicegate.extract import driver, registry
from sluicegate.extract.driver import extract_bytes, finds_of
from sluicegate.extract.frame import Context, Find, Source, Unreadable, clean_name
from sluicegate.settings import Extraction, Limits, Settings


def _zip(*members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def _read(data, name="a.zip", **limits):
    return extract_bytes(data, name=name, settings=Settings(limits=Limits(**limits)))


def _kinds(document):
    return [problem.kind for problem in document.problems]


def test_the_first_part_is_the_file_itself():
    document = _read(b"words", name="a.txt")
    assert document.parts[0].path == ("a.txt",)
    assert document.sha256 == hashlib.sha256(b"words").hexdigest()
    assert document.media_type == "text/plain"


def test_depth_is_limited_and_what_lies_above_is_read():
    data = _zip(("words.txt", "innermost"))
    for n in range(6):
        data = _zip(("inner.zip", data), (f"level{n}.txt", f"words at level {n}"))
    document = _read(data, depth=3)
    assert set(_kinds(document)) == {ProblemKind.TOO_DEEP}
    assert [passage.text for passage in document.passages] == [f"words at level {n}" for n in (3, 4, 5)]


def test_members_are_limited_over_all_depths():
    document = _read(_zip(*[(f"{n}.txt", f"words {n}") for n in range(50)]), members=20)
    assert _kinds(document) == [ProblemKind.TOO_MANY]
    assert len(document.passages) == 19


def test_the_bytes_of_all_members_together_are_limited():
    document = _read(_zip(*[(f"{n}.txt", f"{n}" * 5000) for n in range(1, 9)]), total_bytes=60_000)
    assert ProblemKind.TOO_LARGE in _kinds(document)
    assert document.passages


def test_a_file_above_the_limit_is_not_read():
    assert _kinds(_read(b"words " * 100, name="a.txt", bytes=100)) == [ProblemKind.TOO_LARGE]


def test_reading_stops_before_the_worker_would_be_killed_and_keeps_what_it_has():
    document = _read(_zip(*[(f"{n}.txt", f"words {n}") for n in range(50)]), seconds=1e-9)
    assert _kinds(document) == [ProblemKind.TIMED_OUT]


def test_a_type_without_reader_is_unsupported():
    assert _kinds(_read(b"MZ" + bytes(200), name="a.exe")) == [ProblemKind.UNSUPPORTED]


class _Panic(BaseException):
    """What a library written in Rust raises when it gives up."""


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (ValueError("secret text"), ProblemKind.DAMAGED),
        (MemoryError(), ProblemKind.OUT_OF_MEMORY),
        (RecursionError(), ProblemKind.TOO_DEEP),
        (Unreadable(ProblemKind.ENCRYPTED), ProblemKind.ENCRYPTED),
        (_Panic(), ProblemKind.DAMAGED),
    ],
)
def test_a_failing_reader_keeps_what_it_gave_and_becomes_a_problem(failure, kind):
    context = Context(("a",), Limits(), Extraction(), bool)

    def reader(source: Source, context: Context) -> Iterator[Find]:
        yield context.problem(ProblemKind.MISSING, "first")
        raise failure

    finds = list(driver._guarded(reader(Source("a", b"x", "x/y"), context), context))
    assert [find.kind for find in finds] == [ProblemKind.MISSING, kind]
    assert "secret" not in finds[1].detail


def test_an_interrupt_is_not_swallowed():
    def reader() -> Iterator[Find]:
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        list(driver._guarded(reader(), Context(("a",), Limits(), Extraction(), bool)))


def test_a_file_that_contains_itself_ends():
    inner = _zip(("a.txt", "words"))
    document = _read(_zip(("1.zip", inner), ("2.zip", inner)))
    assert len(document.passages) == 1
    assert "the same bytes as" in document.notes[0]


def test_names_are_fit_to_be_shown():
    assert clean_name("a\x00b\u202ec\ud800") == "a\\x00b\\u202ec\\ud800"
    assert len(clean_name("x" * 5000)) == 240
    assert clean_name("") == "unnamed"


def test_finds_are_never_empty():
    context = Context(("a",), Limits(), Extraction(), bool)
    for media_type in registry.modules():
        assert list(finds_of(Source("a", b"", media_type), context))


def test_parsers_do_not_log_what_they_read(capfd):
    from sluicegate.extract.evasion._pdf import PdfFile, shown

    _read(PdfFile(shown("words")).build().replace(b"/FontBBox[0 -200 1000 800]", b"/FontBBox[secret]"), name="a.pdf")
    for name in ("pdfminer.pdffont", "PIL.TiffImagePlugin", "olefile"):
        logging.getLogger(name).error("secret")
    assert "secret" not in capfd.readouterr().err


def test_half_a_character_does_not_stop_the_line():
    rtf = rb"{\rtf1 \uc1 one \u-10240? two \u-10179?\u-8704? three}"
    (passage,) = extract_bytes(rtf, name="a.rtf", settings=Settings()).passages
    passage.text.encode()
    assert "one \ufffd two \U0001f600 three" in passage.text
