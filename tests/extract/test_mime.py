"""The MIME walk: each row of hostile mail is a test; what any mail program could show is among the leaves."""

import base64
import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.document import ProblemKind
from sluicegate.extract.mime.boundary import split
from sluicegate.extract.mime.fields import entities
from sluicegate.extract.mime.flowed import unflowed
from sluicegate.extract.mime.inline import enclosed
from sluicegate.extract.mime.parameters import parse
from sluicegate.extract.mime.transfer import decode_base64, decode_quoted, encoding_of
from sluicegate.extract.mime.walk import Leaf, Trouble, walk
from sluicegate.extract.mime.words import header_text

HEAD = b"From: a@x.test\r\nTo: b@y.test\r\nMIME-Version: 1.0\r\n"
SECRET = b"sintered at 720 C for ten hours"
NAME = "电池电解液配方.docx"
GBK = NAME.encode("gbk")


def items(data: bytes, parts: int = 2000) -> list[Leaf | Trouble]:
    return list(walk(data, parts=parts))


def contents(data: bytes) -> list[bytes]:
    return [item.data for item in items(data) if isinstance(item, Leaf)]


def troubles(data: bytes, parts: int = 2000) -> list[ProblemKind]:
    return [item.kind for item in items(data, parts) if isinstance(item, Trouble)]


def found(data: bytes, secret: bytes = SECRET) -> bool:
    return any(secret in content for content in contents(data))


def part(
    body: bytes, *, kind: bytes = b"application/octet-stream", encoding: bytes = b"base64", more: bytes = b""
) -> bytes:
    return (
        HEAD
        + b"Content-Type: "
        + kind
        + b"\r\nContent-Transfer-Encoding: "
        + encoding
        + b"\r\n"
        + more
        + b"\r\n"
        + body
    )


def names(disposition: bytes, *, kind: bytes = b"application/octet-stream") -> tuple[str, ...]:
    message = part(b"AAAA\r\n", kind=kind, more=b"Content-Disposition: " + disposition + b"\r\n")
    return next(item.names for item in items(message) if isinstance(item, Leaf))


def multipart(
    *parts: bytes, kind: bytes = b"mixed", more: bytes = b"", preamble: bytes = b"", epilogue: bytes = b""
) -> bytes:
    head = HEAD + b"Content-Type: multipart/" + kind + b'; boundary="b"\r\n' + more + b"\r\n" + preamble
    return head + b"".join(b"\r\n--b\r\n" + one for one in parts) + b"\r\n--b--\r\n" + epilogue


@pytest.mark.parametrize(
    "body",
    [
        base64.b64encode(b"ABCD") + b"\r\n" + base64.b64encode(SECRET),
        base64.b64encode(b"A" * 57 + SECRET) + b"A",
        base64.b64encode(SECRET)[:20] + b"!!!! @@" + base64.b64encode(SECRET)[20:],
        base64.b64encode(SECRET).rstrip(b"="),
        base64.urlsafe_b64encode(SECRET),
        b"\r\n".join(base64.b64encode(SECRET)[i : i + 8] for i in range(0, 44, 8)),
        base64.b64encode(SECRET) + b"\r\n-- \r\na list's footer",
        SECRET,
    ],
    ids=[
        "after padding",
        "4n+1",
        "foreign bytes",
        "no padding",
        "url alphabet",
        "short lines",
        "footer",
        "not encoded",
    ],
)
def test_base64_bodies_that_programs_read_differently(body):
    assert found(part(body))


@pytest.mark.parametrize("encoding", [b" BASE64 (x)", b"base-64", b'"base64"', b"bse64", b"(x) base64", b"Base64;"])
def test_base64_that_is_written_oddly(encoding):
    assert found(part(base64.b64encode(SECRET), encoding=encoding))


def test_base64_that_is_not_declared_at_all():
    assert found(part(base64.encodebytes(SECRET * 5), encoding=b"7bit"))
    assert found(part(base64.encodebytes(SECRET * 5), encoding=b"x-foo"))


