"""A raw header value in, readable text out: encoded words (RFC 2047), raw 8-bit, and both mixed.

Bytes of neighbouring words of one charset are joined before they are decoded: many programs cut GBK text inside a
character.
"""

from __future__ import annotations

import base64
import binascii
import re

from sluicegate.extract.charset import codec_of, decode

_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,4000}(?:\?(?!=)[^?]{0,200}){0,20}+)\?=")
_FOLD = re.compile(rb"[\r\n]+[ \t]*|\t")


def header_text(value: bytes) -> str:
    """The text of a header value, on one line."""
    if b"\n" in value or b"\r" in value or b"\t" in value:
        value = _FOLD.sub(b" ", value)
    if b"=?" not in value:
        return _raw(value)
    out: list[str] = []
    held: list[tuple[str, bytes, bytes]] = []
    end = 0
    for word in _WORD.finditer(value):
        between = value[end : word.start()]
        charset = word[1].decode("ascii", "replace").partition("*")[0]
        if held and (between.strip() or _codec(charset) != _codec(held[0][0])):
            out.append(_joined(held))
            held = []
        if between.strip() or not end:
            out.append(_raw(between))
        held.append((charset, word[2].upper(), word[3]))
        end = word.end()
    if held:
        out.append(_joined(held))
    return "".join(out) + _raw(value[end:])


def _raw(value: bytes) -> str:
    return value.decode("ascii") if value.isascii() else decode(value)


def _codec(charset: str) -> str:
    return codec_of(charset) or charset.lower()


def _joined(words: list[tuple[str, bytes, bytes]]) -> str:
    """The text of neighbouring words of one charset."""
    whole: list[bytes] = []
    run = b""
    for _, kind, text in words:
        if kind == b"B" and run and not run.endswith(b"=") and len(run) % 4:
            run += text.strip()  # base64 cut between two words
            continue
        whole.append(_base64(run))
        run = text.strip() if kind == b"B" else b""
        if kind == b"Q":
            whole.append(binascii.a2b_qp(text, header=True))
    whole.append(_base64(run))
    return decode(b"".join(whole), declared=words[0][0])


def _base64(text: bytes) -> bytes:
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", text)
    kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
    return base64.b64decode(kept + b"=" * (-len(kept) % 4)) if kept else b""
