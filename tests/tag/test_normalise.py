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
