"""Files that offices send now and then: read where they are text, else unread with a word on what to do."""

# ruff: noqa: E501  (long lines are samples)

import random

import pytest

from sluicegate.document import ProblemKind
from sluicegate.extract.driver import extract_bytes
from sluicegate.extract.evasion import pages
from sluicegate.extract.office.cfb import write_compound
from sluicegate.extract.placed import Piece, in_lines
from sluicegate.settings import Extraction, Settings

SETTINGS = Settings(extraction=Extraction(ocr="off"))
NOISE = random.Random(3).randbytes(40_000)


def _read(data, name):
    return extract_bytes(data, name=name, settings=SETTINGS)


@pytest.mark.parametrize(
    ("data", "name", "advice"),
    [
        (b"AC1032" + bytes(300), "line.dwg", "an AutoCAD drawing is not read; have it sent as PDF or DXF"),
        (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d" + bytes(300), "a.one", "a OneNote section is not read; have it sent as PDF"),
        (b"CAJ\0" + bytes(range(256)), "a.caj", "a CNKI paper is not read; have it sent as PDF"),
        (b"\0\1\2\3" + bytes(range(256)), "a.xyz", "a file of an unknown kind is not read; a person must look at it, or have it sent as PDF"),
        (b"ID3" + bytes(300), "a.mp3", "sound is not read; somebody must listen to it"),
        (write_compound({("   114", "Var2Data"): bytes(5000)}), "a.mpp", "a Microsoft Project plan is not read; have it sent as PDF or XLSX"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_named_with_what_to_do(data, name, advice):
    (problem,) = _read(data, name).problems
    assert (problem.kind, problem.detail) == (ProblemKind.UNSUPPORTED, advice)


def test_a_compound_file_of_an_unknown_program_is_unread_though_some_words_were_found():
    streams = {("Header",): "The title of this drawing stands here in words".encode("utf-16-le"), ("Model",): NOISE}
    document = _read(write_compound(streams), "a.xyz")
    assert "The title of this drawing" in document.passages[0].text
    assert [problem.kind for problem in document.problems] == [ProblemKind.UNSUPPORTED]


@pytest.mark.parametrize("channel", ["lines", "characters", "attachment"])
def test_a_signed_ofd_with_its_seal_is_read_whole(channel):
    made = next(found for found in pages.channels() if (found.format, found.channel) == ("ofd", channel))
    assert not _read(made.make("The canteen is closed on Friday."), "a.ofd").problems


def test_fonts_of_books_and_pages_are_no_trouble():
    for kind in ("epub", "xps"):
        made = next(found for found in pages.channels() if found.format == kind)
        assert not _read(made.make("The canteen is closed on Friday."), f"a.{kind}").problems


def test_glyphs_without_characters_are_unread():
    data = pages._xps("<Glyphs Indices='21,50;33;47' OriginX='1' OriginY='2' FontRenderingEmSize='4'/>")
    assert [problem.kind for problem in _read(data, "a.xps").problems] == [ProblemKind.GARBLED]


def test_pieces_become_words_cells_and_lines():
    pieces = [
        Piece(0, 0, 10, "Sin"), Piece(14, 0, 10, "ter"), Piece(34, 0, 10, "at"), Piece(100, 1, 10, "750"), Piece(0, 14, 10, "时"),
        Piece(14, 14, 10, "间"),
    ]  # fmt: skip
    assert in_lines(pieces) == "Sinter at\t750\n时间"


def test_a_property_list_whose_names_lead_elsewhere_is_read_from_its_bytes():
    import plistlib

    sentence = "The dried cake was fired at seven hundred degrees for ten hours; 经砂磨至 0.45 μm 后喷雾干燥"
    whole = plistlib.dumps({"note": sentence, "x": 1}, fmt=plistlib.FMT_BINARY)
    read = [passage.text for passage in extract_bytes(whole, name="a.plist", settings=Settings()).passages]
    assert read == [f"note: {sentence}"]
    references = b"\xd2\x01\x02\x03\x04"  # two names, two values
    assert references in whole
    astray = extract_bytes(whole.replace(references, b"\xd2\x01\x02\x04\x04"), name="a.plist", settings=Settings())
    assert any(sentence in passage.text for passage in astray.passages)
