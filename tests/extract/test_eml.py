"""Mail through the whole of extraction: passages with their places, attachments by their names, problems."""

import base64
import quopri

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sluicegate.document import Document, ProblemKind
from sluicegate.extract.driver import extract_bytes
from sluicegate.settings import Settings

SECRET = "The dried precursor was sintered at 720 °C for 10 h; 压实密度达到 2.62 g/cm3"
HEAD = "From: Li Wei <li@plant.test>\r\nTo: b@y.test\r\nSubject: offer\r\nDate: Mon, 1 Jan 2024 10:00:00 +0800\r\n"


def read(data: bytes | str, *, name: str = "a.eml") -> Document:
    raw = data.encode() if isinstance(data, str) else data
    return extract_bytes(raw, name=name, settings=Settings(), interesting=lambda text: "precursor" in text)


def places(document: Document, secret: str = SECRET) -> list[str]:
    sought = "".join(secret.split())
    return [one.place.text for one in document.passages if sought in "".join(one.text.split())]


def kinds(document: Document) -> list[ProblemKind]:
    return [problem.kind for problem in document.problems]


def mixed(*parts: str) -> str:
    return (
        HEAD
        + 'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        + "".join(f"--b\r\n{one}\r\n" for one in parts)
        + "--b--\r\n"
    )


def attachment(body: bytes, *, name: str, kind: str = "application/octet-stream", more: str = "") -> str:
    return (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{name}"\r\n'
        f"{more}\r\n{base64.encodebytes(body).decode()}"
    )


def test_plain_mail_has_its_header_and_its_text():
    document = read(HEAD + f"Content-Type: text/plain; charset=utf-8\r\n\r\n{SECRET}\r\n")
    header, body = document.passages
    assert header.place.channel == "headers"
    assert header.text.splitlines() == [line for line in HEAD.split("\r\n") if line]
    assert body.text == SECRET
    assert document.problems == ()


def test_text_in_an_unusual_field_is_read_and_machine_fields_are_not():
    received = "Received: from a by b with ESMTP id 1 for <b@y.test>; Mon, 1 Jan 2024 10:00:00 +0800\r\n"
    machine = received + "X-Mailer: Some Mailer 1.0\r\n"
    document = read(machine + HEAD + f"X-Remark: {SECRET}\r\n\r\nhello\r\n")
    assert places(document) == ["a.eml > other headers"]
    assert "ESMTP" not in "".join(one.text for one in document.passages)


def test_machine_fields_are_read_where_they_hold_something_of_interest():
    document = read(
        f"Received: from a by b ({SECRET}); Mon, 1 Jan 2024 10:00:00 +0800\r\nX-Mailer: M 1.0\r\n{HEAD}\r\nhello"
    )
    assert places(document) == ["a.eml > other headers"]
    assert "X-Mailer" not in "".join(one.text for one in document.passages)


def test_long_text_in_a_machine_field_is_read():
    hidden = (
        "Please mix the lithium source with the iron phosphate and then mill the slurry to the given size before " * 3
    )
    assert places(read(f"X-Mailer: {hidden}\r\n" + HEAD + "\r\nhello\r\n"), hidden.strip()) == ["a.eml > other headers"]


def test_attachment_is_a_part_under_its_name():
    document = read(mixed("\r\nhello", attachment(SECRET.encode(), name="recipe.txt", kind="text/plain")))
    assert document.parts[1].path == ("a.eml", "recipe.txt")
    assert places(document) == ["a.eml > recipe.txt > paragraph 1"]


def test_other_names_and_descriptions_of_an_attachment_are_read():
    document = read(mixed("\r\nhello", attachment(b"x", name="x.txt", more=f"Content-Description: {SECRET}\r\n")))
    assert places(document) == ["a.eml > x.txt > description"]


@pytest.mark.parametrize("charset", ["gb2312", "x-gbk", "big5", "utf-16", "utf-7", "hz", "utf-8", "wrong-name"])
def test_bodies_in_many_charsets(charset):
    codec = {"gb2312": "gb18030", "x-gbk": "gb18030", "wrong-name": "gb18030"}.get(charset, charset)
    text = "磷酸鐵鋰" if charset == "big5" else "磷酸铁锂正极材料的烧结工艺说明"
    body = base64.encodebytes(text.encode(codec)).decode()
    document = read(
        HEAD + f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}"
    )
    assert document.passages[-1].text.strip() == text


