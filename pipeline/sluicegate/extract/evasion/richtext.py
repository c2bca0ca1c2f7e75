"""RTF samples: the paragraph in every destination of a Rich Text file where text can stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from sluicegate.extract.evasion import Channel
from sluicegate.extract.evasion._build import ole_package


def words(paragraph: str) -> str:
    """Text with RTF's escapes."""
    out = paragraph.replace("\\", r"\\").replace("{", r"\{").replace("}", r"\}")
    return "".join(char if char.isascii() else _unicode(char) for char in out)


def _unicode(char: str) -> str:
    units = char.encode("utf-16-le")
    numbers = (int.from_bytes(units[i : i + 2], "little") for i in range(0, len(units), 2))
    return "".join(f"\\u{number - 65536 if number > 32767 else number}?" for number in numbers)


def _bytes_of(paragraph: str) -> str:
    return "".join(c if c.isascii() else "".join(f"\\'{byte:02x}" for byte in c.encode("gb18030")) for c in paragraph)


def _object(paragraph: str) -> str:
    native = ole_package("note.txt", paragraph.encode())[4:]
    body = bytes.fromhex("0105000002000000") + (8).to_bytes(4, "little") + b"Package\0" + bytes(8)
    return (body + len(native).to_bytes(4, "little") + native).hex()


_BODIES: dict[str, Callable[[str], str]] = {
    "body": lambda p: rf"{words(p)}\par",
    "body in GBK": lambda p: rf"{{\f1 {_bytes_of(p)}}}\par",
    "split groups": lambda p: "".join(f"{{\\b {words(char)}}}" for char in p) + r"\par",
    "table cell": lambda p: rf"\trowd\cellx900\pard\intbl {words(p)}\cell\row\pard",
    "hidden text": lambda p: rf"seen {{\v {words(p)}}}\par",
    "tracked deletion": lambda p: rf"seen {{\deleted {words(p)}}}\par",
    "tracked insertion": lambda p: rf"seen {{\revised {words(p)}}}\par",
    "header": lambda p: rf"{{\header {words(p)}\par}}",
    "footer": lambda p: rf"{{\footerr {words(p)}\par}}",
    "footnote": lambda p: rf"x{{\footnote\pard {words(p)}}}\par",
    "comment": lambda p: rf"x{{\*\annotation {words(p)}}}\par",
    "text box": lambda p: rf"{{\shp{{\*\shpinst{{\shptxt {words(p)}\par}}}}}}",
    "alt text": lambda p: rf"{{\shp{{\*\shpinst{{\sp{{\sn wzDescription}}{{\sv {words(p)}}}}}}}}}",
    "field result": lambda p: rf"{{\field{{\*\fldinst AUTHOR}}{{\fldrslt {words(p)}}}}}\par",
    "field code": lambda p: rf'{{\field{{\*\fldinst IF 1=2 "{words(p)}"}}{{\fldrslt x}}}}\par',
    "form field": lambda p: rf"{{\*\formfield{{\*\ffdeftext {words(p)}}}}}",
    "document property": lambda p: rf"{{\info{{\doccomm {words(p)}}}}}",
    "custom property": lambda p: rf"{{\*\userprops{{\propname N}}\proptype30{{\staticval {words(p)}}}}}",
    "document variable": lambda p: rf"{{\*\docvar {{x}}{{{words(p)}}}}}",
    "index entry": lambda p: rf"x{{\xe {words(p)}}}\par",
    "unknown destination": lambda p: rf"{{\*\zzveiled {words(p)}}}",
    "skipped destination": lambda p: rf"{{\*\generator {words(p)}}}",
    "embedded package": lambda p: rf"{{\object{{\*\objdata {_object(p)}}}{{\result x}}}}",
    "equation": lambda p: rf"{{\mmath{{\*\moMath{{\mr {words(p)}}}}}}}\par",
}


def channels() -> Iterator[Channel]:
    """All channels of RTF."""
    for name, body in _BODIES.items():
        yield Channel("rtf", name, partial(_file, body))


def _file(body: Callable[[str], str], paragraph: str) -> bytes:
    fonts = r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset134 SimSun;}}"
    return rf"{{\rtf1\ansi\ansicpg1252\uc1\deff0{fonts}Ordinary words.\par {body(paragraph)}}}".encode("ascii")
