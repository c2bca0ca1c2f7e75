"""Licences as values, and whether one of them covers a document for its recipients on a day. Pure; no file is read.

The legal frame: Regulations on the Administration of Technology Import and Export (State Council Order 331, as of
2020), art. 33 (letter of intent: negotiation only), art. 34 (list of technical documents to be exported) and art. 35
(the contract takes effect on the day the licence is issued). The Regulations state no validity for a licence, so its
last day is taken from the paper and may be absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class LicenceKind(StrEnum):
    """What kind of paper an entry of the register is."""

    LICENCE = "licence"
    LETTER_OF_INTENT = "letter_of_intent"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recipient with the country and legal entity that it stands for; both are empty when they are not known."""

    address: str
    country: str = ""
    entity: str = ""


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document that may be handed over: its title as on the application's list, and the SHA-256 of its bytes."""

    title: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Licence:
    """One paper of the register.

    `points` are written "LIST:ID" ("cn-2025-28:252604X.1"); `recipients` are addresses or domains; `entities` are the
    legal entities named on the paper. `first` and `last` are its first and last day, both included.
    """

    number: str
    kind: LicenceKind
    issuer: str
    points: frozenset[str]
    recipients: frozenset[str]
    entities: frozenset[str]
    country: str
    end_use: str
    first: date
    last: date | None
    documents: tuple[ListedDocument, ...]
    revoked: date | None = None

    def in_force(self, day: date) -> bool:
        """Whether the paper is valid on this day."""
        ended = self.revoked is not None and day >= self.revoked
        return self.first <= day and (self.last is None or day <= self.last) and not ended

    def lists_hash(self, sha256: str) -> bool:
        """Whether the document with this hash stands on the list."""
        return bool(sha256) and any(document.sha256 == sha256 for document in self.documents)

    def names_recipient(self, recipient: Recipient) -> bool:
        """Whether the recipient, its country and, where known, its entity are those of the paper."""
        domain = recipient.address.rpartition("@")[2]
        named = recipient.address in self.recipients or (bool(domain) and domain in self.recipients)
        return named and recipient.country == self.country and recipient.entity in self.entities


@dataclass(frozen=True, slots=True)
class Transfer:
    """A handing-over: to whom, and on which day."""

    recipients: tuple[Recipient, ...]
    day: date


def objection(licence: Licence, sha256: str, points: Iterable[str], transfer: Transfer) -> str | None:
    """Why a licence that lists this document does not release it, as one clause; `None` when it does."""
    if licence.kind is LicenceKind.LETTER_OF_INTENT:
        return "is a letter of intent, which permits negotiation and releases nothing"
    if not licence.in_force(transfer.day):
        return f"is not in force on {transfer.day.isoformat()}"
    if not licence.lists_hash(sha256):
        return "does not list this document"
    if not transfer.recipients:
        return "names recipients, and none are known here"
    for recipient in transfer.recipients:
        if not licence.names_recipient(recipient):
            return f"does not name the recipient {recipient.address} in {recipient.country or 'an unknown country'}"
    missing = sorted(set(points) - licence.points)
    if missing:
        return f"does not cover {', '.join(missing)}"
    return None


def same_title(name: str, title: str) -> bool:
    """Whether a file name and a listed title read alike: folders, case, extension, spaces, punctuation left aside."""
    wanted = _plain(title)
    return bool(wanted) and wanted in (_plain(name), _plain(file_name(name)))


def file_name(path: str) -> str:
    """The name of a file without its folders, of either kind of system: those are of one machine alone."""
    return re.split(r"[/\\]", path)[-1]


def _plain(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    kept = stem if dot and stem and 1 <= len(extension) <= 5 and extension.isalnum() else name
    return "".join(character for character in kept.casefold() if character.isalnum())