def test_stretches_between_paddings_come_each_and_joined():
    message = part(base64.b64encode(b"PK one") + b"==\r\n" + base64.b64encode(b"PK two"))
    assert {b"PK onePK two", b"PK one", b"PK two"} <= set(contents(message))


def test_both_encodings_of_a_duplicate_field_are_read():
    encoded = base64.b64encode(SECRET)
    twice = HEAD + b"Content-Type: application/x\r\n%s\r\n%s\r\n\r\n" + encoded
    seven, sixty_four = b"Content-Transfer-Encoding: 7bit", b"Content-Transfer-Encoding: base64"
    for message in (twice % (seven, sixty_four), twice % (sixty_four, seven)):
        assert {SECRET, encoded} <= set(contents(message))


@pytest.mark.parametrize("last", [True, False])
def test_both_types_of_a_duplicate_field_are_read(last):
    types = [b"Content-Type: text/plain\r\n", b"Content-Type: multipart/mixed; boundary=b\r\n"]
    head = HEAD + b"".join(types if last else reversed(types))
    body = b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(SECRET) + b"\r\n--b--\r\n"
    assert found(head + b"\r\n" + body)


def test_both_of_two_boundaries_are_tried():
    body = (
        b"--one\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.b64encode(SECRET)
        + b"\r\n--one--\r\n--two\r\n\r\nhi\r\n--two--"
    )
    head = HEAD + b"Content-Type: multipart/mixed; boundary=two; boundary=one\r\n\r\n"
    assert found(head + body)
    assert b"hi" in contents(head + body)


def test_preamble_and_epilogue_are_leaves():
    message = multipart(b"\r\nok", preamble=b"before " + SECRET, epilogue=b"after " + SECRET)
    roles = {item.role: item.data for item in items(message) if isinstance(item, Leaf)}
    assert SECRET in roles["preamble"]
    assert SECRET in roles["epilogue"]


def test_parts_after_the_closing_delimiter_are_leaves():
    assert found(
        multipart(b"\r\nok", epilogue=b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(SECRET))
    )


def test_encoded_message_is_decoded():
    inner = HEAD + b"Subject: in\r\n\r\n" + SECRET
    assert inner in contents(part(base64.encodebytes(inner), kind=b"message/rfc822"))
    assert inner in contents(part(inner, kind=b"message/rfc822"))


def test_encoded_multipart_is_read_in_both_ways():
    inner = b"--b\r\n\r\n" + SECRET + b"\r\n--b--\r\n"
    more = b"Content-Transfer-Encoding: base64\r\n"
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n" + more + b"\r\n"
    assert SECRET in contents(head + base64.encodebytes(inner))
    assert SECRET in contents(head + inner)


def test_multipart_without_usable_boundary_is_guessed():
    body = b"--x y\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(SECRET) + b"\r\n--x y--\r\n"
    for kind in (b"multipart/mixed", b"multipart/mixed; boundary=other"):
        assert found(HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body)


def test_mime_parts_inside_a_text_are_read():
    text = b"Your mail came back:\r\n\r\n--q\r\nContent-Type: x/y\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert found(HEAD + b"\r\n" + text + base64.b64encode(SECRET) + b"\r\n--q--\r\n")


@pytest.mark.parametrize("blank", [b" ", b"\t", b"  \t "])
def test_boundary_with_blanks(blank):
    body = b"--b" + blank + b"\r\n\r\n" + SECRET + b"\r\n--b--\r\n"
    assert SECRET in contents(HEAD + b'Content-Type: multipart/mixed; boundary="b' + blank + b'"\r\n\r\n' + body)


def test_similar_boundaries_are_told_apart():
    inner = b"Content-Type: multipart/mixed; boundary=b1\r\n\r\n--b1\r\n\r\none\r\n--b1\r\n\r\ntwo\r\n--b1--\r\n"
    assert [leaf for leaf in contents(multipart(inner)) if leaf.strip()] == [b"one", b"two"]


