"""The key of a row of the decision table in, a sentence in English and in Chinese out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sluicegate.document import ProblemKind

Said = tuple[str, str]
REASONS: Mapping[str, Said] = MappingProxyType({
    "nothing": (
        "No passage teaches how to make something on a control list.",
        "未发现讲授管制清单所列技术的段落。",
    ),
    "not_yet": (
        "{name} ({title}) is not yet in force on the screening date and was not applied.",
        "{name}（{title_zh}）在筛查日期尚未生效，未适用。",
    ),
    "expired": (
        "{name} ({title}) is expired on the screening date and was not applied.",
        "{name}（{title_zh}）在筛查日期已失效，未适用。",
    ),
    "product": (
        "Product data, not preparation, meets {name} ({title}){at}.",
        "产品数据（非制备方法）达到 {name}（{title_zh}）的指标{at}。",
    ),
    "product_in_doubt": (
        "Product data, not preparation, meets the criteria of {name} ({title}){at}; "
        "whether that list is in force is not confirmed.",
        "产品数据（非制备方法）达到 {name}（{title_zh}）的指标{at}；该清单是否有效未经确认。",
    ),
    "unsure": (
        "A passage may teach a step of {name} ({title}){at}; the model is not sure.",
        "有段落可能讲授 {name}（{title_zh}）的某一步骤{at}；模型不能确定。",
    ),
    "taught": (
        "A passage teaches a step of {name} ({title}){at}.",
        "有段落讲授 {name}（{title_zh}）的某一步骤{at}。",
    ),
    "taught_suspended": (
        "A passage teaches a step of {name} ({title}){at}; that list is suspended.",
        "有段落讲授 {name}（{title_zh}）的某一步骤{at}；该清单处于暂停实施期。",
    ),
    "taught_unconfirmed": (
        "A passage teaches a step of {name} ({title}){at}; that list is of unconfirmed status.",
        "有段落讲授 {name}（{title_zh}）的某一步骤{at}；该清单的效力未经确认。",
    ),
    "taught_met": (
        "A passage teaches how to prepare {name} ({title}){at}, with results that meet it.",
        "有段落讲授 {name}（{title_zh}）的制备方法{at}，所述结果达到全部指标。",
    ),
    "taught_not_met": (
        "A passage teaches how to prepare {name} ({title}){at}, but a stated result does not meet its criteria.",
        "有段落讲授 {name}（{title_zh}）的制备方法{at}，但所述结果有一项未达到指标。",
    ),
    "taught_unclear": (
        "A passage teaches how to prepare {name} ({title}){at}; its results cannot be compared with the criteria.",
        "有段落讲授 {name}（{title_zh}）的制备方法{at}；所述结果无法与指标比较。",
    ),
    "taught_not_stated": (
        "A passage teaches how to prepare {name} ({title}){at}; not all results that the criteria ask for are stated.",
        "有段落讲授 {name}（{title_zh}）的制备方法{at}；指标所要求的结果未全部写明。",
    ),
    "unnamed": (
        "A passage teaches a process whose material is unnamed or coded{at}.",
        "有段落讲授一种工艺，其物料未写明或以代号表示{at}。",
    ),
    "other": (
        "A passage teaches a process of another technology{at}.",
        "有段落讲授其他技术的工艺{at}。",
    ),
    "unread": (
        "A part went unread ({kind}) at {place}{detail}.",
        "有一部分未能读取（{kind_zh}）：{place}{detail}。",
    ),
})  # fmt: skip

UNREAD_ZH: Mapping[ProblemKind, str] = MappingProxyType({
    ProblemKind.ENCRYPTED: "已加密", ProblemKind.DAMAGED: "已损坏", ProblemKind.UNSUPPORTED: "格式不支持",
    ProblemKind.TOO_LARGE: "过大", ProblemKind.TOO_DEEP: "嵌套过深", ProblemKind.TOO_MANY: "内含文件过多",
    ProblemKind.TIMED_OUT: "超时", ProblemKind.OUT_OF_MEMORY: "内存超限", ProblemKind.NO_TEXT: "无可读文字",
    ProblemKind.GARBLED: "乱码", ProblemKind.UNSUPPORTED_LANGUAGE: "语言未经测量",
    ProblemKind.CHANGED: "筛查期间被改动",
    ProblemKind.PERMISSION: "无读取权限", ProblemKind.MISSING: "文件不存在", ProblemKind.EXTERNAL: "内容取自外部",
})  # fmt: skip


def say(key: str, **words: str) -> Said:
    """The sentence of this key with its words filled in, English and Chinese."""
    english, chinese = REASONS[key]
    return english.format(**words), chinese.format(**words)
