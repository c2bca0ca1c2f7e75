"""Counters and a latency histogram, kept in memory and written in Prometheus' text format (version 0.0.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
_HELP = {
    "messages": "Messages answered, by action and cause.",
    "screened": "Documents screened over HTTP, by decision.",
    "protocol_errors": "Sessions closed because the peer broke the protocol.",
    "notices_failed": "Notices that could not be handed to the mail system.",
    "audit_failures": "Messages that could not be recorded, and were not let through for it.",
    "reloads_refused": "Reloads refused because the new settings are wrong.",
}


class Metrics:
    """The numbers of one gateway; used from one event loop only."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
        self._buckets = [0] * (len(_BUCKETS) + 1)
        self._seconds = 0.0
        self._gauges: dict[str, tuple[str, Callable[[], float]]] = {}

    def count(self, name: str, **labels: str) -> None:
        """Add one."""
        self._counts[name, tuple(sorted(labels.items()))] += 1

    def total(self, name: str, **labels: str) -> int:
        """How many were counted with these labels."""
        wanted = set(labels.items())
        return sum(value for (known, pairs), value in self._counts.items() if known == name and wanted <= set(pairs))

    def observe(self, seconds: float) -> None:
        """Add one message's time."""
        place = next((index for index, bound in enumerate(_BUCKETS) if seconds <= bound), len(_BUCKETS))
        self._buckets[place] += 1
        self._seconds += seconds

    def gauge(self, name: str, help_text: str, read: Callable[[], float]) -> None:
        """A number that is read when the metrics are."""
        self._gauges[name] = (help_text, read)

    def text(self) -> str:
        """All numbers in the text format."""
        lines = []
        for name, help_text in _HELP.items():
            lines += [f"# HELP sluicegate_{name}_total {help_text}", f"# TYPE sluicegate_{name}_total counter"]
            rows = sorted((pairs, value) for (known, pairs), value in self._counts.items() if known == name)
            lines += [f"sluicegate_{name}_total{_labels(pairs)} {value}" for pairs, value in rows or [((), 0)]]
        lines += self._histogram()
        for name, (help_text, read) in sorted(self._gauges.items()):
            lines += [f"# HELP sluicegate_{name} {help_text}", f"# TYPE sluicegate_{name} gauge"]
            lines.append(f"sluicegate_{name} {read():g}")
        return "\n".join(lines) + "\n"

    def _histogram(self) -> list[str]:
        name = "sluicegate_message_seconds"
        lines = [f"# HELP {name} Time from the end of a message to its answer.", f"# TYPE {name} histogram"]
        running = 0
        for bound, value in zip((*map(str, _BUCKETS), "+Inf"), self._buckets, strict=True):
            running += value
            lines.append(f'{name}_bucket{{le="{bound}"}} {running}')
        return [*lines, f"{name}_sum {self._seconds:.6f}", f"{name}_count {running}"]


def _labels(pairs: tuple[tuple[str, str], ...]) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in pairs) + "}" if pairs else ""
