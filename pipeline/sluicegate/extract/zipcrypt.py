"""An AES-encrypted ZIP member and a password in, its packed content out (WinZip AE-1 and AE-2)."""

from __future__ import annotations

import hashlib
import hmac
import struct

AES_METHOD = 99
"""Compression method number that marks WinZip's AES encryption (APPNOTE 7.2.5)."""
_EXTRA_ID = 0x9901
_ROUNDS = 1000


def aes_decrypt(packed: bytes, extra: bytes, password: bytes) -> tuple[int, bytes] | None:
    """(compression method, compressed content), or None when the password or the check sum is wrong.

    `packed` is salt, two check bytes, ciphertext and ten bytes of HMAC-SHA1; `extra` the member's extra field.
    """
    found = _aes_field(extra)
    if found is None:
        return None
    strength, method = found
    key_size = 8 * (strength + 1)
    salt, check = packed[: key_size // 2], packed[key_size // 2 : key_size // 2 + 2]
    sealed, seal = packed[key_size // 2 + 2 : -10], packed[-10:]
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, _ROUNDS, 2 * key_size + 2)
    if keys[-2:] != check:
        return None
    if not hmac.compare_digest(hmac.new(keys[key_size:-2], sealed, "sha1").digest()[:10], seal):
        return None
    return method, _counter_mode(keys[:key_size], sealed)


def _aes_field(extra: bytes) -> tuple[int, int] | None:
    """(strength 1–3, real compression method) from the extra field."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _EXTRA_ID and size >= 7 and len(extra) >= 11:
            _version, _vendor, strength, method = struct.unpack_from("<HHBH", extra, 4)
            return (strength, method) if strength in (1, 2, 3) else None
        extra = extra[4 + size :]
    return None


def _counter_mode(key: bytes, sealed: bytes) -> bytes:
    """AES in counter mode with WinZip's little-endian counter from 1 (the usual CTR mode counts big-endian)."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    count = -(-len(sealed) // 16)
    counters = b"".join(number.to_bytes(16, "little") for number in range(1, count + 1))
    stream = Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(counters)[: len(sealed)]  # noqa: S305
    return (int.from_bytes(sealed, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(sealed), "big")
