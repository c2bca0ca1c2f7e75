"""winmail.dat, built here attribute by attribute."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from sluicegate.document import Document, ProblemKind
from sluicegate.extract.driver import extract_bytes
from sluicegate.settings import Settings

SECRET = "The dried precursor was sintered at 720 °C for 10 h; 压实密度达到 2.62 g/cm3"
START = struct.pack("<IH", 0x223E9F78, 1)
RENDERING, TITLE, DATA, ATTACHMENT, MAPI, BODY, SUBJECT, CODE_PAGE = (
    0x69002, 0x18010, 0x6800F, 0x69005, 0x69003, 0x2800C, 0x18004, 0x69007,
)  # fmt: skip


def attribute(level: int, number: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def mapi(*values: tuple[int, int, bytes]) -> bytes:
    out = struct.pack("<I", len(values))
    for number, kind, value in values:
        name = (
            b"\0" * 16 + struct.pack("<II", 1, 10) + "note\0".encode("utf-16-le") + b"\0\0" if number >= 0x8000 else b""
        )
        size = struct.pack("<II", 1, len(value)) if kind in (0x1E, 0x1F, 0x102, 0x0D) else b""
        out += struct.pack("<HH", kind, number) + name + size + value + b"\0" * (-len(value) % 4)
    return out


def attached(*attributes: bytes) -> bytes:
    return attribute(2, RENDERING, bytes(14)) + b"".join(attributes)


def read(data: bytes, *, name: str = "winmail.dat") -> Document:
    return extract_bytes(data, name=name, settings=Settings())


def places(document: Document, secret: str = SECRET) -> list[str]:
    return [one.place.text for one in document.passages if secret in one.text]


def test_subject_and_body_in_the_stated_code_page():
    data = (
        START
        + attribute(1, CODE_PAGE, struct.pack("<II", 936, 0))
        + attribute(1, SUBJECT, "报价".encode("gbk") + b"\0")
    )
    document = read(data + attribute(1, BODY, SECRET.encode("gb18030") + b"\0"))
    assert document.media_type == "application/ms-tnef"
    assert document.passages[0].text == "Subject: 报价"
    assert places(document) == ["winmail.dat > paragraph 1"]


def test_properties_named_and_unicode():
    document = read(
        START + attribute(1, MAPI, mapi((0x1000, 0x1F, b"h\0i\0"), (0x8001, 0x1F, SECRET.encode("utf-16-le"))))
    )
    assert places(document) == ["winmail.dat > message properties, paragraph 1"]
    assert document.problems == ()


def test_attachment_data_of_both_kinds_and_the_long_name():
    long = mapi((0x3707, 0x1F, "recipe 配方.txt".encode("utf-16-le")), (0x3701, 0x102, SECRET.encode()))
    document = read(
        START
        + attached(attribute(2, TITLE, b"REC~1.TXT\0"), attribute(2, DATA, b"other"), attribute(2, ATTACHMENT, long))
    )
    assert places(document) == ["winmail.dat > recipe 配方.txt > paragraph 1"]
    assert places(document, "other")


def test_message_inside_is_read():
    inner = START + attribute(1, BODY, SECRET.encode())
    held = bytes.fromhex("0703020000000000c000000000000046") + inner
    document = read(
        START + attached(attribute(2, TITLE, b"fwd\0"), attribute(2, ATTACHMENT, mapi((0x3701, 0x0D, held))))
    )
    assert places(document) == ["winmail.dat > fwd.tnef > paragraph 1"]


def test_cut_file_keeps_what_was_read_and_is_a_problem():
    document = read(START + attribute(1, BODY, SECRET.encode()) + attached(attribute(2, DATA, b"x" * 500))[:-100])
    assert places(document)
    assert ProblemKind.DAMAGED in [problem.kind for problem in document.problems]


def test_lying_counts_are_a_problem_and_take_no_time():
    for block in (
        b"\xff\xff\xff\xff",
        struct.pack("<IHHI", 1, 0x101F, 0x3001, 0xFFFFFFFF),
        struct.pack("<IHHII", 1, 0x1F, 1, 1, 1 << 31),
    ):
        assert [one.kind for one in read(START + attribute(1, MAPI, block)).problems] == [ProblemKind.DAMAGED]


def test_attachment_without_content_is_reported():
    assert [one.kind for one in read(START + attached(attribute(2, TITLE, b"x\0"))).problems] == [ProblemKind.MISSING]


@given(st.binary(max_size=300))
def test_anything_after_the_signature_is_read_or_reported(data):
    for lead in (START, START + struct.pack("<BII", 1, MAPI, max(len(data) - 2, 0))):
        read(lead + data)
