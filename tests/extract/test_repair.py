"""What layout did to words is undone; what is no text is told from text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.extract.repair import garbled, plausible, repair


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("prepa\x02\r\nration", "preparation"),
        ("prepa\ufffe\nration", "preparation"),
        ("600\x02\r\n700 °C", "600-700 °C"),
        ("LFP\x02\nbased", "LFP-based"),
        ("soft\u00adware", "software"),
        ("mAh g¹ ⁻", "mAh g⁻¹"),
        ("g ²⁻", "g ⁻²"),
        ("10⁻ ³", "10⁻³"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n \n\nb", "a\n\nb"),
        ("a\x00b\x01c", "abc"),
        ("5 \uf0b1 2 \uf06dm \uf0b3 3", "5 ± 2 μm ≥ 3"),
        ("\uf054\uf068\uf065\uf06e it", "Then it"),
        ("\uf0a7 item", "• item"),
    ],
)
def test_marks_of_layout_become_text(given_text, expected):
    assert repair(given_text) == expected


def test_han_lines_are_joined_and_headings_are_not():
    text = "技术领域\n本发明涉及一种磷酸铁锂正极材料的制备方法及\n其在锂离子电池中的应用，属于材料技术领域。\n背景技术"
    lines = repair(text).split("\n")
    assert lines == [
        "技术领域",
        "本发明涉及一种磷酸铁锂正极材料的制备方法及其在锂离子电池中的应用，属于材料技术领域。",
        "背景技术",
    ]


def test_a_numbered_heading_begins_a_line():
    text = "本发明涉及一种磷酸铁锂正极材料的制备方法以及其\n一、烧结工艺的条件如下文所述内容"
    assert repair(text) == text


def test_latin_lines_stay_lines():
    assert repair("one line\nanother line") == "one line\nanother line"


def test_garbage_is_told_from_text():
    assert garbled("".join(chr(0xE100 + i) for i in range(60)))
    assert garbled("(cid:12)(cid:13)(cid:14)(cid:15)")
    assert garbled("\ufffd" * 30)
    assert not garbled("压实密度 2.62 g/cm³ ± 0.02 ℃ \ue123")
    assert not garbled("")


def test_letters_of_a_language_are_plausible_and_shifted_ones_are_not():
    assert plausible("The precursor was sintered under nitrogen for ten hours")
    assert plausible("将前驱体在氮气中烧结十小时得到磷酸铁锂正极材料产品说明")
    assert not plausible("7KHSUHFXUVRUZDVVLQWHUHGXQGHUQLWURJHQIRUWHQKRXUV".translate({ord(c): "x" for c in "UEO"}))
    assert not plausible("ɍɝɥɨɜɚɹɲɥɢɮɨɜɚɥɶɧɚɹɦɚɲɢɧɚɍɝɥɨɜɚɹ")


@given(st.text(max_size=300))
def test_repairing_twice_changes_nothing_more_in_ordinary_text(text):
    ordinary = "".join(char for char in text if char.isprintable() or char == "\n")
    once = repair(ordinary)
    assert repair(once) == repair(repair(once))


@given(st.text(max_size=300))
def test_no_control_character_survives(text):
    assert not set(repair(text)) & {chr(code) for code in (*range(9), *range(0x0B, 0x20), 0x7F) if code != 2}
