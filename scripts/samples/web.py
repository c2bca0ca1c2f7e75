"""Blocks in, HTML or a mail out; pictures (a logo, a signature, a scanned page) drawn with Pillow."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from markup import Block
from PIL import Image, ImageDraw, ImageFont


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail; with `inline` it is shown in the HTML body under that content id."""

    name: str
    media_type: str
    data: bytes
    inline: str = ""


def html(blocks: Sequence[Block], *, language: str, title: str) -> bytes:
    """A news page with navigation and a footer around the text."""
    tags = {"paragraph": "p", "item": "li"}
    body = []
    for block in blocks:
        tag = f"h{block.level}" if block.kind == "heading" else tags[block.kind]
        body.append(f"<{tag}>{escape(block.text)}</{tag}>")
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>\n'
        "<style>body{font-family:serif;max-width:42em}nav a{margin-right:1em}</style>"
        '<script>window.page={"kind":"article"};</script></head>\n<body><nav><a href="/">Front page</a>'
        '<a href="/markets">Markets</a><a href="/companies">Companies</a></nav>\n<article>\n'
        + "\n".join(body)
        + "\n</article>\n<footer>Subscribe · Imprint · Privacy</footer></body></html>\n"
    ).encode()


def mail(
    text: str, *, sender: str, to: str, subject: str, date: str, attachments: Sequence[Attachment] = (), rich: str = ""
) -> bytes:
    """An RFC 5322 message with fixed boundaries; `rich` adds an HTML alternative."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"], message["Date"] = sender, to, subject, date
    message["Message-ID"] = "<20260601.0800@mail.example>"
    message.set_content(text, cte="quoted-printable")
    if rich:
        message.add_alternative(rich, subtype="html", cte="quoted-printable")
        related = message.get_payload()[1]
        for part in attachments:
            if part.inline:
                main, sub = part.media_type.split("/")
                related.add_related(part.data, main, sub, cid=f"<{part.inline}>", filename=part.name)
    for part in attachments:
        if not part.inline:
            main, sub = part.media_type.split("/")
            message.add_attachment(part.data, main, sub, filename=part.name)
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_sample_{number:02d}")
    return message.as_bytes()


def page_picture(text: str) -> Image.Image:
    """A typed sheet as a scanner sees it: grey paper, slightly turned."""
    image = Image.new("L", (1240, 1000), 246)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=30)
    for number, line in enumerate(text.splitlines()):
        draw.text((90, 90 + 54 * number), line, fill=38, font=font)
    return image.rotate(0.6, resample=Image.Resampling.BICUBIC, fillcolor=246)


def picture_pdf(image: Image.Image) -> bytes:
    """A PDF of one picture without any text."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 480), invariant=1, pageCompression=1)
    canvas.drawImage(ImageReader(image), 0, 0, 595, 480)
    canvas.save()
    return stream.getvalue()


def logo() -> bytes:
    """A company logo: three rising bars in a ring."""
    image = Image.new("RGB", (240, 120), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((8, 8, 112, 112), outline=(10, 80, 120), width=8)
    for number, height in enumerate((24, 40, 58)):
        draw.rectangle((36 + 18 * number, 88 - height, 48 + 18 * number, 88), fill=(240, 140, 20))
    draw.rectangle((128, 52, 228, 68), fill=(10, 80, 120))
    return _png(image)


def signature() -> bytes:
    """A scanned signature: one long stroke on white."""
    image = Image.new("L", (420, 140), 250)
    stroke = [(20 + x, 70 + 38 * math.sin(x / 17) * math.exp(-x / 260) + 9 * math.sin(x / 5)) for x in range(370)]
    ImageDraw.Draw(image).line(stroke, fill=40, width=3)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()
