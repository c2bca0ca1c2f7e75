"""Counts in, exact intervals and the bound on the miss rate out (Clopper and Pearson, 1934)."""

from __future__ import annotations

from dataclasses import dataclass

CONFIDENCE = 0.95
CLAIM = 0.05  # the miss rate that a statement must be able to show
FEWEST = 59  # zero misses in 59 show 5 % at 95 % confidence: 0.95 ** 59 < 0.05


@dataclass(frozen=True, slots=True)
class MissRate:
    """Misses among controlled source documents, with the upper bound; `refused` says why there is none."""

    misses: int
    documents: int
    upper: float | None
    population: str
    refused: str = ""

    @property
    def sentence(self) -> str:
        """The statement as it may be quoted."""
        if self.upper is None:
            return f"No statement on the miss rate: {self.refused}"
        return (
            f"{self.misses} of {self.documents} controlled documents were released; with 95 % confidence the miss rate "
            f"is at most {self.upper:.1%} on documents like these: {self.population}. "
            "It says nothing of other documents."
        )


def upper_bound(misses: int, documents: int, *, confidence: float = CONFIDENCE) -> float:
    """One-sided exact upper bound on a rate."""
    from scipy.stats import beta

    return 1.0 if misses >= documents else float(beta.ppf(confidence, misses + 1, documents - misses))


def interval(hits: int, total: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Two-sided exact interval of a rate; (0, 1) for nothing."""
    from scipy.stats import beta

    if total == 0:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else float(beta.ppf(tail, hits, total - hits + 1))
    high = 1.0 if hits == total else float(beta.ppf(1 - tail, hits + 1, total - hits))
    return low, high


def miss_rate(misses: int, documents: int, *, population: str) -> MissRate:
    """The statement on misses, refused when there are too few documents to show `CLAIM`."""
    if documents < FEWEST:
        reason = (
            f"{documents} controlled documents of your own are too few; at least {FEWEST} that the model has not "
            "learned from are needed (label more, from as many sources as you can)"
        )
        return MissRate(misses, documents, None, population, reason)
    return MissRate(misses, documents, upper_bound(misses, documents), population)
