"""Windows metafiles: the text that they draw."""

import struct

from sluicegate.document import ProblemKind
from sluicegate.extract.driver import extract_bytes
from sluicegate.extract.evasion.archives import _emf
from sluicegate.settings import Settings


def _read(data, name="a.emf"):
    return extract_bytes(data, name=name, settings=Settings())


def test_text_of_an_emf_is_read():
    assert _read(_emf("压实密度 2.62 g/cm3")).passages[0].text == "压实密度 2.62 g/cm3"


def test_glyph_numbers_are_unread_text():
    data = bytearray(_emf("abcdefgh"))
    struct.pack_into("<L", data, 88 + 36 + 16, 0x10)
    assert _read(bytes(data)).problems[0].kind is ProblemKind.GARBLED


def test_text_of_a_wmf_is_read():
    words = b"sintered twice"
    text = struct.pack("<LH2h2H", (14 + len(words)) // 2, 0x0A32, 5, 5, len(words), 0) + words
    data = struct.pack("<2HH2LHLH", 1, 9, 0x300, 0, 0, 0, 0, 0)[:18] + text + struct.pack("<LH", 3, 0)
    assert _read(data, "a.wmf").passages[0].text == "sintered twice"


def test_a_drawing_without_text_is_nothing():
    document = _read(_emf("")[:88] + struct.pack("<5L", 14, 20, 0, 16, 20))
    assert not document.passages
    assert not document.problems
