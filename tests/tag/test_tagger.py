"""The tagger as a whole: places, spaCy, decisive tags, codes, dilution."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

from collections.abc import Callable

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sluicegate.tag import Tagged, Tagger
from sluicegate.tag.explain import explain_html, explain_passage
from sluicegate.tag.ruler import SPANS, make_tokeniser
from sluicegate.verdict import TagLabel
from sluicegate.weigh import quote_of

PIECES = [
    "磷酸铁锂", "LiFePO₄/C", "lithium\u200b iron phosphate", " 2.62 g/cm³ ", "（220 MPa）", "\n", "。", "喷雾干燥", "0.1C 放电 161 mAh/g",
    "Example 3", "sintered at 760 °C", "鋰輝石", "，", " ", "物料A", "pH 1.8", "首效97.4%", "abc", "½", "ﬁ", "İ", "\u0301",
]  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=12))
def test_tags_measurements_and_quotes_sit_at_their_places(pieces: list[str], tagged: Callable[..., Tagged]) -> None:
    text = "".join(pieces)
    result = tagged(text)
    for tag in result.tags[0]:
        assert 0 <= tag.start < tag.end <= len(text)
        assert tag.text == text[tag.start : tag.end]
    for measurement in result.measurements:
        assert any(char.isdigit() or char in "½半" for char in text[measurement.start : measurement.end])
        assert quote_of(result, measurement) in text


def test_the_first_example_of_the_issue(tagged: Callable[..., Tagged]) -> None:
    result = tagged("磷酸铁锂粉体压实密度 2.62 g/cm³ (220 MPa), 0.1C 放电 161 mAh/g, 首效 97.4 %")
    found = {
        m.property: (str(m.quantity), {k: str(v) for k, v in m.conditions}, m.material) for m in result.measurements
    }
    assert found["compaction_density"] == ("2.62 g/cm3", {"pressure": "220 MPa"}, "lfp")
    assert found["specific_capacity"] == ("161 mAh/g", {"c_rate": "0.1 C"}, "lfp")
    assert found["first_cycle_efficiency"][0] == "97.4 %"


def test_a_longer_name_hides_the_shorter_inside_it(tagged: Callable[..., Tagged]) -> None:
    points = {point for tag in tagged("磷酸铁锂").tags[0] for point in tag.points}
    assert points == {"lfp"}


def test_iron_phosphate_as_raw_material_yields_to_the_cathode(tagged: Callable[..., Tagged]) -> None:
    def decisive(*texts: str) -> set[str]:
        return {point for tags in tagged(*texts).tags for tag in tags if tag.decisive for point in tag.points}

    assert decisive("磷酸铁、碳酸锂混合后烧结得磷酸铁锂") == {"lfp"}
    assert "phosphate_precursor" in decisive("磷酸铁浆料压滤洗涤")
    assert "phosphate_precursor" in decisive("磷酸铁锂用原料", "合成磷酸铁后陈化转晶，得到二水磷酸铁")


def test_feeds_and_products_make_each_other_decisive(tagged: Callable[..., Tagged]) -> None:
    def decisive(text: str) -> set[str]:
        return {point for tag in tagged(text).tags[0] if tag.decisive for point in tag.points}

    assert "spodumene_carbonate" in decisive("锂辉石酸化焙烧后浸出，制得碳酸锂")
    assert not decisive("NCM811 is made from lithium hydroxide and a hydroxide precursor")
    assert "brine" in decisive("The brine passes a lithium adsorbent")
    assert not decisive("olives in brine")


@pytest.mark.parametrize(
    "text",
    [
        "Material A is sintered with powder B2",
        "将物料A与粉体B混合后烧结",
        "run 14 was sintered again",
        "产品F3烧结",
        "与同上批次一起烧结",
    ],
)
def test_coded_materials(text: str, tagged: Callable[..., Tagged]) -> None:
    assert any(tag.id == "coded" for tag in tagged(text).tags[0])


@pytest.mark.parametrize("text", ["product 80-100 °C", "capacity loss against powder 17 %", "the powder 5~8 h later"])
def test_a_value_is_no_code(text: str, tagged: Callable[..., Tagged]) -> None:
    assert not any(tag.id == "coded" for tag in tagged(text).tags[0])


@pytest.mark.parametrize("text", ["纳米磷酸铁锂", "球形磷酸铁锂", "合成磷酸铁锂", "电池级磷酸铁锂"])
def test_a_kind_of_lithium_iron_phosphate_is_no_iron_phosphate(text: str, tagged: Callable[..., Tagged]) -> None:
    assert [tag.points for tag in tagged(text).tags[0]] == [("lfp",)]


@pytest.mark.parametrize(
    ("text", "point"), [("NCM811 calcined in oxygen", "other:nmc"), ("钴酸锂煅烧", "other:lco"), ("人造石墨石墨化", "other:graphite"), ("LiNi0.8Co0.1Mn0.1O2", "other:nmc"), ("磷酸钒锂正极", "other:lvp"), ("lithium vanadium phosphate", "other:lvp"), ("废旧三元锂离子电池", "other:nmc")]
)  # fmt: skip
def test_other_technology(text: str, point: str, tagged: Callable[..., Tagged]) -> None:
    tags = tagged(text).tags[0]
    assert any(point in tag.points for tag in tags)
    assert not any(tag.decisive for tag in tags)


def test_appending_passages_takes_no_decisive_tag_away(tagged: Callable[..., Tagged]) -> None:
    text = "磷酸铁锂在760℃烧结，压实密度2.62 g/cm3（220MPa）"
    alone = [tag for tag in tagged(text).tags[0] if tag.decisive]
    around = ["The parties agree on the delivery terms of this Agreement. " * 20] * 50
    result = tagged(*around, text, *around)
    assert [tag for tag in result.tags[50] if tag.decisive] == alone
    assert result.measurements[0].passage == 50


def test_spans_load_in_any_pipeline() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sluicegate_ruler")
    doc = nlp("Lithium iron phosphate is sintered in a roller kiln.")
    assert {span.label_ for span in doc.spans[SPANS]} == {"CHEMISTRY", "PROCESS", "EQUIPMENT"}
    assert [entity.kb_id_ for entity in doc.ents] == ["lithium-iron-phosphate", "sintering", "roller-kiln"]


def test_tokeniser_keeps_formulas_and_splits_units() -> None:
    tokens = [token.text for token in make_tokeniser()(spacy.blank("xx"))("Li1.02Fe0.97Mg0.03PO4/C在220MPa")]
    assert tokens == ["Li1.02Fe0.97Mg0.03PO4/C", "在", "220", "MPa"]


def test_explain_marks_tags_and_lists_measurements(tagged: Callable[..., Tagged]) -> None:
    result = tagged("磷酸铁锂压实密度2.62 g/cm3（220MPa）")
    sheet = explain_passage(result, 0)
    assert "[CHEMISTRY* 磷酸铁锂]" in sheet
    assert "compaction_density = 2.62 g/cm3  (pressure 220 MPa; material lfp)" in sheet
    assert "磷酸铁锂" in explain_html(result, 0)


def test_nothing_to_tag_imports_no_spacy(tagger: Tagger) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from sluicegate.tag import Tagger; t = Tagger.load(); t.interesting('plain words');"
        "print('spacy' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_what_the_tagger_marks_goes_through_spacys_matcher(tagger: Tagger) -> None:
    nlp, ruler = tagger.spacy
    doc, starts, ends = ruler._tokeniser.around("Then lithium iron phosphate is sintered again.", [(5, 27), (31, 39)])
    matches = {(starts[first], ends[after - 1]) for _, first, after in ruler._matcher(doc)}
    assert isinstance(ruler._matcher, spacy.matcher.PhraseMatcher)
    assert doc.vocab is nlp.vocab
    assert matches >= {(5, 27), (31, 39)}


def test_every_quantity_tag_has_the_label(tagged: Callable[..., Tagged]) -> None:
    tags = [tag for tag in tagged("烧结 760℃ 9h").tags[0] if tag.label is TagLabel.QUANTITY]
    assert [tag.text for tag in tags] == ["760℃", "9h"]
