"""What a fraction, a concentration or a length is of, told by the words right beside the number.

"98 % sulfuric acid", "Na 12 ppm", "0.3 mol% of Nb2O5", "we leach 88 %", "60 % RH", "0.2 mm zirconia beads": no property
is named, yet every reader knows it. In: the sentence and one quantity in it. Out: a property, "" for none of them all,
or None where the neighbours say nothing.
"""

# ruff: noqa: E501  (long lines are word lists and patterns)

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from sluicegate.tag.bound import Sentence
from sluicegate.tag.guided import Words
from sluicegate.tag.quantity import Found

_KEPT_LEAST = 40  # % of a capacity that a cell is said to keep
CONSTITUENT = 5  # % from which an element is a constituent and no impurity
PURE = 90  # % from which a share of the product itself is its purity
_WORDS = 26  # the longest words that a rule looks for before a number
_LEFT, _RIGHT = 44, 48  # characters that are looked at on either side
_LINKS = (
    "of is was to at by as about only around approximately roughly below under above over nearly up less_than more_than at_least at_most maximum max. max min. min "
    "均 都 各 合计 之和 总和 不得高于 不得超过 不应高于 不应超过 不宜超过 不得低于 不应低于 shall_be must_be not_exceeding shall_not_exceed each together "
    "为 约 达到 达 仅 只有 至 到 在 低于 高于 不超过 超过 小于 大于 不低于 不足 不大于 不小于 以下"
)
_LINKS_BY_END: dict[str, list[str]] = {}
for _word in sorted(_LINKS.replace("_", "\0").split(), key=len, reverse=True):
    _LINKS_BY_END.setdefault(_word[-1], []).append(_word.replace("\0", " "))


class _Rule(NamedTuple):
    """A property with one of: what stands before the number but for "is", "of", "about"; all that stands before it;
    what follows it."""

    name: str
    led: re.Pattern[str] | None = None
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None


def _led(name: str, words: str) -> _Rule:
    return _Rule(name, led=re.compile(rf"(?:{words})$", re.I))


def _behind(name: str, words: str) -> _Rule:
    return _Rule(name, after=re.compile(words, re.I))


def _after(name: str, words: str) -> _Rule:
    return _Rule(name, before=re.compile(words, re.I))


