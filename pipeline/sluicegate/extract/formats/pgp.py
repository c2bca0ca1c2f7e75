"""An OpenPGP message in, the remark that it cannot be read out."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.document import ProblemKind
from sluicegate.extract.frame import Context, Find, Source

MEDIA_TYPES = ("application/pgp-encrypted",)


def read(source: Source, context: Context) -> Iterator[Find]:
    """One problem: nobody but the recipient can open it (RFC 9580)."""
    yield context.problem(ProblemKind.ENCRYPTED, "PGP message")
