"""Bytes without a magic number in, the kind of text they are out (or None when they are not text)."""

from __future__ import annotations

import re

from sluicegate.extract.charset import decode, guess, is_wide
from sluicegate.extract.sniff_names import extension_of

_HEAD = 8192
_HEADER = re.compile(
    r"^(?:from|to|cc|bcc|subject|date|received|mime-version|message-id|content-type|return-path|delivered-to|reply-to|"
    r"sender|in-reply-to|references|content-transfer-encoding|x-[\w-]+|dkim-signature|arc-[\w-]+|thread-[\w-]+|"
    r"resent-[\w-]+|authentication-results|list-[\w-]+)[ \t]*:",
    re.I,
)
_HEADER_LINE = re.compile(r"^[!-9;-~]+[ \t]*:")
_MBOX = re.compile(r"^From \S.*\d{2}:\d{2}.*\r?\n(?:>?From |[!-9;-~]+:)")
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|style|script|table|div|span|p|br|font|center|h[1-6]|ul|ol|a)[\s>/]",
    re.I,
)
_HTML_SURE = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>/]", re.I)
_XML_SUBSET = re.compile(r"<!DOCTYPE\s+(?!html\b)[^\s\[>]+\s*\[", re.I)
_XML_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_DIAGRAMS = frozenset({"mxfile", "mxgraphmodel"})  # draw.io; of no namespace, and often without declaration
_TEX = re.compile(r"\\(?:documentclass|documentstyle|begin\{document\}|section\{)")
_TROFF = re.compile(r"^\.(?:TH|SH|Dd)\s", re.M)
_BINARY_CONTROLS = re.compile("[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_CONTROL_BYTES = bytes([*range(0x07), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_EXTENSIONS = {
    "md": "text/markdown", "markdown": "text/markdown", "tex": "text/x-tex", "ltx": "text/x-tex",
    "json": "application/json",
    "jsonl": "application/x-ndjson", "ndjson": "application/x-ndjson", "geojson": "application/json",
    "ipynb": "application/json", "csv": "text/csv", "tsv": "text/tab-separated-values",
    "tab": "text/tab-separated-values",
    "html": "text/html", "htm": "text/html", "xhtml": "text/html", "xml": "text/xml", "eml": "message/rfc822",
    "mbox": "application/mbox", "ics": "text/calendar", "vcf": "text/vcard", "yaml": "application/yaml",
    "yml": "application/yaml", "toml": "application/toml", "svg": "image/svg+xml",
}  # fmt: skip
_HINTS = {"text/rtf": "application/rtf", "application/xml": "text/xml", "application/xhtml+xml": "text/html"}
_HINTED = frozenset({
    "message/rfc822", "application/mbox", "text/html", "text/csv", "text/tab-separated-values", "text/calendar",
    "text/vcard", "text/markdown", "text/x-tex", "application/json", "text/xml", "application/rtf",
})  # fmt: skip


def text_type(data: bytes, *, name: str = "", hint: str | None = None) -> str | None:
    """The media type of text, by its content, then by `hint`, then by the name's extension; None for binary data."""
    if _surely_binary(data[:_HEAD]):
        return _mail(data[:_HEAD].decode("utf-8", "replace").lstrip())  # it may carry its attachments as they are
    head = decode(data[:_HEAD], declared=guess(data[: 4 * _HEAD])).lstrip("\ufeff \t\r\n")
    if not head:
        return "text/plain" if not data.strip(b"\x00") or not data.strip() else None
    if not is_text(head):
        return _mail(head)  # a message may carry its attachments as they are (8bit, binary, yEnc)
    return _by_content(head) or _by_hint(head, hint) or _by_name(head, name) or "text/plain"


def _surely_binary(head: bytes) -> bool:
    """Too many control bytes for `is_text` by any charset in which these stand for themselves.

    That is all but UTF-16, UTF-32 and the seven-bit charsets that shift. Compressed, encrypted and other binary files
    end here, before each legacy charset is tried on them.
    """
    if head.isascii():
        return False
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    return controls > 2 and controls >= len(head) * 0.03 and not is_wide(head)


def is_text(head: str) -> bool:
    """Few control characters and few undecodable bytes: three in a hundred may be damage."""
    bad = len(_BINARY_CONTROLS.findall(head)) + head.count("\ufffd")
    return bad <= 2 or bad < len(head) * 0.03


def _by_content(head: str) -> str | None:
    if head.startswith("{\\rtf"):
        return "application/rtf"
    if _MBOX.match(head):
        return "application/mbox"
    mail = _mail(head)
    if mail:
        return mail
    if head.startswith("BEGIN:VCALENDAR"):
        return "text/calendar"
    if head.upper().startswith("BEGIN:VCARD"):
        return "text/vcard"
    if head.startswith("<"):
        return "text/xml" if _XML_SUBSET.match(head) else _markup(head)
    if _HTML_SURE.search(head[:2048]) and head.count("<") > 5:
        return "text/html"
    if _TEX.search(head):
        return "text/x-tex"
    return None


def _mail(head: str) -> str | None:
    """A block of header fields at the start with at least two known ones (RFC 5322, section 2.2)."""
    known: dict[str, str] = {}
    for number, line in enumerate(head.splitlines()[:60]):
        if not line.strip():
            break
        if number == 0 and line.startswith(("From ", ">From ")):  # kept from a mailbox
            continue
        if line[0] in " \t":
            continue
        if not _HEADER_LINE.match(line):
            if len(known) < 3:
                return None
            break
        if _HEADER.match(line):
            field, _, value = line.partition(":")
            known.setdefault(field.strip().lower(), value.strip().lower())
    if len(known) < 2 and not known.get("content-type", "").startswith(("multipart/", "message/rfc822")):
        return None
    related = known.get("content-type", "").startswith("multipart/related")
    if related and not known.keys() & {"to", "received", "message-id", "return-path", "delivered-to"}:
        return "multipart/related"
    return "message/rfc822"


def _markup(head: str) -> str | None:
    root = _XML_ROOT.search(head)
    if root is None:
        return "text/xml" if head.startswith("<?xml") else None
    tag = root[1].lower()
    if tag in _DIAGRAMS:
        return "text/xml"
    if tag == "svg":
        return "image/svg+xml"
    if tag == "html" or (not head.startswith("<?xml") and _HTML.search(head[:4096])):
        return "text/html"
    return "text/xml" if head.startswith("<?xml") or "xmlns" in head[:2048] else None


def _by_hint(head: str, hint: str | None) -> str | None:
    if hint is None:
        return None
    plain = hint.partition(";")[0].strip().lower()
    plain = _HINTS.get(plain, plain)
    if plain == "application/rtf" and "{\\rtf" not in head:
        return None
    return plain if plain in _HINTED else None


def _by_name(head: str, name: str) -> str | None:
    named = _EXTENSIONS.get(extension_of(name))
    if named is not None:
        return named
    if head[0] in "{[" and re.match(r"[{\[]\s*[\"{\[\d\]}]", head):
        return "application/json"
    return "text/troff" if _TROFF.search(head[:1024]) else None
