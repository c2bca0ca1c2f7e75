"""Measurements and a control point in, one finding per criterion out: met, not met, not stated or unclear.

Pure. Joint criteria are weighed on one sample at a time; the findings returned are those of the sample that comes
nearest to meeting them all, because a text teaches its best example; what is said of no sample in particular counts for
each that says nothing of the kind itself. A bound from the wrong side ("rejected below 2.45 g/cm3") and a value that is
only about the threshold settle less than a measured one. A measurement made under an easier condition
than the list's own can prove a criterion not met, never met, and the other way round:

- a density at least the threshold, pressed with the list's pressure or less, is met; one below it, pressed with the
  list's pressure or more, is not met; everything else is unclear;
- a capacity, voltage or retention at least the threshold at the list's rate or a faster one is met; one below it at
  the list's rate or a slower one is not met;
- a capacity below the threshold in the cold is unclear;
- any other condition must agree within five per cent (a first efficiency or mean voltage without a C-rate has been
  given that of its sample's capacity).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sluicegate.controls import Condition, Criterion, Point
from sluicegate.tag import Tagged
from sluicegate.tag.binding import SENTENCE
from sluicegate.tag.same_sample import by_code
from sluicegate.verdict import CriterionFinding, CriterionStatus, Measurement, Quantity

_MET, _NOT_MET = CriterionStatus.MET, CriterionStatus.NOT_MET
_NOT_STATED, _UNCLEAR = CriterionStatus.NOT_STATED, CriterionStatus.UNCLEAR
_EASIER_WITH_MORE = frozenset({"pressure"})
_EASIER_WITH_LESS = {
    "c_rate": frozenset({"specific_capacity", "mean_voltage", "capacity_retention"}),
}
_FRACTIONS = {"%": 1e4, "ppm": 1.0, "ppb": 1e-3}
_QUOTE = 240
_NEAR = 0.05
_HAIR = 1e-6
_COLD = 15.0  # °C; every cathode gives less capacity below, so a low one says nothing of the list's own test


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One measurement against one criterion."""

    measurement: Measurement
    status: CriterionStatus
    margin: float | None
    note: str


def weigh(point: Point, measurements: Sequence[Measurement], tagged: Tagged) -> tuple[CriterionFinding, ...]:
    """One finding for each criterion of the point, in the list's order; () for a qualitative point.

    Measurements of another material are left out; those whose material is not named count.
    """
    own = by_code([m for m in measurements if m.material is None or m.material == point.label])
    best = _best_sample(point, own)
    findings = []
    for criterion in point.criteria:
        candidates = _of_sample(own, best) if criterion.joint else own
        findings.append(_finding(criterion, _strongest(criterion, candidates), tagged))
    return tuple(findings)


def joint_status(findings: Iterable[CriterionFinding]) -> CriterionStatus:
    """The status of all joint criteria together, for the sample that they were weighed on.

    Met when all are met; not met when one is not met (which takes its own test condition); else not stated when
    nothing at all was stated, else unclear.
    """
    statuses = [finding.status for finding in findings if finding.joint]
    return _joined(statuses)


def _joined(statuses: Sequence[CriterionStatus]) -> CriterionStatus:
    if not statuses or all(status is _NOT_STATED for status in statuses):
        return _NOT_STATED
    if all(status is _MET for status in statuses):
        return _MET
    if any(status is _NOT_MET for status in statuses):
        return _NOT_MET
    return _NOT_STATED if all(status in (_MET, _NOT_STATED) for status in statuses) else _UNCLEAR


def _best_sample(point: Point, measurements: Sequence[Measurement]) -> str | None:
    """The sample nearest to meeting all joint criteria; comparative examples only when they meet them."""
    criteria = [criterion for criterion in point.criteria if criterion.joint]
    names = {criterion.property for criterion in criteria}
    samples = list(dict.fromkeys(m.sample for m in measurements if m.property in names))
    if not samples:
        return None

    def rank(sample: str | None) -> tuple[int, int, int]:
        weighed = [_strongest(criterion, _of_sample(measurements, sample)) for criterion in criteria]
        statuses = [entry.status if entry else _NOT_STATED for entry in weighed]
        joined = _joined(statuses)
        order = {_NOT_MET: 0, _UNCLEAR: 1, _NOT_STATED: 1, _MET: 3}[joined]
        if joined is not _MET and (sample is None or sample.startswith(("comparative", "reference"))):
            order = -1
        return order, sum(status is _MET for status in statuses), -samples.index(sample)

    return max(samples, key=rank)


