"""An HTML element's tag and attributes in, whether a reader sees its text out. What it hides can still be got at."""

from __future__ import annotations

import re
from collections.abc import Mapping

_HIDDEN_TAGS = frozenset({"template", "noscript", "noframes", "datalist", "object", "canvas", "audio", "video"})
_STYLE = re.compile(
    r"display:none|visibility:hidden|visibility:collapse|opacity:0(?:\.0+)?(?:;|$)|font-size:0|mso-hide:all|"
    r"(?:max-)?(?:height|width):0(?:px|pt|em|%)?(?:;|$)|text-indent:-\d{3,}|(?:left|top):-\d{3,}|"
    r"clip:rect\(0|clip-path:inset\((?:50|100)%|color:transparent|(?:^|;)color:#?(?:fff|ffffff|white)(?:;|$)"
)
_WHITE_GROUND = re.compile(r"background(?:-color)?:(?!#?(?:fff|ffffff|white|transparent|none|inherit)(?:;|$|!))")
_BLANKS = re.compile(r"\s+")


def hides(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Whether this element hides what it holds: by its kind, its attributes or its own style."""
    if tag in _HIDDEN_TAGS or "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if tag == "font" and (attributes.get("color") or "").lower().lstrip("#") in ("fff", "ffffff", "white"):
        return True
    style = _BLANKS.sub("", attributes.get("style") or "").lower()
    found = _STYLE.search(style) if style else None
    if found is None:
        return False
    return not (found[0].lstrip(";").startswith("color:") and _WHITE_GROUND.search(style))
