"""Files that stand in a text as base64 or hexadecimal digits are found; keys, hashes and drawings are not."""

import base64
import random
import zipfile
import zlib
from io import BytesIO
from urllib.parse import quote

import pytest

from sluicegate.document import ProblemKind
from sluicegate.extract.driver import extract_bytes
from sluicegate.extract.evasion import PARAGRAPH
from sluicegate.extract.packed import find_packed
from sluicegate.settings import Settings

LINES = base64.encodebytes(PARAGRAPH.encode()).decode()
NOISE = random.Random(1).randbytes(9000)


def zipped() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("note.txt", PARAGRAPH)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        LINES,
        f"Hello Tom,\nas agreed:\n{LINES}\nRegards\nAnna",
        "".join(f"> {line}\n" for line in LINES.splitlines()),
        LINES.replace("\n", ""),
        base64.urlsafe_b64encode(PARAGRAPH.encode()).decode(),
        base64.b64encode(PARAGRAPH.encode("gb18030")).decode(),
        PARAGRAPH.encode().hex(),
    ],
    ids=["alone", "in a mail", "quoted", "one line", "url-safe", "GB18030", "hex"],
)
def test_an_encoded_paragraph_is_read(text):
    document = extract_bytes(text.encode(), name="note.txt", settings=Settings())
    assert any(PARAGRAPH in passage.text for passage in document.passages)


def test_an_encoded_archive_is_opened():
    document = extract_bytes(base64.encodebytes(zipped()), name="note.txt", settings=Settings())
    assert any(PARAGRAPH in passage.text for passage in document.passages)


def test_lines_in_paragraphs_of_their_own_are_one_block():
    assert [packed.data for packed in find_packed(LINES.splitlines())] == [PARAGRAPH.encode()]


def test_a_broken_byte_costs_only_its_line():
    (packed,) = find_packed([LINES[:50] + "\x80" + LINES[50:]])
    assert packed.data.endswith(PARAGRAPH.encode()[57:])


def test_a_long_block_of_no_known_kind_is_unread():
    document = extract_bytes(base64.encodebytes(NOISE), name="note.txt", settings=Settings())
    assert [problem.kind for problem in document.problems] == [ProblemKind.UNSUPPORTED]


@pytest.mark.parametrize(
    "text",
    [
        base64.encodebytes(NOISE[:300]).decode(),
        " ".join(NOISE[start : start + 32].hex() for start in range(0, 6400, 32)),
        ("X" * 78 + "\n") * 1250,
        ("-" * 78 + "\n") * 1250,
        f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(NOISE).decode()}-----END CERTIFICATE-----",
        "ThisIsAVeryLongIdentifierForSomeClass/path/to/AnotherVeryLongIdentifier " * 30,
        "一二三四五六七八九十" * 100,
    ],
    ids=["key", "hashes", "letters", "rules", "certificate", "identifiers", "Chinese"],
)
def test_what_machines_write_into_texts_is_no_file(text):
    assert list(find_packed([text])) == []


def test_lists_of_names_that_programs_keep_are_no_unread_file():
    names = b"".join(b"\n\x08h." + base64.b32encode(NOISE[start : start + 5]).lower() for start in range(0, 4500, 5))
    said = b"the precursor was then sintered at 720 degrees for ten hours and milled"
    assert list(find_packed([base64.b64encode(names).decode()])) == []
    (packed,) = find_packed([base64.b64encode(names + b"\n" + said + names).decode()])
    assert packed.known
    assert said in packed.data


def test_a_hundred_thousand_keys_that_never_end_are_gone_through_once():
    (packed,) = find_packed([LINES, "-----BEGIN KEY-----\n" * 100_000])
    assert packed.data.startswith(PARAGRAPH.encode())


def test_a_diagram_deflated_into_a_text_is_unpacked():
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = engine.compress(quote(f'<mxGraphModel><mxCell value="{PARAGRAPH}"/></mxGraphModel>').encode())
    (found,) = find_packed([f"<diagram>{base64.b64encode(packed + engine.flush()).decode()}</diagram>"])
    assert found.known
    assert PARAGRAPH in found.data.decode()


def test_a_stream_that_unpacks_to_no_text_is_no_file():
    assert list(find_packed([base64.b64encode(zlib.compress(NOISE[:900])).decode()])) == []
