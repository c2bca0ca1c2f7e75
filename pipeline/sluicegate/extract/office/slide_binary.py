"""The "PowerPoint Document" stream of a PPT file in, its texts with their slides out ([MS-PPT]).

Records form a tree. The walk is linear over the whole stream, so that slides deleted by a hasty save are read as well.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

_SLIDE, _NOTES, _MASTER, _HANDOUT, _LIST, _COMMENT = 0x03EE, 0x03F0, 0x03F8, 0x0FC9, 0x0FF0, 0x2EE0
_PERSIST, _SHOW, _CHARS, _BYTES, _CSTRING, _OBJECT = 0x03F3, 0x03F9, 0x0FA0, 0x0FA8, 0x0FBA, 0x1011
_SHAPE, _CLIENT_DATA, _PLACEHOLDER, _NOTES_ATOM = 0xF004, 0xF011, 0x0BC3, 0x03F1
_MASTERS = 0x80000000
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
    """A text with the number of its slide (None outside of slides), its channel and whether the slide is hidden.

    `prompt`: it stands in a placeholder of a master.
    """

    text: str = field(repr=False)
    slide: int | None
    channel: str | None
    hidden: bool = False
    prompt: bool = False


@dataclass(frozen=True, slots=True)
class _Inside:
    """What holds inside a container; see `SlideText`."""

    slide: int | None = None
    channel: str | None = None
    hidden: bool = False
    prompt: bool = False


@dataclass(slots=True)
class _State:
    slides: int = 0
    listed: int = 0
    objects: list[bytes] = field(default_factory=list, repr=False)


def read_slides(data: bytes) -> tuple[list[SlideText], list[bytes]]:
    """(texts in stream order, embedded objects as compound files)."""
    state = _State()
    return list(_walk(data, 0, len(data), _Inside(), state, 0)), state.objects


def _walk(data: bytes, at: int, end: int, where: _Inside, state: _State, depth: int) -> Iterator[SlideText]:
    while at + 8 <= end:
        head, kind, size = struct.unpack_from("<HHI", data, at)
        start, stop = at + 8, min(at + 8 + size, end)
        at = stop
        if kind == _OBJECT:
            state.objects.append(_object(data[start:stop], compressed=bool(head >> 4)))
        elif head & 0x0F == 0x0F and depth < _DEEPEST:
            yield from _walk(data, start, stop, _entered(data, start, stop, kind, head, where, state), state, depth + 1)
        elif kind == _PERSIST and where.channel is None and where.slide is None:
            state.listed += 1
        elif kind in _TEXTS:
            raw = data[start:stop]
            text = raw.decode("latin-1") if kind == _BYTES else raw.decode("utf-16-le", "replace")
            text = text.replace("\r", "\n").replace("\x0b", "\n").strip("\0 \n")
            if text:
                yield SlideText(text, where.slide, where.channel, where.hidden, where.prompt)


def _entered(data: bytes, start: int, stop: int, kind: int, head: int, where: _Inside, state: _State) -> _Inside:
    """The slide, channel and visibility that hold inside a container."""
    if kind == _SLIDE:
        state.slides += 1
        return _Inside(state.slides, None, _is_hidden(data, start, stop))
    if kind == _LIST:
        return _Inside(None, {1: "slide layout", 2: "speaker notes"}.get(head >> 4, "outline"), where.hidden)
    if kind == _NOTES and _belongs_to_no_slide(data, start, stop):
        return _Inside(None, "slide layout", where.hidden)
    if kind in _CHANNELS:
        return _Inside(where.slide if kind == _COMMENT else None, _CHANNELS[kind], where.hidden)
    if kind == _SHAPE and where.channel in ("slide layout", "handout"):
        return replace(where, prompt=_is_placeholder(data, start, stop))
    return where


def _belongs_to_no_slide(data: bytes, at: int, end: int) -> bool:
    """NotesAtom, slideIdRef (2.5.12): that of the master of all notes is 0, or a number that no slide has."""
    for kind, start, stop in _children(data, at, end):
        if kind == _NOTES_ATOM and stop - start >= 4:
            slide = int.from_bytes(data[start : start + 4], "little")
            return slide == 0 or slide >= _MASTERS
    return False


def _is_placeholder(data: bytes, at: int, end: int) -> bool:
    """Whether the data that PowerPoint keeps with a shape have a PlaceholderAtom (2.7.8)."""
    return any(
        inner == _PLACEHOLDER
        for kind, start, stop in _children(data, at, end)
        if kind == _CLIENT_DATA
        for inner, _, _ in _children(data, start, stop)
    )


def _children(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(type, start, end) of the records in a container."""
    while at + 8 <= end:
        _, kind, size = struct.unpack_from("<HHI", data, at)
        yield kind, at + 8, min(at + 8 + size, end)
        at += 8 + size


def _is_hidden(data: bytes, at: int, end: int) -> bool:
    """SlideShowSlideInfoAtom, flag fHidden (2.6.6)."""
    for kind, start, _ in _children(data, at, end):
        if kind == _SHOW and start + 12 <= end:
            return bool(data[start + 10] & 0x04)
    return False


def _object(body: bytes, *, compressed: bool) -> bytes:
    """An ExOleObjStg: a compound file, as it is or deflated behind its length (2.10.34)."""
    if not compressed:
        return body
    try:
        return zlib.decompressobj().decompress(body[4:], _LARGEST)
    except zlib.error:
        return body
