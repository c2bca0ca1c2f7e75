"""The "PowerPoint Document" stream of a PPT file in, its texts with their slides out ([MS-PPT]).

Records form a tree. The walk is linear over the whole stream, so that slides deleted by a hasty save are read as well.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

_SLIDE, _NOTES, _MASTER, _HANDOUT, _LIST, _COMMENT = 0x03EE, 0x03F0, 0x03F8, 0x0FC9, 0x0FF0, 0x2EE0
_PERSIST, _SHOW, _CHARS, _BYTES, _CSTRING, _OBJECT = 0x03F3, 0x03F9, 0x0FA0, 0x0FA8, 0x0FBA, 0x1011
_TEXTS = (_CHARS, _BYTES, _CSTRING)
_CHANNELS = {
    _NOTES: "speaker notes",
    _MASTER: "slide layout",
    _HANDOUT: "handout",
    _COMMENT: "comment",
    _LIST: None,
    _SLIDE: None,
}
_DEEPEST = 40
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SlideText:
    """A text with the number of its slide (None outside of slides), its channel and whether the slide is hidden."""

    text: str = field(repr=False)
    slide: int | None
    channel: str | None
    hidden: bool = False


@dataclass(slots=True)
class _State:
    slides: int = 0
    listed: int = 0
    objects: list[bytes] = field(default_factory=list, repr=False)


def read_slides(data: bytes) -> tuple[list[SlideText], list[bytes]]:
    """(texts in stream order, embedded objects as compound files)."""
    state = _State()
    return list(_walk(data, 0, len(data), None, None, False, state, 0)), state.objects


def _walk(
    data: bytes, at: int, end: int, slide: int | None, channel: str | None, hidden: bool, state: _State, depth: int
) -> Iterator[SlideText]:
    while at + 8 <= end:
        head, kind, size = struct.unpack_from("<HHI", data, at)
        start, stop = at + 8, min(at + 8 + size, end)
        at = stop
        if kind == _OBJECT:
            state.objects.append(_object(data[start:stop], compressed=bool(head >> 4)))
        elif head & 0x0F == 0x0F and depth < _DEEPEST:
            where, what, veiled = _entered(data, start, stop, kind, head, slide, channel, hidden, state)
            yield from _walk(data, start, stop, where, what, veiled, state, depth + 1)
        elif kind == _PERSIST and channel is None and slide is None:
            state.listed += 1
        elif kind in _TEXTS:
            raw = data[start:stop]
            text = raw.decode("latin-1") if kind == _BYTES else raw.decode("utf-16-le", "replace")
            text = text.replace("\r", "\n").replace("\x0b", "\n").strip("\0 \n")
            if text:
                yield SlideText(text, slide, channel, hidden)


def _entered(
    data: bytes,
    start: int,
    stop: int,
    kind: int,
    head: int,
    slide: int | None,
    channel: str | None,
    hidden: bool,
    state: _State,
) -> tuple[int | None, str | None, bool]:
    """The slide, channel and visibility that hold inside a container."""
    if kind == _SLIDE:
        state.slides += 1
        return state.slides, None, _is_hidden(data, start, stop)
    if kind == _LIST:
        return None, {1: "slide layout", 2: "speaker notes"}.get(head >> 4, "outline"), hidden
    if kind in _CHANNELS:
        return slide if kind == _COMMENT else None, _CHANNELS[kind], hidden
    return slide, channel, hidden


def _is_hidden(data: bytes, at: int, end: int) -> bool:
    """SlideShowSlideInfoAtom, flag fHidden (2.6.6)."""
    while at + 8 <= end:
        _, kind, size = struct.unpack_from("<HHI", data, at)
        if kind == _SHOW and size >= 12:
            return bool(data[at + 8 + 10] & 0x04)
        at += 8 + size
    return False


def _object(body: bytes, *, compressed: bool) -> bytes:
    """An ExOleObjStg: a compound file, as it is or deflated behind its length (2.10.34)."""
    if not compressed:
        return body
    try:
        return zlib.decompressobj().decompress(body[4:], _LARGEST)
    except zlib.error:
        return body
