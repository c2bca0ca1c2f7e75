"""Text without a stated charset, or with a wrong one, comes out readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.extract.charset import codec_of, decode, guess

SIMPLIFIED = "将磷酸铁锂在氮气中烧结八小时，压实密度达到标准。"
TRADITIONAL = "將磷酸鐵鋰在氮氣中燒結八小時，壓實密度達到標準。"
ENGLISH = "The precursor was dried and sintered under nitrogen for ten hours, then milled. "


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "hz"])
@pytest.mark.parametrize("text", [SIMPLIFIED * 20, SIMPLIFIED, ENGLISH * 20 + SIMPLIFIED[:8] + "\n" + ENGLISH * 20])
def test_simplified_chinese_is_read_in_every_charset(text, charset):
    assert decode(text.encode(charset)) == text


@pytest.mark.parametrize("text", [TRADITIONAL * 20, TRADITIONAL, ENGLISH * 20 + TRADITIONAL[:8] + "\n" + ENGLISH * 20])
def test_big5_is_told_from_gb18030(text):
    assert decode(text.encode("big5")) == text


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Größe über Maß, déjà vu", "cp1252"),
        ("25 °C ± 2 µm", "cp1252"),
        ("Большие города России", "cp1251"),
        ("Большие города России", "koi8_r"),
        ("これは日本語の文章です。電池の正極材料", "cp932"),
        ("これは日本語の文章です。電池の正極材料", "euc_jp"),
        ("これは日本語です", "iso2022_jp"),
        ("한국어 문장 배터리 양극", "cp949"),
    ],
)
def test_other_charsets_are_guessed(text, charset):
    assert decode(text.encode(charset)) == text


def test_a_declared_charset_is_widened_and_believed_when_it_fits():
    assert decode("镕基".encode("gbk"), declared="gb2312") == "镕基"
    assert decode(SIMPLIFIED.encode("gbk"), declared="x-gbk") == SIMPLIFIED
    assert decode("“x”".encode("cp1252"), declared="ISO-8859-1") == "“x”"


def test_a_wrong_declaration_does_not_spoil_the_text():
    assert decode(SIMPLIFIED.encode("utf-8"), declared="gb2312") == SIMPLIFIED
    assert decode(SIMPLIFIED.encode("gbk"), declared="utf-8") == SIMPLIFIED
    assert decode(SIMPLIFIED.encode("utf-8"), declared="iso-8859-1") == SIMPLIFIED
    assert decode(SIMPLIFIED.encode("utf-8"), declared="no such charset") == SIMPLIFIED
    assert decode("联通".encode("gbk"), declared="gbk") == "联通"


def test_codecs_that_are_no_charsets_are_refused():
    assert codec_of("base64") is None
    assert codec_of("rot13") is None


def test_a_little_damage_does_not_change_the_charset():
    assert guess(SIMPLIFIED.encode() * 5 + b"\xff") == "utf-8"


@given(st.binary(max_size=500), st.none() | st.sampled_from(["gbk", "utf-16", "x", "utf-7", "idna", "punycode"]))
def test_decoding_never_fails(data, declared):
    assert isinstance(decode(data, declared=declared), str)


@given(st.text(max_size=200))
def test_utf8_with_a_mark_comes_back_as_it_was(text):
    encodable = text.encode("utf-8", "ignore").decode()
    assert decode(b"\xef\xbb\xbf" + encodable.encode()) == encodable.removeprefix("\ufeff")


@pytest.mark.parametrize("place", [4, 10, 30])
def test_a_few_broken_bytes_do_not_make_another_charset_of_utf8(place):
    data = bytearray("The dried precursor, 经砂磨后喷雾干燥, 压实密度达到 2.62 g/cm3".encode())
    data[place : place + 3] = b"\xff\xff\xff"
    text = decode(bytes(data))
    assert "压实密度达到" in text
