"""Bytes or attribute values in, the stretches of them that are written language out: the net under every reader."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from sluicegate.extract.charset import common_han
from sluicegate.extract.repair import HAN

_WORDS = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}+(?:[\s,;:.()/-]++[^\W_]++){3}")
_SENTENCE = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}+(?:[\s,;:.()/-]++[^\W_]++){5}")
_HAN_WORDS = re.compile(f"[{HAN}]{{4}}")
_HAN_SENTENCE = re.compile(f"(?:[{HAN}][，。、；：（）0-9A-Za-z℃%./ -]{{0,12}}){{8}}")
_NAMED = (
    b"descr|title|alt|altText|string|tooltip|screenTip|prompt|promptTitle|error|errorTitle|displayText|caption|"
    b"statusText|helpText|description|comment|formatCode|instr|author|displayName"
)
_SHORT = re.compile(rb"""[\s:](""" + _NAMED + rb""")=(?:"([^"<]{2,})"|'([^'<]{2,})')""")
_LONG = re.compile(rb"""[\s:]([A-Za-z]+)=(?:"([^"<]{16,})"|'([^'<]{16,})')""")
_MACHINE = re.compile(
    r"^(?:https?://schemas\.|urn:|[a-z-]+:[^ ;]+;|m\d|\{?[0-9A-Fa-f]{8}-|[A-Za-z0-9+/=\s]{200,}$|rect )"
)
_LATENT = re.compile(rb"<(?:\w+:)?latentStyles\b.*?</(?:\w+:)?latentStyles>", re.S)
_TECHNICAL = frozenset(
    {"gfxdata", "Requires", "Ignorable", "schemaLocation", "style", "rsid", "path", "formatCode", "sqref"}
)
_SCHEME = re.compile(r"^(?:https?|urn|file):\S+(?:\s+(?:https?|urn|file):\S+)*$")
_STYLE = re.compile(r"^\s*+(?:[\w-]++\s*+:[^;:]*+(?:;\s*+|$))++$")
_PATH = re.compile(
    r"^(?:[\s\d@#,.+()=/*-]++|[A-Za-z]{1,2}+(?![A-Za-z]))++$"
)  # a drawing's: its words have one letter or two
_WIDE = re.compile(rb"(?:[\x20-\x7e\t\r\n]\x00|[\x00-\xff][\x4e-\x9f]|[\x00-\xff][\x00\x03\x20\x21\x22\x30\xff]){12,}")
_NARROW = re.compile(rb"[\x20-\x7e\t\r\n\xa1-\xfe]{24,}")
_UTF8 = re.compile(
    rb"(?:[\x20-\x7e\t\r\n]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){12,}"
)
_HAN = re.compile(f"[{HAN}]")
_LEAST, _LETTERS = 4, 6
"""Different letters of the shortest prose: of Han alone, and of others."""
CHANNELS = {
    "descr": "alt text", "title": "alt text", "alt": "alt text", "altText": "alt text", "string": "word art",
    "tooltip": "link tip", "screenTip": "link tip", "prompt": "input prompt", "promptTitle": "input prompt",
    "error": "input prompt", "errorTitle": "input prompt", "displayText": "list entry", "caption": "caption",
    "author": "author",
    "displayName": "author",
    "statusText": "form help", "helpText": "form help", "formatCode": "number format", "instr": "field code",
}  # fmt: skip
"""Attributes that hold words → what people call them."""


def is_prose(text: str, *, sentence: bool = False) -> bool:
    """Four words or Han characters in a row, for a `sentence` six words or eight characters: written for people."""
    if _SCHEME.match(text) or _PATH.match(text):
        return False
    if (_HAN_SENTENCE if sentence else _HAN_WORDS).search(text):
        return True
    words = (_SENTENCE if sentence else _WORDS).search(text)
    return bool(words) and not _MACHINE.match(text) and not (_STYLE.match(text) and ";" in text)


def attribute_prose(data: bytes) -> Iterator[tuple[str, str]]:
    """(channel, text) for attribute values of an XML part that hold words, each once, in order of their channel.

    Works on the bytes, so that a large part costs little; parts in UTF-16 are recoded first.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    if b"latentStyles" in data:  # the names of Word's built-in styles
        data = _LATENT.sub(b"", data)
    seen: set[bytes] = set()
    for pattern, known in ((_SHORT, True), (_LONG, False)):
        for name, double, single in pattern.findall(data):
            value = double or single
            if value in seen:
                continue
            seen.add(value)
            text = html.unescape(value.decode("utf-8", "replace")).strip()
            attribute = name.decode("ascii", "replace")
            if (known and _worth(attribute, text)) or (attribute not in _TECHNICAL and is_prose(text, sentence=True)):
                yield CHANNELS.get(attribute, "other text"), text


def _worth(attribute: str, text: str) -> bool:
    """Any words in an attribute meant for words; a number format only with words of its own in quotes."""
    if attribute == "formatCode":
        return is_prose(text)
    if attribute in ("author", "displayName"):
        return True
    return any(char.isalpha() for char in text) and (not text.isascii() or " " in text)


def text_nodes(texts: Iterable[str]) -> Iterator[str]:
    """Text nodes with something to read in them: at least one letter or digit."""
    for text in texts:
        text = text.strip()
        if text and any(char.isalnum() for char in text):
            yield text


def strings_in(data: bytes) -> Iterator[str]:
    """Prose found in binary data, as UTF-16 or as an 8-bit charset, each once."""
    from sluicegate.extract.charset import decode

    seen: set[str] = set()
    for start in (0, 1):
        for run in _aligned(data, start):
            if not _narrow(run):
                yield from _fresh(run.decode("utf-16-le", "replace"), seen)
    for match in _UTF8.finditer(data):
        if not match[0].isascii():
            yield from _fresh(match[0].decode("utf-8", "replace"), seen)
    for match in _NARROW.finditer(data):
        text = decode(match[0])
        if likely(text):
            yield from _fresh(text, seen)


def _narrow(run: bytes) -> bool:
    """True when a run taken for UTF-16 is 8-bit text: both bytes of most pairs, or of all Han, are printable ASCII."""
    pairs = [*zip(run[::2], run[1::2], strict=False)]
    narrow = sum(0x20 <= low < 0x7F and 0x20 <= high < 0x7F for low, high in pairs)
    han = sum(high >= 0x4E for _, high in pairs)
    return narrow > len(run) // 6 or (narrow >= han > 0 and narrow >= _LEAST)


def _aligned(data: bytes, start: int) -> Iterator[bytes]:
    for match in _WIDE.finditer(data, start):
        if (match.start() - start) % 2 == 0:
            yield match[0]


def likely(text: str) -> bool:
    """False for pixels that some charset explains: neither mostly ASCII nor mostly common Han."""
    wide = [char for char in text if char > "\x7f"]
    common = sum(map(common_han().__contains__, wide))
    return len(wide) <= 0.3 * len(text) or common > 0.5 * len(wide)


def _varied(text: str) -> bool:
    """False for the few values of pixels and of padding, over and over."""
    letters = {char for char in text if char.isalpha()}
    return len(letters) >= (_LEAST if all(map(_HAN.match, letters)) else _LETTERS)


def _fresh(text: str, seen: set[str]) -> Iterator[str]:
    text = "".join(char if char.isprintable() or char in "\n\t" else " " for char in text).strip()
    if text not in seen and is_prose(text) and _varied(text):
        seen.add(text)
        yield text
