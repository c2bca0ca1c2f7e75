"""Pieces of one message as a milter's session gets them in, the whole Message out, within the gate's memory."""

from __future__ import annotations

from sluicegate.gateway.budget import Budget
from sluicegate.gateway.message import Message


class Transaction:
    """One message while it comes in: envelope, macros and content, within the gate's budget of memory."""

    def __init__(self, budget: Budget, *, largest: int) -> None:
        self.begun = False
        self.sender = ""
        self.recipients: list[str] = []
        self.forged = 0
        self.refused = False
        self._data = bytearray()
        self._size = 0
        self._budget = budget
        self._largest = largest

    def add(self, data: bytes) -> None:
        """Take a piece of the message; what is beyond the largest message or the budget is only counted."""
        self._size += len(data)
        if self.refused or self._size > self._largest:
            return
        if not self._budget.take(len(data)):
            self.refused = True
            self._forget()
            return
        self._data += data

    def message(self, *, client: str, user: str, reference: str) -> Message:
        """The message as the gate takes it."""
        oversize = self._size if self._size > self._largest else None
        return Message(
            bytes(self._data), self.sender, tuple(self.recipients), client, user, reference, oversize, "milter"
        )

    def close(self) -> None:
        """Give the memory back."""
        self._forget()

    def _forget(self) -> None:
        self._budget.give(len(self._data))
        self._data = bytearray()
