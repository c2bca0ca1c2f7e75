"""A paragraph in, mails out that hold it in one place each: bodies, headers, attachments, and between the readings."""

from __future__ import annotations

import base64
import binascii
import quopri
from collections.abc import Callable, Iterator

from sluicegate.extract.evasion import Channel

HEAD = b"From: Li Wei <li@plant.test>\r\nTo: b@y.test\r\nSubject: offer\r\nMIME-Version: 1.0\r\n"
_TEXT = b"Content-Type: text/plain; charset=utf-8\r\n"
_MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n"
_B64 = b"Content-Transfer-Encoding: base64\r\n"


def channels() -> Iterator[Channel]:
    """Every channel of mail that is one message."""
    made = {**_bodies(), **_fields(), **_transfer(), **_structure(), **_attached()}
    for name, make in made.items():
        yield Channel("eml", name, make)
    for name, sealed in _sealed().items():
        yield Channel("eml", name, sealed, only_reported=True)


Make = Callable[[str], bytes]


def part(body: bytes, head: bytes = _TEXT) -> bytes:
    """A MIME part."""
    return head + b"\r\n" + body


def message(*parts: bytes, head: bytes = _MIXED, before: bytes = b"", after: bytes = b"") -> bytes:
    """A multipart message with boundary `b`."""
    return HEAD + head + b"\r\n" + before + b"".join(b"\r\n--b\r\n" + one for one in parts) + b"\r\n--b--\r\n" + after


def _encoded(text: str) -> bytes:
    return base64.encodebytes(text.encode())


def _bodies() -> dict[str, Make]:
    page = "<html><body><p>{}</p></body></html>"
    flowed = b"Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n"
    return {
        "text": lambda text: HEAD + part(text.encode()),
        "text in GB18030": lambda text: HEAD
        + part(text.encode("gb18030"), b"Content-Type: text/plain; charset=gb2312\r\n"),
        "text in an unnamed charset": lambda text: HEAD + part(text.encode("gb18030"), b"Content-Type: text/plain\r\n"),
        "text in UTF-7": lambda text: HEAD + part(text.encode("utf-7"), b"Content-Type: text/plain; charset=utf-7\r\n"),
        "whole message in UTF-16": lambda text: (HEAD + part(text.encode())).decode().encode("utf-16"),
        "HTML": lambda text: HEAD + part(page.format(text).encode(), b"Content-Type: text/html; charset=utf-8\r\n"),
        "HTML alternative": lambda text: message(
            part(b"hello"), part(page.format(text).encode(), b"Content-Type: text/html; charset=utf-8\r\n"),
            head=b"Content-Type: multipart/alternative; boundary=b\r\n",
        ),
        "format=flowed": lambda text: HEAD
        + part(b" \r\n".join(text[i : i + 30].encode() for i in range(0, len(text), 30)), flowed),
        "enriched text": lambda text: HEAD
        + part(f"{text[:20]}<bold></bold>{text[20:]}".encode(), b"Content-Type: text/enriched; charset=utf-8\r\n"),
        "delivery report": lambda text: message(part(text.encode(), b"Content-Type: message/delivery-status\r\n")),
    }  # fmt: skip


def _fields() -> dict[str, Make]:
    def field(name: bytes, value: bytes) -> bytes:
        return name + b": " + value + b"\r\n" + HEAD + b"\r\nhello"

    def split(text: str) -> bytes:
        """Words of 45 bytes each, whatever character the cut falls into."""
        data = text.encode("gb18030")
        words = (base64.b64encode(data[i : i + 45]) for i in range(0, len(data), 45))
        return b"\r\n ".join(b"=?GB2312?B?" + word + b"?=" for word in words)

    return {
        "subject": lambda text: field(b"Subject", b"=?utf-8?B?" + base64.b64encode(text.encode()) + b"?="),
        "subject in raw GBK": lambda text: field(b"Subject", text.encode("gb18030")),
        "words split inside a character": lambda text: field(b"Subject", split(text)),
        "unusual header field": lambda text: field(b"X-Remark", text.encode()),
        "comment in an address": lambda text: field(b"Cc", b"c@y.test (" + text.encode() + b")"),
    }


