"""Control words of an RTF font table in, a decoder for the bytes of each font out (RTF 1.9.1, font table)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sluicegate.extract.charset import guess
from sluicegate.extract.office import rtf_tables as tables
from sluicegate.extract.office.symbols import symbol

_PAGES = {936: "gb18030", 950: "big5hkscs", 65001: "utf-8"}
_MACHINES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


@dataclass(slots=True)
class _Font:
    codec: str | None = None
    is_symbol: bool = False
    name: str = ""


@dataclass(slots=True)
class Fonts:
    """The fonts by number (`None` is the default one) and the code page of the document."""

    codec: str = "cp1252"
    default: int = 0
    fonts: dict[int, _Font] = field(default_factory=dict)

    def code_page(self, word: str, number: int | None) -> None:
        """`ansicpg`, `mac`, `pc` or `pca`: the code page of the document."""
        if word != "ansicpg":
            self.codec = _MACHINES[word]
        elif number:
            self.codec = _PAGES.get(number, f"cp{number}")

    def begin(self, number: int) -> None:
        """A font of this number follows in the table."""
        self.fonts[number] = _Font()

    def charset(self, number: int | None, word: str, value: int) -> None:
        """`fcharset` or `cpg` of a font."""
        font = self.fonts.setdefault(number or 0, _Font())
        if word == "cpg":
            font.codec = _PAGES.get(value, f"cp{value}")
        elif value == tables.SYMBOL_CHARSET:
            font.is_symbol = True
        else:
            font.codec = tables.CHARSETS.get(value, font.codec)

    def name(self, number: int | None, raw: bytes) -> None:
        """A piece of a font's name."""
        self.fonts.setdefault(number or 0, _Font()).name += raw.decode("latin-1").strip(" ;")

    def decode(self, number: int | None, raw: bytes) -> str:
        """The characters that these bytes are in a font."""
        font = self.fonts.get(self.default if number is None else number, _Font())
        if font.is_symbol:
            return "".join(symbol(0xF000 | byte, font.name or "Symbol") for byte in raw)
        try:
            return raw.decode(font.codec or self.codec, "replace")
        except LookupError:
            return raw.decode("cp1252", "replace")


def document_codec(data: bytes) -> str:
    """The code page until the file states one: files of careless writers hold bytes of their own charset."""
    return guess(data) if not data.isascii() and b"\\ansicpg" not in data[:2000] else "cp1252"