def test_attached_text_is_read_by_its_declared_charset_too():
    body = base64.encodebytes("磷酸铁锂正极材料".encode("utf-7")).decode()
    part = f"Content-Type: text/plain; charset=utf-7; name=a.txt\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}"
    assert places(read(mixed(part)), "磷酸铁锂正极材料") == ["a.eml > a.txt > paragraph 1"]


def test_both_alternatives_are_read():
    page = f"Content-Type: text/html; charset=utf-8\r\n\r\n<p>{SECRET.replace('sintered', 'sin<b>ter</b>ed')}</p>"
    assert any("part 2" in place for place in places(read(mixed("\r\nsee below", page))))


def test_quoted_printable_and_flowed_text():
    text = SECRET.replace(" for", " \nfor")
    body = quopri.encodestring(text.encode()).decode().replace("\n", "\r\n")
    kind = (
        "Content-Type: text/plain; charset=utf-8; format=flowed\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    assert SECRET in read(HEAD + kind + body).passages[-1].text


def test_enriched_text_loses_its_commands_only():
    body = "sin<bold>tered</bold> at << 720"
    assert read(HEAD + f"Content-Type: text/enriched\r\n\r\n{body}").passages[-1].text == "sintered at < 720"


@pytest.mark.parametrize("encoding", ["7bit", "base64"])
def test_message_inside_is_a_part_of_its_own(encoding):
    inner = HEAD.replace("offer", "inner") + f"Content-Type: text/plain; charset=utf-8\r\n\r\n{SECRET}"
    body = base64.encodebytes(inner.encode()).decode() if encoding == "base64" else inner
    document = read(mixed(f"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}"))
    assert document.parts[1].media_type == "message/rfc822"
    assert places(document) == ["a.eml > part 1.eml > paragraph 1"]


def test_message_inside_that_poses_as_another_type_is_read_as_a_message():
    body = base64.encodebytes(SECRET.encode()).decode()
    inner = f"{{\\rtf1: x\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}"
    assert places(read(mixed(f"Content-Type: message/rfc822\r\n\r\n{inner}")))


def test_message_known_to_be_one_is_read_as_a_message():
    body = base64.encodebytes(SECRET.encode()).decode()
    message = (
        f"<html>: x\r\n{HEAD}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}"
    )
    document = extract_bytes(message.encode(), name="queued", settings=Settings(), media_type="message/rfc822")
    assert places(document) == ["queued > paragraph 1"]


def test_deep_chain_of_messages_is_reported():
    assert ProblemKind.TOO_DEEP in kinds(
        read(HEAD + "Content-Type: message/rfc822\r\n\r\n" * 1000 + "Subject: x\r\n\r\nhello")
    )


def test_encrypted_mail_is_reported():
    armoured = "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n"
    assert kinds(read(HEAD + f"\r\nhello\r\n{armoured}")) == [ProblemKind.ENCRYPTED]
    assert ProblemKind.ENCRYPTED in kinds(read(mixed("\r\nhello", attachment(armoured.encode(), name="m.asc"))))


def test_signed_mail_is_read_and_its_signature_is_no_trouble():
    armour = "-----BEGIN PGP SIGNATURE-----\r\n\r\niQEz\r\n=ab\r\n-----END PGP SIGNATURE-----\r\n"
    signature = f"Content-Type: application/pgp-signature; name=signature.asc\r\n\r\n{armour}"
    message = mixed(f"Content-Type: text/plain; charset=utf-8\r\n\r\n{SECRET}", signature)
    document = read(message.replace("multipart/mixed", "multipart/signed"))
    assert places(document)
    assert document.problems == ()
    assert len(document.parts) == 1


def test_usual_preamble_says_nothing_and_another_is_read():
    usual = mixed("\r\nhello").replace("\r\n\r\n--b", "\r\n\r\nThis is a multi-part message in MIME format.\r\n--b", 1)
    assert [one.place.channel for one in read(usual).passages] == ["headers", None]
    hidden = usual.replace("This is a multi-part message in MIME format.", SECRET)
    assert places(read(hidden)) == ["a.eml > preamble, paragraph 1"]


def test_calendar_part_is_read():
    said = f"DESCRIPTION:{SECRET[:40]}\r\n {SECRET[40:]}"
    event = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{said}\r\nEND:VEVENT\r\nEND:VCALENDAR"
    document = read(mixed(f"Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n\r\n{event}"))
    assert places(document) == ["a.eml > part 1.ics > paragraph 1"]
    assert document.problems == ()


def test_uuencoded_file_in_a_text_is_a_part():
    import binascii

    data = SECRET.encode()
    lines = b"".join(binascii.b2a_uu(data[i : i + 45]) for i in range(0, len(data), 45)).decode()
    document = read(HEAD + f"\r\nhello\r\nbegin 644 r.txt\r\n{lines}`\r\nend\r\n")
    assert places(document) == ["a.eml > r.txt > paragraph 1"]


def test_duplicate_fields_are_noted():
    message = HEAD + "Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n<p>hello</p>"
    assert any("more than one way" in note for note in read(message).notes)


def test_mail_without_a_body_or_header_is_no_trouble():
    assert read(HEAD + "\r\n").problems == ()
    assert read(HEAD).problems == ()


def test_mail_in_utf16_is_read():
    assert places(read((HEAD + f"\r\n{SECRET}").encode("utf-16"))) == ["a.eml > paragraph 1"]


def picture(kind: str) -> bytes:
    """A company logo, a scanned signature or a photograph, as a file."""
    import io
    import math
    import random

    from PIL import Image, ImageDraw, ImageFilter

    chance = random.Random(7)
    if kind == "logo":
        image = Image.new("RGB", (220, 80), "white")
        draw = ImageDraw.Draw(image)
        draw.ellipse((8, 8, 72, 72), fill=(0, 90, 170))
        draw.polygon([(40, 16), (64, 60), (16, 60)], fill="white")
        draw.rectangle((90, 30, 210, 50), fill=(240, 130, 0))
    elif kind == "signature":
        image = Image.new("L", (420, 150), 250)
        points = [(20 + 4 * i, 75 + 40 * math.sin(i / 3) * math.cos(i / 11) + chance.uniform(-2, 2)) for i in range(95)]
        ImageDraw.Draw(image).line(points, fill=30, width=3)
    else:
        image = Image.effect_noise((800, 600), 90).convert("RGB").filter(ImageFilter.GaussianBlur(12))
        image = Image.blend(image, Image.linear_gradient("L").resize((800, 600)).convert("RGB"), 0.5)
    out = io.BytesIO()
    image.save(out, "JPEG" if kind == "photograph" else "PNG")
    return out.getvalue()


def test_logo_signature_and_photograph_do_not_stop_a_mail():
    page = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>Dear B, please find our offer.</p><img src='cid:logo'>"
    shown = [
        attachment(picture("logo"), name="logo.png", kind="image/png", more="Content-ID: <logo>\r\n"),
        attachment(picture("signature"), name="image001.png", kind="image/png"),
        attachment(picture("photograph"), name="DSC_0042.jpg", kind="image/jpeg"),
    ]
    document = read(mixed(page, *shown))
    assert [part.path[-1] for part in document.parts[1:]] == ["logo.png", "image001.png", "DSC_0042.jpg"]
    assert document.problems == ()


def test_two_readings_of_a_broken_picture_are_one_trouble():
    data = picture("logo")
    body = base64.b64encode(data[:600]).decode() + "==\r\n" + base64.b64encode(data[600:]).decode()
    part = f"Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n"
    assert all(problem.kind is not ProblemKind.UNSUPPORTED for problem in read(mixed(part)).problems)


@given(
    st.binary(max_size=300),
    st.sampled_from(["text/plain", "text/html", "message/rfc822", "application/pkcs7-mime", "text/calendar"]),
)
@settings(max_examples=60, deadline=None)
def test_whatever_a_part_holds_the_reader_ends_in_order(data, kind):
    document = read(HEAD.encode() + f"Content-Type: {kind}\r\n\r\n".encode() + data)
    assert all(not problem.detail.startswith("reader failed") for problem in document.problems)


@pytest.mark.parametrize(
    "part",
    [
        b"Content-T9pe: text/plain; name=a.txt\r\nContent-Description: SECRET\r\n\r\nhello",
        b"Content-Type: text/plain\r\nContent-Description: SECRET\r\n\r\nhello",
        b"Content-Type: text/plain; charset=utf-8\r\n\rSECRET, and what follows it in the same line\r\n",
        b"Remarks: SECRET\r\n",
    ],
    ids=["damaged type", "description of a body", "no blank line", "nothing but a header"],
)
def test_what_the_header_of_a_part_says_is_read(part):
    said = b"The precursor was sintered at 720 degrees for ten hours under nitrogen and then milled to a fine powder"
    data = b"From: a@b.test\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    data += b"--b\r\nContent-Type: text/plain\r\n\r\nhi\r\n"
    data += b"--b\r\n" + part.replace(b"SECRET", said) + b"\r\n--b--\r\n"
    document = extract_bytes(data, name="m.eml", settings=Settings(), media_type="message/rfc822")
    assert any(said.decode() in passage.text for passage in document.passages)
