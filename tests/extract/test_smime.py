"""S/MIME: signed and compressed content is read, encrypted content is reported."""

import base64
import zlib

import pytest
from asn1crypto import cms, core

from sluicegate.document import Document, ProblemKind
from sluicegate.extract.driver import extract_bytes
from sluicegate.settings import Settings

SECRET = "The dried precursor was sintered at 720 °C for 10 h; 压实密度达到 2.62 g/cm3"
ENTITY = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{SECRET}\r\n".encode()


def signed(content: bytes | None) -> bytes:
    inner = {"content_type": "data"} | ({"content": core.OctetString(content)} if content is not None else {})
    data = cms.SignedData({"version": "v1", "digest_algorithms": [], "encap_content_info": inner, "signer_infos": []})
    return cms.ContentInfo({"content_type": "signed_data", "content": data}).dump()


def enveloped() -> bytes:
    info = {
        "content_type": "data",
        "content_encryption_algorithm": {"algorithm": "tripledes_3key"},
        "encrypted_content": b"x" * 64,
    }
    data = cms.EnvelopedData({"version": "v0", "recipient_infos": [], "encrypted_content_info": info})
    return cms.ContentInfo({"content_type": "enveloped_data", "content": data}).dump()


def compressed(content: bytes) -> bytes:
    inner = {"content_type": "data", "content": cms.ParsableOctetString(zlib.compress(content, 9))}
    data = cms.CompressedData(
        {"version": 0, "compression_algorithm": {"algorithm": "1.2.840.113549.1.9.16.3.8"}, "encap_content_info": inner}
    )
    return cms.ContentInfo({"content_type": "compressed_data", "content": data}).dump()


def indefinite(content: bytes) -> bytes:
    """SignedData as streaming signers write it: indefinite lengths, the content in pieces (X.690, 8.1.3.6)."""

    def open_ended(tag: bytes, *parts: bytes) -> bytes:
        return tag + b"\x80" + b"".join(parts) + b"\0\0"

    pieces = open_ended(b"\x24", *(core.OctetString(content[i : i + 20]).dump() for i in range(0, len(content), 20)))
    inner = open_ended(b"\x30", core.ObjectIdentifier("1.2.840.113549.1.7.1").dump(), open_ended(b"\xa0", pieces))
    data = open_ended(b"\x30", core.Integer(1).dump(), b"\x31\0", inner, b"\x31\0")
    return open_ended(b"\x30", core.ObjectIdentifier("1.2.840.113549.1.7.2").dump(), open_ended(b"\xa0", data))


def mail(content: bytes, *, kind: str = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m") -> Document:
    head = f"From: a@x.test\r\nTo: b@y.test\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return extract_bytes(head.encode() + base64.encodebytes(content), name="a.eml", settings=Settings())


def places(document: Document) -> list[str]:
    return [one.place.text for one in document.passages if SECRET in one.text]


def kinds(document: Document) -> list[ProblemKind]:
    return [problem.kind for problem in document.problems]


@pytest.mark.parametrize("wrap", [signed, indefinite, compressed, lambda entity: signed(signed(entity))])
def test_content_under_signatures_is_read(wrap):
    document = mail(wrap(ENTITY))
    assert places(document) == ["a.eml > smime.p7m > paragraph 1"]
    assert document.problems == ()


def test_signed_content_in_armour_is_read():
    armour = b"-----BEGIN PKCS7-----\n" + base64.encodebytes(signed(ENTITY)) + b"-----END PKCS7-----\n"
    assert places(mail(armour))


def test_signed_file_keeps_its_name():
    document = extract_bytes(signed(b"%PDF-1.4 broken"), name="offer.pdf.p7m", settings=Settings())
    assert document.parts[1].path == ("offer.pdf.p7m", "offer.pdf")


def test_encrypted_content_is_reported():
    assert kinds(mail(enveloped())) == [ProblemKind.ENCRYPTED]
    assert kinds(mail(signed(enveloped()))) == [ProblemKind.ENCRYPTED]


def test_detached_signature_is_no_trouble():
    assert kinds(mail(signed(None), kind="application/pkcs7-signature; name=smime.p7s")) == []


def test_damaged_structure_is_reported():
    assert ProblemKind.DAMAGED in kinds(mail(signed(ENTITY)[:60]))


def test_compression_bomb_is_reported():
    assert kinds(mail(compressed(bytes(60_000_000)))) == [ProblemKind.TOO_LARGE]
