"""The offset map: every character of the normalised text knows where it stood."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.tag.fold import Skeleton
from sluicegate.tag.normalise import normalise

ANY = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"), st.sampled_from(list("磷酸铁锂鐵鋰LiFePO4₄² \n\t-\u200b\u00ad（，"))
    ),
    max_size=80,
)


@given(ANY)
def test_offsets_rise_and_stay_inside(text: str) -> None:
    normal = normalise(text)
    offsets = list(normal.offsets)
    assert len(offsets) == len(normal.text) + 1
    assert offsets == sorted(offsets)
    assert offsets[-1] == len(text)
    assert all(0 <= offset <= len(text) for offset in offsets)


@given(ANY)
def test_skeleton_is_blind_to_normalising(text: str) -> None:
    fold = Skeleton()
    assert normalise(text).text.translate(fold).replace("^", "") == text.translate(fold).replace("^", "")


@given(st.text(alphabet=list("磷酸铁锂abc123 .,"), max_size=60))
def test_plain_text_keeps_its_places(text: str) -> None:
    normal = normalise(text)
    for index, char in enumerate(normal.text):
        start, end = normal.origin(index, index + 1)
        if char not in " \n":
            assert unicodedata.normalize("NFKC", text[start:end])[0] == char


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10²", "10^2"), ("g·cm⁻³", "g·cm-3"), ("LiFePO₄", "LiFePO4"), ("7５０ ℃", "750 °C"), ("20 ºC", "20 °C"),
        ("鋰輝石 壓實密度 庫倫", "锂辉石压实密度库伦"), ("a\u200bb\u00adc", "abc"), ("2–3", "2-3"),
    ],
)  # fmt: skip
def test_known_spellings(text: str, expected: str) -> None:
    assert normalise(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a number, a unit or a rate runs over the end of a line
        ("3.93 V, and 141.\n6 mAh/g", "3.93 V, and 141.6 mAh/g"),
        ("as in Example 2.\n5 g of glucose", "as in Example 2.\n5 g of glucose"),
        ("比表面积为12.\n4m2/g", "比表面积为12.4m2/g"),
        ("见表2.\n4 g葡萄糖", "见表2.\n4 g葡萄糖"),
        ("复合材料的碳含量1.5\n1%", "复合材料的碳含量1.51%"),
        ("复合材料的碳含量1.5\n10 h后", "复合材料的碳含量1.5\n10 h后"),
        ("所得铁锂粉体在22\n0MPa下", "所得铁锂粉体在220MPa下"),
        ("所得铁锂粉体压力220\n300 MPa", "所得铁锂粉体压力220\n300 MPa"),
        ("delivers 152 mAh/g at C/\n10", "delivers 152 mAh/g at C/10"),
        ("coated LiFePO4/C\n10 g", "coated LiFePO4/C\n10 g"),
        ("at 5 °C\n/min", "at 5 °C/min"),
        ("Ca\n/mine", "Ca\n/mine"),
        ("降至 24\n g/L", "降至 24 g/L"),
        ("冷至 -12\n~-8 °C", "冷至 -12 ~-8 °C"),
        # a number in a circle counts items
        ("④0.5C容量", "4·0.5C容量"),
        ("样①的容量", "样1的容量"),
    ],
)
def test_line_breaks_and_counts_beside_numbers(text: str, expected: str) -> None:
    assert normalise(text).text == expected
