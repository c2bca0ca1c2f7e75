"""Texts in unmeasured languages go to review; what a program wrote in its own language does not."""

# ruff: noqa: E501  (long lines are sample texts)

from __future__ import annotations

import pytest

from sluicegate.document import ProblemKind
from sluicegate.extract.evasion import opendocument, powerpoint
from sluicegate.extract.evasion.binary_office import _atom, _holder
from sluicegate.extract.evasion.binary_office import powerpoint as old_powerpoint
from sluicegate.screener import Screener
from sluicegate.settings import Extraction, Settings

PROMPTS = {
    "de": "Titelmasterformat durch Klicken bearbeiten\nTextmasterformate durch Klicken bearbeiten\nZweite Ebene\nDritte Ebene",
    "fr": "Modifiez le style du titre\nCliquez pour modifier les styles du texte du masque\nDeuxième niveau",
    "ja": "マスター タイトルの書式設定\nマスター テキストの書式設定\n第 2 レベル\n第 3 レベル\n第 4 レベル\n第 5 レベル",
    "ru": "Образец заголовка\nДля правки структуры щелкните мышью\nВторой уровень структуры\nТретий уровень структуры",
    "ko": "마스터 제목 스타일 편집\n마스터 텍스트 스타일을 편집하려면 클릭\n두 번째 수준\n세 번째 수준\n네 번째 수준\n다섯 번째 수준",
}
RECIPE = {
    "de": "Das Eisenphosphat wird mit Lithiumcarbonat und Glucose gemischt und unter Stickstoff bei 760 °C für neun Stunden gesintert.",
    "ja": "リン酸鉄と炭酸リチウムを混合し、窒素雰囲気下で760℃、9時間焼成する。その後、粉砕して篩にかけ、得られた粉末を真空乾燥する。",
}
CONTROLLED = (
    "Iron phosphate, lithium carbonate and glucose are milled in water, spray dried and sintered at 760 °C for 9 h under "
    "nitrogen; the LiFePO4 powder has a compaction density of 2.62 g/cm3 at 220 MPa."
)


@pytest.fixture(scope="module")
def screener() -> Screener:
    return Screener.build(Settings(extraction=Extraction(ocr="off")))


def _pptx(lines: str, *, frame: bool) -> bytes:
    paragraphs = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines.split("\n"))
    kind = "<p:nvPr><p:ph type='body'/></p:nvPr>" if frame else "<p:nvPr/>"
    shape = f"<p:sp><p:nvSpPr><p:cNvPr id='2' name='Espace réservé du texte 2'/>{kind}</p:nvSpPr><p:txBody>{paragraphs}</p:txBody></p:sp>"
    return powerpoint.presentation(
        parts={"ppt/slideLayouts/slideLayout1.xml": powerpoint._slide(shape, tag="sldLayout")}
    )


def _ppt(lines: str, *, frame: bool) -> bytes:
    words = _holder(0xF00D, _atom(0x0FA0, lines.replace("\n", "\r").encode("utf-16-le")))
    data = _holder(0xF011, _atom(0x0BC3, bytes(8))) if frame else b""
    return old_powerpoint(_holder(0x03F8, _holder(0xF004, data + words)))


def _odp(lines: str, *, frame: bool) -> bytes:
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in lines.split("\n"))
    kind = "presentation:class='outline'" if frame else ""
    box = f"<draw:frame {kind}><draw:text-box>{paragraphs}</draw:text-box></draw:frame>"
    return opendocument.file("odp", opendocument._page(""), opendocument._styles(box))


FORMATS = {"a.pptx": _pptx, "a.ppt": _ppt, "a.odp": _odp}


def _foreign(screener: Screener, data: bytes, name: str) -> bool:
    kinds = [problem.kind for problem in screener.screen_bytes(data, name=name).problems]
    assert set(kinds) <= {ProblemKind.UNSUPPORTED_LANGUAGE}
    return bool(kinds)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("language", PROMPTS)
def test_prompts_of_layouts_tell_no_language(screener: Screener, name: str, language: str) -> None:
    assert not _foreign(screener, FORMATS[name](PROMPTS[language], frame=True), name)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("frame", [True, False])
@pytest.mark.parametrize("language", RECIPE)
def test_what_an_author_typed_on_a_master_goes_to_review(
    screener: Screener, name: str, language: str, frame: bool
) -> None:
    assert _foreign(screener, FORMATS[name](RECIPE[language], frame=frame), name)


@pytest.mark.parametrize("name", FORMATS)
def test_a_frame_of_a_master_is_screened(screener: Screener, name: str) -> None:
    assert screener.screen_bytes(FORMATS[name](CONTROLLED.replace("; ", "\n"), frame=True), name=name).held


def test_names_of_japanese_fonts_are_no_japanese(screener: Screener) -> None:
    titles = "".join(
        f"<v>{name}</v>"
        for name in ("Arial", "ＭＳ Ｐゴシック", "游ゴシック Light", "The quarterly figures of the sales office")
    )
    properties = f"<Properties><TitlesOfParts>{titles}</TitlesOfParts></Properties>"
    assert not _foreign(screener, powerpoint.presentation(parts={"docProps/app.xml": properties}), "a.pptx")