def test_inline_uuencode():
    lines = b"".join(binascii.b2a_uu(SECRET[i : i + 45]) for i in range(0, len(SECRET), 45))
    message = HEAD + b"\r\nhello\r\nbegin 644 recipe.docx\r\n" + lines + b"`\r\nend\r\nbye\r\n"
    text, file = (item for item in items(message) if isinstance(item, Leaf))
    assert (file.role, file.names, file.data) == ("enclosed", ("recipe.docx",), SECRET)
    assert text.data.split() == [b"hello", b"bye"]


def test_text_that_only_poses_as_uuencode_stays():
    message = HEAD + b"\r\nbegin 644 x\r\nThe powder was sintered at 720 C.\r\nend\r\n"
    assert found(message, b"The powder was sintered at 720 C.")


def test_uuencode_as_transfer_encoding():
    body = b"begin 644 a.bin\r\n" + binascii.b2a_uu(SECRET[:45]) + b"`\r\nend\r\n"
    leaf = next(item for item in items(part(body, encoding=b"x-uuencode")) if isinstance(item, Leaf))
    assert (leaf.data, leaf.names) == (SECRET[:45], ("a.bin",))


def test_uuencode_with_base64():
    body = b"begin-base64 644 a.bin\n" + base64.encodebytes(SECRET) + b"====\n"
    assert [file.data for file in enclosed(body)] == [SECRET]


def test_yenc():
    coded = b"".join(
        b"=" + bytes([(c + 106) % 256]) if (c + 42) % 256 in (0, 10, 13, 61) else bytes([(c + 42) % 256])
        for c in SECRET
    )
    text = b"x\r\n=ybegin line=128 size=31 name=a b.txt\r\n" + coded + b"\r\n=yend size=31\r\n"
    assert [(file.name, file.data) for file in enclosed(text)] == [(b"a b.txt", SECRET)]


def test_binhex():
    alphabet = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
    standard = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    raw = b"\x05a.txt\0TEXTttxt\0\0" + len(SECRET).to_bytes(4, "big") + bytes(4) + b"\0\0" + SECRET + b"\0\0\0\0"
    coded = (
        base64.b64encode(raw.replace(b"\x90", b"\x90\0")).rstrip(b"=").translate(bytes.maketrans(standard, alphabet))
    )
    text = b"(This file must be converted with BinHex 4.0)\r\n\r\n:" + coded + b":\r\n"
    assert [(file.name, file.data) for file in enclosed(text)] == [(b"a.txt", SECRET)]


percent = b"".join(b"%%%02X" % byte for byte in GBK)
half = 5


@pytest.mark.parametrize(
    "disposition",
    [
        b'attachment; filename="' + GBK + b'"',
        b"attachment; filename*=gb2312''" + percent,
        b"attachment; filename*=x-gbk''" + percent,
        b"attachment;\r\n filename*0*=GBK''" + percent[:15] + b";\r\n filename*1*=" + percent[15:],
        b"attachment; filename*1*=" + percent[15:] + b"; filename*0*=GBK''" + percent[:15],
        b'attachment; filename="=?GBK?B?' + base64.b64encode(GBK) + b'?="',
        b'attachment; filename="=?GB2312?B?'
        + base64.b64encode(GBK[:half])
        + b"?=\r\n =?gbk?B?"
        + base64.b64encode(GBK[half:])
        + b'?="',
        b'attachment; filename="=?gb2312?Q?'
        + percent.replace(b"%", b"=")[:15]
        + b"?= =?gb2312?Q?"
        + percent.replace(b"%", b"=")[15:]
        + b'?="',
        b"attachment; filename*=utf-8''" + b"".join(b"%%%02X" % byte for byte in NAME.encode()),
    ],
    ids=["raw", "2231", "x-gbk", "2231 split", "2231 out of order", "word", "words split", "q words split", "utf-8"],
)
def test_chinese_file_names(disposition):
    assert names(disposition) == (NAME,)


def test_file_name_in_the_type_only():
    assert names(b"attachment", kind=b'application/msword; name="' + GBK + b'"') == (NAME,)


