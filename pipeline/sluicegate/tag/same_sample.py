"""Measurements in, the same with one name for each sample out: a text and its table may know one by two kinds."""

from __future__ import annotations

from collections.abc import Sequence

from sluicegate.verdict import Measurement


def by_code(measurements: Sequence[Measurement]) -> list[Measurement]:
    """The measurements with one name for each code: "lot LP-3" of a text is the "sample LP-3" of its table."""
    names: dict[str, str] = {}
    renamed = []
    for measurement in measurements:
        sample = measurement.sample
        if sample is not None and not sample.startswith(_SHOWN_APART):
            code = sample.rpartition(" ")[2].casefold()
            telling = len(code) >= _TELLING and any(map(str.isdigit, code))
            sample = names.setdefault(code if telling else sample, sample)
        renamed.append(measurement if sample == measurement.sample else measurement._replace(sample=sample))
    return renamed


_SHOWN_APART = ("example", "comparative", "reference")
_TELLING = 3  # characters of a code that no two samples share by chance
