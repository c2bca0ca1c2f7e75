"""What a sentence leaves out because the text before it has said it: property, test condition, kind of density."""

# ruff: noqa: E501  (long lines are word lists and patterns)

from __future__ import annotations

import re

from sluicegate.tag.beside import PURE
from sluicegate.tag.bound import Bound, Context, Sentence
from sluicegate.tag.condition import pressure_of
from sluicegate.tag.quantity import Found
from sluicegate.verdict import Quantity

_REFINED = frozenset({"specific_capacity", "voltage", "mean_voltage"})
_CHARGED = re.compile(r"(?<!放)充电(?!放)|(?<![a-z])charge(?! ?/? ?-?discharge)", re.I)
_MEAN = re.compile(r"\s?(?:\(|as |is |on )?(?:the |an )?(?:average|mean)\b|\s?\(?平均", re.I)
_CARRIED = {
    "density": ("compaction_density", "tap_density", "electrode_density", "bulk_density", "true_density"),
    "specific capacity": ("specific_capacity", "charge_capacity", "theoretical_capacity"),
    "fraction": ("first_cycle_efficiency", "capacity_retention"),
    "voltage": ("mean_voltage",),
}
_CARRYING = (
    ("压实", "compaction_density"),
    ("compact", "compaction_density"),
    ("press", "compaction_density"),
    ("振实", "tap_density"),
    ("tap", "tap_density"),
)
_MEASURED = frozenset(name for names in _CARRIED.values() for name in names)
CONTINUED = frozenset(
    {"compaction_density", "specific_capacity", "first_cycle_efficiency", "capacity_retention", "mean_voltage"}
)
_UNNAMED = frozenset({"compaction_density", "specific_capacity"})  # their unit alone tells what goes on
_SAME_TEST = re.compile(
    r"同样|同一|相同(?:的)?(?:测试)?(?:条件|方法|压力|压强|工艺|制度|倍率)|(?:条件|方法|压力|压强|制度|倍率)(?:均|都)?(?:相同|同上|同前|不变|一致)|同(?:条件|法|压)|下同|同上|"
    r"\bsame (?:\w+ )?(?:conditions?|method|pressure|load|test|procedure|rate|way|protocol|die|settings?)|\bditto\b|\bas (?:above|before)\b|\bidem\b",
    re.I,
)
_ELECTRODES = re.compile(
    r"极片|极板|电极|涂布|面密度|pole piece|electrode|calender|coating|mg/cm2|g/m2|(?:anode|cathode)\s?:", re.I
)
_POWDER = re.compile(r"powder|粉体|粉末|粉压", re.I)
_BATH = re.compile(r"electroly|anode change|bath|\bcells? (?:line|room|house)|LiCl|电解|电渗析|槽", re.I)
_STRENGTH = re.compile(r"(?:strength|hardness|modulus|stress|强度|硬度|模量|应力)\s?(?:of|is|≥|>=|>|为|:)?\s?$", re.I)
_SWEET = re.compile(r"(?:糖|淀粉|碳源|sugar|glucose|sucrose|starch|PEG)[^,;。]{0,8}$", re.I)
_PRESSED = re.compile(
    r"(?<![\d.])(?:[2-9]\d|\d{3,4})(?:\.\d+)?\s?MPa|\d{3,4}\s?bar\b|\d[\d,]{3,}\s?psi|\d\s?(?:kN|tf|kgf|tons?/cm|t/cm)|\b(?:press(?:ed|es|ings?)?|compact\w*)\b(?! filter)|压实|压片|粉压|压制",
    re.I,
)
_ROLLED = re.compile(r"line pressure|linear pressure|\broll|线压|辊", re.I)
_OUTPUT = re.compile(r"年产|产能|产量|年处理|规模|capacity of |output of ", re.I)
_EFFICIENT = 60  # % below which no efficiency or retention goes without its name
_BOTH_WAYS = re.compile(
    r"\bch(?:g|arge)?\.? ?/ ?(?:dch|dis(?:ch)?)(?:g|arge)?\b|\bcharge ?(?:and|/|-) ?discharge (?:specific |gram )?capacit|充、放电|充电?[/和与]放电",
    re.I,
)
_BOTH = re.compile(r"\s?(?:/|、|,|和|与|,?\s?and)\s?")
_YEARLY = re.compile(r"/\s?a\b|/\s?年|/\s?y(?:r|ear)?\b|tpa|per (?:year|annum)", re.I)
_OLIVINE = re.compile(r"LM?FP|LiFe|LiMn|iron phosphate|ferr\w+ phosphate|铁锂", re.I)