def _transfer() -> dict[str, Make]:
    def odd(encoding: bytes) -> Make:
        return lambda text: HEAD + part(_encoded(text), _TEXT + b"Content-Transfer-Encoding: " + encoding + b"\r\n")

    return {
        "base64": odd(b"base64"),
        "base64 named with a comment": odd(b" BASE64 (x)"),
        "base64 misspelled": odd(b"base-64"),
        "base64 not declared": odd(b"7bit"),
        "base64 after padding": lambda text: HEAD + part(b"aGVsbG8=\r\n" + _encoded(text), _TEXT + _B64),
        "base64 of length 4n+1": lambda text: (
            HEAD + part(_encoded(text).rstrip(b"=\n") + b"A" * _odd(text), _TEXT + _B64)
        ),
        "declared base64, sent plain": lambda text: HEAD + part(text.encode(), _TEXT + _B64),
        "quoted-printable": lambda text: (
            HEAD + part(quopri.encodestring(text.encode()), _TEXT + b"Content-Transfer-Encoding: quoted-printable\r\n")
        ),
        "soft breaks with blanks": lambda text: (
            HEAD
            + part(
                quopri.encodestring(text.encode()).replace(b"=\n", b"= \r\n"),
                _TEXT + b"Content-Transfer-Encoding: qp-quoted\r\n",
            )
        ),
        "uuencode": lambda text: HEAD + b"\r\nhello\r\n" + _uuencoded(text),
        "uuencode as encoding": lambda text: (
            HEAD + part(_uuencoded(text), _TEXT + b"Content-Transfer-Encoding: x-uuencode\r\n")
        ),
        "yEnc": lambda text: HEAD + b"\r\nhello\r\n" + _yencoded(text),
        "first of two encodings": lambda text: (
            HEAD + part(_encoded(text), _TEXT + _B64 + b"Content-Transfer-Encoding: 7bit\r\n")
        ),
        "last of two encodings": lambda text: (
            HEAD + part(_encoded(text), _TEXT + b"Content-Transfer-Encoding: 7bit\r\n" + _B64)
        ),
    }


def _odd(text: str) -> int:
    return (1 - len(_encoded(text).rstrip(b"=\n").replace(b"\n", b""))) % 4


def _uuencoded(text: str) -> bytes:
    data = text.encode()
    lines = b"".join(binascii.b2a_uu(data[i : i + 45]) for i in range(0, len(data), 45))
    return b"begin 644 r.txt\r\n" + lines.replace(b"\n", b"\r\n") + b"`\r\nend\r\n"


def _yencoded(text: str) -> bytes:
    coded = b"".join(
        b"=" + bytes([(byte + 106) % 256]) if (byte + 42) % 256 in (0, 10, 13, 61) else bytes([(byte + 42) % 256])
        for byte in text.encode()
    )
    return b"=ybegin line=999 size=%d name=r.txt\r\n" % len(text.encode()) + coded + b"\r\n=yend\r\n"


