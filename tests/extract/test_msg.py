"""Outlook messages, built here as compound files: code pages, bodies, attachments, messages and objects inside."""

import io
import struct

import pytest
from compressed_rtf import compress
from hypothesis import given
from hypothesis import strategies as st
from olefile import OleFileIO

from sluicegate.document import Document, ProblemKind
from sluicegate.extract.cfb import write_cfb
from sluicegate.extract.driver import extract_bytes
from sluicegate.extract.rtf_html import encapsulated_html
from sluicegate.settings import Settings

SECRET = "The dried precursor was sintered at 720 °C for 10 h; 压实密度达到 2.62 g/cm3"
GBK_CODE_PAGE = (0x3FFD, 3, struct.pack("<q", 936))


def fixed(header: int, *values: tuple[int, int, bytes]) -> bytes:
    return bytes(header) + b"".join(struct.pack("<HHI8s", kind, number, 6, value) for number, kind, value in values)


def text(number: int, value: str, *, codec: str = "utf-16-le") -> dict[str, bytes]:
    kind = "001F" if codec == "utf-16-le" else "001E"
    return {f"__substg1.0_{number:04X}{kind}": value.encode(codec)}


def binary(number: int, value: bytes) -> dict[str, bytes]:
    return {f"__substg1.0_{number:04X}0102": value}


def message(*streams: dict, values: tuple = (), header: int = 32) -> dict:
    return {"__properties_version1.0": fixed(header, *values)} | {key: one[key] for one in streams for key in one}


def attached(*streams: dict, method: int = 1) -> dict:
    return {
        "__attach_version1.0_#00000000": message(*streams, values=((0x3705, 3, struct.pack("<q", method)),), header=8)
    }


def read(tree: dict) -> Document:
    return extract_bytes(write_cfb(tree), name="a.msg", settings=Settings())


def places(document: Document, secret: str = SECRET) -> list[str]:
    return [one.place.text for one in document.passages if secret in one.text]


def test_header_and_body():
    sent = struct.pack("<Q", 133_000_000_000_000_000)
    tree = message(
        text(0x0037, "offer"),
        text(0x0C1A, "Li Wei"),
        text(0x0E04, "B"),
        text(0x1000, SECRET),
        values=((0x39, 0x40, sent),),
    )
    document = read(tree)
    assert document.media_type == "application/vnd.ms-outlook"
    assert document.passages[0].text == "From: Li Wei\nTo: B\nSubject: offer\nDate: 2022-06-18 04:26+00:00"
    assert places(document) == ["a.msg > paragraph 1"]
    assert document.problems == ()


@pytest.mark.parametrize(
    "values", [(GBK_CODE_PAGE,), ((0x3FFD, 3, struct.pack("<q", 1252)),), ()], ids=["936", "1252", "none"]
)
def test_eight_bit_chinese_is_decoded_whatever_code_page_is_stated(values):
    tree = message(
        text(0x0037, "磷酸铁锂正极材料报价", codec="gbk"), text(0x1000, "压实密度达到要求", codec="gbk"), values=values
    )
    document = read(tree)
    assert document.passages[0].text == "Subject: 磷酸铁锂正极材料报价"
    assert places(document, "压实密度达到要求")


def test_html_body_in_its_code_page():
    page = f"<html><body><p>{SECRET}</p></body></html>".encode("gb18030")
    document = read(message(binary(0x1013, page), values=((0x3FDE, 3, struct.pack("<q", 936)),)))
    assert any("HTML body" in place for place in places(document))


def test_rich_text_body_is_a_part():
    document = read(message(binary(0x1009, compress(b"{\\rtf1\\ansi hello sintered}"))))
    assert document.parts[1].path == ("a.msg", "body.rtf")
    assert document.parts[1].media_type == "application/rtf"


def test_damaged_rich_text_body_is_a_problem_and_the_rest_is_read():
    packed = bytearray(compress(b"{\\rtf1\\ansi hello sintered}"))
    packed[-1] ^= 0xFF
    document = read(message(text(0x1000, SECRET), binary(0x1009, bytes(packed))))
    assert places(document)
    assert [problem.kind for problem in document.problems] == [ProblemKind.DAMAGED]


