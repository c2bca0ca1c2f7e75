"""Outlook's RTF around an HTML body in, the HTML out ([MS-OXRTFEX]): recipients see the HTML, not the RTF."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from sluicegate.extract.charset import decode

_TOKEN = re.compile(
    rb"\\'([0-9A-Fa-f]{2})|\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\([^A-Za-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.S
)
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")
_BREAKS = {"par": "\n", "line": "\n", "tab": "\t", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
           "bullet": "•", "endash": "–", "emdash": "—"}  # fmt: skip
_APART = frozenset(
    {"fonttbl", "colortbl", "stylesheet", "info", "pict", "objdata", "listtable", "listoverridetable", "mhtmltag"}
)

_SYMBOLS = {b"\\": b"\\", b"{": b"{", b"}": b"}", b"~": b"&nbsp;", b"_": b"-"}


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside the current braces."""

    tag: bool = False
    apart: bool = False
    rtf_only: bool = False
    skip: int = 1


@dataclass(slots=True)
class _Out:
    code_page: str
    text: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)

    def put(self, text: str) -> None:
        self.flush()
        self.text.append(text)

    def flush(self) -> None:
        if self.raw:
            self.text.append(decode(bytes(self.raw), declared=self.code_page))
            self.raw.clear()


def encapsulated_html(data: bytes) -> str:
    """The HTML inside; empty when the RTF holds none."""
    if b"\\fromhtml" not in data:
        return ""
    page = _CODE_PAGE.search(data)
    out = _Out(f"cp{page[1].decode()}" if page else "cp1252")
    group = _Group()
    stack: list[_Group] = []
    star = False
    skip = 0
    for token in _TOKEN.finditer(data):
        byte, word, number, symbol, brace, text = token.groups()
        if brace == b"{":
            stack.append(group)
        elif brace == b"}":
            group = stack.pop() if stack else _Group()
        elif word:
            name = word.decode("ascii").lower()
            group, star = _controlled(group, name, number, star=star), False
            skip = _spoken(group, name, number, out) or (skip if name != "u" else 0)
        elif symbol == b"*":
            star = True
        else:
            skip = _literal(group, byte, symbol, text, skip, out)
    out.flush()
    return "".join(out.text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _controlled(group: _Group, name: str, number: bytes | None, *, star: bool) -> _Group:
    """The group after a control word."""
    if name == "htmltag":
        return replace(group, tag=True, apart=False)
    if name == "htmlrtf":
        return replace(group, rtf_only=number != b"0")
    if name == "uc":
        return replace(group, skip=max(int(number or 1), 0))
    if star or name in _APART:
        return replace(group, apart=True)
    return group


def _shown(group: _Group) -> bool:
    return not group.apart and (group.tag or not group.rtf_only)


def _spoken(group: _Group, name: str, number: bytes | None, out: _Out) -> int:
    """Put what a control word stands for; how many characters after a Unicode one are its substitute."""
    if name == "u" and number:
        if _shown(group):
            out.put(chr(int(number) % 65536))
        return group.skip
    if name in _BREAKS and _shown(group):
        out.put(_BREAKS[name])
    return 0


def _literal(group: _Group, byte: bytes | None, symbol: bytes | None, text: bytes | None, skip: int, out: _Out) -> int:
    """Put literal characters, less those that only stand in for a Unicode one; how many of these are still to come."""
    data = bytes([int(byte, 16)]) if byte else _SYMBOLS.get(symbol, b"") if symbol else text or b""
    if skip and data:
        data, skip = data[skip:], max(skip - len(data), 0)
    if data and _shown(group):
        out.raw += data
    return skip
