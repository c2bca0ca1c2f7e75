"""Languages told apart well enough that none unmeasured passes for Chinese or English."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

import pytest

from sluicegate.tag.language import languages_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("将磷酸铁与碳酸锂混合后在氮气气氛下烧结。", {"zh"}),
        ("將磷酸鐵與碳酸鋰混合後在氮氣氣氛下燒結。", {"zh"}),
        ("The powder is mixed with glucose and sintered under nitrogen for ten hours.", {"en"}),
        ("The powder is mixed with glucose. 将磷酸铁与碳酸锂混合后在氮气下烧结。 It is then sintered for ten hours in the kiln.", {"zh", "en"}),
        ("A vas-foszfátot és a lítium-karbonátot összekeverjük, majd nitrogén alatt 760 fokon 9 órán át hevítjük.", {"hu"}),
        ("Das Eisenphosphat wird mit Lithiumcarbonat gemischt und unter Stickstoff bei 760 °C für neun Stunden gesintert.", {"de"}),
        ("リン酸鉄と炭酸リチウムを混合し、窒素雰囲気下で焼成する。", {"ja"}),
        ("인산철과 탄산리튬을 혼합하여 질소 분위기에서 소성한다.", {"ko"}),
        ("Le phosphate de fer est mélangé avec le carbonate de lithium et fritté sous azote pendant neuf heures.", {"fr"}),
        ("Фосфат железа смешивают с карбонатом лития и спекают в азоте.", {"ru"}),
        ("LiFePO4 2.62 g/cm3 220 MPa", set()), ("760 °C, 9 h", set()), ("", set()), ("LFP-3 D50 BET", set()), ("锂", set()),
    ],
)  # fmt: skip
def test_languages(text: str, expected: set[str]) -> None:
    assert languages_of(text) == expected


def test_a_foreign_paragraph_inside_an_english_page_is_seen() -> None:
    english = "The parties agree that the goods will be delivered in the month of May and that the price is fixed. " * 4
    hungarian = (
        "A port és a vizet egy tartályban összekeverjük, majd a keveréket nitrogén alatt hevítjük, és az anyag nem lesz nedves. "
        * 3
    )
    assert "hu" in languages_of(english + hungarian)
    assert languages_of(english) == {"en"}


def test_symbols_of_elements_in_an_analysis_are_no_words_of_another_language() -> None:
    analysis = (
        "Certificate of analysis. Product: battery grade lithium carbonate. Lot 2511-07. Li2CO3 99.62 %, Na 0.012 %, "
        "K 0.0006 %, Ca 0.0031 %, SO4 0.04 %, moisture 0.11 %, D50 5.2 um."
    )
    assert languages_of(analysis) <= {"en"}
    assert languages_of("Vzorek se suší na vzduchu a pak se kalcinuje při 760 °C po dobu 9 h.") == {"cs"}
