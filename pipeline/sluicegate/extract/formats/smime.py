"""A CMS file (S/MIME) in, its signed or compressed content out; what is encrypted is a problem (RFC 5652, RFC 8551)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

from sluicegate.document import ProblemKind
from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable
from sluicegate.extract.mime.fields import looks_like_header
from sluicegate.extract.mime.finds import mail_finds
from sluicegate.extract.mime.transfer import decode_base64
from sluicegate.extract.sniff import sniff

MEDIA_TYPES = ("application/pkcs7-mime",)

_ARMOUR = re.compile(rb"-----BEGIN (?:PKCS ?#?7|CMS)[^-]{0,40}-----")
_ENCRYPTED = ("enveloped_data", "encrypted_data", "signed_and_enveloped_data", "authenticated_enveloped_data")
_COMPRESSED = "1.2.840.113549.1.9.16.1.9"
_DEPTH = 8


def read(source: Source, context: Context) -> Iterator[Find]:
    """The content inside any number of signatures, read in place when it is a MIME entity, else as a child."""
    data = _der(source.data)
    for _ in range(_DEPTH):
        kind, content = _content(data, context)
        if kind in _ENCRYPTED:
            raise Unreadable(ProblemKind.ENCRYPTED, "S/MIME: encrypted for its recipients")
        if content is None:
            yield Note("a detached signature or certificates, without content", blank=True)
            return
        if content[:1] != b"\x30" or not _is_cms(content):
            yield from _entity(source, content, context)
            return
        data = content
    raise Unreadable(ProblemKind.TOO_DEEP, f"more than {_DEPTH} signatures inside each other")


def _entity(source: Source, content: bytes, context: Context) -> Iterator[Find]:
    name = re.sub(r"(?i)\.p7[ms]$", "", source.name) if source.name.lower() not in ("smime.p7m", "smime.p7s") else ""
    sniffed = sniff(content, name=name).media_type
    if sniffed == "message/rfc822" or content[:8].lower() == b"content-" or (looks_like_header(content) and not name):
        yield from mail_finds(content, context, headers=sniffed == "message/rfc822")
    else:
        yield Child(name if name and name != source.name else "signed content", content)


def _der(data: bytes) -> bytes:
    """Binary CMS out of what may be PEM or bare base64."""
    armour = _ARMOUR.search(data)
    if armour:
        end = data.find(b"-----END", armour.end())
        return decode_base64(data[armour.end() : end if end >= 0 else len(data)]).data
    return decode_base64(data).data if data[:1] == b"M" and data.strip()[:200].isascii() else data


def _is_cms(data: bytes) -> bool:
    from asn1crypto import cms

    try:
        return str(cms.ContentInfo.load(data)["content_type"].dotted).startswith("1.2.840.113549.1.")
    except (ValueError, TypeError, KeyError):
        return False


def _content(data: bytes, context: Context) -> tuple[str, bytes | None]:
    """The kind of CMS content and the bytes inside, None when there are none; raises `Unreadable`."""
    from asn1crypto import cms  # its import takes 60 ms

    try:
        info = cms.ContentInfo.load(data)
        kind = str(info["content_type"].native)
        if kind in _ENCRYPTED:
            return kind, None
        if kind == "data":
            return kind, _octets(info["content"])
        if info["content_type"].dotted == _COMPRESSED:
            packed = _octets(info["content"]["encap_content_info"]["content"])
            return kind, None if packed is None else _inflated(packed, context)
        if kind in ("signed_data", "digested_data", "authenticated_data"):
            return kind, _octets(info["content"]["encap_content_info"]["content"])
    except (ValueError, TypeError, KeyError):
        raise Unreadable(ProblemKind.DAMAGED, "not a sound CMS structure") from None
    raise Unreadable(ProblemKind.UNSUPPORTED, "this kind of CMS content")


def _octets(value: Any) -> bytes | None:
    """The bytes of an octet string, also one in pieces of indefinite length; another type (RFC 2315) as it stands."""
    from asn1crypto import core

    if isinstance(value, core.Void) or value is None:
        return None
    if isinstance(value, core.Any):
        value = value.parse()
    if isinstance(value, (core.OctetString, core.ParsableOctetString)):
        return bytes(value)
    return bytes(value.dump())


def _inflated(packed: bytes, context: Context) -> bytes:
    """Unpack RFC 3274 compressed data, within the limits of an archive member."""
    limits = context.limits
    most = min(limits.part_bytes, max(10 << 20, limits.ratio * len(packed)))
    engine = zlib.decompressobj()
    try:
        data = engine.decompress(packed, most)
    except zlib.error:
        raise Unreadable(ProblemKind.DAMAGED, "compressed data do not unpack") from None
    if engine.unconsumed_tail:
        raise Unreadable(ProblemKind.TOO_LARGE, f"unpacks to more than {most} bytes")
    return data
