"""Which parts of a teachable recipe stand in a text."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

from sluicegate.tag import PARTS, recipe_parts


def test_a_complete_recipe_has_every_part() -> None:
    english = (
        "The precursor and 5 wt% glucose are milled in a sand mill, then sintered in a roller kiln at 760 °C for 9 h under nitrogen; "
        "the compaction density obtained was 2.6."
    )
    chinese = "磷酸铁与葡萄糖按摩尔比1:0.1投入砂磨机，然后在辊道窑中氮气气氛下760℃保温9小时，得到压实密度2.6的产物。"
    assert recipe_parts(english) == frozenset(PARTS)
    assert recipe_parts(chinese) == frozenset(PARTS)


def test_a_price_report_has_next_to_none() -> None:
    assert recipe_parts("Prices of cathodes rose by a wide margin this week.") == frozenset()
    assert len(recipe_parts("本周报价上涨，成交清淡。")) <= 1
