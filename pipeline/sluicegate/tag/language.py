"""A passage in, the languages it is written in out: zh, en, ja, ko, de … or `other`; nothing for bare formulas.

Scripts decide for East Asian text; function words decide between languages in Latin letters. The aim is narrow: text
in a language that the model was not measured on must not pass for Chinese or English.
"""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from sluicegate.tag.skeleton import codes_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WORDS = {
    "en": "the of and to in is that for was with as at by be this are from or an which were not on it has have will shall "
    "can their its than then been after into may such these but other per our your you we all any do no so us me he she they "
    "his her him more most some there when which who what if about also over out up only would could should between each under both i my said one two first",
    "de": "der die das und ist nicht mit von dem den des ein eine einer wird werden wurde auf für im zu sich auch bei nach "
    "aus als durch oder über unter zur zum sind bis einem einen dann wie kann",
    "fr": "le la les des et est une dans pour que qui sur avec par au aux du ce cette sont été ou plus ne pas être ont il elle",
    "es": "el la los las de y en que es un una por con para del se al como más su sus son fue ser está entre desde o",
    "it": "il lo la gli di e che è un una per con del della dei delle nel nella sono da al alla si come anche più viene",
    "pt": "o os as de e em que é um uma por com para do da dos das no na nos se ao como mais foi são à pelo pela",
    "nl": "de het een en van is dat in op te met voor zijn niet aan door bij als naar wordt worden werd ook of uit deze dit",
    "hu": "a az és egy hogy nem is van volt meg ez azt után majd ki kell mint csak vagy már alatt szerint között lesz "
    "történik során amely fel két ezt majd órán át fokon",
    "pl": "i w na z do że się nie jest to po przez oraz dla jak od o za lub przy został są być który która które ich",
    "cs": "a v na je se že s z do pro po jako při od k o nebo by jsou byl byla bylo který která ve až pak",
    "sv": "och i att det som en på är av för med den till inte om ett har från vid sedan kan eller efter var",
    "da": "og i at det som en på er af for med den til ikke om et har fra ved kan eller efter var blev",
    "fi": "ja on ei se että oli joka ovat kun myös tai mutta jälkeen sekä niin sen noin kanssa",
    "tr": "ve bir bu da de için ile olarak olan ne çok gibi daha sonra kadar veya ise edilir olarak",
    "vi": "và của là có được trong cho các với không một này những đã từ để khi người theo sau",
    "id": "dan yang di dari untuk dengan ini pada adalah dalam tidak akan oleh sebagai atau ke setelah",
    "ro": "și în de la cu un o care este pe din nu să se pentru prin sau după sunt mai fost",
}
_SYMBOLS = (
    frozenset(  # elements in an analysis, "Na 0.012 %, K 0.0006 %": words of other languages in small letters only
        ["Na", "K", "Se", "O", "S", "V", "Si", "La", "Al", "Es", "Y", "U", "Os", "Po", "Cu", "Co", "Te", "Er"]
    )
)
_JAPANESE_FORMS = "鉄極焼圧気塩験発検図価営応続総変薬働込辺応択拡沢県鉱銭録黒粛歯渋渇渓栄桜徳弾厳単触転軽経継絵総縦緑練"
_RANGES = (
    ("han", 0x3400, 0x4DBF), ("han", 0x4E00, 0x9FFF), ("han", 0xF900, 0xFAFF), ("kana", 0x3041, 0x3096), ("kana", 0x30A1, 0x30FA),
    ("kana", 0xFF66, 0xFF9D), ("ko", 0xAC00, 0xD7AF), ("ko", 0x1100, 0x11FF), ("ko", 0x3130, 0x318F), ("ru", 0x0400, 0x04FF),
    ("el", 0x0370, 0x03FF), ("ar", 0x0600, 0x06FF), ("he", 0x0590, 0x05FF), ("th", 0x0E00, 0x0E7F), ("hi", 0x0900, 0x097F),
)  # fmt: skip
_SCRIPTS = ("none", "han", "forms", "kana", "ko", "ru", "el", "ar", "he", "th", "hi")
_SYLLABLES = {"ja": ("kana", "han"), "ko": ("ko",)}
_MANY = 8
_ABBREVIATED = 4  # Chinese characters a Latin word from which Chinese text only borrows words
_SAMPLE = 4000


