"""Who the recipients are (country and legal entity, from the settings' table), and which mail needs no screening.

"Internal" alone never exempts: a mail to the company's own plant abroad is an export. One recipient without an
exemption means that the message is screened. An address that a mail system could route elsewhere than it reads
(`user%other@own.example`, quoted local parts, source routes) is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable

from sluicegate.gateway.sockets import allowed
from sluicegate.licence import Recipient
from sluicegate.settings import Destination, Exemption, Gateway, TrustedSender

_REROUTING = frozenset('%!@":\\ \t')


def normalise(address: str) -> str | None:
    """An address as `local@domain`, lower case, domain in ASCII (RFC 5890), without a +tag; `None` if it is unclear."""
    local, at, domain = address.strip().lower().rpartition("@")
    if not at or not local or not domain or set(local) & _REROUTING or domain.startswith("["):
        return None
    plain = _ascii(domain)
    return f"{local.split('+')[0] or local}@{plain}" if plain is not None else None


def find_destination(address: str, destinations: Iterable[Destination]) -> Destination | None:
    """The table's row for an address: the address itself, else its domain, else the longest `.parent` domain."""
    plain = normalise(address)
    if plain is None:
        return None
    domain = plain.rpartition("@")[2]
    parents = {f".{domain}", *(domain[at:] for at, letter in enumerate(domain) if letter == ".")}
    best: tuple[int, int, Destination] | None = None
    for row in destinations:
        match = row.match.lower().removeprefix("@")
        if "@" in match:
            rank = 3 if normalise(match) == plain else 0
        elif match.startswith("."):
            rank = 1 if f".{_ascii(match[1:])}" in parents else 0
        else:
            rank = 2 if _ascii(match) == domain else 0
        if rank and (best is None or (rank, len(match)) > best[:2]):
            best = (rank, len(match), row)
    return best[2] if best is not None else None


def resolve(addresses: Iterable[str], settings: Gateway) -> tuple[Recipient, ...]:
    """Each address with its country and entity; both are empty for one that the table does not know."""
    found = []
    for address in addresses:
        row = find_destination(address, settings.destinations)
        shown = normalise(address) or address
        found.append(Recipient(shown, row.country if row else "", row.entity if row else ""))
    return tuple(found)


def find_exemption(recipients: Iterable[Recipient], settings: Gateway) -> Exemption | None:
    """The exemption that covers every recipient (the last one's, where there are several), or `None`."""
    last = None
    for recipient in recipients:
        last = next(
            (
                rule
                for rule in settings.exemptions
                if recipient.country == rule.country == settings.home_country and recipient.entity == rule.entity
            ),
            None,
        )
        if last is None:
            return None
    return last


def find_trust(sender: str, client: str, settings: Gateway) -> TrustedSender | None:
    """The rule that trusts this sender from this relay, or `None`; a sender alone proves nothing."""
    plain = normalise(sender)
    if plain is None or not client:
        return None
    for rule in settings.trusted_senders:
        if normalise(rule.sender) == plain and allowed(client, rule.relays):
            return rule
    return None


def _ascii(domain: str) -> str | None:
    try:
        return domain.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
