from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sluicegate.classify.vectors import window_matrix
from sluicegate.classify.windows import cut

PIECES = st.sampled_from(
    [
        "sinter at 700 °C. ",
        "烧结温度700℃，保温8小时。",
        "\n",
        " ",
        "\t",
        "x" * 90,
        "磷" * 400,
        "a b c d ",
        "…",
        "1,",
        "𝑇 = 5 K ",
    ]
)
TEXTS = st.lists(PIECES, max_size=120).map("".join)


@given(TEXTS)
def test_blocks_follow_one_another_from_the_first_character_to_the_last(text: str) -> None:
    found = cut(text)
    if not text.strip():
        assert found.blocks == found.windows == ()
        return
    edges = [0, *(end for _, end in found.blocks)]
    assert [start for start, _ in found.blocks] == edges[:-1]
    assert edges[-1] == len(text)
    assert all(start < end for start, end in found.blocks)


@given(TEXTS)
def test_every_character_lies_in_a_window(text: str) -> None:
    found = cut(text)
    covered = [False] * len(text)
    for window in found.windows:
        start, end = found.span(window)
        covered[start:end] = [True] * (end - start)
    assert all(covered) or not text.strip()


@given(st.lists(TEXTS, max_size=4))
def test_each_row_of_features_is_one_window_of_one_passage(texts: list[str]) -> None:
    matrix, spans = window_matrix(texts)
    assert matrix.shape[0] == len(spans) == sum(len(cut(text).windows) for text in texts)
    assert [passage for passage, _, _ in spans] == sorted(passage for passage, _, _ in spans)
    assert all(0 <= start < end <= len(texts[passage]) for passage, start, end in spans)


def test_a_window_is_no_longer_than_a_page_and_neighbours_overlap() -> None:
    text = "The slurry is milled for six hours and then dried in air. " * 200
    found = cut(text)
    spans = sorted(found.span(window) for window in found.windows)
    assert len(spans) > 10
    assert max(end - start for start, end in spans) < 1600
    seams = [end for _, end in found.blocks][:-1]
    assert all(any(start < seam < end for start, end in spans) for seam in seams)


def test_an_edge_falls_on_the_end_of_a_sentence_where_one_is_near() -> None:
    text = "浆料研磨六小时，然后在空气中干燥，过筛后装袋并称重。" * 60
    edges = [end for _, end in cut(text).blocks][:-1]
    assert edges
    assert all(text[end - 1] == "。" for end in edges)


def test_no_word_is_cut() -> None:
    text = "The slurry is milled for six hours and then dried. " * 60
    edges = [end for _, end in cut(text).blocks][:-1]
    assert all(text[end - 1] == " " for end in edges)