def languages_of(text: str) -> frozenset[str]:
    """The languages of a passage as ISO 639-1 codes, `other` for one not told; empty when there is none to tell."""
    sample = text if len(text) <= _SAMPLE else text[: _SAMPLE // 2] + text[-_SAMPLE // 2 :]
    letters = {} if sample.isascii() else _letters(sample)
    found = _by_script(letters, sample) if letters else set()
    worded = _by_words(sample, mixed=bool(letters), alone=not found)
    if "zh" in found and letters["han"] > _ABBREVIATED * sum(word[0] < "\u0370" for word in sample.split()):
        worded &= {"en"}  # among that much Chinese, Latin words are abbreviations and units
    return frozenset(found | worded)


def letters_of(language: str, text: str) -> float:
    """How many letters of a text are of a language, those of its own script if it has one; a syllable counts twice.

    The names of Japanese fonts in the properties of an English file are a few characters among many.
    """
    if language not in _SYLLABLES and language not in _SCRIPTS:
        return sum(map(str.isalpha, text))
    letters = _letters(text)
    return sum(letters.get(script, 0) for script in _SYLLABLES.get(language, (language,))) * (
        2 if language in _SYLLABLES else 1
    )


def _letters(text: str) -> dict[str, int]:
    """How many characters of each script that is not Latin stand in a text; `han` counts `forms` too."""
    import numpy as np  # 0.1 s

    counts: list[int] = np.bincount(_scripts()[codes_of(text)], minlength=len(_SCRIPTS)).tolist()
    found = {name: count for name, count in zip(_SCRIPTS, counts, strict=True) if count and name != "none"}
    if "forms" in found:
        found["han"] = found.get("han", 0) + found["forms"]
    return found


@cache
def _scripts() -> NDArray[np.uint8]:
    import numpy as np

    table = np.zeros(0x110000, np.uint8)
    for name, first, last in _RANGES:
        table[first : last + 1] = _SCRIPTS.index(name)
    table[[ord(char) for char in _JAPANESE_FORMS]] = _SCRIPTS.index("forms")
    return table


def _by_script(letters: dict[str, int], text: str) -> set[str]:
    found: set[str] = set()
    han, kana, hangul, forms = (letters.get(name, 0) for name in ("han", "kana", "ko", "forms"))
    if (kana >= 4 and kana * 20 >= han) or (forms >= 2 and forms * 25 >= han):
        found.add("ja")
    elif han >= 4:
        found.add("zh")
    if hangul >= 4 and hangul * 10 >= han:
        found.add("ko")
        if han < hangul:
            found.discard("zh")
    others = {name: count for name, count in letters.items() if name in _SCRIPTS[5:] and count >= 12}
    if others:
        every = sum(map(str.isalpha, text))
        found.update(name for name, count in others.items() if count * 5 >= every)
    return found


def _by_words(text: str, *, mixed: bool, alone: bool) -> set[str]:
    words = text.split()
    if mixed:
        words = [word for word in words if word[0] < "\u0370"]
    spelled = Counter(words)
    if not _SYMBOLS.isdisjoint(spelled):
        words = [word for word in words if word not in _SYMBOLS]
    if len(words) < 4:
        return set()
    table = _table()
    totals: dict[str, int] = {}
    for word in table.keys() & spelled.keys():
        totals[table[word]] = totals.get(table[word], 0) + spelled[word]
    counts: dict[str, int] = {}
    own: dict[str, int] = {}
    for names, count in totals.items():
        for name in names.split():
            counts[name] = counts.get(name, 0) + count
        if " " not in names:
            own[names] = own.get(names, 0) + count
    if not mixed and not text.isascii() and not _settled(counts, own, len(words)):
        words = [word for word in words if word[0] < "\u0370"]  # without dashes and quotation marks
    if not counts:
        return _unknown(words) if alone else set()
    best = max((name for name in _WORDS if name in counts), key=counts.__getitem__)  # of equals the first in the table
    if counts[best] < (2 if len(words) < 40 else 4) or counts[best] * 25 < len(words):
        return _unknown(words) if alone else set()
    found = {best}
    if best != "en" and counts.get("en", 0) >= 6 and counts["en"] * 3 >= counts[best]:
        found.add("en")
    if best == "en":  # a second language beside English shows by words that only it has
        found |= {name for name, count in own.items() if count >= _MANY and count * 18 >= len(words)}
    return found


def _settled(counts: dict[str, int], own: dict[str, int], words: int) -> bool:
    """Whether the text is English beyond doubt, a few words more or less."""
    english = counts.get("en", 0)
    sure = english >= 4 and english * 25 >= words and english == max(counts.values())
    return sure and all(count < _MANY for name, count in own.items() if name != "en")


def _unknown(words: list[str]) -> set[str]:
    """Words of no known language: `other` when there are many and accents show that they are not English."""
    if all(map(str.isascii, words)):
        return set()
    words = [word for word in words if word.strip(".,;:()").isalpha()]
    accented = sum(1 for word in words if not word.isascii())
    return {"other"} if len(words) >= _MANY and accented * 6 >= len(words) else set()


@cache
def _table() -> dict[str, str]:
    """Each word, as it stands in a sentence, at its head or in capitals, with the languages that have it, as one text.

    What may be the symbol of an element is none of them.
    """
    table: dict[str, str] = {}
    for name, words in _WORDS.items():
        for word in dict.fromkeys(words.split()):
            table[word] = f"{table[word]} {name}" if word in table else name
    spelled = {form(word): names for word, names in table.items() for form in (str.upper, str.capitalize)}
    return {word: names for word, names in {**spelled, **table}.items() if word not in _SYMBOLS}