def test_every_name_is_kept_and_the_extended_one_comes_first():
    assert names(b"attachment; filename=clean.txt; filename*=utf-8''evil.docx") == ("evil.docx", "clean.txt")
    assert names(b"attachment; filename=a.txt; filename=b.docx") == ("a.txt", "b.docx")


def test_names_with_parentheses_quotes_and_nul():
    assert names(b"attachment; filename=offer (2).docx") == ("offer (2).docx",)
    assert names(b'attachment; filename="a\\"b.docx"') == ('a"b.docx',)
    assert names(b"attachment; filename=a\x00.docx") == ("a.docx",)


def nested(depth: int) -> bytes:
    head = [b"Content-Type: multipart/mixed; boundary=B%dX\r\n\r\n--B%dX\r\n" % (i, i) for i in range(depth)]
    return HEAD + b"".join(head) + b"Content-Type: text/plain\r\n\r\n" + SECRET


def test_nesting_is_followed_to_the_limit_and_then_reported():
    assert found(nested(50))
    assert troubles(nested(1000)) == [ProblemKind.TOO_DEEP]


def test_too_many_parts_are_reported():
    assert ProblemKind.TOO_MANY in troubles(
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 100_000
    )


def test_many_parameters_take_linear_time():
    value = parse(b"attachment" + b"; a=1" * 20_000 + b"; filename=last.docx")
    assert value.texts("filename") == ("last.docx",)
    assert parse(b"attachment; filename*999999999*=x").texts("filename") == ("x",)


@pytest.mark.parametrize(
    "header",
    [
        b"Message-ID: <" + b"[" * 2000,
        b"From: <@",
        b"To: " + b"(" * 30_000,
        b"Date: Foo",
        b"Subject: =?utf-8?b?!!!?=",
        b"To: " + b", ".join(b"u%d@y.test" % i for i in range(20_000)),
        b"Content-Type: /;;=",
        b"Content-Disposition: ;",
        b"Content-Type: " + b"(" * 10_000,
        b"Content-Type:",
        b"\x00\x00: x",
        b"Content-Disposition: attachment; filename*=utf-8''" + b"%" * 50_000,
    ],
)
def test_broken_header_fields_hide_nothing(header):
    assert found(HEAD + header + b"\r\n\r\n" + SECRET)


def test_fragments_and_outside_bodies_are_reported():
    assert troubles(
        HEAD + b"Content-Type: message/partial; number=1; total=2; id=x\r\n\r\nSubject: y\r\n\r\n" + SECRET
    ) == [ProblemKind.MISSING]
    assert troubles(
        HEAD + b"Content-Type: message/external-body; access-type=url\r\n\r\nContent-Type: x/y\r\n\r\n"
    ) == [ProblemKind.EXTERNAL]


def test_fragment_is_read_as_a_message_too():
    inner = b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(SECRET)
    assert found(HEAD + b"Content-Type: message/partial; number=1\r\n\r\n" + inner)


def test_encrypted_multipart_is_reported():
    assert troubles(multipart(b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1", kind=b"encrypted")) == [
        ProblemKind.ENCRYPTED
    ]


def test_missing_blank_line_and_junk_line():
    encoded = base64.b64encode(SECRET * 2)
    assert found(HEAD + b"Content-Transfer-Encoding: base64\r\n" + encoded)
    assert found(HEAD + b"junk without colon\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded)


def test_lone_carriage_return_starts_a_field():
    assert found(HEAD + b"X-A: b\rContent-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(SECRET))


def test_blank_before_the_colon():
    assert found(HEAD + b"Content-Transfer-Encoding : base64\r\n\r\n" + base64.b64encode(SECRET))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"plain", "plain"),
        ("锂电池".encode(), "锂电池"),
        ("磷酸铁锂正极材料的烧结".encode("gbk"), "磷酸铁锂正极材料的烧结"),
        (b"=?utf-8?q?a_b=41?=", "a bA"),
        (b"=?utf-8?B?" + base64.b64encode("报价".encode()) + b"?= x", "报价 x"),
        (b"a =?x-unknown?B?QUJD?= b", "a ABC b"),
        (b"=?utf-8*en?Q?hi?=\r\n\t=?utf-8?Q?_there?=", "hi there"),
        (
            b"=?GB2312?B?"
            + base64.b64encode("碳酸锂".encode("gbk"))[:5]
            + b"?= =?GB2312?B?"
            + base64.b64encode("碳酸锂".encode("gbk"))[5:]
            + b"?=",
            "碳酸锂",
        ),
    ],
)
def test_header_text(value, text):
    assert header_text(value) == text


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (b"quoted-printible", "quoted-printable"),
        (b"8bit", "identity"),
        (b"x-uue", "uuencode"),
        (b"", "identity"),
        (b"foo", "unknown"),
    ],
)
def test_encoding_names(value, meant):
    assert encoding_of(value) == meant


