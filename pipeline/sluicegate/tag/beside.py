"""What a fraction, a concentration or a length is of, told by the words right beside the number.

"98 % sulfuric acid", "Na 12 ppm", "0.3 mol% of Nb2O5", "we leach 88 %", "60 % RH", "0.2 mm zirconia beads": no property
is named, yet every reader knows it. In: the sentence and one quantity in it. Out: a property, "" for none of them all,
or None where the neighbours say nothing.
"""

# ruff: noqa: E501  (long lines are word lists and patterns)

from __future__ import annotations

import re

from sluicegate.tag.bound import Sentence
from sluicegate.tag.quantity import Found

_KEPT_LEAST = 40  # % of a capacity that a cell is said to keep
CONSTITUENT = 5  # % from which an element is a constituent and no impurity
_LEFT, _RIGHT = 44, 36  # characters that are looked at on either side
_LINK = (
    r"(?:\s|:|=|~|≈|[<>≤≥]=?|\(|of\b|is\b|was\b|to\b|at\b|by\b|as\b|about\b|only\b|around\b|approximately\b|roughly\b|below\b|under\b|above\b|over\b|nearly\b|up\b|"
    r"less than\b|more than\b|at least\b|at most\b|maximum\b|max\.?|min\.?|为|约|达到?|仅|只有|至|到|在|低于|高于|不超过|超过|小于|大于|不低于|不足|不大于|不小于|以下)*$"
)


def _before(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{words})" + _LINK, re.I)


_ELEMENTS = (
    r"(?-i:Na|K|Ca|Mg|Al|Si|Fe|Mn|Ni|Co|Cr|Cu|Zn|Pb|Cd|As|Hg|Ti|V|Mo|Zr|B|S|Cl|F|SO4|NO3|NH4|PO4|SiO2|Al2O3|Fe2O3|CaO|MgO|Na2O|K2O|CO3|H2O)"
    r"(?:\s?\(?(?:[2-4]?[+-]|II|III)\)?)?"
)
_NAMES = (
    "sodium|potassium|calcium|magnesium|aluminium|aluminum|silicon|silica|iron|nickel|cobalt|chromium|chrome|copper|zinc|lead|sulfur|sulphur|sulfate|sulphate|chloride|chlorine|"
    "fluorine|fluoride|boron|phosphorus|free lithium|residual lithium|residual alkali|ferric iron|"
    "钠|钾|钙|镁|铝|硅|铁|镍|钴|铬|铜|锌|铅|硫|氯|氟|硼|磷|硫酸根|氯离子|三价铁|游离锂|残锂|残碱|残余锂|溶出铁|铁溶出"
)
_ACIDS = (
    r"(?:\(?(?:w/w|v/v|by (?:mass|weight|volume))\)?\s?)?(?:的)?(?:of\s)?(?:dilute[d]?\s|concentrated\s|aqueous\s|strong\s|稀|浓)?"
    r"(?:\w{3,14}\s)?(?:acid\b|solution\b|liquor\b|caustic|soda ash|soda\b|ammonia|peroxide|hydroxide solution|hypochlorite|brine\b|lye\b|hydrogen\b(?! source)|oxygen\b(?! content)|"
    r"(?-i:H2SO4|HCl|HNO3|H3PO4|H2O2|NaOH|KOH|NH3|NaCl|Na2CO3|LiCl|LiOH|Li2SO4|Na2SO4|KCl|CaCl2|FeCl3|NH4H2PO4|H2|O2|CO2|CO|P204|P507|TBP|D2EHPA|N235|Cyanex)(?![A-Za-z0-9])|"
    r"硫酸|盐酸|硝酸|磷酸(?![铁锰锂])|草酸|柠檬酸|双氧水|氨水|烧碱|液碱|氢氧化钠|纯碱|氢气|氧气|稀酸|\w{0,10}溶液|水溶液)"
)
_ADDED = r"(?:的)?\s?(?:of\s)?(?:a |the )?(?:glucose|sucrose|sugar|starch|lactose|PEG|polyethylene glycol|polyvinyl|PVP|carbon source|dispersant|surfactant|binder|flux|citric acid|葡萄糖|蔗糖|淀粉|碳源|聚乙二醇|分散剂|柠檬酸|助剂|氢氧化钡|氯化钡)"
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
    r"(?:excess|loss|losses|price|prices|share|interest|deviation|difference|rise|fall|growth|grade|tolerance|duty|tariff|VAT|tax|discount|margin|demand|output|utili[sz]ation|filling degree|"
    r"Li2O|过量|损耗|损失|价格?|占比|占|占总?额的?|下跌|上涨|增长|同比|环比|涨幅|跌幅|降幅|利率|税率?|折扣|毛利率?|品位|偏差|误差|公差|填充度|开工率|产能利用率|比例|烧失量?|增重|失重|误差)"
)

