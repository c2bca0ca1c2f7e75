"""What a file is, by its content; what its name promises only earns a note."""

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.extract.sniff import sniff

MAIL = b"From: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\n\r\nbody\r\n"


def _zip(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "media_type"),
    [
        (b"%PDF-1.7\n", "a.pdf", "application/pdf"),
        (b"\n\njunk\n%PDF-1.4\n1 0 obj", "a.pdf", "application/pdf"),
        (b"{\\rtf1 hello}", "a.doc", "application/rtf"),
        (MAIL, "a.eml", "message/rfc822"),
        (b"From a@b Mon Jan  1 10:00:00 2024\n" + MAIL, "mbox", "application/mbox"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x", "a.mht", "multipart/related"),
        (b"<!DOCTYPE html><p>x", "a.txt", "text/html"),
        (b"<?xml version='1.0'?><html xmlns='x'/>", "a", "text/html"),
        (b"<?xml version='1.0'?><a/>", "a", "text/xml"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a", "image/svg+xml"),
        (json.dumps({"a": [1]}).encode(), "x", "application/json"),
        (b"a,b\n1,2\n", "a.csv", "text/csv"),
        (b"# Title\n\ntext", "a.md", "text/markdown"),
        (b"\\documentclass{article}\n\\begin{document}", "a", "text/x-tex"),
        (b"BEGIN:VCALENDAR\r\n", "a.ics", "text/calendar"),
        ("正极材料".encode("gb18030"), "a.txt", "text/plain"),
        ("正极材料".encode("utf-16"), "a.txt", "text/plain"),
        (b"", "a.txt", "application/octet-stream"),
        (bytes(range(256)) * 8, "a.bin", "application/octet-stream"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "a", "application/x-7z-compressed"),
        (b"Rar!\x1a\x07\x01\0", "a", "application/vnd.rar"),
        (b"\xd7\xcd\xc6\x9a", "a.wmf", "image/wmf"),
        (b"-----BEGIN PKCS7-----\nMII", "a.p7m", "application/pkcs7-mime"),
        (b"MZ\x90\0", "a.pdf", "application/vnd.microsoft.portable-executable"),
    ],
)
def test_the_type_is_found_by_content(data, name, media_type):
    assert sniff(data, name=name).media_type == media_type


def test_office_and_opendocument_packages_are_told_from_plain_archives():
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    types = f'<Types><Override ContentType="{word}.main+xml"/></Types>'
    assert sniff(_zip(**{"[Content_Types].xml": types, "word__document.xml": "x"})).media_type == word
    text = "application/vnd.oasis.opendocument.text"
    assert sniff(_zip(mimetype=text, **{"content.xml": "x"})).media_type == text
    assert sniff(_zip(**{"a.txt": "x"})).media_type == "application/zip"


def test_a_zip_that_holds_a_pdf_is_a_zip():
    assert sniff(_zip(**{"a.pdf": "%PDF-1.7\n"})).media_type == "application/zip"


def test_an_archive_behind_other_bytes_is_found():
    assert sniff(bytes(range(256)) * 8 + _zip(**{"a.txt": "x"})).media_type == "application/zip"


def test_a_name_that_promises_another_type_earns_a_note():
    assert sniff(b"%PDF-1.7\n", name="a.docx").note == "name says DOCX, content is application/pdf"
    assert not sniff(b"%PDF-1.7\n", name="a.pdf").note
    assert not sniff(b"%PDF-1.7\n", name="noextension").note


def test_the_stated_type_decides_only_between_kinds_of_text():
    assert sniff(b"<p>x</p> y", hint="text/html; charset=utf-8").media_type == "text/html"
    assert sniff(b"%PDF-1.7\n", hint="text/html").media_type == "application/pdf"
    assert sniff(b"plain", hint="application/pdf").media_type == "text/plain"


@given(st.binary(max_size=2000), st.text(max_size=20))
def test_any_bytes_have_some_type(data, name):
    assert "/" in sniff(data, name=name).media_type
