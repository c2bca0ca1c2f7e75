"""`--changed-since` in, a test out that says whether a file is left out because it did not change."""

from __future__ import annotations

from datetime import datetime

from sluicegate.errors import StoreError
from sluicegate.scan.run import LeftOut
from sluicegate.scan.store import ScanStore
from sluicegate.scan.walk import Found


def unchanged_since(reference: str, store: ScanStore) -> LeftOut:
    """Left out: what a scan (its number, or "last") saw with the same bytes, or what was not touched since a date.

    A date is YYYY-MM-DD, with a time if wanted (local time unless it says otherwise). Raises `StoreError` for what is
    neither, or a scan that does not exist.
    """
    moment = _moment(reference)
    if moment is not None:
        limit = int(moment.timestamp() * 1e9)
        return lambda found, sha256: found.changed_ns < limit
    hashes = store.hashes(store.find(reference).id)

    def seen(found: Found, sha256: str) -> bool:
        return bool(sha256) and hashes.get(found.name) == sha256

    return seen


def _moment(reference: str) -> datetime | None:
    if reference == "last" or (reference.isascii() and reference.isdigit()):
        return None
    try:
        return datetime.fromisoformat(reference)
    except ValueError:
        raise StoreError(f"{reference!r} is neither a scan nor a date such as 2025-07-15") from None
