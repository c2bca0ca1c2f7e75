"""Materials that a text hides behind a code: "material A", "产品F3", "run 14", "same batch as above"."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from sluicegate.tag.guided import Words, tried
from sluicegate.verdict import Tag, TagLabel

_CODED = re.compile(
    r"(?<![A-Za-z])(?P<en>(?i:material|powder|product|compound|component|precursor|additive|reagent|substance|intermediate|ingredient|feed|raw material|solution|"
    r"compound|agent|source|salt)s?\s(?:no\.?\s?|#|\")?(?-i:[A-HJ-Z]\d{0,3}|[A-Z]{1,3}-?\d{1,4}|\d{1,2}(?!\s?[-–~%]))\"?(?![A-Za-z0-9.%°]))"
    r"|(?P<run>(?<![A-Za-z])(?i:run|trial|lot)\s(?:no\.?\s?|#)?\d{1,4}(?![\d.%]))"
    r"|(?P<zh>(?:物料|原料|材料|产品|粉体|粉料|组分|成分|添加剂|前驱体|助剂|中间体|溶液|母料|主料|辅料|料)\s?[“\"「]?[A-HJ-Z]-?\d{0,3}[”\"」]?(?![A-Za-z]))"
    r"|(?P<short>(?<![A-Za-z\d])[A-HJ-Z]\d?(?:料|粉|剂|液|组分))"
    r"|(?P<same>同上(?:批次?|料|样|产品)?|(?:上述|前述|该)批次|the same (?:batch|material) as (?:above|before)|(?:the )?(?:usual|agreed|known|above-mentioned|special) (?:material|powder|product)|"
    r"(?:那个|老|上次的?)(?:材料|料子|产品|粉))"
)

_EN = (
    "material powder product compound component precursor additive reagent substance intermediate ingredient feed raw solution agent "
    "source salt run trial lot"
)
_ZH = "物料 原料 材料 产品 粉体 粉料 组分 成分 添加剂 前驱体 助剂 中间体 溶液 母料 主料 辅料 料"
_SAME = (
    *(
        "同上",
        "上述",
        "前述",
        "该批次",
        "那个",
        "老",
        "上次",
        "the same ",
        "usual ",
        "agreed ",
        "known ",
        "above-mentioned ",
        "special ",
    ),
    *("the usual ", "the agreed ", "the known ", "the above-mentioned ", "the special "),
)
_BEHIND = ("料", "粉", "剂", "液", "组分")


@cache
def _starts() -> Words:
    return Words((*_BEHIND, *dict.fromkeys((*_EN.split(), *_ZH.split(), *_SAME))))


def find_coded(text: str) -> Iterator[Tag]:
    """Tags with id `coded` for the coded materials in an original text."""
    found = _starts().places(text)
    starts = None if found is None else {start for place in found for start in _begins(text, *place)}
    for match in tried(_CODED, text, starts):
        yield Tag(TagLabel.MATERIAL, "coded", match[0], match.start(), match.end())


def _begins(text: str, word: int, start: int) -> Iterator[int]:
    """Where a code can begin whose word was found: there, or one or two characters before ("B粉", "B2粉")."""
    if word >= len(_BEHIND):
        yield start
        return
    for back in (1, 2):
        if start >= back and "A" <= text[start - back] <= "Z":
            yield start - back
