"""An encrypted Office file and passwords in, the plain file out ([MS-OFFCRYPTO], through msoffcrypto)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from functools import partial

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
    package = "EncryptedPackage".encode("utf-16-le") in data
    built_in = (BUILT_IN,) if package else (BUILT_IN, POWERPOINT)
    for password in dict.fromkeys((*built_in, *passwords)):
        plain = attempt(partial(_plain, data, password))
        if plain and (not package or zipfile.is_zipfile(io.BytesIO(plain))):
            return plain, password in built_in
    raise Unreadable(ProblemKind.ENCRYPTED, "needs a password that is not in the settings")


def _plain(data: bytes, password: str) -> bytes:
    """The file as this password opens it; binary formats raise for a wrong one.

    Of a package only the ZIP in it tells whether the password was right: some writers' verifier is not as it should
    be, and checking it takes as long again as deriving the key.
    """
    import msoffcrypto  # 60 ms

    out = io.BytesIO()
    opened = msoffcrypto.OfficeFile(io.BytesIO(data))
    opened.load_key(password=password)
    opened.decrypt(out)
    return out.getvalue()
