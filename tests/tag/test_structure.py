"""Kinds of documents, and what a document calls its places."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

from collections.abc import Callable

import pytest

from sluicegate.tag import Tagged
from sluicegate.tag.structure import kind_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SUPPLY AGREEMENT\nThis Agreement is made and entered into between Alpha Co. (hereinafter the Seller) and Beta Ltd.", "contract"),
        ("采购合同\n合同编号：2025-031\n甲方：某某公司 乙方：某某公司\n第一条 标的", "contract"),
        ("(12) Patent application publication\nWhat is claimed is: 1. A method ... The present invention relates to", "patent"),
        ("公开号 CN1234567A\n权利要求书\n1. 一种磷酸铁锂的制备方法，其特征在于", "patent"),
        ("Technical specification\nItem Unit Test method Typical", "specification"), ("产品规格书\n检验项目 单位 技术要求", "specification"),
        ("SAFETY DATA SHEET\nCAS No. 15365-14-7", "datasheet"), ("Standard operating procedure\nStep 1", "manual"), ("工艺规程\n工序一 配料", "manual"),
        ("Trial report no. 14\nIntroduction\nConclusions", "report"), ("试验报告\n摘要", "report"), ("(Reuters) - China said on Tuesday, analysts ...", "news"),
        ("本报讯 记者 据悉", "news"), ("From: a@b.c\nTo: d@e.f\nSubject: hello\n\nHi", "mail"), ("发件人：张三\n收件人：李四\n主题：样品\n", "mail"), ("Lunch menu", "other"),
    ],
)  # fmt: skip
def test_kinds(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_mail_by_media_type() -> None:
    assert kind_of("nothing", "message/rfc822") == "mail"


@pytest.mark.parametrize(
    ("texts", "needle", "section"),
    [
        (["Annex B\nProcess\nClause 3 Sintering\nThe kiln is set to 760 °C."], "760", "Annex B, clause 3"),
        (["附件二 工艺\n第三条 烧结\n窑温760℃"], "760", "Annex 2, clause 3"),
        (["Comparative Example 2\nThe same powder was sintered at 760 °C."], "760", "comparative example 2"),
        (["实施例3", "在760℃烧结"], "760", "example 3"), (["4. The method of claim 1, at 760 °C"], "760", "claim 4"), (["4、根据权利要求1所述的方法，760℃"], "760", "claim 4"),
        (["Claim 4\nThe method at 760 °C"], "760", "claim 4"), (["权利要求4\n在760℃烧结"], "760", "claim 4"),
        (["plain text at 760 °C"], "760", None),
    ],
)  # fmt: skip
def test_sections(texts: list[str], needle: str, section: str | None, tagged: Callable[..., Tagged]) -> None:
    result = tagged(*texts)
    index = len(texts) - 1
    assert result.locate(index, texts[index].index(needle)).section == section
