"""An equation (Office Math or MathML) in, one line of text out: fractions with a slash, powers raised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sluicegate.extract.office.symbols import raised
from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element


def equation_text(element: _Element) -> str:
    """The equation below this element, in reading order (ECMA-376-1, 22.1; MathML 3, chapter 3)."""
    kind = local_name(element)
    if kind in ("t", "mi", "mn", "mo", "mtext", "ms"):
        return "".join(element.itertext())
    if kind in ("annotation", "ctrlPr", "rPr"):
        return ""
    parts = [equation_text(child) for child in element]
    match kind:
        case "f" | "mfrac":
            return "/".join(_bracketed(part) for part in parts if part)
        case "sSup" | "msup":
            return _power(parts)
        case "sSubSup" | "msubsup":
            filled = [part for part in parts if part]
            return "".join(filled[:2]) + _power(["", *filled[2:]])
        case "rad" | "msqrt" | "mroot":
            return "√" + _bracketed("".join(parts))
        case "d" | "mfenced":
            return f"({', '.join(part for part in parts if part)})"
        case "nary":
            return _attribute(element, "chr", "∫") + " ".join(part for part in parts if part)
        case "mr" | "mtr" | "eqArr" | "mtable" | "m":
            return "; ".join(part for part in parts if part)
    return "".join(parts)


def _power(parts: list[str]) -> str:
    filled = [part for part in parts if part] if parts and parts[0] else ["", *[part for part in parts if part]]
    if len(filled) < 2:
        return "".join(filled)
    base, exponent = filled[0], "".join(filled[1:])
    lifted = raised(exponent, "0")
    return base + (lifted if lifted != exponent else f"^{_bracketed(exponent)}")


def _bracketed(text: str) -> str:
    return text if text.replace(".", "").isalnum() or not text else f"({text})"


def _attribute(element: _Element, name: str, default: str) -> str:
    for child in element.iter():
        if local_name(child) == name:
            return next((str(value) for value in child.attrib.values()), default)
    return default
