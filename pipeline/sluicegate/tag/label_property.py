"""The property of a label that names none in so many words: a table's label with its units in, mentions out.

"Ca (ppm)" and "槽温(℃)" are told by their unit, "Dv50", "Vavg (V)" and "1C ret. (%)" by how short heads are written.
"""

# ruff: noqa: E501  (long lines are word lists and patterns)

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from sluicegate.tag.properties import Mention, Properties
from sluicegate.tag.units import Unit

_WORD = 4
_ELEMENT = re.compile(
    r"(?:Na|K|Ca|Mg|Al|Si|Fe|Mn|Ni|Co|Cr|Cu|Zn|Pb|Cd|As|Hg|Ti|V|Mo|Zr|B|S|Cl|F|SO4|NO3|PO4|SiO2|Al2O3|Fe2O3|CaO|MgO|Na2O|K2O|CO3|LOI)(?:\s?[2-4]?[+-])?"
    r"(?=$|[\s(,/:\[]|含量)|(?i:sodium|potassium|calcium|magnesium|iron|copper|zinc|nickel|chromium|sulfur|sulphur|sulfate|sulphate|chloride|boron|silicon|free lithium|residual lithium)\b|[钠钾钙镁铝硅铜锌镍铬硫氯硼](?:含量)?(?=$|[\s(,/:])"
)
_OXYGEN = re.compile(r"O2(?=$|[\s(,/:\[])|oxygen|氧")
_WATER = re.compile(r"(?:H2O|water|水)(?=$|[\s(,/:\[])", re.I)
_RESIDUE = re.compile(
    r"\b(?:residual|free|soluble)\s+(?:Li|alkali|carbonate|hydroxide)|残[余留]?(?:锂|碱|Li)|insoluble|不溶物|^CO2\b|^ash\b|灰分|^LOI\b",
    re.I,
)
_CARBON = re.compile(r"C(?=$|[\s(,\[])|carbon\b|碳(?=$|[\s(,/:])", re.I)
_MAIN = re.compile(
    r"(?:Li2CO3|LiOH(?:·H2O)?|LiCl|Li|Ga)(?:\s?content|含量)?(?=\s?(?:$|[(,/:\[%]|wt|mol))|main content|主含量|主成分"
)
_TAKEN = re.compile(r"leach|dissol|strip|elut|浸出|溶出|解吸|脱附|洗脱", re.I)
_LOST = re.compile(r"loss|lost|损失|损耗|烧失", re.I)
_DOPANT_OXIDES = re.compile(r"(?:TiO2|Nb2O5|V2O5|ZrO2|WO3|MoO3|NH4VO3)(?=$|[\s(,/:]|掺)")
_EFFICIENCY = re.compile(r"\d\s?C\b.*\befficiency|\befficiency\b|\bCE\b|效率", re.I)
_OTHER_EFFICIENCY = re.compile(r"current|faradaic|leach|remov|recover|电流|浸出|去除", re.I)


def named_by_unit(text: str, units: Iterable[tuple[Unit, float]], properties: Properties) -> tuple[Mention, ...]:
    """The property of a label that names none but carries a unit or an element's sign; () when there is none."""
    if _SHARES.match(text):
        return (Mention("ratio", frozenset(), 0, len(text)),)
    families = {unit.family for unit, _ in units}
    for short in _SHORT_NAMES:
        if (not families or short.families & families) and short.pattern.search(text):
            return (Mention(short.name, short.families, 0, len(text)),)
    name = ""
    if "fraction" in families or not families:
        name = _share(text, stated=bool(families))
        families = {"fraction"}
    else:
        name = next((properties.default[family] for family in sorted(families) if family in properties.default), "")
    return (Mention(name, frozenset(families), 0, len(text)),) if name else ()


class _Short(NamedTuple):
    """What a property is called where the head of a table has little room."""

    name: str
    families: frozenset[str]
    pattern: re.Pattern[str]


def _short(name: str, family: str, pattern: str) -> _Short:
    return _Short(name, frozenset({family}), re.compile(pattern))


_SHORT_NAMES = (
    _short("particle_size", "length", r"^[Dd]\s?(?:v|\()[v,\s]*\(?0?\.?\d{1,3}\)?"),
    _short("mean_voltage", "voltage", r"^[VUE][\s_]?(?:avg|ave|av|mean|mid|m)\b|^[VUE]̄"),
    _short("specific_capacity", "specific capacity", r"^Q\s?[\d(]|^(?i:discharge)\b|^放电$"),
    _short("charge_capacity", "specific capacity", r"^(?i:charge)\b(?![ /-]*(?i:dis))|^充电$"),
    _short("capacity_retention", "fraction", r"\d ?C\b.*\b(?i:ret)\b|\b(?i:ret)\. ?(?:@|at)? ?\d ?C|\d ?C保持"),
    _short("magnetic_impurities", "fraction", r"^(?i:magnetics?)\b|^磁性"),
    _short("current_efficiency", "fraction", r"(?i:current|电流)\s?(?i:eff)"),
    _short("yield", "fraction", r"\b(?i:rec(?:ov)?)\.|^(?i:rec)\b"),
    _short("doping_amount", "fraction", r"掺杂|\b(?i:dop(?:ing|ant|ed))\b"),
    _short("bed_volume", "bed volume", r"\bBV\b"),
)


_SHARES = re.compile(  # "Mn/(Mn+Fe)", "Na/Li (mol)"
    r"(?P<one>(?:Fe|Mn|Li|P|Mg|Na|Al|K)|\((?:Fe|Mn|Li|Mg|Na|\+)+\))\s?[/:]\s?(?:Fe|Mn|Li|P|Mg|Na|Al|K|\((?:Fe|Mn|Li|Mg|Na|P|\+)+\))(?=$|[\s(,])"
)


def _share(text: str, *, stated: bool) -> str:
    if stated and (_LOST.search(text) or _TAKEN.search(text)):
        return "" if _LOST.search(text) else "yield"
    if stated and _DOPANT_OXIDES.match(text):
        return "doping_amount"
    if _OXYGEN.match(text):
        return "oxygen_content"
    if _WATER.match(text):
        return "moisture"
    if _RESIDUE.search(text) and stated:
        return "impurity"
    if stated and _MAIN.match(text):
        return "purity"
    if _ELEMENT.match(text) and (stated or len(text) > 1):
        return "impurity"
    if not stated and len(text) < _WORD:
        return ""
    if _CARBON.match(text):
        return "carbon_content"
    return "first_cycle_efficiency" if _EFFICIENCY.search(text) and not _OTHER_EFFICIENCY.search(text) else ""


def share_of(text: str, family: str = "fraction") -> Mention | None:
    """What a label that is nothing but an element's sign says of a share or a concentration in a liquor: an impurity
    (lithium: its concentration), the carbon content or the moisture."""
    if family != "fraction":
        name = "impurity" if _ELEMENT.fullmatch(text) else "concentration" if text == "Li" else ""
    else:
        name = "carbon_content" if _CARBON.fullmatch(text) else _share(text, stated=True)
    return Mention(name, frozenset({family}), 0, len(text)) if name else None
