"""A message in, what a reader yields out: passages of its header and bodies, its attachments as children, problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.charset import codec_of, decode
from sluicegate.extract.formats.text import text_passages
from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable
from sluicegate.extract.mime.fields import entities, looks_like_header, normalised
from sluicegate.extract.mime.flowed import unflowed
from sluicegate.extract.mime.headers import header_passages, unusual_text
from sluicegate.extract.mime.parameters import Parameters
from sluicegate.extract.mime.walk import MESSAGES, Leaf, Trouble, walk
from sluicegate.extract.registry import reader_for
from sluicegate.extract.sniff import UNKNOWN, sniff

_BODIES = frozenset({
    "text/plain", "text/html", "text/enriched", "text/richtext", "text/x-amp-html", "text/markdown", "text/watch-html",
    "text/rfc822-headers", "message/delivery-status", "message/disposition-notification", "message/feedback-report",
    "message/global-delivery-status", "message/partial", "message/external-body", "text", "text/x-plain",
})  # fmt: skip
_TEXTUAL = ("application/json", "application/x-ndjson", "application/yaml", "application/toml", "application/mbox")
_PKCS7 = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_ROUTED = {
    **dict.fromkeys(MESSAGES, "message/rfc822"), **dict.fromkeys(_PKCS7, "application/pkcs7-mime"),
    "application/ms-tnef": "application/ms-tnef", "application/vnd.ms-tnef": "application/ms-tnef",
    "text/calendar": "text/calendar", "text/vcard": "text/vcard", "text/x-vcard": "text/vcard",
    "text/directory": "text/vcard", "text/x-vcalendar": "text/calendar",
}  # fmt: skip
"""Declared type → the type to read it as, whatever its first bytes look like."""
_EXTENSIONS = {
    "message/rfc822": ".eml", "text/calendar": ".ics", "text/vcard": ".vcf", "application/pkcs7-mime": ".p7m",
    "application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "text/html": ".html",
    "text/plain": ".txt", "text/csv": ".csv", "application/ms-tnef": ".dat", "text/rtf": ".rtf", "text/xml": ".xml",
}  # fmt: skip
_HEADER_FIELDS = frozenset({"content-type", "content-disposition", "content-transfer-encoding", "content-id"})
_PREAMBLE = re.compile(
    rb"\s*(?:This is (?:an? )?(?:cryptographically signed |MIME[- ]encoded |OpenPGP/MIME signed )?"
    rb"(?:multi-?part )?(?:message|mail)(?: with multiple parts)?(?: in MIME format)?(?: \(RFC \d+ and \d+\))?[.!]?"
    rb"(?:  ?Since your mail reader does not understand\r?\n"
    rb"this format, some or all of this message may not be legible[.])?[\s-]*|-+|\.)\s*",
    re.I,
)
_DECIDING = ("content-type", "content-transfer-encoding")
_NAME = 60
"""A longer file name than this may say more than what the file is called: it is read as text."""
_PGP = b"-----BEGIN PGP MESSAGE"
_ARMOURED_SIGNATURE = re.compile(
    rb"\s*-----BEGIN PGP SIGNATURE-----(?:[\r\n]+(?:Version|Comment|Hash): [^\r\n]{0,80})*"
    rb"[A-Za-z0-9+/=\s]{0,4000}-----END PGP SIGNATURE-----\s*"
)
_ENRICHED = re.compile(r"</?[A-Za-z0-9-]{1,60}>")
_SEVEN_BIT = ("utf_7", "utf-7", "hz", "iso2022")


def mail_finds(data: bytes, context: Context, *, headers: bool = True) -> Iterator[Find]:
    """Everything in a message; `headers` is False for a bare MIME entity (signed content), whose fields say nothing."""
    data = normalised(data)
    views = entities(data)
    if headers:
        yield from header_passages(views[0].fields, context)
    if len(views) > 1 or any(len(views[0].fields.ends(name)) > 1 for name in _DECIDING):
        yield Note("its header can be read in more than one way; each was read")
    found: dict[bytes, set[str]] = {}
    for item in walk(data, parts=context.limits.members):
        if isinstance(item, Trouble):
            yield context.problem(item.kind, item.detail, **_where(item.number))
        elif item.role != "other" or item.media_type not in found.setdefault(item.data, set()):
            found.setdefault(item.data, set()).add(item.media_type)
            yield from leaf_finds(item, context)


def leaf_finds(leaf: Leaf, context: Context) -> Iterator[Find]:
    """Text of a body in place, anything else as a child."""
    if not leaf.attached:
        yield from _own_header(leaf, context)
        if not leaf.data.strip():
            return
    if leaf.role == "preamble" and _PREAMBLE.fullmatch(leaf.data[:600]):
        return
    if leaf.media_type == "application/pgp-signature" and _ARMOURED_SIGNATURE.fullmatch(leaf.data):
        return
    if leaf.media_type in _BODIES and not leaf.attached:
        yield from _body(leaf, context)
        return
    yield from _attachment(leaf, context)


def routed(child: Child, media_type: str, context: Context) -> Iterator[Find]:
    """A child that its container calls `media_type`: where its bytes look like something else, it is read as both.

    Mail programs go by what the container says; the driver goes by content.
    """
    yield child
    if not child.data or sniff(child.data, name=child.name, hint=child.media_type).media_type == media_type:
        return
    inner = context.within(child.name)
    reader = reader_for(media_type)
    if reader is None:
        return
    if len(inner.path) > context.limits.depth + 1:
        yield inner.problem(ProblemKind.TOO_DEEP, f"deeper than {context.limits.depth} containers")
        return
    try:
        yield from reader(Source(child.name, child.data, media_type), inner)
    except Unreadable as stop:
        yield inner.problem(stop.kind, stop.detail)


def message_child(name: str, data: bytes, context: Context) -> Iterator[Find]:
    """A message inside something else."""
    yield from routed(Child(name, data, "message/rfc822"), "message/rfc822", context)


def html_finds(text: str, context: Context, **where: Any) -> Iterator[Find]:
    """Markup that was decoded already, read in place; its own charset statements no longer count."""
    reader = reader_for("text/html")
    if reader is None:
        yield from text_passages(text, context, **where)
        return
    data = b"\xef\xbb\xbf" + text.encode("utf-8", "replace")
    for find in reader(Source(context.path[-1], data, "text/html"), context):
        yield replace(find, place=replace(find.place, **where)) if where and isinstance(find, Passage) else find


def _where(number: str) -> dict[str, Any]:
    return {} if number == "1" else {"section": f"part {number[2:]}"}


def _body(leaf: Leaf, context: Context) -> Iterator[Find]:
    """A text that is shown as part of the message, by every charset that it is given."""
    where = _where(leaf.number)
    if leaf.role in ("preamble", "epilogue"):
        where["channel"] = leaf.role
    content = sniff(leaf.data, hint=leaf.media_type).media_type
    if not content.startswith(("text/", "message/", "multipart/")) and content not in _TEXTUAL:
        yield Child(_name(leaf), leaf.data, leaf.media_type)
        if content != "application/octet-stream":
            return
    if content == "message/rfc822" and b"ontent-" in leaf.data and leaf.media_type == "text/plain":
        yield Child(f"{_name(leaf)}.eml", leaf.data, "message/rfc822")  # a whole message as text, as bounces quote them
    if _PGP in leaf.data:
        yield context.problem(ProblemKind.ENCRYPTED, "PGP message in the text", **where)
    for charset in leaf.parameters.texts("charset") or (None,):
        text = decode(leaf.data, declared=charset)
        if leaf.media_type in ("text/html", "text/x-amp-html", "text/watch-html"):
            yield from html_finds(text, context, **where)
            continue
        yield from text_passages(_plain(text, leaf), context, **where)
        if content == "text/html":
            yield from html_finds(text, context, **where)


def _own_header(leaf: Leaf, context: Context) -> Iterator[Find]:
    """What the header of a text inside a multipart says beside its type; that of the message is read already."""
    said = unusual_text(leaf.fields, context, but=_HEADER_FIELDS) if leaf.number != "1" else ""
    if said:
        yield Passage(said, context.place(**_where(leaf.number), channel="headers"))


def _plain(text: str, leaf: Leaf) -> str:
    if leaf.media_type in ("text/enriched", "text/richtext"):  # RFC 1896: commands may stand inside a word
        return _ENRICHED.sub("", text.replace("<<", "\ue0ff")).replace("\ue0ff", "<")
    if _parameter(leaf.parameters, "format") == "flowed":
        return unflowed(text, delete_space=_parameter(leaf.parameters, "delsp") == "yes")
    return text


def _parameter(parameters: Parameters, name: str) -> str:
    return next(iter(parameters.texts(name)), "").lower()


def _attachment(leaf: Leaf, context: Context) -> Iterator[Find]:
    child = Child(_name(leaf), leaf.data, leaf.media_type, metadata=_metadata(leaf, context))
    kind = _ROUTED.get(leaf.media_type)
    if leaf.role == "other" and kind is None and sniff(leaf.data).media_type == UNKNOWN:
        yield Note(f"part {leaf.number}: another reading of it is no known format")  # its bytes were read once before
        return
    if kind is None or (kind == "message/rfc822" and not looks_like_header(leaf.data)):
        yield child
    else:
        yield from routed(child, kind, context)
    yield from _declared_charset(leaf, context)


def _declared_charset(leaf: Leaf, context: Context) -> Iterator[Find]:
    """An attached text once more by the charset that the message states, where that gives another text."""
    if not leaf.media_type.startswith("text/"):
        return
    for charset in leaf.parameters.texts("charset"):
        codec = codec_of(charset) or ""
        if leaf.data.isascii() and not codec.startswith(_SEVEN_BIT):
            continue
        text = decode(leaf.data, declared=charset)
        if text.lstrip("\ufeff") != decode(leaf.data):
            inner = context.within(_name(leaf))
            html = leaf.media_type == "text/html"
            yield from html_finds(text, inner) if html else text_passages(text, inner)


def _name(leaf: Leaf) -> str:
    if leaf.names:
        return leaf.names[0]
    media_type = _ROUTED.get(leaf.media_type, leaf.media_type)
    return f"part {leaf.number[2:] or leaf.number}{_EXTENSIONS.get(media_type, '')}"


def _metadata(leaf: Leaf, context: Context) -> str:
    """What the part says about itself beside its name: other names, and a name too long to be only a name."""
    names = [name for name in leaf.names[1:] if name != leaf.names[0]]
    long = [name for name in leaf.names[:1] if len(name) > _NAME]
    return "\n".join(filter(None, [*long, *names, unusual_text(leaf.fields, context, but=_HEADER_FIELDS)]))
