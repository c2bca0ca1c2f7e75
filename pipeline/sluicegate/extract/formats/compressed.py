"""A file packed by gzip, bzip2 or xz in, the one file inside as a child out."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator

from sluicegate.document import ProblemKind
from sluicegate.extract.charset import decode
from sluicegate.extract.frame import Child, Context, Find, Note, Source
from sluicegate.extract.unpack import Engine, unpacked
from sluicegate.settings import MIB

MEDIA_TYPES = ("application/gzip", "application/x-bzip2", "application/x-xz")

_ENDINGS = {"tgz": "tar", "tbz": "tar", "tbz2": "tar", "txz": "tar", "svgz": "svg", "emz": "emf", "wmz": "wmf"}
_PACKED = (".gz", ".bz2", ".xz", ".lzma", ".z")
_XZ_MEMORY = 256 * MIB
"""Memory an xz stream may ask for: its strongest preset needs 65 MiB."""
_WHY = {ProblemKind.TOO_LARGE: "unpacks beyond the limit", ProblemKind.DAMAGED: "the packed stream is damaged or cut"}


def read(source: Source, context: Context) -> Iterator[Find]:
    """The unpacked file; of one that is cut or too large, what could be unpacked and a problem."""
    engines: dict[str, Callable[[], Engine]] = {
        "application/gzip": lambda: zlib.decompressobj(31),
        "application/x-bzip2": bz2.BZ2Decompressor,
        "application/x-xz": lambda: lzma.LZMADecompressor(memlimit=_XZ_MEMORY),
    }
    content, trouble, rest = unpacked(source.data, engines[source.media_type], context.limits)
    if trouble is not None:
        yield context.problem(trouble, _WHY[trouble])
    if content or trouble is None:
        yield Child(_inner_name(source), content)
    if rest.strip(b"\0"):
        yield Note(f"{len(rest)} bytes follow the packed stream")
        yield Child("after the packed stream", rest)


def _inner_name(source: Source) -> str:
    """The name in the gzip header (RFC 1952, FNAME), else the file's own name without the packing's ending."""
    if source.media_type == "application/gzip" and source.data[3] & 8 and not source.data[3] & 4:
        stored = decode(source.data[10 : max(source.data.find(b"\0", 10), 10)])
        if stored:
            return stored.replace("\\", "/").rpartition("/")[2]
    stem, _, ending = source.name.rpartition(".")
    if ending.lower() in _ENDINGS:
        return f"{stem}.{_ENDINGS[ending.lower()]}"
    return stem if stem and f".{ending.lower()}" in _PACKED else "unpacked"
