"""Tags of a document in, the same tags without cathodes that only serve to try out something else.

Work on electrolytes, separators and anodes ends in "Li||LiFePO4 cells keep 90 % after 500 cycles": the cathode is
bought and says nothing of what the text teaches. A file's tags of a cathode lose their points when the file speaks of
such a subject, names the cathode as part of a cell, never beside a word of making or changing it, and gives no step or
reagent of a cathode's recipe, no heat of a kiln and no density of a powder. Whatever is in doubt keeps its points.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sluicegate.document import Passage
from sluicegate.verdict import Measurement, Tag, TagLabel

_CATHODES = frozenset({"lfp", "lmfp"})
_DENSITIES = frozenset({"compaction_density", "electrode_density", "tap_density"})
_SUBJECTS = 2  # different words of another subject that a file needs
_REACH = 70  # characters before a name that may say what cell it stands in
_SENTENCE = 300
_BAR = r"(?:\|[\s|]*|∥|‖|//)"
_SUBJECT = re.compile(
    r"electrolyte|separator|interphase|interlayer|\bSEI\b|dendrite|current collector|binder|anode|solvation|"
    r"ionic conductivity|transference number|plating|stripping|symmetric cell|ionic liquid|"
    r"电解质|电解液|隔膜|界面膜|枝晶|集流体|粘结剂|粘接剂|负极|离子电导率|迁移数|对称电池|离子液体",
    re.I,
)
_RECIPE = re.compile(
    r"calcin|sinter|roast|anneal|pyroly|carboni[sz]|kiln|furnace|\bfir(?:ed|ing)\b|\bmill|ball[- ]?mill|spray[- ]dr|"
    r"precursor|carbon[- ]coat|carbothermal|hydrothermal|solvothermal|sol[- ]gel|solid[- ]state (?:reaction|synthesis)|"
    r"co-?precipit|(?<!Li)FePO4|(?:iron|phosphorus|phosphate|lithium|carbon) source|NH4H2PO4|"
    r"ferr(?:ic|ous)(?!\s(?:pyrophosphate|sulfide|fluoride))|iron oxide|"
    r"Fe2O3|lithium carbonate|lithium hydroxide|Li2CO3|LiOH|glucose|sucrose|citric|leach|relithiat|regenerated|spent|"
    r"(?<![\d.])(?:[3-9]\d\d|1[0-2]\d\d)\s?(?:°|º|℃|摄氏|degrees?\s?C|deg)|"
    r"烧结|煅烧|焙烧|热解|碳化|窑|炉|球磨|砂磨|研磨|喷雾|前驱体|碳包覆|包碳|碳热|水热|溶剂热|溶胶|固相法|共沉淀|"
    r"磷酸铁(?!锂)|[铁磷锂碳]源|碳酸锂|氢氧化锂|葡萄糖|蔗糖|柠檬酸|浸出|补锂|再生|废旧|退役",
    re.I,
)
_MADE = re.compile(
    r"synthesi|prepar|fabricat|manufactur|produc|grown|grow|dop(?:ed|ing|ant)|coat|substitut|recover|recycl|repair|"
    r"合成|制备|制成|制得|生产|掺杂|包覆|取代|回收|修复",
    re.I,
)
_BEFORE = re.compile(
    rf"(?:{_BAR}|(?<![A-Za-z])(?:Li|Cu|Gr|graphite)\s?/)\s*$|"
    r"(?:pair|coupl|match|assembl|combin|integrat|equip|configur)\w*\s(?:with\s|by\s|using\s)?[^.;。；]{0,50}$|"
    r"\b(?:cells?|batter(?:y|ies)|\w*LMBs?)\)?\s(?:with|using|based on|employing|of|\()[^.;。；]{0,50}$|"
    r"(?:匹配|搭配|组装|装配|配对|配以)[^。；;]{0,20}$",
    re.I,
)
_AFTER = re.compile(
    rf"\s*(?:\((?:LFP|LMFP)\)\s*)?(?:{_BAR}|/\s?Li(?![A-Za-z0-9])|"
    r"(?:[-‐ ]?(?:based|full|half|pouch|coin|test|button))*[-‐ ]*(?:cells?|batter(?:y|ies)|\w*LMBs?)\b|"
    r"(?:正极)?(?:全|半|软包|扣式|纽扣)?电池)",
    re.I,
)
_ALIAS = re.compile(r"\(\s*$")
_BREAK = re.compile(r"[。；;!?！？\n]|\.(?=\s+[A-Z\u4e00-\u9fff])")


def without_vehicles(
    passages: Sequence[Passage], tags: Sequence[tuple[Tag, ...]], measurements: Sequence[Measurement]
) -> list[tuple[Tag, ...]]:
    """The tags of each passage; those of cathodes that a file only tries something out with have no points."""
    files: dict[tuple[str, ...], list[int]] = {}
    for number, passage in enumerate(passages):
        files.setdefault(passage.place.path[:1], []).append(number)
    dense = {passages[item.passage].place.path[:1] for item in measurements if item.property in _DENSITIES}
    kept = list(tags)
    for path, numbers in files.items():
        if path in dense or not any(_named(tag) for number in numbers for tag in tags[number]):
            continue
        if _only_tries([(passages[number].text, tags[number]) for number in numbers]):
            for number in numbers:
                kept[number] = tuple(tag._replace(points=()) if _cathode(tag) else tag for tag in tags[number])
    return kept


def _cathode(tag: Tag) -> bool:
    return bool(tag.points) and _CATHODES.issuperset(tag.points)


def _named(tag: Tag) -> bool:
    """Whether a tag names a cathode, and not only what goes with one ("coin cell")."""
    return tag.label in (TagLabel.CHEMISTRY, TagLabel.FORMULA) and _cathode(tag)


def _only_tries(texts: Sequence[tuple[str, tuple[Tag, ...]]]) -> bool:
    in_cell = False
    for text, tags in texts:
        for tag in tags:
            if _named(tag):
                named = _in_cell(text, tag)
                if not named and not _ALIAS.search(text, 0, tag.start) and _MADE.search(_sentence(text, tag)):
                    return False
                in_cell = in_cell or named
    if not in_cell or any(_RECIPE.search(text) for text, _ in texts):
        return False
    return len({word.lower() for text, _ in texts for word in _SUBJECT.findall(text)}) >= _SUBJECTS


def _in_cell(text: str, tag: Tag) -> bool:
    """Whether a cathode is named as an electrode of a cell."""
    if _AFTER.match(text, tag.end):
        return True
    return _BEFORE.search(text[max(0, tag.start - _REACH) : tag.start]) is not None


def _sentence(text: str, tag: Tag) -> str:
    """The words around a tag up to the ends of its sentence, or as far as `_SENTENCE` reaches."""
    first, last = max(0, tag.start - _SENTENCE), tag.end + _SENTENCE
    breaks = [found.end() for found in _BREAK.finditer(text, first, tag.start)]
    after = _BREAK.search(text, tag.end, last)
    return text[breaks[-1] if breaks else first : after.start() if after else last]