def _structure() -> dict[str, Make]:
    def inside(text: str) -> bytes:
        return HEAD.replace(b"offer", b"inner") + part(_encoded(text), _TEXT + _B64)

    def multipart(text: str) -> bytes:
        return b"--b\r\n" + part(text.encode()) + b"\r\n--b--\r\n"

    return {
        "preamble": lambda text: message(part(b"hello"), before=text.encode()),
        "epilogue": lambda text: message(part(b"hello"), after=text.encode()),
        "part after the closing delimiter": lambda text: message(part(b"hello"), after=multipart(text)),
        "message inside": lambda text: message(part(inside(text), b"Content-Type: message/rfc822\r\n")),
        "encoded message inside": lambda text: message(
            part(base64.encodebytes(inside(text)), b"Content-Type: message/rfc822\r\n" + _B64)
        ),
        "message inside that poses as RTF": lambda text: message(
            part(b"{\\rtf1: x\r\n" + part(_encoded(text), _TEXT + _B64), b"Content-Type: message/rfc822\r\n")
        ),
        "encoded multipart": lambda text: HEAD + part(base64.encodebytes(multipart(text)), _MIXED + _B64),
        "multipart without boundary": lambda text: HEAD + part(multipart(text), b"Content-Type: multipart/mixed\r\n"),
        "second of two types": lambda text: HEAD + part(multipart(text), b"Content-Type: text/plain\r\n" + _MIXED),
        "first of two types": lambda text: HEAD + part(multipart(text), _MIXED + b"Content-Type: text/plain\r\n"),
        "mail quoted in a text": lambda text: (
            HEAD + part(b"Returned:\r\n\r\n--q\r\n" + part(_encoded(text), _TEXT + _B64))
        ),
        "forty multiparts deep": lambda text: (
            HEAD
            + b"".join(b"Content-Type: multipart/mixed; boundary=x%d\r\n\r\n--x%d\r\n" % (i, i) for i in range(40))
            + part(_encoded(text), _TEXT + _B64)
        ),
        "header with a junk line": lambda text: HEAD + b"no field\r\n" + part(_encoded(text), _TEXT + _B64),
        "field after a lone CR": lambda text: HEAD + b"X-A: b\r" + part(_encoded(text), _B64 + _TEXT),
        "fragment": lambda text: (
            HEAD + b"Content-Type: message/partial; number=1; total=2; id=x\r\n\r\n" + inside(text)
        ),
    }


def _attached() -> dict[str, Make]:
    def attach(content: bytes, head: bytes) -> bytes:
        return message(part(b"hello"), part(base64.encodebytes(content), head + _B64))

    return {
        "attachment": lambda text: attach(text.encode(), b'Content-Type: application/x; name="r.txt"\r\n'),
        "attachment in a charset of its own": lambda text: attach(
            text.encode("utf-7"), b"Content-Type: text/plain; charset=utf-7; name=r.txt\r\n"
        ),
        "name of an attachment": lambda text: attach(
            b"hello",
            b"Content-Type: text/plain; name*=utf-8''" + b"".join(b"%%%02X" % byte for byte in text.encode()) + b"\r\n",
        ),
        "second name of an attachment": lambda text: attach(
            b"hello", b'Content-Disposition: attachment; filename=a.txt; filename="' + text.encode() + b'"\r\n'
        ),
        "description of an attachment": lambda text: attach(
            b"hello", b"Content-Type: text/plain; name=a.txt\r\nContent-Description: " + text.encode() + b"\r\n"
        ),
        "calendar": lambda text: message(part(_calendar(text), b"Content-Type: text/calendar; charset=utf-8\r\n")),
        "address card": lambda text: message(
            part(
                b"BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:" + text.encode() + b"\r\nEND:VCARD\r\n",
                b"Content-Type: text/vcard\r\n",
            )
        ),
    }


def _calendar(text: str) -> bytes:
    escaped = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    folded = "\r\n ".join(escaped[i : i + 40] for i in range(0, len(escaped), 40))
    return b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDESCRIPTION:" + folded.encode() + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def _sealed() -> dict[str, Make]:
    armour = b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n"
    outside = b'Content-Type: message/external-body; access-type=url; url="http://a.test/r"\r\n'
    return {
        "PGP in the text": lambda text: HEAD + b"\r\n" + armour,
        "PGP/MIME": lambda text: message(part(armour), head=b"Content-Type: multipart/encrypted; boundary=b\r\n"),
        "body outside of the message": lambda text: HEAD + part(b"Content-Type: text/plain\r\n\r\n", outside),
        "a thousand multiparts deep": lambda text: (
            HEAD
            + b"".join(b"Content-Type: multipart/mixed; boundary=x%d\r\n\r\n--x%d\r\n" % (i, i) for i in range(1000))
            + part(text.encode())
        ),
    }
