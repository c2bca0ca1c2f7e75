"""A paragraph in, Outlook messages, winmail.dat, mailboxes, web archives and signed mail that hold it out."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator

from sluicegate.extract.cfb import Tree, write_cfb
from sluicegate.extract.evasion import Channel
from sluicegate.extract.evasion.mail import HEAD, part


def channels() -> Iterator[Channel]:
    """Every channel of mail that is stored otherwise than as one message in text."""
    yield from _outlook()
    yield from _winmail()
    yield Channel("mbox", "second message", lambda text: _mailbox("hello") + _mailbox(text))
    yield Channel("mhtml", "page", lambda text: _archive(f"<html><body><p>{text}</p></body></html>"))
    yield Channel("p7m", "signed content", lambda text: _cms(2, _signed(part(text.encode()))))
    yield Channel("p7m", "encrypted content", lambda text: _cms(3, _der(0x30, b"\x02\x01\x00")), only_reported=True)


def _outlook() -> Iterator[Channel]:
    def attached(*streams: dict[str, bytes | Tree]) -> Tree:
        return _msg({}) | {"__attach_version1.0_#00000000": _msg(*streams, header=8)}

    page = "<html><body><p>{}</p></body></html>"
    yield Channel("msg", "body", lambda text: write_cfb(_msg(_wide(0x1000, text))))
    yield Channel(
        "msg", "subject in GBK", lambda text: write_cfb(_msg({"__substg1.0_0037001E": text.encode("gb18030")}))
    )
    yield Channel(
        "msg", "HTML body", lambda text: write_cfb(_msg({"__substg1.0_10130102": page.format(text).encode()}))
    )
    yield Channel("msg", "RTF body", lambda text: write_cfb(_msg(_rich(b"{\\rtf1\\ansi " + _spelled(text) + b"}"))))
    yield Channel("msg", "HTML inside of the RTF body", lambda text: write_cfb(_msg(_rich(_encapsulated(text)))))
    yield Channel("msg", "property", lambda text: write_cfb(_msg(_wide(0x8005, text))))
    yield Channel("msg", "transport header", lambda text: write_cfb(_msg(_wide(0x007D, f"X-Remark: {text}\r\n"))))
    yield Channel("msg", "attachment", lambda text: write_cfb(attached({"__substg1.0_37010102": text.encode()})))
    yield Channel(
        "msg", "message inside",
        lambda text: write_cfb(attached({"__substg1.0_3701000D": _msg(_wide(0x1000, text), header=24)})),
    )  # fmt: skip


def _msg(*streams: dict[str, bytes | Tree], header: int = 32) -> dict[str, bytes | Tree]:
    """The streams of a message ([MS-OXMSG], 2.4)."""
    tree: dict[str, bytes | Tree] = {"__properties_version1.0": bytes(header)}
    for one in streams:
        tree |= one
    return tree


def _rich(data: bytes) -> dict[str, bytes | Tree]:
    from compressed_rtf import compress

    return {"__substg1.0_10090102": compress(data)}


def _spelled(text: str) -> bytes:
    """Text as RTF control words, a question mark as substitute."""
    return "".join(char if char.isascii() else f"\\u{ord(char)}?" for char in text).encode("ascii")


def _encapsulated(text: str) -> bytes:
    """Text that stands where only a program that unpacks the HTML looks ([MS-OXRTFEX], 2.1.3.1)."""
    return b"{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>" + _spelled(text) + b"</p>}\\htmlrtf hello\\htmlrtf0 }"


def _wide(number: int, text: str) -> dict[str, bytes | Tree]:
    return {f"__substg1.0_{number:04X}001F": text.encode("utf-16-le")}


def _winmail() -> Iterator[Channel]:
    inner = bytes.fromhex("0703020000000000c000000000000046")
    yield Channel("dat", "body", lambda text: _tnef((1, 0x2800C, text.encode("gb18030"))))
    yield Channel("dat", "property", lambda text: _tnef((1, 0x69003, _mapi(0x3FFF, 0x1F, text.encode("utf-16-le")))))
    yield Channel("dat", "attachment", lambda text: _tnef((2, 0x69002, bytes(14)), (2, 0x6800F, text.encode())))
    yield Channel(
        "dat", "message inside",
        lambda text: _tnef(
            (2, 0x69002, bytes(14)),
            (2, 0x69005, _mapi(0x3701, 0x0D, inner + _tnef((1, 0x2800C, text.encode("gb18030"))))),
        ),
    )  # fmt: skip


def _tnef(*attributes: tuple[int, int, bytes]) -> bytes:
    """A TNEF stream ([MS-OXTNEF], 2.1)."""
    made = [
        struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
        for level, number, value in attributes
    ]
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(made)


def _mapi(number: int, kind: int, value: bytes) -> bytes:
    return struct.pack("<IHHII", 1, kind, number, 1, len(value)) + value + bytes(-len(value) % 4)


def _mailbox(text: str) -> bytes:
    return b"From li@plant.test Mon Jan  1 10:00:00 2024\n" + HEAD.replace(b"\r", b"") + b"\n" + text.encode() + b"\n\n"


def _archive(page: str) -> bytes:
    head = b"Subject: page\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
    html = b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n"
    return head + part(base64.encodebytes(page.encode()), html) + b"\r\n--b--\r\n"


def _der(tag: int, *contents: bytes) -> bytes:
    """A DER value (X.690) of up to 64 KiB."""
    body = b"".join(contents)
    length = bytes([len(body)]) if len(body) < 128 else b"\x82" + len(body).to_bytes(2, "big")
    return bytes([tag]) + length + body


def _oid(last: int) -> bytes:
    return bytes.fromhex("06092a864886f70d0107") + bytes([last])


def _cms(kind: int, content: bytes) -> bytes:
    """A ContentInfo of PKCS #7 kind 2 (signed) or 3 (enveloped)."""
    return _der(0x30, _oid(kind), _der(0xA0, content))


def _signed(entity: bytes) -> bytes:
    """SignedData around a MIME entity, with no signer: what matters here is that nothing is encrypted."""
    inner = _der(0x30, _oid(1), _der(0xA0, _der(0x04, entity)))
    return _der(0x30, b"\x02\x01\x01", b"\x31\x00", inner, b"\x31\x00")