def by_unit(quantity: Found, sentence: Sentence, defaults: dict[str, str]) -> str:
    """The property of a quantity of which neither its sentence nor the text before says anything but the unit."""
    value = quantity.quantity
    if quantity.family == "length" and value.unit not in ("nm", "µm", "mesh"):
        whole = sentence.text[max(sentence.start, quantity.start - 40) : quantity.end + 20]
        return "particle_size" if value.unit == "mm" and _GRAINS.search(whole) else ""
    if quantity.family == "density" and value.value < _DOSED:
        return ""
    if quantity.family == "specific energy" and value.value >= SPENT:
        return "power_consumption"
    if value.unit == "%" and 99 <= value.value < 100 and _STUFF.match(sentence.text, quantity.end):
        return "purity"
    return defaults.get(quantity.family, "")


_GRAINS = re.compile(r"partic|granul|grain|sieve|mesh|mill|ground|crush|lump|bead|粒|目|筛|磨|碎|粉", re.I)
_DOSED = 0.3  # g/cm3 below which nothing is dense: so many kg are put into a cubic metre
SPENT = 1000  # Wh/kg that no battery stores
_STUFF = re.compile(
    r"\s?(?:的)?(?:pure\b|purity|lithium|gallium|(?:Li|Ga|N2|Ar|CO2)|碳酸锂|氢氧化锂|氯化锂|金属|镓|锂|氮气|氩气|高纯)|\s?[.;,。]?\s?$"
)


def carried(quantity: Found, sentence: Sentence, context: Context) -> str | None:
    """The property of a quantity whose sentence names none: that of the text before ("it was 2.62 g/cm3"), or of a
    powder under a press."""
    if quantity.family not in _CARRIED:
        return None
    if quantity.family != "density":
        if quantity.family == "fraction" and _after_capacity(quantity, sentence):
            return "first_cycle_efficiency"
        if any(mention.name in _MEASURED for mention in sentence.mentions):
            return None
        if quantity.family == "fraction" and (quantity.quantity.unit != "%" or quantity.quantity.value < _EFFICIENT):
            return None
        known = [name for name in context.last if name in _CARRIED[quantity.family]]
        if not known and quantity.family == "voltage" and _plateau(quantity, sentence):
            return "mean_voltage"
        return known[-1] if len(known) == 1 else None
    value = quantity.quantity
    whole = sentence.text[sentence.start : sentence.end]
    before = sentence.text[max(0, sentence.start - 160) : sentence.start]
    if _POWDER.search(sentence.text, max(sentence.start, quantity.start - 24), quantity.start) and value.value >= 1:
        return "compaction_density"
    if _ELECTRODES.search(whole) or (_ELECTRODES.search(before) and "electrode_density" in context.last):
        return "electrode_density"
    if _PRESSED.search(whole) and value.value >= 1:
        return "compaction_density"
    known = [name for name in context.last if name in _CARRIED["density"]]
    if known:
        return known[-1]
    for word, name in _CARRYING:
        if word in before.lower():
            return name
    return "compaction_density" if 1.9 <= value.value <= 3 and _OLIVINE.search(whole) else None


