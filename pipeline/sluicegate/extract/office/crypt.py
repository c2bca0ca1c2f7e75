"""An encrypted Office file and passwords in, the plain file out ([MS-OFFCRYPTO], through msoffcrypto)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from sluicegate.document import ProblemKind
from sluicegate.extract.frame import Unreadable
from sluicegate.extract.office.foreign import attempt

BUILT_IN = "VelvetSweatshop"
"""Excel encrypts "read-only" workbooks with this password, and opens them without asking ([MS-OFFCRYPTO] 4.15)."""
POWERPOINT = "/01Hannes Ruescher/01"
"""The same of PowerPoint 97–2003."""


def decrypted(data: bytes, passwords: Sequence[str]) -> tuple[bytes, bool]:
    """(plain file, whether a built-in password opened it).

    Raises `Unreadable`: encrypted when no password fits, damaged or unsupported when it cannot be told.
    """
    for password in dict.fromkeys((BUILT_IN, POWERPOINT, *passwords)):
        plain = _opened(data, password, verified=True) or _opened(data, password, verified=False)
        if plain is not None:
            return plain, password in (BUILT_IN, POWERPOINT)
    raise Unreadable(ProblemKind.ENCRYPTED, "needs a password that is not in the settings")


def _opened(data: bytes, password: str, *, verified: bool) -> bytes | None:
    """The plain file, or None. Unverified, only a whole ZIP counts: some writers' verifier is not as it should be."""
    plain = attempt(lambda: _plain(data, password, verified=verified))
    if plain and not verified and not zipfile.is_zipfile(io.BytesIO(plain)):
        return None
    return plain or None


def _plain(data: bytes, password: str, *, verified: bool) -> bytes:
    import msoffcrypto  # 60 ms

    out = io.BytesIO()
    opened = msoffcrypto.OfficeFile(io.BytesIO(data))
    if verified:
        opened.load_key(password=password, verify_password=True)
    else:
        opened.load_key(password=password)
    opened.decrypt(out)
    return out.getvalue()
