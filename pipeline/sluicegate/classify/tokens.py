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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from sluicegate.tag.fold import TRADITIONAL
from sluicegate.tag.skeleton import codes_of, text_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEATURE_VERSION = 3
CODE = "=code"
_FIRST_HAN, _LAST_HAN, _BLANK = 0x3400, 0x9FFF, 0x20
BREAK = "\0"  # stands between texts that are turned into tokens together; no token and no number crosses it

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
    """The data file, ready for look-up: units and words to their class, and the pattern that finds quantities."""

    units: dict[str, str] = field(repr=False)
    words: dict[str, str] = field(repr=False)
    quantities: frozenset[str]
    simplified: dict[int, int | str | None] = field(repr=False)
    folds: Folds = field(repr=False)
    pattern: re.Pattern[str] = field(repr=False)
    digest: str


@cache
def load_classes() -> Classes:
    """Read data/ once for each process."""
    folder = resources.files("sluicegate.classify.data")
    data = folder.joinpath("word_classes.toml").read_bytes()
    table = tomllib.loads(data.decode())
    simplified: dict[int, int | str | None] = {**_LITTLE, **TRADITIONAL}
    scripts = "".join(f"{code}{plain}" for code, plain in sorted(TRADITIONAL.items())).encode()
    units = {_plain(unit): name for name, spellings in table["units"].items() for unit in spellings}
    words = {word: name for name, entry in table["classes"].items() for word in (*entry["en"], *entry["zh"])}
    longest_first = sorted(units, key=lambda unit: (-len(unit), unit))
    spelled = "|".join(re.escape(unit) + (r"(?![a-z])" if re.search("[a-z]$", unit) else "") for unit in longest_first)
    pattern = re.compile(
        rf"{_START}(?:(?P<money>{_MONEY})|(?P<date>{_DATE})|(?P<ratio>{_RATIO})|(?P<number>{_NUMBER})\s{{0,2}}(?P<unit>{spelled})?)"
    )
    quantities = frozenset({*units.values(), "money", "date", "ratio", "decimal", "large", "number"})
    digest = sha256(data + scripts).hexdigest()[:12]
    return Classes(units, words, quantities, simplified, Folds(simplified), pattern, digest)


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
    """The feature names of a text, with repeats, in no particular order."""
    return features_of(find_tokens(text))


def find_tokens(text: str) -> list[str]:
    """The tokens of a text: class tokens, words, single Chinese characters, and runs of digits, which mean nothing."""
    return find_all_tokens((text,))[1:]


def find_all_tokens(texts: Iterable[str]) -> list[str]:
    """The tokens of several texts in one list, with a `BREAK` before each text; cheaper than one text at a time."""
    import numpy as np

    plain = classed("".join(BREAK + text.replace(BREAK, " ") for text in texts))
    codes = _kinds()[codes_of(plain)]
    alone = (codes >= _FIRST_HAN) | (codes == 0)  # these stand between blanks, so that splitting finds them
    wide = np.repeat(codes, np.where(alone, 3, 1))
    places = np.flatnonzero(alone) + 2 * np.arange(np.count_nonzero(alone))
    wide[places] = wide[places + 2] = _BLANK
    return text_of(wide).split()


@cache
def _kinds() -> NDArray[np.uint32]:
    """Of each code point what it is in a token: itself, or a blank where it belongs to none."""
    import numpy as np

    kinds = np.full(0x110000, _BLANK, np.uint32)
    for char in "abcdefghijklmnopqrstuvwxyz0123456789.§" + BREAK:
        kinds[ord(char)] = ord(char)
    kinds[_FIRST_HAN : _LAST_HAN + 1] = np.arange(_FIRST_HAN, _LAST_HAN + 1)
    return kinds


class Word(NamedTuple):
    """What the features count of one token: its stem, the class of its meaning or quantity, whether it is a code.

    A code is a word with digits or stops in it: a formula, a batch number, the tag of an instrument.
    """

    stem: str
    meaning: str | None
    is_code: bool


def word_of(token: str) -> Word | None:
    """The word behind a token, `None` of a bare number; what two Chinese characters mean, `meanings_of_pairs` knows."""
    token = token.lstrip("0123456789.").rstrip(".")
    if not token:
        return None
    if token[0] == "§":
        return Word(token, token if token[1:] in load_classes().quantities else None, False)
    if token[0] > "z":
        return Word(token, None, False)
    root = stem(token)
    meaning = load_classes().words.get(root)
    return Word(root, f"={meaning}" if meaning else None, not root.isalpha())


@cache
def meanings_of_pairs() -> Mapping[str, str]:
    """The meaning of each two Chinese characters that have one."""
    return {word: f"={name}" for word, name in load_classes().words.items() if ord(word[0]) >= _FIRST_HAN}


def features_of(tokens: Sequence[str]) -> list[str]:
    """Words, neighbouring pairs, meanings, and each meaning with the one before it, by name: for people to read.

    `a` is a word, `a b` two neighbours, `=a` a meaning, `=a>=b` two meanings (`§a` those of quantities).
    `columns.columns_of_tokens` makes the same features as numbers, for a whole document at once.
    """
    pairs = meanings_of_pairs()
    made: list[str] = []
    before: Word | None = None
    meant: str | None = None
    for word in filter(None, map(word_of, tokens)):
        made.append(word.stem)
        meaning = word.meaning
        if before is not None:
            made.append(f"{before.stem} {word.stem}")
            meaning = meaning or pairs.get(before.stem + word.stem)
        if word.is_code:
            made.append(CODE)
        if meaning is not None:
            if meaning[0] != "§":
                made.append(meaning)
            if meant is not None:
                made.append(f"{meant}>{meaning}")
            meant = meaning
        before = word
    return made
