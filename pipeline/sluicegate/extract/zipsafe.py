"""ZIP bytes in, members out: names, sizes and contents, with bombs, lying sizes and passwords taken care of."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from sluicegate.document import ProblemKind
from sluicegate.extract.frame import Unreadable
from sluicegate.extract.zipcrypt import AES_METHOD, aes_decrypt
from sluicegate.settings import MIB, Limits

RATIO_FLOOR = 10 * MIB
"""Below this unpacked size any ratio is let through: a blank page packs very well."""
TORN = "the content is not what its check sum says"
_LOCAL = struct.Struct("<4s5H3L2H")
_STEP = MIB
_FAULTS = (zipfile.BadZipFile, ValueError, OSError, struct.error, LookupError)
"""What the standard library raises on damaged archives."""


class SafeZip:
    """A ZIP file in memory, read within limits. Members are never written anywhere, so their names are only words.

    Raises `Unreadable` (damaged) when there is no usable directory. Iterating gives the members' `ZipInfo` in order,
    folders left out; a name that occurs twice comes twice. `torn` holds the names of members read so far whose
    contents are not what their check sums say: they are given all the same, as the programs that open them do.
    """

    def __init__(self, data: bytes, limits: Limits, *, passwords: Sequence[str] = ()) -> None:
        self._zip = _opened(data)
        self._data = data
        self._limits = limits
        self._passwords = tuple(passwords)
        self._total = 0
        self.torn: set[str] = set()
        self._infos = [info for info in self._zip.infolist() if not info.is_dir()]
        self._by_name = {info.filename: info for info in self._infos}

    def __iter__(self) -> Iterator[zipfile.ZipInfo]:
        return iter(self._infos)

    def __len__(self) -> int:
        return len(self._infos)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    @property
    def names(self) -> tuple[str, ...]:
        """Members' names in the order of the directory."""
        return tuple(info.filename for info in self._infos)

    @property
    def comment(self) -> bytes:
        """The archive's comment, as it stands."""
        return self._zip.comment

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """(start, end) in the file of every member that the directory names, folders too, and of the directory."""
        members = tuple(self._span(info) for info in self._zip.infolist())
        return (*members, (self._zip.start_dir, len(self._data)))

    @property
    def beside(self) -> tuple[bytes, bytes]:
        """What stands in the file before the first member and after the end record: no part of the archive."""
        first = min((info.header_offset for info in self._zip.infolist()), default=self._zip.start_dir)
        end = self._data.rfind(b"PK\x05\x06") + 22 + len(self._zip.comment)
        return self._data[:first], self._data[end:]

    def _span(self, info: zipfile.ZipInfo) -> tuple[int, int]:
        fields = self._data[info.header_offset + 26 : info.header_offset + 30]
        sizes = struct.unpack("<2H", fields) if len(fields) == 4 else (0, 0)
        return (info.header_offset, info.header_offset + _LOCAL.size + sum(sizes) + info.compress_size)

    def get(self, name: str) -> bytes | None:
        """A member's content, or None when there is no such member; raises as `read`."""
        return self.read(name) if name in self._by_name else None

    def read(self, member: str | zipfile.ZipInfo) -> bytes:
        """A member's content; raises `Unreadable`: too_large, encrypted, damaged, unsupported or missing.

        Sizes in the directory are not believed: unpacking stops when the content itself passes a limit.
        """
        info = member if isinstance(member, zipfile.ZipInfo) else self._by_name.get(member)
        if info is None:
            raise Unreadable(ProblemKind.MISSING, "no such member")
        if info.flag_bits & 1:
            content = self._encrypted(info)
        else:
            content = self._plain(info)
            if zlib.crc32(content) != info.CRC:
                self.torn.add(info.filename)
        self._total += len(content)
        if self._total > self._limits.total_bytes:
            raise Unreadable(ProblemKind.TOO_LARGE, f"more than {self._limits.total_bytes} bytes in all")
        return content

    def _plain(self, info: zipfile.ZipInfo) -> bytes:
        packed = self._packed(info)
        match info.compress_type:
            case zipfile.ZIP_STORED:
                self._check(len(packed), len(packed))
                return packed
            case zipfile.ZIP_DEFLATED:
                return self._inflated(packed)
            case zipfile.ZIP_BZIP2 | zipfile.ZIP_LZMA:
                return self._through_zipfile(info, None)
        raise Unreadable(ProblemKind.UNSUPPORTED, f"ZIP compression method {info.compress_type}")

    def _packed(self, info: zipfile.ZipInfo) -> bytes:
        head = self._data[info.header_offset : info.header_offset + _LOCAL.size]
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise Unreadable(ProblemKind.DAMAGED, "ZIP member has no local header")
        fields = _LOCAL.unpack(head)
        start = info.header_offset + _LOCAL.size + fields[9] + fields[10]
        return self._data[start : start + info.compress_size]

    def _inflated(self, packed: bytes) -> bytes:
        engine = zlib.decompressobj(-15)
        pieces: list[bytes] = []
        size = 0
        rest = packed
        try:
            while not engine.eof:
                piece = engine.decompress(rest, _STEP)
                rest = engine.unconsumed_tail
                if not piece and not rest:
                    break
                pieces.append(piece)
                size += len(piece)
                self._check(size, len(packed))
        except zlib.error:
            raise Unreadable(ProblemKind.DAMAGED, "ZIP member does not unpack") from None
        if not engine.eof:
            raise Unreadable(ProblemKind.DAMAGED, "ZIP member is cut short")
        return b"".join(pieces)

    def _through_zipfile(self, info: zipfile.ZipInfo, password: bytes | None) -> bytes:
        pieces: list[bytes] = []
        size = 0
        try:
            with self._zip.open(info, pwd=password) as stream:
                while piece := stream.read(_STEP):
                    pieces.append(piece)
                    size += len(piece)
                    self._check(size, info.compress_size)
        except (*_FAULTS, EOFError, zlib.error, lzma.LZMAError, ImportError):
            raise Unreadable(ProblemKind.DAMAGED, "ZIP member does not unpack") from None
        except NotImplementedError:
            raise Unreadable(ProblemKind.UNSUPPORTED, f"ZIP compression method {info.compress_type}") from None
        return b"".join(pieces)

    def _encrypted(self, info: zipfile.ZipInfo) -> bytes:
        for password in self._passwords:
            for spelling in dict.fromkeys((password.encode(), password.encode("gb18030"))):
                content = self._with_password(info, spelling)
                if content is not None:
                    return content
        raise Unreadable(ProblemKind.ENCRYPTED, "ZIP member needs a password")

    def _with_password(self, info: zipfile.ZipInfo, password: bytes) -> bytes | None:
        if info.compress_type == AES_METHOD:
            unsealed = aes_decrypt(self._packed(info), info.extra, password)
            if unsealed is None:
                return None
            method, packed = unsealed
            return self._inflated(packed) if method == zipfile.ZIP_DEFLATED else packed
        try:
            return self._through_zipfile(info, password)
        except (RuntimeError, Unreadable):  # RuntimeError is zipfile's "bad password"
            return None

    def _check(self, size: int, packed: int) -> None:
        limits = self._limits
        if size > limits.part_bytes:
            raise Unreadable(ProblemKind.TOO_LARGE, f"unpacks to more than {limits.part_bytes} bytes")
        if self._total + size > limits.total_bytes:
            raise Unreadable(ProblemKind.TOO_LARGE, f"more than {limits.total_bytes} bytes in all")
        if size > RATIO_FLOOR and size > limits.ratio * max(packed, 1):
            raise Unreadable(ProblemKind.TOO_LARGE, f"unpacks to more than {limits.ratio} times its size")


def _opened(data: bytes) -> zipfile.ZipFile:
    """The ZIP with its names decoded: names not marked as UTF-8 by the charset guessed from all of them together."""
    from sluicegate.extract.charset import guess

    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
        raw = [info.filename for info in opened.infolist() if not info.flag_bits & 0x800]
        unusual = "\n".join(name for name in raw if not name.isascii())
        if not unusual:
            return opened
        return zipfile.ZipFile(io.BytesIO(data), metadata_encoding=guess(unusual.encode("cp437", "replace")))
    except (*_FAULTS, NotImplementedError):
        raise Unreadable(ProblemKind.DAMAGED, "ZIP directory is damaged") from None
