"""Files made to hurt: bombs, endless nesting, crowds of members, climbing names, lying sizes, recursion.

Here the limits inside the reader are tried; what a reader cannot limit by itself (pdfium hanging, memory bombs inside a
library) is tried with killable workers elsewhere.
"""

import gzip
import io
import os
import struct
import zipfile

import pytest

from sluicegate.document import ProblemKind
from sluicegate.extract.driver import extract_bytes
from sluicegate.extract.evasion._pdf import PdfFile, assembled, shown
from sluicegate.settings import MIB, Extraction, Limits, Settings


def _read(data, name="a.zip", **limits):
    settings = Settings(limits=Limits(**limits), extraction=Extraction(ocr="off"))
    return extract_bytes(data, name=name, settings=settings)


def _zip(*members, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def _kinds(document):
    return {problem.kind for problem in document.problems}


def _texts(document):
    return [passage.text for passage in document.passages]


def test_a_zip_bomb_is_stopped_and_its_neighbours_are_read():
    document = _read(_zip(("a.txt", "before"), ("bomb", bytes(200 * MIB)), ("z.txt", "after")))
    assert _kinds(document) == {ProblemKind.TOO_LARGE}
    assert _texts(document) == ["before", "after"]


def test_a_word_file_with_a_bomb_inside_is_stopped():
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
        'PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    body = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
    bomb = body + b"x" * (120 * MIB) + b"</w:t></w:r></w:p></w:body></w:document>"
    data = _zip(("[Content_Types].xml", types), ("_rels/.rels", relations), ("word/document.xml", bomb))
    assert _kinds(_read(data, name="a.docx")) == {ProblemKind.TOO_LARGE}


def test_archives_nested_two_hundred_deep_end_at_the_depth_limit():
    data = b"innermost words"
    for n in range(200):
        data = _zip((f"{n}.zip", data), method=zipfile.ZIP_STORED)
    document = _read(data)
    assert _kinds(document) == {ProblemKind.TOO_DEEP}
    assert len(document.parts) <= Limits().depth + 2


def test_packed_streams_nested_two_hundred_deep_end_at_the_depth_limit():
    data = b"innermost words"
    for _ in range(200):
        data = gzip.compress(data)
    assert _kinds(_read(data, name="a.gz")) == {ProblemKind.TOO_DEEP}


def test_sixty_thousand_members_end_at_the_member_limit():
    document = _read(_zip(*[(f"{n}.txt", f"{n}") for n in range(60_000)], method=zipfile.ZIP_STORED), members=500)
    assert _kinds(document) == {ProblemKind.TOO_MANY}
    assert len(document.parts) == 501


@pytest.mark.parametrize(
    "name", ["../../climb.txt", "/etc/climb.txt", "C:\\climb.txt", "..\\..\\climb.txt", "a/../../../climb.txt"]
)
def test_climbing_names_are_only_words(name, tmp_path, monkeypatch):
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    assert _texts(_read(_zip((name, "words")))) == ["words"]
    assert [path for path, _, files in os.walk(tmp_path) if files] == []


def test_entities_that_would_expand_a_billion_times_do_not():
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "laugh">{laughs}]><a>&e9;</a>'
    assert sum(map(len, _texts(_read(text.encode(), name="a.xml")))) < 5000


def test_elements_nested_ten_thousand_deep_are_read_or_reported():
    document = _read(b"<?xml version='1.0'?>" + b"<a>" * 10_000 + b"words" + b"</a>" * 10_000, name="a.xml")
    assert "words" in "".join(_texts(document))


@pytest.mark.parametrize("stated", [0, 1, 10, 0xFFFFFFF0])
def test_sizes_that_lie_neither_hide_content_nor_fill_the_memory(stated):
    data = bytearray(_zip(("a.txt", "words " * 500)))
    struct.pack_into("<L", data, data.rindex(b"PK\x01\x02") + 24, stated)
    struct.pack_into("<L", data, data.index(b"PK\x03\x04") + 22, stated)
    assert "words words" in "".join(_texts(_read(bytes(data))))


def test_a_size_that_lies_cannot_smuggle_a_bomb():
    data = bytearray(_zip(("bomb", bytes(50 * MIB))))
    struct.pack_into("<L", data, data.rindex(b"PK\x01\x02") + 24, 10)
    assert _kinds(_read(bytes(data))) == {ProblemKind.TOO_LARGE}


def test_a_packed_quine_ends():
    """Its own bytes again and again: the member is the archive itself."""
    inner = _zip(("a.txt", "words"))
    for _ in range(3):
        inner = _zip(("again.zip", inner), ("again too.zip", inner))
    assert _texts(_read(inner)) == ["words"]


def test_ten_thousand_pages_end_at_the_page_limit():
    kids = " ".join(f"{n} 0 R" for n in range(4, 10_004))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count 10000>>".encode(),
        b"<</Length 0>>stream\n\nendstream",
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 3 0 R>>"] * 10_000,
    ]
    document = _read(assembled(objects), name="a.pdf", pages=200)
    assert ProblemKind.TOO_MANY in _kinds(document)


def test_a_page_tree_that_is_its_own_child_ends():
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]
    assert _read(assembled(objects), name="a.pdf").problems


def test_an_outline_that_is_its_own_sibling_ends():
    file = PdfFile(shown("words"))
    mark = file.add(b"<</Title(chapter)/Next 8 0 R/First 8 0 R>>")
    file.catalog = b"/Outlines<</First %d 0 R/Last %d 0 R/Count 1>>" % (mark, mark)
    assert _texts(_read(file.build(), name="a.pdf")) == ["words", "chapter"]


def test_a_thousand_equal_embedded_files_are_read_once():
    file = PdfFile(shown("cover"))
    for _ in range(1000):
        file.stream(b"embedded words", b"/Type/EmbeddedFile", packed=True)
    assert _texts(_read(file.build(), name="a.pdf")) == ["cover", "embedded words"]


def test_html_with_two_hundred_thousand_tags_is_read():
    assert "words" in "".join(_texts(_read(b"<html>" + b"<b>x</b>" * 100_000 + b"words", name="a.html")))


def test_a_line_of_ten_million_characters_is_read_within_the_limit():
    document = _read(b"a" * 10_000_000, name="a.txt", characters=1_000_000)
    assert _kinds(document) == {ProblemKind.TOO_LARGE}
    assert document.passages