def _plateau(quantity: Found, sentence: Sentence) -> bool:
    """Whether a voltage that nothing names is a mean voltage of which the text spoke before: "Results (capacity,
    mean voltage). Example 1: 156.7 mAh/g, 3.86 V"."""
    value = quantity.quantity
    if value.high is not None or not _LOWEST <= value.value <= _HIGHEST:
        return False
    return _MEAN_NAMED.search(sentence.text, max(0, sentence.start - _BACK), quantity.start) is not None


_LOWEST, _HIGHEST, _BACK = 3.0, 4.3, 240  # V of cathodes, characters
_MEAN_NAMED = re.compile(
    r"(?:mean|average|median)[\w -]{0,20}(?:voltage|potential)|(?:平均|中值)\w{0,6}(?:电压|电位)", re.I
)


def _after_capacity(quantity: Found, sentence: Sentence) -> bool:
    """Whether a percentage follows a capacity as its efficiency does: "160.2 mAh/g at 0.1C and 97.1 %"."""
    value = quantity.quantity
    if value.unit != "%" or not _FIRST_LEAST <= value.value <= _WHOLE:
        return False
    before = [found for found in sentence.found if found.end <= quantity.start and found.family != "rate"]
    if not before or before[-1].family != "specific capacity":
        return False
    return _AND.fullmatch(sentence.text, before[-1].end, quantity.start) is not None


_FIRST_LEAST, _WHOLE = 80, 100  # % between which a first efficiency lies
_AND = re.compile(r"\s?(?:\(?(?:at |@ ?)?\S{1,5} ?C\)?)?\s?(?:and|with|,|/|、|;|和)\s?(?:about |约)?")


def continued(pair: Bound, sentence: Sentence, context: Context) -> Bound:
    """A result under the test conditions of the one before it: where it is said to be of the same test, or a density or
    capacity of a sentence that names neither its property nor its test."""
    last = context.last.get(pair.property)
    if last is not None and last.conditions and _SAME_TEST.search(sentence.text, sentence.start, pair.start):
        own = {condition for condition, _ in pair.conditions}
        return pair.under((*pair.conditions, *(entry for entry in last.conditions if entry[0] not in own)))
    name = "pressure" if pair.property == "compaction_density" else "c_rate"
    if pair.property not in _UNNAMED or any(condition == name for condition, _ in pair.conditions):
        return pair
    if any(mention.name == pair.property for mention in sentence.mentions) and pair.property in context.last:
        return pair
    if name == "pressure" and (stated := context.last.get("pressure")) is not None and _pressing(stated):
        return pair.under((*pair.conditions, (name, stated.quantity)))
    force = context.last.get("press_force")
    if name == "pressure" and force is not None and context.die is not None and force.quantity.high is None:
        made = Quantity(pressure_of(force.quantity.value, context.die), "MPa")
        return pair.under((*pair.conditions, (name, made)))
    known = [entry for entry in last.conditions if entry[0] == name] if last is not None else []
    return pair.under((*pair.conditions, *known)) if known else pair


def _pressing(pair: Bound) -> bool:
    return pair.quantity.unit == "MPa" and pair.quantity.value >= 20 and pair.quantity.high is None


