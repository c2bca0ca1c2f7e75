"""Finds a gateway by its name: each is a module of this package with a class NAME + `Front`."""

from __future__ import annotations

from sluicegate.errors import GatewayError
from sluicegate.gateway.service import Front

NAMES = ("milter", "smtp", "http")


def make_front(name: str) -> Front:
    """The gateway of this name; raises `GatewayError`."""
    if name == "milter":
        from sluicegate.gateway.milter import MilterFront

        return MilterFront()
    if name == "smtp":
        from sluicegate.gateway.smtp import SmtpFront

        return SmtpFront()
    if name == "http":
        from sluicegate.gateway.http import HttpFront

        return HttpFront()
    raise GatewayError(f"there is no gateway named {name!r}: {', '.join(NAMES)}")
