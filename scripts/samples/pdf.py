"""Blocks in, PDF bytes out (reportlab): ruled tables, one or two columns, running header and footer, encryption."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from markup import Block
from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate, Paragraph, Spacer, Table, TableStyle

HAN_FONT_FILES = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a PDF is set. `font` is a name that `register` knows; sizes in points."""

    font: str = "Vera"
    bold: str = "VeraBd"
    size: float = 10
    leading: float = 14
    after: float = 5
    columns: int = 1
    margin: float = 22
    justify: bool = False
    emphasis: int = 0
    header: str = ""
    footer: str = ""
    password: str = ""


def register() -> None:
    """Make the fonts known: Vera (embedded, comes with reportlab), standard CID fonts, a Han font if there is one."""
    for name, file in (("Vera", "Vera.ttf"), ("VeraBd", "VeraBd.ttf")):
        pdfmetrics.registerFont(TTFont(name, file))
    pdfmetrics.registerFontFamily("Vera", normal="Vera", bold="VeraBd", italic="Vera", boldItalic="VeraBd")
    for name in ("STSong-Light", "HeiseiMin-W3"):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    if file := han_font_file():
        pdfmetrics.registerFont(TTFont("Han", str(file)))


def han_font_file() -> Path | None:
    """A font with Han characters that can be embedded, where the system has one."""
    return next((path for path in map(Path, HAN_FONT_FILES) if path.is_file()), None)


def render(blocks: Sequence[Block], look: Look) -> bytes:
    """Set the blocks as a PDF that is the same at every run."""
    stream = io.BytesIO()
    lock = StandardEncryption(look.password, canPrint=1, strength=128) if look.password else None
    document = BaseDocTemplate(
        stream, pagesize=A4, invariant=1, pageCompression=1, encrypt=lock,
        title="", author="", topMargin=24 * mm, bottomMargin=20 * mm,
    )  # fmt: skip
    document.addPageTemplates(PageTemplate(frames=_frames(look), onPage=lambda canvas, _: _edges(canvas, look)))
    if look.font == "Han":
        blocks = [_spelled(block) for block in blocks]
    document.build(_story(blocks, look))
    return stream.getvalue()


def _spelled(block: Block) -> Block:
    """The block without the one-character degree sign, for which the font has no glyph."""
    rows = tuple(tuple(cell.replace("℃", "°C") for cell in row) for row in block.rows)
    return replace(block, text=block.text.replace("℃", "°C"), rows=rows)


def _frames(look: Look) -> list[Frame]:
    gap = 7 * mm
    width = (A4[0] - 2 * look.margin * mm - gap * (look.columns - 1)) / look.columns
    return [
        Frame(look.margin * mm + number * (width + gap), 20 * mm, width, A4[1] - 44 * mm, 0, 0, 0, 0)
        for number in range(look.columns)
    ]


def _edges(canvas: Any, look: Look) -> None:
    canvas.setFont(look.font, 8)
    canvas.drawString(look.margin * mm, A4[1] - 14 * mm, look.header)
    canvas.line(look.margin * mm, A4[1] - 16 * mm, A4[0] - look.margin * mm, A4[1] - 16 * mm)
    canvas.drawString(look.margin * mm, 11 * mm, look.footer)
    canvas.drawRightString(A4[0] - look.margin * mm, 11 * mm, str(canvas.getPageNumber()))


def _story(blocks: Sequence[Block], look: Look) -> list[Any]:
    body = ParagraphStyle(
        "body", fontName=look.font, fontSize=look.size, leading=look.leading, spaceAfter=look.after,
        alignment=TA_JUSTIFY if look.justify or (look.font == "Vera" and look.columns == 2) else 0,
        wordWrap=None if look.font == "Vera" else "CJK",
    )  # fmt: skip
    heads = [
        ParagraphStyle(
            f"h{level}", parent=body, fontName=look.bold, fontSize=look.size + extra, alignment=0,
            leading=(look.size + extra) * 1.3, spaceBefore=6, spaceAfter=4, keepWithNext=1,
        )
        for level, extra in ((1, 5), (2, 2), (3, 1))
    ]  # fmt: skip
    story: list[Any] = []
    for block in blocks:
        match block.kind:
            case "heading":
                story.append(Paragraph(escape(block.text), heads[block.level - 1]))
            case "table":
                story += [Spacer(1, 3), _table(block, body, look), Spacer(1, look.after + 3)]
            case "break":
                story.append(PageBreak())
            case _:
                story.append(Paragraph(_emphasised(re.sub(r"\[\^\d+\]", "", block.text), look.emphasis), body))
    return story


def _emphasised(text: str, every: int) -> str:
    """The text as markup; with `every`, each so-manieth word is bold, as defined terms are in contracts."""
    if not every:
        return escape(text)
    words = text.split(" ")
    return " ".join(f"<b>{escape(w)}</b>" if n % every == every - 1 else escape(w) for n, w in enumerate(words))


def _table(block: Block, body: ParagraphStyle, look: Look) -> Table:
    cell = ParagraphStyle(
        "cell", parent=body, fontSize=look.size - 1.5, leading=look.size + 1, spaceAfter=0, alignment=0
    )
    columns = max(map(len, block.rows))
    longest = [max(_weight(row[n]) if n < len(row) else 1 for row in block.rows) for n in range(columns)]
    total = (A4[0] - 2 * look.margin * mm - 7 * mm * (look.columns - 1)) / look.columns
    widths = [total * weight / sum(longest) for weight in longest]
    rows = [[Paragraph(escape(text), cell) for text in row] for row in block.rows]
    table = Table(rows, colWidths=widths, repeatRows=1)
    grid = TableStyle(
        [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]
    )
    table.setStyle(grid)
    return table


def _weight(text: str) -> float:
    """How much width a cell asks for: its longest word at least; Han characters count double, long cells wrap."""
    total = sum(2 if ord(character) > 0x2E80 else 1 for character in text)
    word = max((len(word) for word in text.split() if word.isascii()), default=4)
    return max(min(total, 34), 1.25 * word + 3)
