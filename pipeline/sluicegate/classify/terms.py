"""A text in, its features with a spelling for people out, for explanations."""

from __future__ import annotations

from sluicegate.classify.tokens import features_of, find_tokens, word_of

_UNIT_NAMES = {
    "temp": "temperature", "time": "duration", "span": "days", "year": "years", "press": "pressure", "rot": "speed",
    "conc": "concentration", "trace": "trace amount", "dens": "density", "capa": "specific capacity", "volt": "voltage",
    "amp": "current", "pct": "percentage", "mass": "mass", "bulk": "tonnage", "annual": "capacity a year",
    "micro": "particle size", "dim": "dimension", "area": "surface area", "vol": "volume", "flow": "flow rate",
    "ramp": "heating rate", "power": "power", "emit": "emission", "cond": "conductivity", "money": "price",
    "people": "count", "ph": "pH value", "date": "date", "ratio": "ratio", "decimal": "number", "number": "number",
    "large": "large number",
}  # fmt: skip
_LAST_LATIN = "\u33ff"


class Spelling:
    """The distinct features of a text, each with a readable spelling: "sintered [temperature]", "heat → [duration]"."""

    def __init__(self, text: str) -> None:
        tokens = find_tokens(text)
        self.features = tuple(dict.fromkeys(features_of(tokens)))
        self._surfaces: dict[str, str] = {}
        for token in tokens:
            if (word := word_of(token)) is not None:
                self._surfaces.setdefault(word.stem, token.strip("."))

    def of(self, feature: str) -> str:
        """The feature as people would write it."""
        return _spell(feature, self._surfaces)


def _spell(feature: str, surfaces: dict[str, str]) -> str:
    if ">" in feature:
        return " → ".join(_word(part.removeprefix("="), {}) for part in feature.split(">"))
    if feature.startswith("="):
        return f"any word of {feature[1:].replace('_', ' ')}"
    words = feature.split(" ")
    close = all(word > _LAST_LATIN for word in words)
    return ("" if close else " ").join(_word(word, surfaces) for word in words)


def _word(part: str, surfaces: dict[str, str]) -> str:
    if part.startswith("§"):
        return f"[{_UNIT_NAMES.get(part[1:], part[1:])}]"
    return surfaces.get(part, part)
