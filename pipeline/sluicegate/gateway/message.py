"""What every gateway hands to the gate, and what the gate answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sluicegate.settings import Action
from sluicegate.verdict import Verdict


class Cause(StrEnum):
    """Why a message is treated as it is; each but the first five has its own `on_…` setting."""

    CLEAN = "clean"
    EXEMPT = "exempt"
    TRUSTED = "trusted"
    BYPASS = "bypass"
    OVERLOAD = "overload"
    HOLD = "hold"
    REVIEW = "review"
    UNREADABLE = "unreadable"
    TOO_BIG = "too_big"
    TIMEOUT = "timeout"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Message:
    """One message at the gate. `oversize` is its size when it was too big to take, and `data` its beginning then.

    `user` is the authenticated sender, `client` the address of the host that hands the message in, `reference` the
    queue id where the mail system gives one.
    """

    data: bytes = field(repr=False)
    sender: str
    recipients: tuple[str, ...]
    client: str = ""
    user: str = ""
    reference: str = ""
    oversize: int | None = None
    origin: str = "milter"


@dataclass(frozen=True, slots=True)
class Answer:
    """What to do with a message: the action, why, and the words that go with it.

    `text` is an SMTP reply for `reject` and `tempfail`; `header` is the value of the result header, or `None`.
    """

    action: Action
    cause: Cause
    text: str = ""
    header: str | None = None
    verdict: Verdict | None = field(default=None, repr=False)
    licences: tuple[str, ...] = ()