def test_quoted_printable_soft_breaks():
    assert decode_quoted(b"SE=\r\nCR=20=\nET =ZZ") == b"SECR ET =ZZ"
    assert decode_quoted(b"SE= \r\nCRET") == b"SECRET"
    assert decode_quoted(b"SE=\rCRET and more") == b"SECRET and more"


def test_format_flowed():
    assert unflowed("one \ntwo\n>quoted \n>more\n-- \nname") == "one two\n> quoted more\n-- \nname"
    assert unflowed("烧 \n结", delete_space=True) == "烧结"
    assert unflowed(" From here\n") == "From here"


@given(st.binary(max_size=400))
def test_base64_round_trip(data):
    assert decode_base64(base64.encodebytes(data)).data == data


@given(
    st.lists(
        st.binary(max_size=60).filter(lambda part: b"b" not in part and b"\r" not in part and b"\n" not in part),
        min_size=1,
        max_size=6,
    )
)
def test_split_gives_the_parts_back(parts):
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--"
    cut = split(body, b"b", most=100)
    assert cut is not None
    assert list(cut.parts) == parts


@given(st.binary(max_size=600))
def test_anything_can_be_walked(data):
    for lead in (b"", HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", HEAD + b"Content-Type: "):
        items(lead + data)


@given(st.binary(max_size=300))
def test_a_plain_body_is_never_lost(body):
    assert entities(HEAD + b"\r\n" + body)[-1].body == body


def test_a_bomb_of_alternatives_is_capped():
    twice = b"Content-Type: multipart/mixed; boundary=%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n"
    message = HEAD + b"".join(
        twice % (2 * i, 2 * i + 1) + b"--%d\r\n\r\nx\r\n--%d\r\n" % (2 * i, 2 * i + 1) for i in range(40)
    )
    assert set(troubles(message)) <= {ProblemKind.TOO_MANY, ProblemKind.TOO_DEEP}


HOSTILE = {
    "yEnc starts": b"\r\n" + b"=ybegin name=x\r\n" * 20_000,
    "yEnc starts on one line": b"\r\n" + b"=ybegin " * 100_000,
    "boundaries in a text": b"\r\n" + b"".join(b"--a%d\r\nContent-Type: x\r\n" % i for i in range(20_000)),
    "unclosed words": b"Subject: " + b"=?a?b?x " * 100_000 + b"\r\n\r\n",
    "semicolons": b"Content-Type: a/b" + b";" * 500_000 + b"\r\n\r\n",
    "quotes": b"Content-Type: a/b; x=" + b'"\\' * 200_000 + b"\r\n\r\n",
    "near delimiters": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--bx\r\n" * 200_000,
    "paddings": b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QUJDRA==\r\n" * 100_000,
    "begin lines": b"\r\n" + b"begin 644 x\r\n" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_repetition_ends(name):
    items(HEAD + HOSTILE[name])


def test_endless_header_is_reported_and_its_rest_is_read():
    message = HEAD + b"X-A: b\r\n" * 200_000 + b"\r\n" + SECRET
    assert ProblemKind.TOO_LARGE in troubles(message)
    assert found(message)
