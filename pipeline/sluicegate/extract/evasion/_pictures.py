"""Words in, pictures of them out: what a scanner, a screenshot or a drawing program would give."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


def painted(text: str, *, size: int = 20, columns: int = 40) -> Image:
    """Black print on white; characters that Pillow's own font lacks come as boxes, which look like text as well."""
    import PIL.Image
    from PIL import ImageDraw, ImageFont

    lines = textwrap.wrap(text, columns) or [""]
    image = PIL.Image.new("L", (columns * size * 6 // 10 + 80, len(lines) * size * 2 + 80), 255)
    ImageDraw.Draw(image).multiline_text(
        (40, 40), "\n".join(lines), fill=0, font=ImageFont.load_default(size=size), spacing=size // 2
    )
    return image


def picture_file(text: str, kind: str) -> bytes:
    """The picture as a file; `kind` is Pillow's name of the format."""
    stream = io.BytesIO()
    painted(text).convert("RGB").save(stream, kind)
    return stream.getvalue()


def rectangles(text: str) -> bytes:
    """The picture as a PDF content stream of filled rectangles: glyphs drawn as shapes, without any font."""
    image = painted(text, size=16).point(lambda value: 255 if value > 128 else 0)
    width, height, pixels = image.width, image.height, image.tobytes()
    out = ["0 g 0.7 0 0 0.7 40 300 cm"]
    for y in range(height):
        row = pixels[y * width : (y + 1) * width]
        x = row.find(b"\0")
        while x >= 0:
            end = next((i for i in range(x, width) if row[i]), width)
            out.append(f"{x} {height - y} {end - x} 1 re f")
            x = row.find(b"\0", end)
    return "\n".join(out).encode()
