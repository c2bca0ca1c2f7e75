"""A raw Content-Type or Content-Disposition value in, its main value and parameters out (RFC 2045, 2231), leniently.

Every spelling of a parameter is kept: `filename` and `filename*` can name two different files, and programs disagree
which of two boundaries counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from sluicegate.extract.charset import decode
from sluicegate.extract.mime.words import header_text

_PARAMETER = re.compile(rb'([^=;"\s]{1,200}+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))', re.S)
_NAME = re.compile(rb"^([^*]+)(?:\*(\d{1,9}))?(\*)?$")
_COMMENT = re.compile(rb"\([^()]*\)")
_ESCAPED = re.compile(rb"\\([\"\\])")


@dataclass(frozen=True, slots=True)
class Parameters:
    """A structured field: its main value in lower case ("attachment", "text/plain"), all spellings of parameters."""

    value: str
    given: tuple[tuple[str, bytes, str | None], ...] = field(default=(), repr=False)
    """(name, raw bytes, charset when stated by RFC 2231); extended spellings stand first."""

    def raw(self, name: str) -> tuple[bytes, ...]:
        """Every distinct raw value of this parameter."""
        return tuple(dict.fromkeys(value for key, value, _ in self.given if key == name and value))

    def texts(self, name: str) -> tuple[str, ...]:
        """Every distinct value of this parameter, decoded; the one that most programs show comes first."""
        shown = (_text(value, charset) for key, value, charset in self.given if key == name and value)
        return tuple(dict.fromkeys(text for text in shown if text))


def parse(value: bytes) -> Parameters:
    """Read a structured value; never fails, and takes time in proportion to its length."""
    head, semicolon, tail = value.partition(b";")
    token = _without_comments(head).strip().strip(b"\"'").lower()
    if b"=" in token and b"/" not in token:  # a value that has lost its token
        tail, token = value, b""
    words = token.split()
    name = words[0].decode("ascii", "replace") if words else ""
    return Parameters(name, _ordered(tail) if semicolon or tail is value else ())


def _without_comments(value: bytes) -> bytes:
    return _COMMENT.sub(b" ", value) if b"(" in value else value


def _ordered(tail: bytes) -> tuple[tuple[str, bytes, str | None], ...]:
    """Extended values, then joined continuations, then plain ones."""
    extended: list[tuple[str, bytes, str | None]] = []
    plain: list[tuple[str, bytes, str | None]] = []
    pieces: dict[str, list[tuple[int, bytes, bool]]] = {}
    for match in _PARAMETER.finditer(tail):
        value = _ESCAPED.sub(rb"\1", match[2]) if match[2] is not None else match[3].strip().strip(b"'")
        shape = _NAME.match(match[1].strip())
        if shape is None:
            continue
        name = shape[1].decode("ascii", "replace").lower()
        if shape[2]:
            pieces.setdefault(name, []).append((int(shape[2]), value, bool(shape[3])))
        elif shape[3]:
            extended.append((name, *_extended(value)))
        else:
            plain.append((name, value, None))
    return (*extended, *(_continued(name, found) for name, found in pieces.items()), *plain)


def _extended(value: bytes) -> tuple[bytes, str | None]:
    """RFC 2231, section 4: charset'language'percent-encoded."""
    charset, quote, rest = value.partition(b"'")
    _, second, text = rest.partition(b"'")
    if not (quote and second):
        return unquote_to_bytes(value), None
    return unquote_to_bytes(text), charset.decode("ascii", "replace") or None


def _continued(name: str, found: list[tuple[int, bytes, bool]]) -> tuple[str, bytes, str | None]:
    """RFC 2231, section 3: the pieces by their number; bytes are joined before anything is decoded."""
    found.sort(key=lambda piece: piece[0])
    charset: str | None = None
    joined: list[bytes] = []
    for number, (_, value, encoded) in enumerate(found):
        if encoded and number == 0:
            value, charset = _extended(value)
        elif encoded:
            value = unquote_to_bytes(value)
        joined.append(value)
    return name, b"".join(joined), charset


def _text(value: bytes, charset: str | None) -> str:
    if charset is None or b"=?" in value:
        return header_text(value).strip()
    return decode(value, declared=charset).strip()
