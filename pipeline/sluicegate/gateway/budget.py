"""How much the gate takes at once: bytes in memory, taken and given back; beyond the limit the client waits (451)."""

from __future__ import annotations


class Budget:
    """A bounded amount of bytes; used from one event loop only."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.used = 0

    def take(self, amount: int) -> bool:
        """Take so many bytes; `False`, and nothing is taken, when they are not there."""
        if self.used + amount > self._limit:
            return False
        self.used += amount
        return True

    def give(self, amount: int) -> None:
        """Give bytes back."""
        self.used -= amount