_ELEMENTS = (
    r"(?-i:Na|K|Ca|Mg|Al|Si|Fe|Mn|Ni|Co|Cr|Cu|Zn|Pb|Cd|As|Hg|Ti|V|Mo|Zr|B|S|Cl|F|N|SO4|NO3|NH4|PO4|SiO2|Al2O3|Fe2O3|CaO|MgO|Na2O|K2O|CO3|H2O)"
    r"(?:\s?\(?(?:\^?[2-4]?[+-]|II|III)\)?)?"
)
_NAMES = (
    "sodium|potassium|calcium|magnesium|aluminium|aluminum|silicon|silica|iron|nickel|cobalt|chromium|chrome|copper|zinc|lead|sulfur|sulphur|sulfate|sulphate|chloride|chlorine|"
    "fluorine|fluoride|boron|phosphorus|residual LiOH|residual Li2CO3|free lithium|residual lithium|residual alkali|ferric iron|free Li|residual Li|ash|impurity phase|second(?:ary)? phase|"
    "钠|钾|钙|镁|铝|硅|铁|镍|钴|铬|铜|锌|铅|硫|氯|氟|硼|磷|硫酸根|氯离子|三价铁|游离锂|残锂|残碱|残余锂|溶出铁|铁溶出|杂相|杂质相|灰分"
)
_ACIDS = (
    r"(?:\(?(?:w/w|v/v|by (?:mass|weight|volume))\)?\s?)?(?:的)?(?:of\s)?(?:dilute[d]?\s|concentrated\s|aqueous\s|strong\s|稀|浓)?"
    r"(?:\w{3,14}\s)?(?:acid\b|solution\b|liquor\b|caustic|soda ash|soda\b|ammonia|peroxide|hydroxide solution|hypochlorite|brine\b|lye\b|hydrogen\b(?! source)|oxygen\b(?! content)|"
    r"(?-i:H2SO4|HCl|HNO3|H3PO4|H2O2|NaOH|KOH|NH3|NaCl|Na2CO3|LiCl|LiOH|Li2SO4|Na2SO4|KCl|CaCl2|FeCl3|NH4H2PO4|H2|O2|CO2|CO|P204|P507|TBP|D2EHPA|N235|Cyanex)(?![A-Za-z0-9])|"
    r"硫酸|盐酸|硝酸|磷酸(?![铁锰锂])|草酸|柠檬酸|双氧水|氨水|烧碱|液碱|氢氧化钠|纯碱|氢气|氧气|稀酸|\w{0,10}溶液|水溶液|水?悬浮液|(?:aqueous )?suspension\b)"
)
_ADDED = r"(?:的)?\s?(?:of\s)?(?:a |the )?(?:glucose|sucrose|sugar|starch|lactose|PEG|polyethylene glycol|polyvinyl|PVP|carbon source|dispersant|surfactant|binder|flux|citric acid|葡萄糖|蔗糖|淀粉|碳源|聚乙二醇|分散剂|柠檬酸|助剂|氢氧化钡|氯化钡|晶种|粘结剂|导电剂|seeds?\b|seed crystals|conductive|(?-i:CMC|SBR|PVDF)(?![A-Za-z]))"
_DOPANTS = r"(?:的)?\s?(?:of\s)?(?:(?-i:(?:Nb|V|Ti|Zr|W|Mo|Mg|Al|Y|La|Ce|B|Ta|Sn|Cr|Cu|Zn|Ca|Bi)(?:\d?O\d?|\(OH\)\d?)?\d?(?![A-Za-z0-9]))|niobium|vanadium|titanium|titania|zirconium|tungsten|molybdenum|magnesium|yttrium|氧化铌|五氧化二铌|二氧化钛|钛白粉|氧化镁|氧化锆|偏钒酸铵|铌|钒|钛|锆)"
_DONE = r"(?:leach|recover|extract|convert|dissolv|remov|precipitat|adsorb|elut|desorb|strip|reject)\w*(?:\s(?:of|the|some|about|more|than|over|up|to|at|least|only|nearly|almost|another)\b)*|浸出|回收|提取|转化|脱除|去除|沉淀|解吸|吸附|洗脱"
_RATES = r"(?:还原|沉淀|沉降|溶出|浸出|转型|转化|回收|提取|去除|脱除|萃取|反萃|洗脱|解吸|脱附|吸附|结晶|析出|截留|除杂|直收)率"
_KEPT = r"(?:retain|keep|kept|maintain|preserv|hold)\w*(?:\s(?:of|the|still|some|about|more|than|over|at|least|only)\b)*|保持(?:在|为|了)?|保有|剩余?"
_MOISTURE = r"(?:water|moisture|H2O|水分?|含水)(?:\s(?:by|\(|\w+\s)?\s?Karl[ -]Fischer\)?|\s?\(KF\))?"
_NO_CODE = "".join(
    f"(?<!{word})"
    for word in ("sample ", "batch ", "grade ", "material ", "powder ", "lot ", "product ", "样品", "试样", "材料")
)
_NOTHING = (
    r"(?:excess|loss|losses|price|prices|share|interest|deviation|(?<!by )difference|rise|fall|growth|grade|tolerance|duty|tariff|VAT|tax|discount|margin|demand|output|utili[sz]ation|filling degree|"
    r"Li2O|过量|损耗|损失|价格?|占比|占|占总?额的?|下跌|上涨|增长|同比|环比|涨幅|跌幅|降幅|利率|税率?|折扣|毛利率?|品位|偏差|误差|公差|填充度|开工率|产能利用率|比例|烧失量?|增重|失重|误差)"
)

