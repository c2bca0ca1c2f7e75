"""A picture in, the words written with it and, where it looks like text, its text by OCR or a problem out."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.frame import Context, Find, Note, Source, Unreadable
from sluicegate.extract.pictures import SIDE, look_at, sheets
from sluicegate.extract.repair import repair

if TYPE_CHECKING:
    from PIL.Image import Image

MEDIA_TYPES = (
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/tiff",
    "image/bmp",
    "image/webp",
    "image/jp2",
    "image/avif",
    "image/vnd.adobe.photoshop",
    "image/vnd.microsoft.icon",
)

UNREAD = "a picture of text; it needs OCR (install sluicegate[ocr])"
_FAULTS = (OSError, EOFError, ValueError, SyntaxError, TypeError, LookupError, struct.error, zlib.error)
"""What Pillow raises on damaged files."""
_FRAMES = 200
_DRAFTED = 200
"""Pixels of the shorter side from which a JPEG may be decoded at a lower scale."""
_EXIF_WORDS = (270, 315, 33432, 37510, 40091, 40092, 40093, 40094, 40095)
"""ImageDescription, Artist, Copyright, UserComment and the five XP tags (Exif 2.32, table 4)."""
_EXIF_IFD = 0x8769
_TAGS = re.compile(r"<[^>]*>")
_WORDS = re.compile(r"[^\W\d_]{2,}")


def read(source: Source, context: Context) -> Iterator[Find]:
    """Every frame of a picture; raises `Unreadable` (damaged, too_large). One without words gives a silent note."""
    silent = True
    for find in _finds(_opened(source, context), source, context):
        silent = False
        yield find
    if silent:
        yield Note("a picture without words", silent=True)


def _finds(image: Image, source: Source, context: Context) -> Iterator[Find]:
    try:
        frames = int(getattr(image, "n_frames", 1))
        words = list(_properties(image, context))
    except _FAULTS:
        raise Unreadable(ProblemKind.DAMAGED, "the picture's head is damaged") from None
    yield from words
    unread: list[int] = []
    for number in range(1, min(frames, _FRAMES) + 1):
        frame = _frame(image, number, drafted=frames == 1)
        if frame is None:
            yield context.problem(ProblemKind.DAMAGED, "a frame of the picture does not decode", page=number)
            break
        yield from _words(frame, number if frames > 1 else None, unread, source, context)
    if unread:
        which = f"{len(unread)} of {frames} frames: " if frames > 1 else ""
        yield context.problem(ProblemKind.NO_TEXT, which + UNREAD, page=unread[0] if frames > 1 else None)
    if frames > _FRAMES:
        yield context.problem(ProblemKind.TOO_MANY, f"{frames} frames, {_FRAMES} read", page=_FRAMES + 1)


def _opened(source: Source, context: Context) -> Image:
    import PIL.Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns about size; the limit below decides
            image = PIL.Image.open(io.BytesIO(source.data))
    except PIL.Image.DecompressionBombError:
        raise Unreadable(ProblemKind.TOO_LARGE, "more pixels than the limit") from None
    except _FAULTS:
        raise Unreadable(ProblemKind.DAMAGED, "the picture does not open") from None
    if image.width * image.height > context.limits.image_pixels:
        raise Unreadable(ProblemKind.TOO_LARGE, f"{image.width} x {image.height} pixels")
    return image


def _frame(image: Image, number: int, *, drafted: bool = False) -> Image | None:
    """A frame, decoded; None when it is damaged.

    A large JPEG that is `drafted` comes at a half, quarter or eighth of its size, never below `SIDE`: a camera's
    picture is so decoded in a fraction of the time.
    """
    try:
        image.seek(number - 1)
        if drafted and image.format == "JPEG" and min(image.size) >= _DRAFTED:
            left, upper, right, lower = sheets(image.size)[0]
            share = min(1.0, SIDE / max(right - left, lower - upper))
            image.draft(None, (max(1, int(image.width * share)), max(1, int(image.height * share))))
        image.load()
    except _FAULTS:
        return None
    return image


def _words(frame: Image, page: int | None, unread: list[int], source: Source, context: Context) -> Iterator[Find]:
    """The text of a frame by OCR; one that looks like text and was not read goes on `unread`."""
    look = look_at(frame)
    text = ""
    if context.ocr is not None and look.is_readable:
        whole = _frame(_opened(source, context), 1) if page is None else frame
        stream = io.BytesIO()
        (whole or frame).convert("RGB").save(stream, "PPM")
        text = repair(context.ocr(stream.getvalue())).strip()
    if text:
        yield Passage(text, context.place(page=page), flags=frozenset({"ocr"}))
    elif look.is_text:
        unread.append(page or 1)


def _properties(image: Image, context: Context) -> Iterator[Find]:
    """What is written in the file beside the pixels: Exif, XMP, PNG text, comments."""
    text = "\n".join(dict.fromkeys(word.strip(" \0\n") for word in _written(image) if _WORDS.search(word)))
    if text:
        yield Passage(repair(text), context.place(channel="picture properties"))


def _written(image: Image) -> Iterator[str]:
    exif = image.getexif()
    for directory in (exif, exif.get_ifd(_EXIF_IFD)):
        yield from (_text(directory[tag]) for tag in _EXIF_WORDS if tag in directory)
    for key, value in image.info.items():
        if key in ("exif", "icc_profile", "photoshop"):
            continue
        if isinstance(value, (str, bytes)) and len(value) > 3:
            text = _text(value)
            text = unquote(text) if text[:3] == "%3C" else text  # the diagram that draw.io keeps in its pictures
            yield "\n".join(_TAGS.sub("\n", text).split()) if key in ("xmp", "XML:com.adobe.xmp") else text


def _text(value: object) -> str:
    """Exif text: ASCII, UTF-8, UTF-16 in the XP tags, or a comment that begins with its charset."""
    if not isinstance(value, bytes):
        return str(value)
    if value.startswith((b"ASCII\0\0\0", b"UNICODE\0", b"JIS\0\0\0\0\0")):
        value = value[8:]
    from sluicegate.extract.charset import decode

    return decode(value)