def test_text_in_any_property_is_read_once():
    document = read(message(text(0x0037, "offer"), text(0x8005, SECRET), text(0x8006, SECRET), text(0x0070, "offer")))
    assert places(document) == ["a.msg > message properties, paragraph 1"]


def test_attachment_under_its_long_name():
    tree = message() | attached(binary(0x3701, SECRET.encode()), text(0x3704, "REZ~1.TXT"), text(0x3707, "recipe.txt"))
    assert places(read(tree)) == ["a.msg > recipe.txt > paragraph 1"]


def test_message_inside_becomes_a_message_of_its_own():
    inner = message(text(0x0037, "inner"), text(0x1000, SECRET), header=24) | attached(
        binary(0x3701, b"x" * 9000), text(0x3707, "x.txt")
    )
    document = read(message() | attached({"__substg1.0_3701000D": inner}, text(0x3001, "fwd"), method=5))
    assert document.parts[1].media_type == "application/vnd.ms-outlook"
    assert document.parts[2].path == ("a.msg", "fwd.msg", "x.txt")
    assert places(document) == ["a.msg > fwd.msg > paragraph 1"]


def test_object_inside_becomes_a_file_of_its_own():
    document = read(
        message() | attached({"__substg1.0_3701000D": {"WordDocument": b"\xec\xa5" + bytes(600)}}, method=6)
    )
    assert document.parts[1].media_type == "application/msword"


def test_linked_attachment_is_reported():
    document = read(message() | attached(text(0x3708, "\\\\server\\share\\recipe.docx"), method=4))
    assert [problem.kind for problem in document.problems] == [ProblemKind.EXTERNAL]


def test_encrypted_message_is_reported():
    from asn1crypto import cms

    content = {"content_type": "data", "content_encryption_algorithm": {"algorithm": "tripledes_3key"}}
    data = {"version": 0, "encrypted_content_info": content}
    sealed = cms.ContentInfo({"content_type": "encrypted_data", "content": data}).dump()
    tree = message(text(0x001A, "IPM.Note.SMIME")) | attached(
        binary(0x3701, sealed), text(0x3707, "smime.p7m"), text(0x370E, "application/pkcs7-mime")
    )
    assert [problem.kind for problem in read(tree).problems] == [ProblemKind.ENCRYPTED]


def test_transport_header_with_text_is_read():
    document = read(message(text(0x007D, f"Received: from a\r\nX-Remark: {SECRET}\r\n\r\n")))
    assert places(document) == ["a.msg > other headers"]


def test_cut_file_is_a_problem():
    data = write_cfb(message(text(0x1000, SECRET * 200)))
    document = extract_bytes(data[: len(data) // 2], name="a.msg", settings=Settings())
    assert document.problems


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=8), st.binary(max_size=9000), max_size=20))
def test_compound_files_hold_what_was_put_in(streams):
    with OleFileIO(io.BytesIO(write_cfb({"folder": streams}))) as opened:
        assert {path[1]: opened.openstream(path).read() for path in opened.listdir()} == streams


def test_html_inside_of_rich_text_is_what_the_recipient_sees():
    rtf = (
        rb"{\rtf1\ansi\ansicpg936\fromhtml1\uc1{\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\f0"
        rb"\htmlrtf0 \'d1\'b9\'ca\'b5\u23494?\u24230? a\{b\htmlrtf }\htmlrtf0 {\*\htmltag72 </p>}"
        rb"{\*\mhtmltag64 hidden}\par}"
    )
    assert encapsulated_html(rtf).strip() == "<p>压实密度 a{b</p>"
    assert encapsulated_html(rb"{\rtf1 plain}") == ""


@given(st.binary(max_size=300))
def test_any_rich_text_ends(data):
    encapsulated_html(b"{\\rtf1\\fromhtml1 " + data)