_PASTE = r"(?:PO4(?:/C)?|active material|carbon black|acetylene black|Super ?P|(?-i:PVDF|CMC|SBR|CNTs?|VGCF|LM?FP)|graphite|binder|conductive agent|活性物质|导电炭?黑|导电剂|粘结剂|炭黑)\s?\((?:about )?$"
_FRACTIONS = (
    _behind("magnetic_impurities", r"\s?(?:of )?(?:magnetic\b(?! separat)|磁性)"),
    _led("purity", r"(?<![A-Za-z])(?-i:Li|LiOH|LiOH·H2O|Li2CO3|Ga)(?:\s?content)?|锂(?:含量)?|主含量"),
    _led("", r"(?<![A-Za-z])(?-i:A\d{2,3})|elongation|延伸率"),
    _led("capacity_retention", r"\d\s?C\s?/\s?0?\.\d+\s?C(?:\s?(?:discharge |放电)?(?:capacity|克?容量)?\s?(?:ratio|retention|比[率值例]?|之比|保持率?))?"),
    _led("capacity_retention", r"\d\s?C\s?(?:时|下)?(?:的)?(?:放电)?(?:比?容量)?的"),
    _behind("oxygen_content", r"\s?(?:of\s)?(?:oxygen\b(?! source)|(?-i:O2)(?![A-Za-z0-9]))"),
    _behind("humidity", r"\s?(?:RH\b|relative humidity|r\.h\.)"),
    _behind("", r"\s?(?:stoichiometric |molar )?(?:excess|surplus|of theory)\b"),
    _led("concentration", r"(?-i:H2O2|HCl|H2SO4|HNO3|H3PO4|NaOH|NH3|PPA|MAP)|\bacid|ammonia(?: water)?|peroxide|caustic|硫酸|盐酸|硝酸|双氧水|氨水|液碱|烧碱|浓酸|稀酸"),
    _behind("solid_content", r"\s?(?:w/w |by weight )?solids?\b(?!-)"),
    _led("moisture", _MOISTURE),
    _led("first_cycle_efficiency", r"(?<!current )(?<!coulombic )(?<!columbic )(?<!coulomb )(?<!leaching )(?<!removal )(?<!recovery )efficiency|(?<!电流)(?<!库伦)(?<!库仑)(?<!浸出)(?<!去除)(?<!交换)(?<!过滤)效率"),
    _after("", r"(?:rose|fell|dropped|increased|decreased|gained|lost|up|down)\s(?:by\s)?(?:about\s)?$"),
    _led("carbon_content", rf"(?:carbon|(?<![A-Za-z°\d]){_NO_CODE}(?-i:C)|碳|含碳|碳的质量分数)(?:\scontent)?"),
    _after("concentration", r"(?:liquor|solution|brine|leachate|filtrate|eluate|feed|溶液|母液|卤水|浸出液)\s?(?:containing|contains|with|of|at|含)\s?(?:about |约)?$"),
    _led("doping_amount", r"doped with|doping|dopant|掺杂|掺入"),
    _led("", _NOTHING),
    _led("impurity", rf"(?:(?<![A-Za-z0-9/]){_NO_CODE}{_ELEMENTS}|{_NAMES})(?:\s?(?:content|含量))?"),
    _led("oxygen_content", r"(?<![A-Za-z0-9/])(?-i:O2)|oxygen|氧"),
    _led("yield", _RATES),
    _led("amount", _ADDED.removeprefix(r"(?:的)?\s?(?:of\s)?(?:a |the )?")),
    _led("capacity_retention", _KEPT),
    _led("yield", _DONE),
    _behind("yield", r"\s?of (?:the |all )?(?:[\w-]+ ){1,3}(?:is|was|are|were|has been|have been) (?:converted|extracted|leached|dissolved|recovered|removed|adsorbed|eluted)\b"),
    _behind("", r"\s?acid (?:in excess|excess)\b"),
    _behind("", r"\s?(?:Li2O|soc\b|的?Li2O)"),
    _behind("moisture", r"\s?(?:of\s)?(?:moisture|water)\b(?! ?(?:bath|glass))"),
    _behind("solid_content", r"\s?(?:w/w |by weight )?solids\b"),
    _behind("yield", r"\s?(?:overall |lithium |total |single-pass )*(?:yield|recovery|conversion|extraction)\b|\s?(?:was |were )?(?:recovered|extracted|leached|converted|removed|dissolved)\b"),
    _behind("capacity_retention", r"\s?(?:of it )?(?:survived|remained|remains|was retained|is retained|was left|after \d+ cycles)"),
    _behind("", r"\s?(?:of the (?:contract|price|total|sum|order)|excess|interest|per (?:day|year|month|annum)|的?预付款|定金|违约金)"),
    _behind("capacity_retention", r"\s?(?:(?:capacity )?retention|of (?:its|the|their) (?:[\w.]+[ -]){0,3}capacity|的?(?:容量)?保持率)"),
    _behind("capacity_retention", r"\s?of (?:that|(?:the|its) (?:value|capacity|one)) (?:measured |obtained |found )?at \S{1,4} ?C\b"),
    _behind("capacity_retention", r"\s?(?:\(\S{1,4} ?C\))?(?:\s?(?:,|and|/)\s?[\d.]+ ?%\s?(?:\(\S{1,4} ?C\))?){1,2}\s?of (?:its|the|their) (?:[\w.]+[ -]){0,3}capacity"),
    _behind("first_cycle_efficiency", r"\s?(?:first[- ](?:cycle )?|initial |coulombic )*efficiency"),
    _behind("carbon_content", r"\s?(?:的)?(?:of\s)?(?:carbon\b(?! source)|(?-i:C)(?![A-Za-z])|碳(?!源|酸))"),
    _after("amount", _PASTE),
    _behind("concentration", r"\s?" + _ACIDS),
    _behind("doping_amount", _DOPANTS),
    _behind("impurity", rf"\s?(?:of\s)?(?:(?:{_ELEMENTS})(?![A-Za-z0-9])|(?:{_NAMES})(?![a-z]))"),
    _behind("amount", _ADDED),
)  # fmt: skip
_LENGTHS = (
    _after("diameter", r"(?:[Φφøϕ∅]|diameter|直径|内径|模具|模)\s?(?:of\s|为|:|=)?\s?$"),
    _after("", r"(?:roll gap|tolerance|deviation|辊缝|间隙|公差|偏差|过滤|滤芯|滤膜|filter|排气筒|高度?)\s?(?:of |为|:|\(|±)*\s?$"),
    _behind("thickness", r"\s?(?:[a-z-]+ ){0,2}(?:foil|film|sheet|strip|separator|membrane|plate)s?\b"),
    _after("diameter", r"\b(?:discs?|disks?|pellets?|tablets?|circles?|圆片|极片) of (?:about )?$"),
    _behind("diameter", r"\s?(?:ZrO2|YSZ)|\s?(?:[a-z-]+ ){0,2}(?:beads?|balls?|media|die|mould|mold|column|pipe|disc|nozzle|bore|hole)s?\b|\s?(?:的)?(?:氧化锆|锆)?(?:珠|球|模具|模)"),
    _after("thickness", r"厚(?:度)?(?:约|为|由|从)?\s?$|\brolled (?:down )?(?:from |to )(?:about )?$|层(?:厚)?\s?[≤<约为]*\s?$"),
    _after("width", r"宽(?:度)?(?:约|为)?\s?$"),
    _behind("thickness", r"\s?(?:thick\b|厚)"),
    _behind("", r"\s?(?:wide|long|high|deep|filter|cartridge|高|长|宽|滤芯|滤膜|筛网)"),
    _after("thickness", r"(?:strip|foil|sheet|film|锂带|锂箔|箔|极片|隔膜)[^.;。;]{0,40}$"),
)  # fmt: skip
_MASSES = (
    _led(
        "adsorption_capacity",
        r"吸附容量|吸附量|交换容量|工作容量|(?:adsorption|working|exchange|loading) capacity|uptake",
    ),
)


