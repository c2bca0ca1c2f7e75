"""The build of a document: its kind (contract, patent, specification …) and what it calls each place."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sluicegate.document import Document, Part, Passage

KINDS = ("contract", "patent", "specification", "manual", "report", "mail", "news", "datasheet", "form", "other")

_HEAD = 5000
_SIGNS: dict[str, tuple[tuple[int, str], ...]] = {
    "contract": (
        (5, "by and between|entered into between|is made and entered|合同编号|协议书|技术许可协议|许可合同|采购合同|供货合同|购销合同|销售合同|转让合同|服务合同"),
        (4, "supply agreement|license agreement|licence agreement|services agreement|service agreement|purchase agreement|development agreement|"
            "manufacturing agreement|sales contract|框架协议|合作协议|保密协议"),
        (3, "hereinafter|whereas|witnesseth|甲方|乙方|买方|卖方|供方|需方"),
        (2, "governing law|indemnif|termination|arbitration|this agreement|违约责任|争议解决|不可抗力|本合同|本协议"),
    ),
    "patent": (
        (4, "patent application|patent no|pub. no|publication number|公开号|公布号|授权公告号|申请号|专利号|申请公布"),
        (4, "what is claimed|we claim|权利要求书|权利要求1|其特征在于"),
        (3, "present invention|the invention|embodiment|本发明|实施例|发明内容|技术领域|具体实施方式|本申请"),
        (2, "prior art|field of the invention|comparative example|对比例|背景技术"),
    ),
    "specification": (
        (5, "technical specification|product specification|specification sheet|specification no|技术规格书|技术规范|产品规格书|技术条件|企业标准|规格书"),
        (2, "specification|标准编号|gb/t|ys/t|hg/t|检验项目|验收标准|指标要求|技术要求|技术指标"),
        (1, "test method|test item|typical|测试方法|检测方法|单位"),
    ),
    "datasheet": (
        (5, "data sheet|datasheet|safety data|certificate of analysis|数据表|产品说明书|安全技术说明书|质检报告单|检验报告单|出厂检验"),
        (2, "typical value|typical propert|典型值|cas no|cas number|nominal capacity|nominal voltage|标称容量"),
    ),
    "manual": (
        (6, "operating manual|operation manual|operating procedure|operating instruction|process manual|process instruction|work instruction|batch record|"
            "process description|standard operating|工艺规程|作业指导书|操作规程|工艺手册|操作手册|工艺卡|工艺文件|工艺说明"),
        (2, "step 1|操作步骤|工序|岗位|注意事项|caution|procedure"),
    ),
    "report": (
        (5, "test report|trial report|experimental report|research report|feasibility|technical report|annual report|progress report|study report|"
            "environmental impact|试验报告|研究报告|测试报告|检测报告|可行性|环境影响报告|总结报告|技术报告|实验报告|年度报告|中试报告"),
        (2, "abstract|introduction|conclusion|results and discussion|摘要|引言|结论|结果与讨论|关键词|doi"),
    ),
    "news": (
        (4, "reuters|bloomberg|xinhua|press release|reporter|记者|本报讯|新华社|财联社|讯)|日电|责任编辑|来源:|来源："),
        (2, "said on|said in a|announced|according to|analyst|分析师|据悉|据报道|报价|均价"),
    ),
    "form": ((4, "application form|please fill|please tick|申请表|登记表|□|☐"), (3, "______|填表")),
}  # fmt: skip
_MAIL_HEAD = re.compile(
    r"\s{0,20}(?:(?:from|to|sent|date|subject|cc|发件人|收件人|发送时间|日期|主题|抄送)\s?[:：][^\n]{0,200}\n\s?){2}",
    re.I,
)
_MAIL_TYPES = frozenset({"message/rfc822", "application/vnd.ms-outlook", "application/mbox", "application/ms-tnef"})

_NUMERAL = r"[一二三四五六七八九十百零〇\d]{1,5}"
_HEADINGS: tuple[tuple[str, int, str], ...] = (
    (r"(?:annex|appendix|schedule|exhibit|attachment)\s+(?P<a>[A-Z]|[IVX]{1,5}|\d{1,3})\b", 0, "Annex {a}"),
    (rf"(?:附件|附录|附表)\s?(?P<b>{_NUMERAL}|[A-Z])", 0, "Annex {b}"),
    (r"claims?\s+(?P<c>\d{1,3})\b", 1, "claim {c}"),
    (rf"权利要求\s?(?P<d>{_NUMERAL})", 1, "claim {d}"),
    (r"comparative\s+example\s+(?P<e>[A-Z]?\d{1,3}[A-Za-z]?)\b", 1, "comparative example {e}"),
    (rf"(?:对比例|比较例|对照例)\s?(?P<f>{_NUMERAL})", 1, "comparative example {f}"),
    (r"(?:working\s+)?(?:example|embodiment)\s+(?P<g>[A-Z]?\d{1,3}[A-Za-z]?)\b", 1, "example {g}"),
    (rf"实施(?:例|方式)\s?(?P<h>{_NUMERAL})", 1, "example {h}"),
    (r"(?:article|clause)\s+(?P<i>\d{1,3}(?:\.\d{1,3}){0,3})\b", 1, "clause {i}"),
    (rf"第\s?(?P<j>{_NUMERAL})\s?条", 1, "clause {j}"),
    (r"section\s+(?P<k>\d{1,3}(?:\.\d{1,3}){0,3})\b", 1, "section {k}"),
    (rf"第\s?(?P<l>{_NUMERAL})\s?[章节]", 1, "section {l}"),
    (r"step\s+(?P<m>\d{1,3})\b", 1, "step {m}"),
    (rf"步骤\s?(?P<n>{_NUMERAL})", 1, "step {n}"),
    (r"(?P<q>\d{1,3})[.、]\s?(?=[^\n]{0,80}\bclaims? \d|[^\n]{0,6}权利要求)", 1, "claim {q}"),
    (r"(?P<o>\d{1,2}(?:\.\d{1,3}){1,3})\s+(?=[^\W\d])", 1, "clause {o}"),
    (r"(?P<p>\d{1,2})[.、]\s?(?=[^\W\d])", 1, "clause {p}"),
)
_HEADING = re.compile(
    r"(?:^|\n)[\s#*【\[(（]{0,6}(?:" + "|".join(f"(?P<r{n}>{rx})" for n, (rx, _, _) in enumerate(_HEADINGS)) + ")", re.I
)
_DIGITS = dict(zip("一二三四五六七八九", range(1, 10), strict=True))


def classify_parts(document: Document) -> tuple[Part, ...]:
    """The parts with their kinds, each told from the beginning of its own text and from its media type."""
    heads: dict[tuple[str, ...], str] = {}
    for passage in document.passages:
        head = heads.get(passage.place.path, "")
        if len(head) < _HEAD:
            heads[passage.place.path] = f"{head}\n{passage.text[:_HEAD]}"
    return tuple(replace(part, kind=kind_of(heads.get(part.path, ""), part.media_type)) for part in document.parts)


def kind_of(text: str, media_type: str = "") -> str:
    """The kind of one file from the beginning of its text; `other` when nothing tells it."""
    if media_type in _MAIL_TYPES or _MAIL_HEAD.match(text):
        return "mail"
    automaton, meanings = _signs()
    groups = {meanings[number] for number, _, _ in automaton.find_matches_as_indexes(text[:_HEAD].lower())}
    scores: dict[str, int] = {}
    for kind, _, weight in groups:
        scores[kind] = scores.get(kind, 0) + weight
    best = max(scores, key=lambda kind: (scores[kind], -KINDS.index(kind)), default="other")
    return best if scores.get(best, 0) >= 4 else "other"


@cache
def _signs() -> tuple[Any, tuple[tuple[str, int, int], ...]]:
    """One automaton over all signs, and for each sign its kind, group and weight; a group counts once."""
    from ahocorasick_rs import AhoCorasick, Implementation

    entries = [
        (sign, (kind, group, weight))
        for kind, groups in _SIGNS.items()
        for group, (weight, signs) in enumerate(groups)
        for sign in signs.split("|")
    ]
    automaton = AhoCorasick([sign for sign, _ in entries], implementation=Implementation.DFA)
    return automaton, tuple(meaning for _, meaning in entries)


def section_at(passages: Sequence[Passage], passage: int, offset: int) -> str | None:
    """What the document calls the place of a character: "Annex B, clause 3", "comparative example 2"; None if nothing."""
    path = passages[passage].place.path
    inner: str | None = None
    for index in range(passage, -1, -1):
        if passages[index].place.path != path:
            break
        end = offset + 1 if index == passage else len(passages[index].text)
        if passages[index].grid is not None and index != passage:
            continue
        for level, label in reversed(headings(passages[index].text[:end])):
            if level == 0:
                return f"{label}, {inner}" if inner else label
            inner = inner or label
    return inner


def headings(text: str) -> list[tuple[int, str]]:
    """The headings of a text in order, with their level: 0 for annexes, 1 for what stands inside them."""
    found = []
    for match in _HEADING.finditer(text):
        number = next(n for n in range(len(_HEADINGS)) if match[f"r{n}"] is not None)
        _, level, form = _HEADINGS[number]
        name = form[form.index("{") + 1]
        found.append((level, form.replace(f"{{{name}}}", _numeral(match[name]))))
    return found


def _numeral(text: str) -> str:
    if not any(char in _DIGITS or char in "十百" for char in text):
        return text.upper() if len(text) == 1 else text
    tens, ten, ones = text.partition("十")
    if not ten:
        return "".join(str(_DIGITS.get(char, char)) for char in text)
    return str(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0))
