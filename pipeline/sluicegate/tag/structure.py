"""The build of a document: its kind (contract, patent, specification …) and what it calls each place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sluicegate.document import Document, Part, Passage

KINDS = ("contract", "patent", "specification", "manual", "report", "mail", "news", "datasheet", "form", "other")

_HEAD = 6000
_SIGNS: dict[str, tuple[tuple[str, int], ...]] = {
    "contract": (
        (r"\bagreement\b.{0,400}\b(?:by and between|between|entered into)\b|合同编号|协议书|技术许可协议|许可合同|采购合同|供货合同|购销合同", 5),
        (r"\bhereinafter\b|\bwhereas\b|\bwitnesseth\b|\bin witness whereof\b|甲方|乙方|买方|卖方|签订日期|双方(?:协商|同意|约定)", 3),
        (r"\bgoverning law\b|\bindemnif|\bterminat(?:e|ion)\b|\barbitration\b|违约责任|争议解决|不可抗力|本(?:合同|协议)", 2),
        (r"\b(?:supply|licen[cs]e|services?|purchase|development|manufacturing) agreement\b|合同$|合同\n", 4),
    ),
    "patent": (
        (r"\bpatent (?:application )?(?:no|publication)|\bUS ?\d{2}[,\d]{6,}|\b(?:CN|EP|WO|JP|KR)\s?\d{6,}[A-Z]?\d?\b|公开号|公布号|授权公告号|申请号|专利号", 4),
        (r"\bwhat is claimed\b|\bclaims?:?\s+1\.|权利要求(?:书|1)|1[.、]\s?一种", 4),
        (r"\bthe (?:present )?invention\b|\bembodiments?\b|本发明|实施例|发明内容|背景技术|技术领域|具体实施方式|本申请", 3),
        (r"\bprior art\b|\bfield of the invention\b|\bcomparative example\b|对比例|其特征在于", 2),
    ),
    "specification": (
        (r"\btechnical specification|\bproduct specification|\bspecification (?:no|sheet)\b|技术规格书|技术规范|产品规格书|技术要求|技术条件|企业标准", 5),
        (r"\bspecification\b|规格书|标准编号|\b(?:GB/T|YS/T|HG/T|Q/)\s?\S*\d|检验项目|验收标准|指标要求", 3),
        (r"\btest (?:method|item)|\bunit\b|\btypical\b|测试方法|检测方法|单位|指标", 1),
    ),
    "datasheet": (
        (r"\bdata ?sheet\b|\bTDS\b|数据表|产品说明书|safety data sheet|\bSDS\b|\bMSDS\b|安全技术说明书|\bcertificate of analysis\b|质检报告单", 5),
        (r"\btypical (?:value|propert)|典型值|\bCAS (?:no|number)\b|\bnominal (?:capacity|voltage)\b|标称容量", 2),
    ),
    "manual": (
        (r"\boperat(?:ing|ion) (?:manual|procedure|instruction)|\bprocess (?:manual|instruction|sheet)|\bwork instruction|\bSOP\b|\bbatch record|"
         r"工艺规程|作业指导书|操作规程|工艺手册|操作手册|工艺卡|工艺文件", 6),
        (r"\bstep \d|操作步骤|工序|岗位|注意事项|开机|\bcaution\b|\bprocedure\b", 2),
    ),
    "report": (
        (r"\b(?:test|trial|experiment(?:al)?|research|feasibility|technical|annual|progress|study) report\b|试验报告|研究报告|测试报告|检测报告|可行性|"
         r"环境影响报告|总结报告|技术报告|实验报告|年度报告", 5),
        (r"\babstract\b|\bintroduction\b|\bconclusions?\b|\bresults and discussion\b|摘要|引言|结论|结果与讨论|关键词|\bdoi\b", 2),
    ),
    "news": (
        (r"\b(?:reuters|bloomberg|xinhua|press release|editor|reporter)\b|记者|本报讯|新华社|财联社|讯\)|日电|责任编辑|来源[::]", 4),
        (r"\bsaid (?:on|in a|that|the)\b|\bannounced\b|\baccording to\b|\banalysts?\b|分析师|据悉|据报道|表示[,，]|市场|报价|均价", 2),
    ),
    "mail": ((r"(?:^|\n)(?:from|发件人)\s?[::].{0,200}\n?(?:to|sent|date|收件人|发送时间|日期|主题|subject)\s?[::]", 7),),
    "form": ((r"\bapplication form\b|\bplease (?:fill|tick)|申请表|登记表|签字[::]?_|□|☐", 4), (r"_{6,}|填表", 3)),
}  # fmt: skip
_PATTERNS = {
    kind: tuple((re.compile(rx, re.I | re.S), weight) for rx, weight in signs) for kind, signs in _SIGNS.items()
}
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
    from dataclasses import replace

    return tuple(replace(part, kind=kind_of(heads.get(part.path, ""), part.media_type)) for part in document.parts)


def kind_of(text: str, media_type: str = "") -> str:
    """The kind of one file from the beginning of its text; `other` when nothing tells it."""
    if media_type in _MAIL_TYPES:
        return "mail"
    head = text[:_HEAD]
    scores = {
        kind: sum(weight for pattern, weight in patterns if pattern.search(head))
        for kind, patterns in _PATTERNS.items()
    }
    best = max(scores, key=lambda kind: scores[kind])
    return best if scores[best] >= 4 else "other"


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
