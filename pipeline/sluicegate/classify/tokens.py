"""Text in, feature strings out: words, Chinese characters, and classes of numbers and words, for the hashed vectoriser.

What teaches is seen less in *which* numbers stand in a text than in *of what kind* they are: temperatures, times and
molar ratios, or prices, tonnages and dates. So a number with its unit becomes one class token (`§temp`), and words of
one meaning share a class (`heat` for "sintered" and 烧结, data/word_classes.toml). Whatever changes the strings
changes `feature_version`: a model of another version is refused, its weights would mean other things.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources

FEATURE_VERSION = 1

_LITTLE = str.maketrans({"\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None, "−": "-", "–": "-",
                         "—": "-", "～": "~", "⋅": "·", "•": "·", "µ": "μ", "×": "x"})  # fmt: skip
_NUMBER = r"\d+(?:[.,]\d+)*"
_RANGE = rf"{_NUMBER}(?:\s?(?:-|~|至|到|±|\+/-|to|and|或|/)\s?{_NUMBER})?"
_TOKEN = re.compile(r"§[a-z]+|[a-z]+(?:[0-9.]*[a-z0-9]+)*|[\u3400-\u9fff]")
_RATIO = r"\d+(?:\.\d+)?\s?[::]\s?\(?\d+(?:\.\d+)?(?:\s?[::]\s?\d+(?:\.\d+)?)*"
_DATE = r"(?:19|20)\d\d\s?(?:年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?)?|[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?!\d))"
_PH = r"ph\s?(?:值|value)?\s?(?:=|:|of|to|at|is|为|至|到|约|在|调|控)*\s?\d+(?:\.\d+)?(?:\s?(?:-|~|to|±|至)\s?\d+(?:\.\d+)?)?"
_MONEY = r"(?:[$€¥£]|usd|rmb|cny|eur|us\$)\s?\d[\d.,]*(?:\s?(?:million|billion|m|bn|k|万|亿))?"


@dataclass(frozen=True, slots=True)
class Classes:
    """The data file, ready for look-up: units and words to their class, and the pattern that finds quantities."""

    units: dict[str, str] = field(repr=False)
    words: dict[str, str] = field(repr=False)
    pattern: re.Pattern[str] = field(repr=False)
    digest: str


@cache
def load_classes() -> Classes:
    """Read data/word_classes.toml once for each process."""
    data = resources.files("sluicegate.classify.data").joinpath("word_classes.toml").read_bytes()
    table = tomllib.loads(data.decode())
    units = {_flat(unit): name for name, spellings in table["units"].items() for unit in spellings}
    words = {word: name for name, entry in table["classes"].items() for word in (*entry["en"], *entry["zh"])}
    longest_first = sorted(units, key=lambda unit: (-len(unit), unit))
    spelled = "|".join(re.escape(unit) + ("(?![a-z])" if unit[-1].isascii() and unit[-1].isalpha() else "") for unit in longest_first)
    pattern = re.compile(
        rf"(?P<money>{_MONEY})|(?P<ph>{_PH})|(?P<date>{_DATE})|(?P<ratio>{_RATIO})|(?P<number>{_RANGE})\s{{0,2}}(?P<unit>{spelled})?"
    )
    return Classes(units, words, pattern, sha256(data).hexdigest()[:12])


def feature_version() -> str:
    """Version of the features with the digest of their data file; a model must carry the same."""
    return f"{FEATURE_VERSION}-{load_classes().digest}"


def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_LITTLE)).lower().translate(_LITTLE)


def classed(text: str) -> str:
    """The text in lower-case NFKC with every number, with its unit, replaced by a class token."""
    return load_classes().pattern.sub(_class_of, _flat(text))


def _class_of(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "unit":
        return f" §{load_classes().units[match['unit']]} "
    if kind != "number":
        return f" §{kind} "
    digits = match["number"]
    if "." in digits:
        return " §decimal "
    if len(digits) == 4 and digits[:2] in ("19", "20"):
        return " §date "
    return " §large " if len(digits) > 3 else " §number "


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """An English word without its inflection: "sintered" and "sintering" become "sinter". Crude, and only for counting."""
    if len(word) < 5 or not word.isalpha():
        return word
    for ending in ("ations", "ation", "ings", "ing", "ers", "ies", "ied", "ed", "es", "er", "ly", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            cut = word[: -len(ending)]
            return cut[:-1] if len(cut) > 4 and cut[-1] == cut[-2] and cut[-1] not in "sl" else cut
    return word


def features(text: str) -> list[str]:
    """The feature strings of a text, with repeats, in no particular order."""
    return list(features_of(find_tokens(classed(text))))


def find_tokens(text: str) -> list[str]:
    """The tokens of a text that `classed` made: class tokens, words, single Chinese characters."""
    return _TOKEN.findall(text)


def features_of(tokens: list[str]) -> Iterator[str]:
    """Words, neighbouring pairs, word classes, and each class with the class before it."""
    words = load_classes().words
    previous, previous_class = "", ""
    for token in tokens:
        han = "\u3400" <= token[0] <= "\u9fff"
        if not han and token[0] != "§":
            token = stem(token)
        yield token
        pair = previous + token if han else f"{previous} {token}"
        if previous:
            yield pair
        found = token if token[0] == "§" else words.get(pair if han else token)
        if found is not None:
            if found[0] != "§":
                yield f"={found}"
            if previous_class:
                yield f"{previous_class}>{found}"
            previous_class = found
        previous = token
