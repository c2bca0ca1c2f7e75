"""Mailboxes, web archives, calendars and address cards."""

import base64
import quopri

from sluicegate.document import Document
from sluicegate.extract.driver import extract_bytes
from sluicegate.settings import Settings

SECRET = "The dried precursor was sintered at 720 °C for 10 h"
MAIL = "From li@plant.test Mon Jan  1 10:00:00 2024\nFrom: li@plant.test\nTo: b@y.test\nSubject: %s\n\n%s\n\n"


def read(text: str | bytes, name: str) -> Document:
    return extract_bytes(text.encode() if isinstance(text, str) else text, name=name, settings=Settings())


def places(document: Document, secret: str = SECRET) -> list[str]:
    return [one.place.text for one in document.passages if secret in one.text]


def test_every_message_of_a_mailbox_is_a_part():
    document = read(MAIL % ("one", "hello") + MAIL % ("two", SECRET), "a.mbox")
    assert document.media_type == "application/mbox"
    assert [part.path[1:] for part in document.parts] == [(), ("message 1",), ("message 2",)]
    assert places(document) == ["a.mbox > message 2 > paragraph 1"]


def test_mailbox_of_one_message_is_read_in_place():
    assert places(read(MAIL % ("one", SECRET), "a.mbox")) == ["a.mbox > paragraph 1"]


def test_text_that_looks_like_a_separator_does_not_hide_what_follows():
    body = f"hello\n\nFrom here 10:00 on\nno header, so no new message\n{SECRET}"
    assert places(read(MAIL % ("one", body), "a.mbox")) == ["a.mbox > paragraph 1"]


def test_web_archive():
    page = quopri.encodestring(f"<html><body><p>{SECRET}</p></body></html>".encode()).decode()
    archive = (
        "From: <Saved by a browser>\nSubject: page\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\n\n'
        "--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n"
        f"Content-Location: http://a.test/\n\n{page}\n--b--\n"
    )
    document = read(archive, "a.mhtml")
    assert any("part 1" in place for place in places(document))
    assert document.problems == ()


def test_calendar_lines_are_unfolded_and_unescaped():
    said = f"SUMMARY:a\\, b\r\nDESCRIPTION:{SECRET[:30]}\r\n {SECRET[30:]}\r\n"
    document = read(f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{said}END:VEVENT\r\nEND:VCALENDAR\r\n", "a.ics")
    assert document.media_type == "text/calendar"
    assert places(document) == ["a.ics > paragraph 1"]
    assert places(document, "SUMMARY: a, b")


def test_file_in_a_calendar_is_a_part():
    packed = base64.b64encode(SECRET.encode()).decode()
    line = f"ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=r.txt:{packed}"
    assert places(read(f"BEGIN:VCALENDAR\r\n{line}\r\nEND:VCALENDAR\r\n", "a.ics")) == ["a.ics > r.txt > paragraph 1"]


def test_card_in_quoted_printable_and_gbk():
    note = quopri.encodestring("磷酸铁锂正极材料的烧结工艺".encode("gbk")).decode().strip()
    card = f"BEGIN:VCARD\r\nVERSION:2.1\r\nNOTE;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:{note}\r\nEND:VCARD\r\n"
    assert places(read(card, "a.vcf"), "磷酸铁锂正极材料的烧结工艺") == ["a.vcf > paragraph 1"]
