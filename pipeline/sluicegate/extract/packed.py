"""Texts in, the files out that somebody wrote into them as base64 or as hexadecimal digits without saying so.

A mail whose header was damaged, or a person who pastes a file into a message, a spreadsheet or a chat log: whoever gets
the text can decode it, so it is read. Long runs of a shape that no prose has are looked for, decoded line by line
(a broken line then costs only itself), and kept if they are text or a file of a known format. A long one that is
neither is unread. Keys, signatures, hashes and tracking codes are short and decode to nothing.
"""

from __future__ import annotations

import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from sluicegate.extract.charset import decode
from sluicegate.extract.mime.transfer import decode_lines, readable
from sluicegate.extract.office.prose import strings_in
from sluicegate.extract.registry import reader_for
from sluicegate.extract.repair import plausible
from sluicegate.extract.sniff import sniff

_FIRST = 40  # characters of a run that are worth a look; base64 lines of mail have 76, of PEM 64
_LINE = 20  # characters that a further line of the same block has at least, its last one aside
_LEAST = 24  # bytes that say something
_UNKNOWN = 4096  # bytes from which a block of no known kind is a file that nobody read, and no key or signature
_MIXED = 40  # different characters that such a block has: 64 in base64, few in a drawing of dashes or a row of letters
_HEAD = 16 * 1024  # bytes by which a block is told to be text; what follows is read with it, or is of no known kind
_VARIED = 8  # different digits in any encoded text; a line of dashes or of one letter is none
_LARGEST = 16 * 1024 * 1024  # bytes of an unpacked diagram that are read
_CLEAR = 0.7  # share of printable bytes from which data is no longer opaque; of random bytes it is 0.38
_CHAR, _OTHER = "[A-Za-z0-9+/_-]", "[^A-Za-z0-9+/_-]"
_PROSE = re.compile(  # what has no long run: matches to the end in one step for each word, and never goes back
    rf"(?:{_OTHER}*+{_CHAR}{{1,{_FIRST - 1}}}+(?!{_CHAR}))*+{_OTHER}*+"
)
_BLOCK = re.compile(
    rf"{_CHAR}{{{_FIRST},}}(?:{_OTHER}{{1,6}}{_CHAR}{{{_LINE},}})*"
    rf"(?:[\r\n> ]{{1,4}}{_CHAR}{{2,}}={{0,2}}(?!\w))?"
)
_RUN = re.compile(r"[A-Za-z0-9+/_-]+")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_ARMOUR = re.compile(r"-----BEGIN (?:[A-Z0-9 ]+-----|PGP)")
_END = "-----END"
_URL_SAFE = str.maketrans("-_", "+/")


@dataclass(frozen=True, slots=True)
class Packed:
    """A decoded block: its bytes, and whether they are a text or a file that can be read."""

    data: bytes = field(repr=False)
    known: bool


def find_packed(texts: Iterable[str]) -> Iterator[Packed]:
    """The files that stand encoded in the texts of one file, in order; those of no known kind if they are long."""
    texts = list(texts)
    if all(_PROSE.fullmatch(text) for text in texts):
        return
    for match in _BLOCK.finditer(_without_armour("\n".join(texts))):
        if len(set(match[0][:_HEAD])) < _VARIED:
            continue
        runs = [run for run in _RUN.findall(match[0]) if len(run) > 1]
        candidates = [_hexadecimal(runs)] if all(map(_HEX.fullmatch, runs)) else _base64(runs)
        told = next((data for data in candidates if len(data) >= _LEAST and _is_known(data)), None)
        if told is not None:
            yield Packed(told, known=True)
        elif (text := _inflated("".join(runs))) is not None:
            yield Packed(text, known=True)
        elif len(candidates[0]) >= _UNKNOWN and len(candidates) > 1 and len(set(match[0])) >= _MIXED:
            yield from _unknown(candidates[0])


def _unknown(data: bytes) -> Iterator[Packed]:
    """A long block of no known kind: unread if it is opaque, as what is packed or encrypted; else its prose.

    Programs keep lists of names in their documents so (Google Docs in every DOCX that it writes).
    """
    if readable(data) < _CLEAR * len(data):
        yield Packed(data, known=False)
    elif prose := "\n".join(strings_in(data)):
        yield Packed(prose.encode(), known=True)


def _inflated(run: str) -> bytes | None:
    """The text in a bare deflate or zlib stream, as drawing programs keep their diagrams; None if there is none."""
    data = binascii.a2b_base64(run.translate(_URL_SAFE)[: len(run) - (len(run) % 4 == 1)] + "=" * (-len(run) % 4))
    for bits in (-zlib.MAX_WBITS, zlib.MAX_WBITS):
        engine = zlib.decompressobj(bits)
        with suppress(zlib.error):
            text = engine.decompress(data, _LARGEST)
            if text.startswith(b"%3C"):
                text = unquote_to_bytes(text)
            if len(text) >= _LEAST and (engine.eof or len(text) >= _UNKNOWN) and (text[:1] == b"<" or _is_known(text)):
                return text
    return None


def _without_armour(text: str) -> str:
    """The text without keys, certificates and messages between their own lines; each place is looked at once."""
    kept: list[str] = []
    position = 0
    while (begin := _ARMOUR.search(text, position)) is not None:
        kept.append(text[position : begin.start()])
        end = text.find(_END, begin.end()) if begin[0].endswith("-") else -1
        if end < 0:  # what does not end is kept, but for a PGP message
            rest = text[begin.start() :]
            pgp = rest.find("-----BEGIN PGP")
            return " ".join([*kept, rest if pgp < 0 else rest[:pgp]])
        position = end + len(_END)
    return " ".join([*kept, text[position:]])


def _is_known(data: bytes) -> bool:
    """Whether this is readable text, or a file that some reader of ours opens."""
    media_type = sniff(data).media_type
    if media_type.startswith("text/") or media_type in ("application/json", "application/octet-stream"):
        text = decode(data[:_HEAD])
        strange = sum(1 for char in text if char == "\ufffd" or not (char.isprintable() or char.isspace()))
        return strange * 12 < len(text) and any(map(str.isalpha, text)) and plausible(text) and _worded(text)
    return reader_for(media_type) is not None


def _worded(text: str) -> bool:
    """Whether there are blanks or Chinese characters in it, as in language; a decoded key has neither in measure."""
    return text.count(" ") * 16 >= len(text) or sum("\u3400" <= char <= "\u9fff" for char in text) * 4 >= len(text)


def _base64(runs: list[str]) -> list[bytes]:
    """Run by run, and all as one stream, as a decoder that skips what is foreign reads them."""
    lines = [run.translate(_URL_SAFE).encode() for run in runs]
    return [decode_lines(lines), decode_lines([b"".join(lines)])]


def _hexadecimal(runs: list[str]) -> bytes:
    return binascii.unhexlify("".join(runs))
