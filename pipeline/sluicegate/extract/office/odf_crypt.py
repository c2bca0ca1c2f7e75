"""An encrypted OpenDocument part, its manifest entry and passwords in, the plain part out (ODF 1.2 part 3, 3.4)."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sluicegate.extract.xml import local_name

if TYPE_CHECKING:
    from lxml.etree import _Element

_LARGEST = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sealed:
    """How one part is encrypted, as the manifest states it."""

    algorithm: str
    vector: bytes = field(repr=False)
    salt: bytes = field(repr=False)
    rounds: int
    key_size: int
    start_hash: str
    checksum: bytes = field(repr=False)
    checksum_type: str
    derivation: str


def sealed_parts(manifest: _Element | None) -> dict[str, Sealed]:
    """Part name → how it is encrypted, for the encrypted parts of a package."""
    found: dict[str, Sealed] = {}
    for entry in manifest.iter("{*}file-entry") if manifest is not None else ():
        data = next((child for child in entry if local_name(child) == "encryption-data"), None)
        if data is not None:
            found[_get(entry, "full-path")] = _sealed(data)
    return found


def _sealed(data: _Element) -> Sealed:
    parts = {local_name(child): child for child in data}
    algorithm, key, start = (parts.get(name) for name in ("algorithm", "key-derivation", "start-key-generation"))
    return Sealed(
        _get(algorithm, "algorithm-name"),
        _bytes(_get(algorithm, "initialisation-vector")),
        _bytes(_get(key, "salt")),
        _number(_get(key, "iteration-count"), 1024),
        _number(_get(key, "key-size"), 16),
        _get(start, "start-key-generation-name") or "SHA1",
        _bytes(_get(data, "checksum")),
        _get(data, "checksum-type"),
        _get(key, "key-derivation-name") or "PBKDF2",
    )


def unsealed(data: bytes, sealed: Sealed, passwords: Sequence[str]) -> bytes | None:
    """The plain part, or None when no password fits or the cipher is not AES in CBC mode."""
    if (
        "aes" not in sealed.algorithm.lower()
        or "cbc" not in sealed.algorithm.lower()
        or "PBKDF2" not in sealed.derivation
    ):
        return None
    for password in passwords:
        start = hashlib.new(
            "sha256" if "256" in sealed.start_hash else "sha1", password.encode(), usedforsecurity=False
        )
        key = hashlib.pbkdf2_hmac("sha1", start.digest(), sealed.salt, min(sealed.rounds, 5_000_000), sealed.key_size)
        plain = _decrypted(data, key, sealed)
        if plain is not None:
            return plain
    return None


def _decrypted(data: bytes, key: bytes, sealed: Sealed) -> bytes | None:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    if len(data) % 16 or not data or len(sealed.vector) != 16:
        return None
    decryptor = Cipher(algorithms.AES(key), modes.CBC(sealed.vector)).decryptor()
    padded = decryptor.update(data) + decryptor.finalize()
    packed = padded[: -padded[-1]] if 0 < padded[-1] <= 16 else padded
    if sealed.checksum:
        kind = "sha256" if "256" in sealed.checksum_type else "sha1"
        whole = packed[:1024] if "1k" in sealed.checksum_type.lower() else packed
        if hashlib.new(kind, whole, usedforsecurity=False).digest() != sealed.checksum:
            return None
    try:
        return zlib.decompressobj(-15).decompress(packed, _LARGEST)
    except zlib.error:
        return None


def _get(element: _Element | None, name: str) -> str:
    if element is None:
        return ""
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith(f"}}{name}")), "")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


def _number(text: str, default: int) -> int:
    return int(text) if text.isdigit() else default
