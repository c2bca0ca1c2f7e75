"""The licence register: a TOML file in, validated licences out; and the licence rule applied to a whole verdict.

[[licence]]
number = "JX-2026-014"
kind = "licence"                      # or "letter_of_intent": permits negotiation, releases nothing
issuer = "江西省商务厅"
points = ["cn-2025-28:252604X.1"]
recipients = ["eva@kathod.example", "plant.example"]
entities = ["Kathod GmbH"]
country = "DE"
end_use = "cells for stationary storage"
first = 2026-01-05
last = 2026-12-31                     # leave it out where the paper names none
documents = [{ title = "LFP process manual", sha256 = "…" }]
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from sluicegate.decide import licence_ruling
from sluicegate.errors import LicenceError
from sluicegate.licence import Licence, LicenceKind, ListedDocument, Recipient, Transfer
from sluicegate.settings import Section, Settings
from sluicegate.verdict import Decision, Verdict

_Point = Annotated[str, Field(pattern=r"^[a-z0-9-]+:[0-9A-Za-z.-]+$")]
_Words = Annotated[str, Field(min_length=1)]


class _Document(Section):
    title: _Words
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class _Entry(Section):
    number: _Words
    kind: LicenceKind
    issuer: _Words
    points: tuple[_Point, ...] = Field(min_length=1)
    recipients: tuple[_Words, ...] = Field(min_length=1)
    entities: tuple[_Words, ...] = Field(min_length=1)
    country: str = Field(pattern="^[A-Z]{2}$")
    end_use: _Words
    first: date
    last: date | None = None
    revoked: date | None = None
    documents: tuple[_Document, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> _Entry:
        if self.last is not None and self.last < self.first:
            raise ValueError("the last day is before the first")
        return self


class _Register(Section):
    licence: tuple[_Entry, ...] = ()

    @model_validator(mode="after")
    def _unique(self) -> _Register:
        numbers = [entry.number for entry in self.licence]
        twice = sorted({number for number in numbers if numbers.count(number) > 1})
        if twice:
            raise ValueError(f"number used twice: {', '.join(twice)}")
        return self


class Register:
    """The register file of these settings, read again when it changes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stamp: tuple[int, int, int] | None = None
        self._licences: tuple[Licence, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Register:
        """`register.toml` in the folder of licences."""
        return cls(settings.folder("licences") / "register.toml")

    def licences(self) -> tuple[Licence, ...]:
        """The licences as they stand now; none when there is no register. Raises `LicenceError`."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise LicenceError(f"cannot read {self.path}: {error.strerror}") from error
        stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if stamp != self._stamp:
            self._licences = read_register(self.path)
            self._stamp = stamp
        return self._licences


def read_register(path: Path) -> tuple[Licence, ...]:
    """The licences of a file; raises `LicenceError` with every fault."""
    try:
        values = tomllib.loads(path.read_text("utf-8"))
        register = _Register.model_validate(values)
    except OSError as error:
        raise LicenceError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LicenceError(f"{path} is not valid TOML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise LicenceError(f"{path}: {faults}") from None
    return tuple(_licence(entry) for entry in register.licence)


def apply_licences(
    verdict: Verdict, *, register: Register, recipients: tuple[Recipient, ...], day: date | None = None
) -> Verdict:
    """The verdict after the licence rule, with what the register says added to its reasons. Raises `LicenceError`."""
    licences = register.licences()
    if not licences:
        return verdict
    ruling = licence_ruling(
        verdict.decision,
        verdict.parts,
        licences=licences,
        transfer=Transfer(recipients, day if day is not None else date.today()),
    )
    reasons = tuple(dict.fromkeys([*ruling.reasons, *verdict.reasons]))
    if ruling.decision is Decision.RELEASE is not verdict.decision:
        reasons = (*ruling.reasons, *(f"Without the licence: {reason}" for reason in verdict.reasons))
    return replace(verdict, decision=ruling.decision, reasons=reasons, licences=ruling.licences)


def _licence(entry: _Entry) -> Licence:
    return Licence(
        number=entry.number, kind=entry.kind, issuer=entry.issuer, points=frozenset(entry.points),
        recipients=frozenset(recipient.strip().lower().removeprefix("@") for recipient in entry.recipients),
        entities=frozenset(entry.entities), country=entry.country, end_use=entry.end_use, first=entry.first,
        last=entry.last, revoked=entry.revoked,
        documents=tuple(ListedDocument(document.title, document.sha256) for document in entry.documents),
    )  # fmt: skip
