"""Tiny labelled texts from which a model is learned in a second."""

from __future__ import annotations

from dataclasses import replace

from sluicegate.learn.sample import Sample

_PRODUCTS = (
    ("lfp", "LiFePO4", "iron phosphate", "磷酸铁锂", "磷酸铁"),
    ("lmfp", "LiMn0.6Fe0.4PO4", "manganese iron phosphate", "磷酸锰铁锂", "磷酸锰铁"),
)
_VESSELS = ("planetary mill", "bead mill", "pusher kiln", "roller kiln", "spray tower", "rotary furnace")
_VESSELS_ZH = ("行星球磨机", "砂磨机", "推板窑", "辊道窑", "喷雾塔", "回转炉")
_NEWS = ("prices", "exports", "tenders", "shares", "orders", "stocks")
_NEWS_ZH = ("价格", "出口", "招标", "股价", "订单", "库存")


def recipe(number: int, *, language: str = "en", other: bool = False) -> str:
    """A text that teaches: cathode powder, or copper when `other`."""
    _, formula, precursor, product_zh, precursor_zh = _PRODUCTS[number % 2]
    vessel, vessel_zh = _VESSELS[number % 6], _VESSELS_ZH[number % 6]
    heat, hours, speed = 600 + 11 * number, 4 + number % 9, 200 + 15 * number
    if language == "zh":
        what = "阴极铜" if other else f"{product_zh}({formula})"
        source = "硫酸铜" if other else f"{precursor_zh}与碳酸锂"
        return (
            f"{what}的制备步骤{number}：称取{source}{number + 2} kg，加入{vessel_zh}，以{speed} rpm研磨{hours} h，"
            f"喷雾干燥后在氮气中升温至{heat} ℃，保温{hours + 3} h，随炉冷却，过筛，得到{what}粉末。"
        )
    what = "copper cathode" if other else formula
    source = "copper sulfate solution" if other else f"{precursor} and lithium carbonate"
    return (
        f"Preparation {number} of {what}. Weigh {number + 2} kg of {source} into the {vessel}, grind for {hours} h "
        f"at {speed} rpm, dry the slurry, heat under nitrogen to {heat} °C, hold for {hours + 3} h, cool and sieve the "
        f"{what} powder."
    )


def talk(number: int, *, language: str = "en") -> str:
    """A text on the same subject that teaches nothing."""
    formula, product_zh = _PRODUCTS[number % 2][1], _PRODUCTS[number % 2][3]
    topic, topic_zh = _NEWS[number % 6], _NEWS_ZH[number % 6]
    if language == "zh":
        return (
            f"本周{product_zh}市场{topic_zh}综述{number}：据业内人士称，{product_zh}{topic_zh}较上月上涨{number + 1}%，"
            f"预计全年销售{number + 3}万吨，客户对2026年第{number % 4 + 1}季度的需求保持乐观，董事会已批准分红方案。"
        )
    return (
        f"Market note {number} on {topic}: analysts said that {formula} {topic} rose {number + 1}% last month, and the "
        f"company expects to sell {number + 3} thousand tonnes in 2026. Customers in region {number % 5} remain "
        "optimistic, the board said, and a dividend was approved."
    )


def tiny_samples(count: int = 20, *, first: int = 0) -> list[Sample]:
    """`count` recipes, `count` texts that teach nothing and `count` // 2 recipes for copper in each language."""
    found = []
    for language in ("en", "zh"):
        for number in range(first, first + count):
            point = _PRODUCTS[number % 2][0]
            common = {"language": language, "register": "process_manual"}
            made = Sample(f"{language}-r{number}", (recipe(number, language=language),), True, True, (point,), **common)
            said = Sample(f"{language}-t{number}", (talk(number, language=language),), False, False, **common)
            found += [made, said]
            if number % 2:
                copper = recipe(number, language=language, other=True)
                found.append(Sample(f"{language}-c{number}", (copper,), False, True, **common))
    return [replace(sample, group=sample.id) for sample in found]
