"""The fixed words of reports in English and Chinese, and the plain names of properties and statuses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LANGUAGES = ("en", "zh")

_WORDS: Mapping[str, tuple[str, str]] = {
    "code": ("en", "zh"),
    "title": ("Export-control screening report", "技术出口管制筛查报告"),
    "documents": ("documents", "份文件"),
    "document": ("Document", "文件"),
    "decision": ("Decision", "结论"),
    "hold": ("hold", "扣留"),
    "review": ("review", "复核"),
    "release": ("release", "放行"),
    "all": ("all", "全部"),
    "show": ("Show", "显示"),
    "reasons": ("Reasons", "理由"),
    "control_points": ("Control points", "管制要点"),
    "point": ("Point", "要点"),
    "criteria": ("Criteria", "技术指标"),
    "criterion": ("Criterion", "指标"),
    "threshold": ("Threshold", "门槛值"),
    "stated": ("Stated", "文中数值"),
    "conditions": ("Test condition", "测试条件"),
    "sample": ("Sample", "样品"),
    "margin": ("Margin", "差值"),
    "result": ("Result", "结果"),
    "source": ("Number confirmed in the official text", "数值已由官方文本确认"),
    "confirmed": ("yes", "是"),
    "unconfirmed": ("no: secondary source", "否：二手来源"),
    "where": ("Place", "位置"),
    "passages": ("Passages", "段落"),
    "terms": ("Terms that drove the score", "影响评分的词语"),
    "score": ("Score", "评分"),
    "know_how": ("Know-how score", "技术诀窍评分"),
    "problems": ("Parts that went unread", "未能读取的部分"),
    "provenance": ("Provenance", "来源信息"),
    "parts": ("Files", "所含文件"),
    "notes": ("Notes", "备注"),
    "kind": ("Kind", "类型"),
    "type": ("Type", "格式"),
    "language": ("Language", "语言"),
    "met": ("met", "达到"),
    "not_met": ("not met", "未达到"),
    "not_stated": ("not stated", "未写明"),
    "unclear": ("unclear", "不明确"),
    "model": ("Model", "模型"),
    "lists": ("Control lists", "管制清单"),
    "as_of": ("Law as of", "适用法律日期"),
    "settings": ("Settings", "设置"),
    "screened_at": ("Screened at", "筛查时间"),
    "version": ("Sluicegate", "Sluicegate 版本"),
    "licences": ("Licences", "许可证"),
    "legend": ("Marks", "标记说明"),
    "redacted": ("Quotes are left out of this report.", "本报告不含原文引文。"),
    "none": ("none", "无"),
    "filter": ("Filter by decision", "按结论筛选"),
    "quoted": ("The text as it stands in the document", "文件原文"),
    "legal": (
        "This report is evidence from an automated screening, not legal advice. Whether a transfer needs a licence is "
        "for the exporter and the competent authority to decide.",
        "本报告为自动筛查所得证据，不构成法律意见。是否需要申请许可，由出口经营者和主管部门决定。",
    ),
    "nothing": ("No document was screened.", "没有筛查任何文件。"),
    "in_force": ("in force", "有效"),
    "suspended": ("suspended", "暂停实施"),
    "unconfirmed_status": ("status unconfirmed", "状态未确认"),
    "not_yet": ("not yet in force", "尚未生效"),
    "expired": ("expired", "已失效"),
    "CHEMISTRY": ("chemistry", "化学体系"),
    "FORMULA": ("formula", "化学式"),
    "MATERIAL": ("material", "物料"),
    "PROCESS": ("process", "工序"),
    "EQUIPMENT": ("equipment", "设备"),
    "PROPERTY": ("property", "性能"),
    "QUANTITY": ("quantity", "数值"),
    "encrypted": ("encrypted", "已加密"),
    "damaged": ("damaged", "文件损坏"),
    "unsupported": ("unsupported format", "格式不支持"),
    "too_large": ("too large", "文件过大"),
    "too_deep": ("nested too deeply", "嵌套过深"),
    "too_many": ("too many files inside", "内含文件过多"),
    "timed_out": ("timed out", "处理超时"),
    "out_of_memory": ("out of memory", "内存不足"),
    "no_text": ("no text", "无可读文字"),
    "garbled": ("garbled", "文字乱码"),
    "unsupported_language": ("language not measured", "语言不在模型范围内"),
    "changed": ("changed meanwhile", "筛查期间已变动"),
    "permission": ("no permission", "无读取权限"),
    "missing": ("missing", "文件不存在"),
    "external": ("outside the document", "引用外部内容"),
    "compaction_density": ("compaction density", "压实密度"),
    "specific_capacity": ("specific capacity", "比容量"),
    "first_cycle_efficiency": ("first cycle efficiency", "首次库仑效率"),
    "energy_density": ("energy density", "能量密度"),
    "capacity_retention": ("capacity retention", "容量保持率"),
    "magnetic_impurities": ("magnetic impurities", "磁性杂质"),
    "mean_voltage": ("mean voltage", "平均电压"),
    "tap_density": ("tap density", "振实密度"),
}


def words(language: str) -> Mapping[str, str]:
    """The words of one language; English for any other."""
    column = 1 if language == "zh" else 0
    return MappingProxyType({key: pair[column] for key, pair in _WORDS.items()})


def plain(identifier: str) -> str:
    """An identifier such as `compaction_density` as words."""
    return identifier.replace("_", " ")
