"""TAR in, its members as children out; links and devices are words only, nothing is written anywhere."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator

from sluicegate.document import Problem, ProblemKind
from sluicegate.extract.charset import decode
from sluicegate.extract.frame import Child, Context, Find, Note, Source

MEDIA_TYPES = ("application/x-tar",)


def read(source: Source, context: Context) -> Iterator[Find]:
    """Members in order; a damaged header ends the reading with a problem, and what came before stays."""
    yield from tar_children(source.data, context)


def tar_children(data: bytes, context: Context) -> Iterator[Find]:
    """The regular files of a TAR, and the targets of its links as notes."""
    count = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:", errors="surrogateescape") as archive:
            for member in archive:
                count += 1
                name = _name(member.name)
                if member.isfile():
                    yield _child(archive, member, name, context)
                elif member.issym() or member.islnk():
                    yield Note(f"{name} is a link to {_name(member.linkname)}")
    except (tarfile.TarError, ValueError, OSError, EOFError):
        yield context.problem(ProblemKind.DAMAGED, "the TAR archive is damaged or cut")
    if not count:
        yield Note("an archive without members", blank=True)


def _child(archive: tarfile.TarFile, member: tarfile.TarInfo, name: str, context: Context) -> Find:
    if member.size > context.limits.part_bytes:
        return Problem(ProblemKind.TOO_LARGE, context.inside(name), f"{member.size} bytes")
    stream = archive.extractfile(member)
    content = stream.read(context.limits.part_bytes + 1) if stream else b""
    if len(content) < member.size:
        return Problem(ProblemKind.DAMAGED, context.inside(name), "the member is cut short")
    return Child(name, content)


def _name(stored: str) -> str:
    """Names of old archives are bytes of an unknown charset."""
    if stored.isascii():
        return stored
    return decode(stored.encode("utf-8", "surrogateescape"))