# What every stretch before a number that a rule of `_FRACTIONS` is led by has somewhere; looked for all at once.
_STEMS = (
    "c/", "c /", "efficiency", "效率", "h2o2", "hcl", "h2so4", "hno3", "h3po4", "naoh", "nh3", "ppa", "map", "acid", "ammonia", "peroxide", "caustic",
    "硫酸", "盐酸", "硝酸", "双氧水", "氨水", "液碱", "烧碱", "water", "moisture", "h2o", "水", "rose", "fell", "dropped", "increased", "decreased", "gained",
    "lost", "up", "down", "carbon", "碳", "liquor", "solution", "brine", "leachate", "filtrate", "eluate", "feed", "溶液", "母液", "卤水", "浸出液", "dop", "掺",
    "content", "含量", "o2", "oxygen", "氧", "率", "leach", "recover", "extract", "convert", "dissolv", "remov", "precipitat", "adsorb", "elut", "desorb",
    "strip", "reject", "浸出", "回收", "提取", "转化", "脱除", "去除", "沉淀", "解吸", "吸附", "洗脱", "retain", "keep", "kept", "maintain", "preserv", "hold",
    "po4", "active", "black", "super", "lfp", "lmfp", "cnt", "vgcf", "graphite", "binder", "conductive", "活性", "导电", "炭黑", "保持", "保有", "剩", "c的", "容量的", "li2o", "utilisation", "utilization", "filling", "烧失", "占", "价", "税", "利", "elongation", "延伸", "锂", "li", "ga", "cmc", "sbr", "pvdf", "主含量",
)  # fmt: skip
_SIGNS = tuple(
    "Na K Ca Mg Al Si Fe Mn Ni Co Cr Cu Zn Pb Cd As Hg Ti V Mo Zr B S C Cl F O SO NO NH PO CO II III".split()  # noqa: SIM905
)


