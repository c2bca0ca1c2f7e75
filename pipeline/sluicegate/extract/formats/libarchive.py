"""7Z, RAR and rarer archives in, their members as children out, by py7zr or the program bsdtar where installed."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec

from sluicegate.document import ProblemKind
from sluicegate.extract.formats.tar import tar_children
from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable

MEDIA_TYPES = (
    "application/x-7z-compressed",
    "application/vnd.rar",
    "application/vnd.ms-cab-compressed",
    "application/x-cpio",
    "application/x-archive",
    "application/zstd",
    "application/x-lz4",
    "application/x-lzip",
    "application/x-compress",
)

_LOCKED = (b"ncrypt", b"assphrase", b"assword")
_MISSING = "no reader installed: install bsdtar (libarchive) or, for 7Z, the extra sluicegate[sevenzip]"


def read(source: Source, context: Context) -> Iterator[Find]:
    """Members in order; raises `Unreadable`: encrypted, damaged, unsupported, too_large."""
    program = shutil.which("bsdtar")
    if source.media_type == "application/x-7z-compressed" and find_spec("py7zr"):
        yield from _by_py7zr(source.data, context)
    elif program:
        yield from _by_bsdtar(source.data, program, context)
    elif is_locked(source.data):
        raise Unreadable(ProblemKind.ENCRYPTED, "the archive needs a password")
    else:
        raise Unreadable(ProblemKind.UNSUPPORTED, _MISSING)


def is_locked(data: bytes) -> bool:
    """True when the headers of a 7Z or RAR archive say that it, or its first member, is encrypted."""
    if data.startswith(b"7z\xbc\xaf\x27\x1c") and len(data) >= 32:
        offset, size = struct.unpack_from("<QQ", data, 12)
        return b"\x06\xf1\x07\x01" in data[32 + offset : 32 + offset + min(size, 1 << 20)]  # the coder AES-256
    if data.startswith(b"Rar!\x1a\x07\x00") and len(data) >= 32:
        flags, size = struct.unpack_from("<HH", data, 10)
        member = data[7 + size : 7 + size + 5]
        return bool(flags & 0x80) or (len(member) == 5 and member[2] == 0x74 and bool(member[3] & 0x04))
    return data.startswith(b"Rar!\x1a\x07\x01\x00") and data[13:14] == b"\x04"  # RAR 5: an encryption header


def _by_py7zr(data: bytes, context: Context) -> Iterator[Find]:
    """7Z by py7zr (LGPL, an extra), unpacked into memory; the sizes are checked before."""
    import lzma

    import py7zr
    from py7zr.exceptions import ArchiveError, PasswordRequired
    from py7zr.io import BytesIOFactory

    locked = False
    for password in (None, *context.extraction.passwords):
        try:
            with py7zr.SevenZipFile(io.BytesIO(data), password=password) as archive:
                locked = archive.needs_password()
                if locked and password is None:
                    continue
                sizes = [member.uncompressed for member in archive.list() if not member.is_directory]
                _within(sizes, len(data), context)
                factory = BytesIOFactory(context.limits.part_bytes)
                archive.extract(factory=factory)
        except PasswordRequired:
            locked = True
            continue
        except (ArchiveError, lzma.LZMAError, OSError, EOFError, ValueError, LookupError, TypeError):
            continue
        for name, product in factory.products.items():
            product.seek(0)
            yield Child(name, product.read())
        if not factory.products:
            yield Note("an archive without members", blank=True)
        return
    if locked:
        raise Unreadable(ProblemKind.ENCRYPTED, "the archive needs a password")
    raise Unreadable(ProblemKind.DAMAGED, "the 7Z archive does not unpack")


def _within(sizes: list[int], packed: int, context: Context) -> None:
    limits = context.limits
    total = sum(sizes)
    if len(sizes) > limits.members:
        raise Unreadable(ProblemKind.TOO_MANY, f"{len(sizes)} members")
    if max(sizes, default=0) > limits.part_bytes or total > limits.total_bytes:
        raise Unreadable(ProblemKind.TOO_LARGE, f"unpacks to {total} bytes")
    if total > 10 * 1024 * 1024 and total > limits.ratio * packed:
        raise Unreadable(ProblemKind.TOO_LARGE, f"unpacks to {total // max(packed, 1)} times its size")


def _by_bsdtar(data: bytes, program: str, context: Context) -> Iterator[Find]:
    """Rewritten as TAR on bsdtar's standard output: nothing is unpacked to disk, and its size is capped."""
    failure = b""
    for password in (None, *context.extraction.passwords):
        options = ["--passphrase", password] if password is not None else []
        tar, failure = _rewritten([program, "--format=pax", *options, "-cf", "-", "@-"], data, context)
        if not any(word in failure for word in _LOCKED):
            break
    else:
        raise Unreadable(ProblemKind.ENCRYPTED, "the archive needs a password")
    if failure and not any(tar[:512]):
        raise Unreadable(ProblemKind.DAMAGED, "bsdtar cannot read the archive")
    yield from tar_children(tar, context)
    if failure:
        yield context.problem(ProblemKind.DAMAGED, "bsdtar could not read all of the archive")


def _rewritten(command: list[str], data: bytes, context: Context) -> tuple[bytes, bytes]:
    """(TAR, error output). The input and the errors go through unnamed files, so that no pipe can block."""
    limit = context.limits.total_bytes
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        given.write(data)
        given.seek(0)
        with subprocess.Popen(command, stdin=given, stdout=subprocess.PIPE, stderr=said) as process:
            assert process.stdout is not None
            tar = process.stdout.read(limit + 1)
            if len(tar) > limit:
                process.kill()
                raise Unreadable(ProblemKind.TOO_LARGE, f"unpacks to more than {limit} bytes")
        said.seek(0)
        return tar, said.read(4096)
