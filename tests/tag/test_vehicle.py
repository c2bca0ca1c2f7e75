"""A cathode that a text only builds into its test cells is not what the text is about; one that it makes is."""

# ruff: noqa: E501  (long lines are sample texts)

from __future__ import annotations

from collections.abc import Callable

import pytest

from sluicegate.document import Document, Part, Passage, Place
from sluicegate.tag import Tagged, Tagger

POLYMER = "A crosslinked polymer electrolyte with a transference number of 0.71 was cast between two lithium foils and kept dendrites away for 900 h. "
ZH_POLYMER = "该聚合物电解质的离子电导率为0.6 mS/cm，对称电池循环900小时无枝晶。"


def cathodes(result: Tagged) -> set[str]:
    return {point for tags in result.tags for tag in tags for point in tag.points if point in ("lfp", "lmfp")}


@pytest.mark.parametrize(
    "text",
    [
        POLYMER + "Li||LiFePO4 cells keep 91 % of their capacity after 500 cycles at 1C.",
        POLYMER + "When paired with a commercial LiFePO4 cathode, it delivers 152 mAh/g at 0.5C.",
        POLYMER + "LiFePO4 (LFP) full cells run for 800 cycles, LFP|Li pouch cells for 300.",
        POLYMER + "The as-prepared LFP||Li coin cells keep 95 % after 200 cycles.",
        POLYMER + "Solid-state cells with LFP or LiNi0.8Co0.1Mn0.1O2 cathodes last 400 cycles.",
        POLYMER
        + "A host of ferrous pyrophosphate guides the plating. A full cell coupled with a LiFePO4 cathode keeps 81 %.",
        POLYMER + "Li/LMFP cells keep 90 % after 300 cycles at 1C.",
        ZH_POLYMER + "组装的Li||LiFePO4全电池1C循环500次后容量保持率为91%。",
        ZH_POLYMER + "匹配磷酸铁锂正极后，0.5C放电比容量为152 mAh/g。",
    ],
)
def test_a_cathode_of_test_cells_is_no_subject(tagged: Callable[..., Tagged], text: str) -> None:
    assert cathodes(tagged(text)) == set()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("LiFePO4||Li cells keep 91 % of their capacity after 500 cycles.", "lfp"),  # no other subject
        (POLYMER + "The LiFePO4 was synthesised with 6 % of sugar; LFP||Li cells keep 91 %.", "lfp"),
        (POLYMER + "Niobium-doped LiFePO4 gives 158 mAh/g in Li||LFP cells.", "lfp"),
        (POLYMER + "Li||LFP cells: 91 % after 500 cycles. The powder was fired twice under nitrogen.", "lfp"),
        (POLYMER + "Li||LFP cells: 91 %. It took 9 h at 690 °C.", "lfp"),
        (POLYMER + "Li||LFP cells: 91 %. Glucose at 11 % served as the reducing agent.", "lfp"),
        (POLYMER + "LFP powder with a compaction density of 2.63 g/cm3 at 220 MPa was used in Li||LFP cells.", "lfp"),
        (POLYMER + "Cathode scrap from spent LFP batteries was rinsed; Li||LFP cells keep 91 %.", "lfp"),
        (POLYMER + "Li||LFP cells: 91 %. Ferrous sulfate was dissolved first.", "lfp"),
        (POLYMER + "The price of LFP fell by 3 %.", "lfp"),  # not in a cell
        (ZH_POLYMER + "Li||LiFePO4电池容量保持率91%。粉体在氮气中烧结两次。", "lfp"),
        (ZH_POLYMER + "合成的磷酸铁锂比容量为158 mAh/g，组装成LFP||Li电池。", "lfp"),
    ],
)
def test_a_cathode_that_is_made_keeps_its_points(tagged: Callable[..., Tagged], text: str, kept: str) -> None:
    assert kept in cathodes(tagged(text))


def test_an_attachment_that_teaches_keeps_the_name_in_its_mail(tagger: Tagger) -> None:
    mail, sheet = ("a.eml",), ("a.eml", "run.txt")
    document = Document(
        "a.eml",
        (Part(mail, "", "message/rfc822"), Part(sheet, "", "text/plain")),
        (
            Passage(POLYMER + "Li||LFP cells keep 91 %.", Place(mail)),
            Passage("Fired for 9 h at 690 °C under nitrogen.", Place(sheet)),
        ),
    )
    assert cathodes(tagger.tag(document)) == {"lfp"}