@cache
def _stems() -> tuple[Words, tuple[frozenset[int], ...]]:
    """All stems, and for each the numbers of the rules that it may lead to."""
    words = {
        word.lower() for word in (*_NAMES.split("|"), *_NOTHING[3:-1].split("|"), *_ADDED.split("|")) if word.isalpha()
    }
    words.update(
        ("glucose", "氯化钡", "polyethylene glycol", "carbon source", "citric acid", "free lithium", "residual")
    )
    stems = Words(sorted(words.union(_STEMS)))
    texts = [(rule.led or rule.before or _CHARGE).pattern.lower() for rule in _FRACTIONS]
    own = [frozenset(number for number, text in enumerate(texts) if stem in text) for stem in stems.words]
    return stems, tuple(numbers or frozenset(range(len(texts))) for numbers in own)


def _worth_trying(before: str, led: str) -> tuple[_Rule, ...]:
    """The rules for fractions, in order, that what stands before a number may lead to, and those for what follows."""
    stems, own = _stems()
    places = stems.places(before)
    led_to = own if places is None else [own[number] for number, _ in places]
    return _rules_of(frozenset[int]().union(*led_to), signed=_CHARGE.sub("", led).endswith(_SIGNS))


@lru_cache(maxsize=256)  # mostly the same few
def _rules_of(numbers: frozenset[int], *, signed: bool) -> tuple[_Rule, ...]:
    return tuple(
        rule
        for number, rule in enumerate(_FRACTIONS)
        if rule.after is not None or number in numbers or (signed and rule.name in _SIGNED)
    )


_SIGNED = frozenset({"impurity", "carbon_content", "oxygen_content"})
_CHARGE = re.compile(r"[\s\d+().-]+$")
DOPANT_SIGNS = "Ti|Nb|V|Zr|W|Mo|Mg|Al|Y|La"
_DOPANT = re.compile(
    rf"(?<![A-Za-z])(?:{DOPANT_SIGNS})\s?$|(?:titanium|niobium|vanadium|zirconium|tungsten|钛|铌|钒|锆|钨)\s?$",
    re.I,
)
_DOPED = re.compile(r"dop|掺|glucose|sucrose|葡萄糖|蔗糖|碳源|carbon source", re.I)
_RULES = {"length": _LENGTHS, "mass concentration": _MASSES}


def _stripped(before: str) -> str:
    """What stands before a number, without signs and words such as "is", "of", "about", "低于"."""
    while True:
        before = before.rstrip(_PUNCTUATION)
        lowered = before.lower()
        for word in _LINKS_BY_END.get(lowered[-1:], ()):
            if lowered.endswith(word) and not (word[0].isascii() and lowered[: -len(word)][-1:].isalpha()):
                before = before[: -len(word)]
                break
        else:
            return before[-_WORDS:]


_PUNCTUATION = " \n\t:=~≈<>≤≥("


def beside(sentence: Sentence, quantity: Found) -> str | None:
    """The property that the neighbours of a quantity tell; "" where they say that it has none."""
    family = quantity.family
    if family != "fraction" and family not in _RULES:
        return None
    text, value = sentence.text, quantity.quantity
    if text[quantity.end - 2 : quantity.end] == "RH":
        return "humidity"
    before = text[max(sentence.start, quantity.start - _LEFT) : quantity.start]
    led = _stripped(before)
    behind = text[quantity.end : min(sentence.end, quantity.end + _RIGHT)]
    for rule in _worth_trying(before, led) if family == "fraction" else _RULES[family]:
        if rule.led is not None:
            told = rule.led.search(led)
        elif rule.before is not None:
            told = rule.before.search(before)
        else:
            assert rule.after is not None
            told = rule.after.match(behind)
        if told is None:
            continue
        if rule.name == "thickness" and value.unit in ("m", "km"):
            return ""
        if rule.name == "purity" and (value.unit != "%" or value.value < PURE):
            continue
        if rule.name == "impurity" and value.unit == "%" and value.value > CONSTITUENT:
            return ""
        if rule.name == "impurity" and _DOPANT.search(led) and _DOPED.search(text, sentence.start, sentence.end):
            return "doping_amount"
        if rule.name != "capacity_retention" or (value.unit == "%" and value.value >= _KEPT_LEAST):
            return rule.name
    return None