def _of_sample(measurements: Sequence[Measurement], sample: str | None) -> list[Measurement]:
    """The measurements of a sample; what the text states for no sample in particular joins an only sample, and of
    several each one that states nothing of the kind itself ("at least 3.86 V in every case")."""
    named = {m.sample for m in measurements if m.sample is not None}
    if len(named) <= 1:
        return list(measurements)
    own = [m for m in measurements if m.sample == sample]
    stated = {m.property for m in own}
    return [*own, *(m for m in measurements if m.sample is None and m.property not in stated)]


def _strongest(criterion: Criterion, measurements: Iterable[Measurement]) -> _Weighed | None:
    weighed = [entry for m in measurements if (entry := _weighed(criterion, m)) is not None]
    if not weighed:
        return None
    if (measured := [entry for entry in weighed if _is_measured(entry)]) and _one_test(weighed):
        weighed = measured
    reached = [entry for entry in weighed if entry.status is _UNCLEAR and (entry.margin or 0) >= 0]
    unnamed = any(entry.measurement.sample is None for entry in reached)

    def rank(entry: _Weighed) -> tuple[int, float]:
        order = {_MET: 3, _NOT_MET: 1, _UNCLEAR: 0}[entry.status]
        if entry.status is _NOT_MET and _only_bounds(criterion, entry.measurement.quantity):
            order = -1
        if entry.status is _UNCLEAR and unnamed and entry in reached:
            order = 2
        return order, entry.margin if entry.margin is not None else float("-inf")

    return max(weighed, key=rank)


def _is_measured(entry: _Weighed) -> bool:
    """Whether a value is one that a named sample gave: it decides over what is guaranteed or aimed at for it."""
    return entry.measurement.sample is not None and entry.measurement.quantity.comparator in ("=", "~")


def _one_test(weighed: Iterable[_Weighed]) -> bool:
    """Whether values are of one test, so that one can decide over the others."""
    return len({tuple(quantity.value for _, quantity in entry.measurement.conditions) for entry in weighed}) <= 1


def _only_bounds(criterion: Criterion, quantity: Quantity) -> bool:
    """Whether a value says only from which side the threshold is not reached ("rejected below 2.45 g/cm3")."""
    return quantity.comparator in (("<", "<=") if criterion.comparator in (">=", ">") else (">", ">="))


def _weighed(criterion: Criterion, measurement: Measurement) -> _Weighed | None:
    if measurement.property != criterion.property:
        return None
    span = _span(measurement.quantity, criterion.unit)
    if span is None:
        return None
    if criterion.property == "capacity_retention" and "cycles" in dict(measurement.conditions):
        return None
    reaches, margin = _compared(criterion, *span, about=measurement.quantity.comparator == "~")
    if reaches is None:
        return _Weighed(measurement, _UNCLEAR, margin, "the stated range lies on both sides of the threshold")
    if not reaches and (cold := _cold(measurement)):
        return _Weighed(measurement, _UNCLEAR, margin, f"measured at {cold}")
    if criterion.condition is None:
        return _Weighed(measurement, _MET if reaches else _NOT_MET, margin, "")
    stated = dict(measurement.conditions).get(criterion.condition.name)
    if criterion.property == "capacity_retention" and stated is not None and stated.value != criterion.condition.value:
        return None
    proves, note = _proves(criterion, criterion.condition, stated, reaches)
    if not proves:
        return _Weighed(measurement, _UNCLEAR, margin, note)
    return _Weighed(measurement, _MET if reaches else _NOT_MET, margin, "")


def _cold(measurement: Measurement) -> Quantity | None:
    """The temperature of a measurement of capacity in the cold."""
    temperature = dict(measurement.conditions).get("temperature")
    if measurement.property != "specific_capacity" or temperature is None:
        return None
    return temperature if max(temperature.value, temperature.high or temperature.value) < _COLD else None


def _span(quantity: Quantity, unit: str) -> tuple[float, float] | None:
    """The lowest and highest value that a quantity allows, in the criterion's unit; None for another kind of unit."""
    factor = 1.0
    if quantity.unit != unit:
        if quantity.unit not in _FRACTIONS or unit not in _FRACTIONS:
            return None
        factor = _FRACTIONS[quantity.unit] / _FRACTIONS[unit]
    low = quantity.value * factor
    high = low if quantity.high is None else quantity.high * factor
    if quantity.comparator in (">", ">="):
        return (low + abs(low) * _HAIR if quantity.comparator == ">" else low), float("inf")
    if quantity.comparator in ("<", "<="):
        return float("-inf"), (high - abs(high) * _HAIR if quantity.comparator == "<" else high)
    return low, high