def refined(name: str, quantity: Found, sentence: Sentence) -> str:
    """Capacities told apart by charge and discharge, voltages by range, weights that are really forces; "" for what is
    no property of ours."""
    if name == "height":
        return ""
    if name == "density" and quantity.quantity.value >= 1:
        whole = sentence.text[sentence.start : sentence.end]
        return "compaction_density" if _PRESSED.search(whole) and not _ELECTRODES.search(whole) else name
    if (
        name == "mass"
        and quantity.quantity.unit == "t"
        and _OUTPUT.search(sentence.text[max(sentence.start, quantity.start - 16) : quantity.start])
    ):
        return ""
    if name == "flow_rate" and _YEARLY.search(sentence.text[quantity.start : quantity.end]):
        return ""
    if name == "press_force" and _ROLLED.search(
        sentence.text[max(sentence.start, quantity.start - 24) : quantity.start]
    ):
        return ""
    if name == "pressure" and _STRENGTH.search(
        sentence.text[max(sentence.start, quantity.start - 16) : quantity.start]
    ):
        return ""
    if name == "doping_amount" and _SWEET.search(
        sentence.text[max(sentence.start, quantity.start - 16) : quantity.start]
    ):
        return "amount"
    if name == "impurity" and quantity.quantity.unit == "%" and quantity.quantity.value >= PURE:
        return "purity"
    if name not in _REFINED:
        return name
    stretch = sentence.text[max(sentence.start, quantity.start - 24) : quantity.start]
    if name == "specific_capacity" and _BOTH_WAYS.search(
        sentence.text, max(sentence.start, quantity.start - 60), quantity.start
    ):
        mate = next(
            (one for one in sentence.found if one.start >= quantity.end and one.family == quantity.family), None
        )
        return (
            "charge_capacity" if mate is not None and _BOTH.fullmatch(sentence.text, quantity.end, mate.start) else name
        )
    if name == "specific_capacity" and _CHARGED.search(stretch) and "放" not in stretch:
        return "charge_capacity" if "discharge" not in stretch.lower() else name
    if name == "voltage" and quantity.quantity.high is not None and not _BATH.search(sentence.text):
        return "voltage_window"
    if name == "voltage" and _BATH.search(sentence.text):
        return "cell_voltage"
    if name == "voltage" and _of_discharge(quantity, sentence):
        return "mean_voltage"
    if (
        name in ("mean_voltage",)
        and quantity.quantity.high is not None
        and quantity.quantity.high - quantity.quantity.value > 0.8
    ):
        return "voltage_window"
    return name


def _of_discharge(quantity: Found, sentence: Sentence) -> bool:
    """Whether a voltage is the mean one of a discharge: it is said to be ("at 3.88 V on average"), or stands in a list of
    results right behind the capacity or the first efficiency ("156.1 mAh/g, 91.2 %, 3.87 V")."""
    if quantity.quantity.high is not None:
        return False
    text, start = sentence.text, quantity.start
    if _MEAN.match(text, quantity.end, sentence.end) or _MEANT.search(text, max(sentence.start, start - 28), start):
        return True
    if not _LOWEST <= quantity.quantity.value <= _HIGHEST:
        return False
    before = [found for found in sentence.found if found.end <= start and found.family != "rate"]
    if not before or (listed := _LISTED_BEHIND.fullmatch(text, before[-1].end, start)) is None:
        return False
    families = [found.family for found in before[-2:]]
    return families == ["specific capacity", "fraction"] or (
        families[-1] == "specific capacity" and bool(listed["name"])
    )


_MEANT = re.compile(
    r"(?:\b(?:mean|average|avg\.?|median|mid-?point)\)?(?: (?:voltage|potential|value|level))?|平均|均值|中值)\s?(?:of (?:about )?|为|约|达|:|=)?\s?(?:about |约)?$",
    re.I,
)
_LISTED_BEHIND = re.compile(
    r"\s?(?:\((?:at )?\S{1,5} ?C\))?\s?(?:,|;|、|/|and\b|和|with\b)\s?(?:and |a |an )?(?P<name>(?:discharge |放电)?(?:voltage|电压|电位)\s?(?:of |为|是|:)?)?\s?(?:about |约)?"
)


def with_stated_rate(bound: list[Bound], rates: list[Quantity]) -> list[Bound]:
    """Capacities without a C-rate under the only one that the text states for its cells."""
    if not rates or len({rate.value for rate in rates}) != 1:
        return bound
    return [
        item.under((*item.conditions, ("c_rate", rates[0])))
        if item.property == "specific_capacity" and all(name != "c_rate" for name, _ in item.conditions)
        else item
        for item in bound
    ]
