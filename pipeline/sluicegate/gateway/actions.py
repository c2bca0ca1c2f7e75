"""From a verdict to an action: the classes that a verdict falls into, and the strictest of their actions."""

from __future__ import annotations

from sluicegate.document import ProblemKind
from sluicegate.gateway.message import Cause
from sluicegate.settings import Action, Gateway
from sluicegate.verdict import Decision, Verdict

_STRICTNESS: tuple[Action, ...] = ("accept", "header", "tempfail", "hold", "reject")
_TOO_BIG = frozenset({ProblemKind.TOO_LARGE, ProblemKind.TOO_DEEP, ProblemKind.TOO_MANY})
_TIMEOUT = frozenset({ProblemKind.TIMED_OUT})


def causes_of(verdict: Verdict) -> tuple[Cause, ...]:
    """The classes that a verdict falls into; empty when it is released."""
    if verdict.released:
        return ()
    causes = {_cause_of(problem.kind) for problem in verdict.problems}
    read = verdict.read_decision
    if verdict.held and (read is None or read is Decision.HOLD):
        causes.add(Cause.HOLD)
    elif read is None or read is not Decision.RELEASE or not causes:
        causes.add(Cause.REVIEW)
    return tuple(sorted(causes))


def action_for(cause: Cause, settings: Gateway) -> Action:
    """The action that the settings give a class."""
    action: Action = getattr(settings, f"on_{cause.value}")
    return action


def strictest(causes: tuple[Cause, ...], settings: Gateway) -> tuple[Cause, Action]:
    """The class whose action is strictest, with that action; among equals `hold` names the weightiest class."""
    weight = {Cause.HOLD: 2, Cause.REVIEW: 1}
    cause = max(
        causes, key=lambda found: (_STRICTNESS.index(action_for(found, settings)), weight.get(found, 0), found.value)
    )
    return cause, action_for(cause, settings)


def _cause_of(kind: ProblemKind) -> Cause:
    if kind in _TOO_BIG:
        return Cause.TOO_BIG
    return Cause.TIMEOUT if kind in _TIMEOUT else Cause.UNREADABLE