_FRACTIONS: tuple[tuple[str, re.Pattern[str] | None, re.Pattern[str] | None], ...] = (
    ("capacity_retention", _before(r"\d\s?C\s?/\s?0?\.\d+\s?C(?:\s?(?:ratio|retention|比))?"), None),
    ("oxygen_content", None, re.compile(r"\s?(?:of\s)?(?:oxygen\b(?! source)|(?-i:O2)(?![A-Za-z0-9]))", re.I)),
    ("humidity", None, re.compile(r"\s?(?:RH\b|relative humidity|r\.h\.)", re.I)),
    ("", None, re.compile(r"\s?(?:excess|surplus|of theory)\b", re.I)),
    ("concentration", _before(r"(?-i:H2O2|HCl|H2SO4|HNO3|H3PO4|NaOH|NH3|PPA|MAP)|\bacid|ammonia(?: water)?|peroxide|caustic|硫酸|盐酸|硝酸|双氧水|氨水|液碱|烧碱"), None),
    ("solid_content", None, re.compile(r"\s?(?:w/w |by weight )?solids?\b(?!-)", re.I)),
    ("moisture", _before(_MOISTURE), None),
    ("first_cycle_efficiency", _before(r"(?<!current )(?<!coulombic )(?<!columbic )(?<!coulomb )(?<!leaching )(?<!removal )(?<!recovery )efficiency|(?<!电流)(?<!库伦)(?<!库仑)(?<!浸出)(?<!去除)(?<!交换)(?<!过滤)效率"), None),
    ("", re.compile(r"(?:rose|fell|dropped|increased|decreased|gained|lost|up|down)\s(?:by\s)?(?:about\s)?$", re.I), None),
    ("carbon_content", _before(rf"(?:carbon|(?<![A-Za-z°\d]){_NO_CODE}(?-i:C)|碳|含碳|碳的质量分数)(?:\scontent)?"), None),
    ("concentration", re.compile(r"(?:liquor|solution|brine|leachate|filtrate|eluate|feed|溶液|母液|卤水|浸出液)\s?(?:containing|contains|with|of|at|含)\s?(?:about |约)?$", re.I), None),
    ("doping_amount", _before(r"doped with|doping|dopant|掺杂|掺入"), None),
    ("", _before(_NOTHING), None),
    ("impurity", _before(rf"(?:(?<![A-Za-z0-9/]){_NO_CODE}{_ELEMENTS}|{_NAMES})(?:\s?(?:content|含量))?"), None),
    ("oxygen_content", _before(r"(?<![A-Za-z0-9/])(?-i:O2)|oxygen|氧"), None),
    ("yield", _before(_RATES), None),
    ("amount", _before(_ADDED.removeprefix(r"(?:的)?\s?(?:of\s)?(?:a |the )?")), None),
    ("capacity_retention", _before(_KEPT), None),
    ("yield", _before(_DONE), None),
    ("", None, re.compile(r"\s?(?:Li2O|soc\b|的?Li2O)", re.I)),
    ("moisture", None, re.compile(r"\s?(?:of\s)?(?:moisture|water)\b(?! ?(?:bath|glass))", re.I)),
    ("solid_content", None, re.compile(r"\s?(?:w/w |by weight )?solids\b", re.I)),
    ("yield", None, re.compile(r"\s?(?:overall |lithium |total |single-pass )*(?:yield|recovery|conversion|extraction)\b|\s?(?:was |were )?(?:recovered|extracted|leached|converted|removed|dissolved)\b", re.I)),
    ("capacity_retention", None, re.compile(r"\s?(?:of it )?(?:survived|remained|remains|was retained|is retained|was left|after \d+ cycles)", re.I)),
    ("", None, re.compile(r"\s?(?:of the (?:contract|price|total|sum|order)|excess|interest|per (?:day|year|month|annum)|的?预付款|定金|违约金)", re.I)),
    ("capacity_retention", None, re.compile(r"\s?(?:(?:capacity )?retention|of (?:its|the|their) (?:\w+[ -]){0,3}capacity|的?(?:容量)?保持率)", re.I)),
    ("first_cycle_efficiency", None, re.compile(r"\s?(?:first[- ](?:cycle )?|initial |coulombic )*efficiency", re.I)),
    ("carbon_content", None, re.compile(r"\s?(?:的)?(?:of\s)?(?:carbon\b(?! source)|(?-i:C)(?![A-Za-z])|碳(?!源|酸))", re.I)),
    ("concentration", None, re.compile(r"\s?" + _ACIDS, re.I)),
    ("doping_amount", None, re.compile(_DOPANTS, re.I)),
    ("impurity", None, re.compile(rf"\s?(?:of\s)?(?:(?:{_ELEMENTS})(?![A-Za-z0-9])|(?:{_NAMES})(?![a-z]))", re.I)),
    ("amount", None, re.compile(_ADDED, re.I)),
)  # fmt: skip
_LENGTHS = (
    ("diameter", re.compile(r"(?:[Φφøϕ∅]|diameter|直径|内径|模具|模)\s?(?:of\s|为|:|=)?\s?$", re.I), None),
    ("", re.compile(r"(?:roll gap|tolerance|deviation|辊缝|间隙|公差|过滤|滤芯|滤膜|filter|排气筒|高度?)\s?(?:of |为|:|\(|±)*\s?$", re.I), None),
    ("diameter", None, re.compile(r"\s?(?:[a-z-]+ ){0,2}(?:beads?|balls?|media|die|mould|mold|column|pipe|disc|nozzle|bore|hole)s?\b|\s?(?:的)?(?:氧化锆|锆)?(?:珠|球|模具|模)", re.I)),
    ("thickness", re.compile(r"厚(?:度)?(?:约|为)?\s?$"), None),
    ("thickness", None, re.compile(r"\s?(?:thick\b|厚)", re.I)),
    ("", None, re.compile(r"\s?(?:wide|long|high|deep|filter|cartridge|高|长|宽|滤芯|滤膜|筛网)", re.I)),
    ("thickness", re.compile(r"(?:strip|foil|sheet|film|锂带|锂箔|箔|极片|隔膜)[^.;。;]{0,40}$", re.I), None),
)  # fmt: skip
_MASSES = (
    (
        "adsorption_capacity",
        _before(r"吸附容量|吸附量|交换容量|工作容量|(?:adsorption|working|exchange|loading) capacity|uptake"),
        None,
    ),
)


def beside(sentence: Sentence, quantity: Found) -> str | None:
    """The property that the neighbours of a quantity tell; "" where they say that it has none."""
    family, value = quantity.family, quantity.quantity
    if family == "fraction":
        if sentence.text[quantity.end - 2 : quantity.end] == "RH":
            return "humidity"
        rules: tuple[tuple[str, re.Pattern[str] | None, re.Pattern[str] | None], ...] = _FRACTIONS
    elif family == "length":
        rules = _LENGTHS
    elif family == "mass concentration":
        rules = _MASSES
    else:
        return None
    left = sentence.text[max(sentence.start, quantity.start - _LEFT) : quantity.start]
    right = sentence.text[quantity.end : min(sentence.end, quantity.end + _RIGHT)]
    for name, before, after in rules:
        if before is not None and before.search(left):
            if name == "capacity_retention" and (value.unit != "%" or value.value < _KEPT_LEAST):
                continue
            return "" if name == "impurity" and value.unit == "%" and value.value > CONSTITUENT else name
        if after is not None and after.match(right):
            return "" if name == "impurity" and value.unit == "%" and value.value > CONSTITUENT else name
    return None
