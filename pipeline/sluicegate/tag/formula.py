"""Chemical formulas: text in, compositions and their class (lfp, lmfp, phosphate_precursor, other:nmc …) out.

Reads decimals, ranges and variables (`LiMnxFe1-xPO4 (0.4≤x≤0.8)`), dopants, groups, hydrates, coatings (`/C`) and
subscripts torn off by a space or a line break (`LiFePO 4`). Works on normalised text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sluicegate.tag.guided import tried

_ELEMENT = (
    "(?:Li|Fe|Mn|Mg|Ni|Co|Al|Ti|Zr|Nb|Na|Ca|Cl|Cr|Cu|Zn|Mo|Si|Se|Sr|Br|Ba|La|Ce|Ga|Ge|Ag|Sn|Ta|Sb|In|Ru|"
    "[HBCNOFPSKVWYM])"
)
_VARIABLE = "[a-eu-zδ]"
_TERM = rf"(?:\d+(?:\.\d+)?{_VARIABLE}?|{_VARIABLE})(?![a-z])"
_NUMBER = rf"(?:{_TERM}(?:[-+](?:{_TERM}|\((?:{_TERM})(?:[-+]{_TERM})*\)))*)"
_GAP_NUMBER = rf"(?:\s?{_NUMBER})"
_UNIT = rf"(?:{_ELEMENT}{_NUMBER}?)"
_GROUP = rf"(?:[(\[](?:{_UNIT}[,、]?\s?)+[)\]]{_NUMBER}?)"
_TIGHT = rf"(?:{_UNIT}|{_GROUP}){{2,}}"
_TORN = rf"(?:{_ELEMENT}{_GAP_NUMBER}?|[(\[](?:{_ELEMENT}{_GAP_NUMBER}?)+[)\]]{_GAP_NUMBER}?){{2,}}"
_GAPPED = rf"(?:{_ELEMENT}(?:\s{_NUMBER}\s?|{_NUMBER}\s?|)){{2,}}PO\s?4"
_TAIL = r"(?:·\s?(?:\d+(?:\.\d+)?|[xn])?\s?H2O)?(?:\s?[/@]\s?C(?![A-Za-z]))?"
_CANDIDATE = re.compile(rf"(?<![A-Za-z])(?:{_GAPPED}|{_TIGHT}|{_TORN}){_TAIL}(?![a-z])")
_ZEROED = re.compile(r"(?<![A-Za-z0-9])((?:Li|Na|Fe|Mn|Ni|\()[A-Za-z0-9.()]*?(?<!\.)(?<!\.\d))0([2-4])(?![\d.])")
_ZERO = re.compile(r"0[2-4](?![\d.])")
_OPENING = re.compile(  # where a formula may begin: no word, and behind a bracket an element
    r"[A-Z(\[](?<![A-Za-z].)(?![a-z](?:[f-t]|[a-z]{2}))(?:(?<![(\[])|(?=[A-Z]))"
)
_TOKEN = re.compile(rf"\s?({_ELEMENT})|\s?({_NUMBER})|([(\[])|([)\]])|[,、\s]")
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s?(?:≤|<=|<|⩽|≦)\s?([a-z])\s?(?:≤|<=|<|⩽|≦)\s?(\d+(?:\.\d+)?)")


_PHOSPHATE = re.compile(r"P\s?[O0Оо]\s{0,2}[4₄４]")
_OXIDE = re.compile(r"O\s?[24₂₄]")
_METALS_BEFORE = re.compile(r"(?:Ni|Co|Mn|Al)[\d.xyz₀-₉()-]{0,8}$")


def anchored(text: str) -> bool:
    """Whether an original text has what every cathode formula has somewhere: a cheap reason to look closer."""
    if _PHOSPHATE.search(text) is not None:
        return True
    return any(_METALS_BEFORE.search(text, max(0, at.start() - 10), at.start()) for at in _OXIDE.finditer(text))


class Formula(NamedTuple):
    """A formula at [start, end) of the normalised text; `amounts` in formula units, variables at mid-range or 0.5."""

    text: str
    start: int
    end: int
    amounts: tuple[tuple[str, float], ...]
    kind: str | None
    coated: bool = False
    hydrate: bool = False

    def at(self, start: int) -> Formula:
        """The same formula at another place."""
        end = start + len(self.text)
        return Formula(self.text, start, end, self.amounts, self.kind, self.coated, self.hydrate)


def find_formulas(text: str) -> Iterator[Formula]:
    """Every formula in a normalised text, classified; words, abbreviations and gases are passed over."""
    ranged = any(sign in text for sign in "≤<⩽≦")
    variables = {name: (float(low) + float(high)) / 2 for low, name, high in _RANGE.findall(text)} if ranged else {}
    if _ZERO.search(text) is not None:
        text = _ZEROED.sub(lambda match: f"{match[1]}O{match[2]}", text)
    parsed: dict[str, Formula | None] = {}
    for match in tried(_CANDIDATE, text, (opening.start() for opening in _OPENING.finditer(text))):
        written = match[0].rstrip()
        if written not in parsed:
            formula = parse_formula(written, variables=variables)
            parsed[written] = formula if formula is not None and _plausible(formula) else None
        known = parsed[written]
        if known is not None:
            yield known.at(match.start())


def parse_formula(text: str, *, start: int = 0, variables: dict[str, float] | None = None) -> Formula | None:
    """The composition of one formula, or None when it is not one (or a group never closes)."""
    body, hydrate, coated = text, False, False
    tail = re.search(r"\s?[/@]\s?C$", body)
    if tail:
        body, coated = body[: tail.start()], True
    water = re.search(r"·\s?(?:\d+(?:\.\d+)?|[xn])?\s?H2O$", body)
    if water:
        body, hydrate = body[: water.start()], True
    amounts = _amounts(body, variables or {})
    if not amounts:
        return None
    pairs = tuple(sorted(amounts.items()))
    return Formula(text, start, start + len(text), pairs, classify(amounts), coated, hydrate)


def _amounts(body: str, variables: dict[str, float]) -> dict[str, float] | None:
    stack: list[list[tuple[dict[str, float], float]]] = [[]]
    position = 0
    while position < len(body):
        match = _TOKEN.match(body, position)
        if match is None:
            return None
        position = match.end()
        element, number, opening, closing = match.groups()
        if element:
            stack[-1].append(({element: 1.0}, 1.0))
        elif number and stack[-1]:
            stack[-1][-1] = (stack[-1][-1][0], _value(number, variables))
        elif opening:
            stack.append([])
        elif closing:
            if len(stack) == 1:
                return None
            inner = _total(stack.pop())
            stack[-1].append((inner, 1.0))
        elif number:
            return None
    return _total(stack[0]) if len(stack) == 1 else None


def _total(parts: list[tuple[dict[str, float], float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for amounts, times in parts:
        for element, amount in amounts.items():
            total[element] = total.get(element, 0.0) + amount * times
    return total


def _value(number: str, variables: dict[str, float]) -> float:
    total, sign = 0.0, 1.0
    for piece in re.findall(r"[-+]|\d+(?:\.\d+)?[a-zδ]?|[a-zδ]", number):
        if piece in "+-":
            sign = 1.0 if piece == "+" else -1.0
            continue
        digits = piece.rstrip("abcdefghijklmnopqrstuvwxyzδ")
        name = piece[len(digits) :]
        default = 0.0 if name == "δ" else 0.5
        total += sign * (float(digits) if digits else 1.0) * (variables.get(name, default) if name else 1.0)
    return max(total, 0.0)


def _plausible(formula: Formula) -> bool:
    """Whether a candidate is worth a tag: a known class, or at least a digit and two elements of a solid."""
    if formula.kind is not None:
        return True
    elements = {element for element, _ in formula.amounts}
    return len(elements) >= 3 and any(char.isdigit() for char in formula.text) and bool(elements & _SOLIDS)


_SOLIDS = frozenset({"Li", "Fe", "Mn", "Ni", "Co", "P", "Na"})
_METALS = ("Ni", "Co", "Mn", "Al", "Fe", "Ti", "V")


def classify(amounts: dict[str, float]) -> str | None:
    """The class of a composition by its elements, or None when it is none of the cathode families.

    Olivines with any manganese above a tenth of iron plus manganese are lmfp, below it doped lfp (Announcement 28 of
    2025 sets no limit for dopants).
    """
    get = amounts.get
    if get("P", 0) > 0 and get("O", 0) >= 3.4 * get("P", 0):
        return _phosphate(amounts)
    oxygen = get("O", 0)
    if oxygen >= 1.8 and (get("Li", 0) or get("Na", 0)) and set(amounts) != {"Li", "O"}:
        return _layered(amounts, oxygen)
    if oxygen and get("H", 0) and get("Ni", 0):
        return "other:nmc"
    return None


def _phosphate(amounts: dict[str, float]) -> str | None:
    get = amounts.get
    iron, manganese = get("Fe", 0), get("Mn", 0)
    if get("Na", 0):
        return "other:sodium"
    if iron + manganese == 0:
        if get("Li", 0) and (get("Co", 0) or get("Ni", 0)):
            return "other:lcp"
        if get("Li", 0) and (get("Ti", 0) or get("Ge", 0) or get("Zr", 0)):
            return "other:solid_electrolyte"
        return "other:lvp" if get("Li", 0) and get("V", 0) else ("olivine" if get("Li", 0) and get("M", 0) else None)
    if not get("Li", 0):
        return "phosphate_precursor"
    return "lmfp" if manganese > 0.1 * (iron + manganese) else "lfp"


def _layered(amounts: dict[str, float], oxygen: float) -> str | None:
    get = amounts.get
    metals = sum(get(metal, 0) for metal in _METALS)
    if metals <= 0:
        return None
    if get("Na", 0) and not get("Li", 0):
        return "other:sodium"
    if get("Ti", 0) > 0.5 * metals and get("Li", 0) >= 1:
        return "brine" if get("Li", 0) >= 1.8 * get("Ti", 0) else "other:lto"  # Li2TiO3: sieve precursor
    ratio = get("Li", 0) / metals
    if metals == get("Mn", 0) and 0.7 <= ratio <= 1.1 and oxygen >= 3.5:
        return "brine"  # Li1.6Mn1.6O4, Li1.33Mn1.67O4: the spinels that lithium ion sieves are made of
    if get("Mn", 0) >= 0.5 * metals and ratio > 1.15:
        return "other:li_rich"
    if get("Ni", 0) and get("Mn", 0) and get("Co", 0):
        return "other:nmc"
    if get("Ni", 0) and get("Al", 0):
        return "other:nca"
    if get("Mn", 0) >= 0.7 * metals:
        return "other:lnmo" if get("Ni", 0) else "other:lmo"
    if get("Co", 0) >= 0.8 * metals:
        return "other:lco"
    return "other:nmc" if get("Ni", 0) else None
