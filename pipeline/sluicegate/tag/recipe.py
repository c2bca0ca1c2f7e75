"""A stretch of text in, the parts of a teachable recipe that stand in it out; cheap, for Chinese and English."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

import re
from functools import cache
from typing import Any

PARTS = ("precursors", "dose", "equipment", "temperature", "time", "atmosphere", "sequence", "result")

_WORDS = {
    "precursors": "precursor|raw material|starting material|iron source|lithium source|carbon source|phosphorus source|lithium carbonate|iron phosphate|"
    "phosphoric acid|ferrous|glucose|sucrose|manganese source|oxalate|lithium hydroxide|concentrate|brine|mother liquor|原料|前驱体|铁源|锂源|碳源|磷源|锰源|碳酸锂|磷酸铁|"
    "磷酸|葡萄糖|蔗糖|草酸|氢氧化锂|精矿|卤水|母液|硫酸亚铁|浸出液|净化液|吸附剂|树脂",
    "equipment": "kiln|furnace|mill|dryer|drier|reactor|autoclave|crystalliser|crystallizer|centrifuge|filter press|column|electrolyser|electrolytic cell|evaporator|"
    "sagger|saggar|atomiser|atomizer|classifier|rolling mill|agitator|impeller|窑|炉|磨机|砂磨|干燥机|干燥塔|反应釜|釜|结晶器|离心机|压滤机|树脂塔|交换柱|吸附塔|电解槽|蒸发器|"
    "匣钵|雾化器|分级轮|轧机|搅拌",
    "atmosphere": "nitrogen|argon|inert|atmosphere|vacuum|under air|hydrogen|oxygen content|reducing|氮气|氩气|惰性|气氛|真空|空气中|氢气|氧含量|保护气|还原性",
    "sequence": "then |after |followed by|subsequently|next|finally|first|step |before |until |然后|之后|随后|接着|最后|步骤|首先|再|经过|依次|继而|直至|后",
    "result": "yield|recovery|density|capacity|efficiency|purity|d50|obtained|product has|particle size|impurit|收率|回收率|密度|容量|效率|纯度|得到|制得|粒径|含量|比表面",
}
_TEMPERATURE = re.compile(r"\d\s?(?:°\s?C|℃|º\s?C|° ?c|oC\b|deg\.? ?C|degrees C|摄氏度|K\b|C\b(?!/))")
_TIME = re.compile(
    r"(?:\d\s?(?:h\b|hr|hours?\b|min\b|minutes?\b|小时|分钟|个小时)|半小时|[一二三四五六七八九十]个?小时)"
)
_DOSE = re.compile(
    r"\d\s?(?:kg|g|t|L|mL|ml|mol|公斤|千克|克|吨|升|毫升|wt|mol/L|g/L|份)(?![A-Za-z/])|\d\s?:\s?\d|\d\s?(?:%|％|wt\.?\s?%)|(?:molar|mass|weight) ratio|摩尔比|质量比|重量比|配比|添加量|用量"
)


def recipe_parts(text: str) -> frozenset[str]:
    """Which of `PARTS` stand in the text. What each needs: a dose a number with a unit, a temperature a degree …"""
    found = {_names()[number] for number, _, _ in _automaton().find_matches_as_indexes(text.lower())}
    for name, pattern in (("temperature", _TEMPERATURE), ("time", _TIME), ("dose", _DOSE)):
        if pattern.search(text):
            found.add(name)
    return frozenset(found)


@cache
def _names() -> tuple[str, ...]:
    return tuple(name for name, words in _WORDS.items() for _ in words.split("|"))


@cache
def _automaton() -> Any:
    from ahocorasick_rs import AhoCorasick, Implementation

    words = [word for joined in _WORDS.values() for word in joined.split("|")]
    return AhoCorasick(words, implementation=Implementation.DFA)