def _compared(
    criterion: Criterion, low: float, high: float, *, about: bool = False
) -> tuple[bool | None, float | None]:
    """Whether the whole span fulfils the comparator (None: only part of it, or it is `about` the threshold itself) and
    how far it is beyond the threshold."""
    threshold = criterion.value
    if about and low == high and abs(low - threshold) <= _HAIR * threshold:
        return None, 0.0
    upward = criterion.comparator in (">=", ">")
    worst, best = (low, high) if upward else (high, low)
    if _fulfils(worst, criterion):
        reaches: bool | None = True
    elif _fulfils(best, criterion):
        reaches = None
    else:
        reaches = False
    known = worst if abs(worst) != float("inf") else best
    distance = known - threshold if upward else threshold - known
    return reaches, _tidy(distance)


def _fulfils(value: float, criterion: Criterion) -> bool:
    if criterion.comparator == ">=":
        return value >= criterion.value - 1e-9
    if criterion.comparator == ">":
        return value > criterion.value + 1e-9
    if criterion.comparator == "<=":
        return value <= criterion.value + 1e-9
    return value < criterion.value - 1e-9


def _proves(criterion: Criterion, condition: Condition, stated: Quantity | None, reaches: bool) -> tuple[bool, str]:
    """Whether a value measured under the stated condition settles the criterion, and if not, why not."""
    name = condition.name.replace("_", " ").replace("c rate", "C-rate")
    if stated is None:
        return False, f"no {name} is stated; the list measures at {condition}"
    if stated.unit != condition.unit:
        return False, f"the {name} is stated in another kind of unit"
    low, high = stated.value, stated.high if stated.high is not None else stated.value
    slack = _NEAR * condition.value * 0.2
    if condition.name in _EASIER_WITH_MORE:
        proves = high <= condition.value + slack if reaches else low >= condition.value - slack
    elif criterion.property in _EASIER_WITH_LESS.get(condition.name, ()):
        proves = low >= condition.value - slack if reaches else high <= condition.value + slack
    else:
        proves = abs(low - condition.value) <= _NEAR * condition.value and low == high
    return proves, "" if proves else f"measured at {stated}, the list measures at {condition}"


def _finding(criterion: Criterion, weighed: _Weighed | None, tagged: Tagged) -> CriterionFinding:
    doubt = "" if criterion.confirmed else criterion.note or "the value is not confirmed by the official text"
    if weighed is None:
        return CriterionFinding(
            criterion.property, _NOT_STATED, criterion.threshold, criterion.confirmed, note=doubt, joint=criterion.joint
        )
    measurement = weighed.measurement
    return CriterionFinding(
        criterion.property,
        weighed.status,
        criterion.threshold,
        criterion.confirmed,
        _stated(measurement),
        weighed.margin,
        tagged.locate(measurement.passage, measurement.start),
        quote_of(tagged, measurement),
        "; ".join(part for part in (weighed.note, doubt) if part),
        criterion.joint,
    )


def _stated(measurement: Measurement) -> dict[str, Any]:
    quantity = measurement.quantity
    stated: dict[str, Any] = {"value": quantity.value, "unit": quantity.unit}
    if quantity.high is not None:
        stated["high"] = quantity.high
    if quantity.comparator != "=":
        stated["comparator"] = quantity.comparator
    stated["conditions"] = {name: str(value) for name, value in measurement.conditions}
    stated["sample"] = measurement.sample
    stated["material"] = measurement.material
    return stated


def quote_of(tagged: Tagged, measurement: Measurement) -> str:
    """The sentence or table row of a measurement, a verbatim slice of its passage of at most about 240 characters."""
    passage = tagged.document.passages[measurement.passage]
    text = passage.text
    start, end = 0, len(text)
    if passage.grid is not None:
        rows = [cells for cells in passage.grid.rows if cells and cells[0][0] <= measurement.start < cells[-1][1]]
        if rows:
            start, end = rows[0][0][0], rows[0][-1][1]
    else:
        for match in SENTENCE.finditer(text):
            if match.end() <= measurement.start:
                start = match.end()
            elif match.start() >= measurement.end:
                end = match.end()
                break
    if end - start > _QUOTE:
        start = max(start, measurement.start - _QUOTE // 2)
        end = min(end, max(measurement.end, start + _QUOTE))
    return text[start:end].strip()


def _tidy(value: float) -> float | None:
    return None if abs(value) == float("inf") else float(f"{value:.6g}")
