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
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources

FEATURE_VERSION = 2

_LITTLE = str.maketrans({
    "\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None,
    "−": "-", "–": "-", "—": "-", "～": "~", "⋅": "·", "•": "·", "µ": "μ", "×": "x", ":": ":",
})  # fmt: skip
_MORE = r"(?:\s?(?:-|~|至|到|±|\+/-|to|and|或|/)\s?\d+(?:[.,]\d+)*)?"
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
# Characters that never join with the one before them: of these alone, NFKC can be taken one by one, and remembered.
_APART = re.compile(
    "[\x00-\u02ff\u2000-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u3098\u309b-\u30ff\u3300-\u9fff\uff01-\uff9d\uffe0-\uffee]*"
)
_TOKEN = re.compile(r"§[a-z]+|[a-z]+(?:[0-9.]*[a-z0-9]+)*|[\u3400-\u9fff]")
# Each alternative goes on after the first character, so that the search can skip to digits and currency signs.
_MONEY = r"(?<=[$€¥£])\s?\d[\d.,]*(?:\s?(?:million|billion|bn|万|亿))?"
_DATE = r"(?:(?<=1)9|(?<=2)0)\d\d\s?(?:年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?)?|[-/.]\d{1,2}(?:[-/.]\d{1,2})?(?!\d))"
_RATIO = r"\d*(?:\.\d+)?\s?:\s?\(?\d+(?:\.\d+)?(?:\s?:\s?\d+(?:\.\d+)?)*"
_NUMBER = rf"\d*(?:[.,]\d+)*{_MORE}"
_START = r"[\d$€¥£](?<![a-z\d.].)"


class Folds(dict[int, str]):
    """A `str.translate` table that fills itself in: a character becomes its simplified lower-case NFKC."""

    def __init__(self, simplified: dict[int, int | str | None]) -> None:
        super().__init__()
        self._simplified = simplified

    def __missing__(self, code: int) -> str:
        folded = self[code] = unicodedata.normalize("NFKC", chr(code)).lower().translate(self._simplified)
        return folded


@dataclass(frozen=True, slots=True)
class Classes:
    """The data files, ready for look-up: units and words to their class, and the pattern that finds quantities."""

    units: dict[str, str] = field(repr=False)
    words: dict[str, str] = field(repr=False)
    simplified: dict[int, int | str | None] = field(repr=False)
    folds: Folds = field(repr=False)
    pattern: re.Pattern[str] = field(repr=False)
    digest: str


@cache
def load_classes() -> Classes:
    """Read the files of data/ once for each process."""
    folder = resources.files("sluicegate.classify.data")
    files = [folder.joinpath(name).read_bytes() for name in ("word_classes.toml", "traditional.toml")]
    table, scripts = (tomllib.loads(data.decode()) for data in files)
    simplified = _LITTLE | str.maketrans(scripts["traditional"], scripts["simplified"])
    units = {_plain(unit): name for name, spellings in table["units"].items() for unit in spellings}
    words = {word: name for name, entry in table["classes"].items() for word in (*entry["en"], *entry["zh"])}
    longest_first = sorted(units, key=lambda unit: (-len(unit), unit))
    spelled = "|".join(re.escape(unit) + (r"(?![a-z])" if re.search("[a-z]$", unit) else "") for unit in longest_first)
    pattern = re.compile(
        rf"{_START}(?:(?P<money>{_MONEY})|(?P<date>{_DATE})|(?P<ratio>{_RATIO})|(?P<number>{_NUMBER})\s{{0,2}}(?P<unit>{spelled})?)"
    )
    return Classes(units, words, simplified, Folds(simplified), pattern, sha256(b"".join(files)).hexdigest()[:12])


def feature_version() -> str:
    """Version of the features with the digest of their data files; a model must carry the same."""
    return f"{FEATURE_VERSION}-{load_classes().digest}"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower().translate(_LITTLE)


def classed(text: str) -> str:
    """The text in simplified lower-case NFKC with every number, with its unit, replaced by a class token."""
    classes = load_classes()
    if _APART.fullmatch(text):
        plain = _FOREIGN.sub(lambda run: run[0].translate(classes.folds), text).lower()
    else:
        plain = unicodedata.normalize("NFKC", text).lower().translate(classes.simplified)
    return classes.pattern.sub(_class_of, plain)


def _class_of(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "unit":
        return f" §{load_classes().units[match['unit']]} "
    if kind != "number":
        return f" §{kind} "
    digits = match[0]
    if "." in digits:
        return " §decimal "
    if len(digits) == 4 and digits[:2] in ("19", "20"):
        return " §date "
    return " §large " if len(digits) > 3 else " §number "


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """An English word without its inflection: "sintered" and "sintering" become "sinter". Crude; only for counting."""
    if len(word) < 5 or not word.isalpha():
        return word
    for ending in ("ations", "ation", "ings", "ing", "ers", "ies", "ied", "ed", "es", "er", "ly", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            cut = word[: -len(ending)]
            return cut[:-1] if len(cut) > 4 and cut[-1] == cut[-2] and cut[-1] not in "sl" else cut
    return word


def features(text: str) -> list[str]:
    """The feature strings of a text, with repeats, in no particular order."""
    return features_of(find_tokens(classed(text)))


def find_tokens(text: str) -> list[str]:
    """The tokens of a text that `classed` made: class tokens, words, single Chinese characters."""
    return _TOKEN.findall(text)


def features_of(tokens: list[str]) -> list[str]:
    """Words, neighbouring pairs, word classes, and each class with the class before it.

    Every page of every document comes through this loop: it is one pass, and long for it.
    """
    classes = load_classes().words.get
    made: list[str] = []
    add = made.append
    previous, previous_class = "", ""
    for token in tokens:
        first = token[0]
        if first <= "z":
            token = stem(token)
            if not token.isalpha():
                add("=code")
            if previous:
                add(f"{previous} {token}")
            found = classes(token)
        elif first == "§":
            if previous:
                add(f"{previous} {token}")
            found = token
        else:
            pair = previous + token
            if previous:
                add(pair)
            found = classes(pair)
        add(token)
        if found is not None:
            if found[0] != "§":
                add(f"={found}")
            if previous_class:
                add(f"{previous_class}>{found}")
            previous_class = found
        previous = token
    return made
