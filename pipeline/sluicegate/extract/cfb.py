"""A tree of named streams in, an OLE compound file out ([MS-CFB] version 4): for objects embedded in a host."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from sluicegate.document import ProblemKind
from sluicegate.extract.frame import Unreadable

Tree: TypeAlias = "Mapping[str, bytes | Tree]"

SECTOR, MINI, CUTOFF = 4096, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_PER_SECTOR = SECTOR // 4
_FATS = 109
"""Allocation sectors that the header itself can name: enough for 436 MiB."""


@dataclass(slots=True)
class _Entry:
    name: str
    kind: int
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE
    start: int = _END
    size: int = 0

    def pack(self) -> bytes:
        name = self.name.encode("utf-16-le")[:62]
        head = struct.pack("<64sHBBIII", name, len(name) + 2, self.kind, 1, self.left, self.right, self.child)
        return head + bytes(36) + struct.pack("<IQ", self.start, self.size)


@dataclass(slots=True)
class _Writer:
    entries: list[_Entry] = field(default_factory=list)
    sectors: list[bytes] = field(default_factory=list)
    fat: list[int] = field(default_factory=list)
    mini: bytearray = field(default_factory=bytearray)
    minifat: list[int] = field(default_factory=list)

    def chain(self, data: bytes) -> int:
        """Put bytes into sectors; the number of the first."""
        if not data:
            return _END
        first = len(self.sectors)
        for offset in range(0, len(data), SECTOR):
            self.sectors.append(data[offset : offset + SECTOR].ljust(SECTOR, b"\0"))
            self.fat.append(len(self.sectors))
        self.fat[-1] = _END
        return first

    def mini_chain(self, data: bytes) -> int:
        """The same in the small sectors of the mini stream."""
        if not data:
            return _END
        first = len(self.minifat)
        count = -(-len(data) // MINI)
        self.minifat += [*range(first + 1, first + count), _END]
        self.mini += data.ljust(count * MINI, b"\0")
        return first

    def add(self, name: str, content: bytes | Tree) -> int:
        """Add a stream, or a storage with all that is in it; its number."""
        number = len(self.entries)
        if isinstance(content, bytes):
            start = self.chain(content) if len(content) >= CUTOFF else self.mini_chain(content)
            self.entries.append(_Entry(name, 2, start=start, size=len(content)))
            return number
        self.entries.append(_Entry(name, 1 if number else 5, start=0 if number else _END))
        ordered = sorted(content, key=lambda key: (len(key), key.upper()))
        self.entries[number].child = self.balanced([self.add(key, content[key]) for key in ordered])
        return number

    def balanced(self, numbers: list[int]) -> int:
        """Link siblings as a balanced search tree; its root."""
        if not numbers:
            return _FREE
        middle = len(numbers) // 2
        entry = self.entries[numbers[middle]]
        entry.left, entry.right = self.balanced(numbers[:middle]), self.balanced(numbers[middle + 1 :])
        return numbers[middle]


def write_cfb(tree: Tree) -> bytes:
    """The compound file with these streams (bytes) and storages (mappings). Raises `Unreadable` (too large)."""
    writer = _Writer()
    writer.add("Root Entry", tree)
    root = writer.entries[0]
    root.start, root.size = writer.chain(bytes(writer.mini)), len(writer.mini)
    minifat = struct.pack(f"<{len(writer.minifat)}I", *writer.minifat)
    minifat += b"\xff" * (-len(minifat) % SECTOR)
    minifat_start = writer.chain(minifat)
    directory = b"".join(entry.pack() for entry in writer.entries)
    directory_start = writer.chain(directory)
    fats = 1
    while fats * _PER_SECTOR < len(writer.fat) + fats:
        fats += 1
    if fats > _FATS:
        raise Unreadable(ProblemKind.TOO_LARGE, "an embedded object of more than 400 MiB")
    first_fat = len(writer.sectors)
    table = [*writer.fat, *([_FAT] * fats)]
    table += [_FREE] * (fats * _PER_SECTOR - len(table))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 4, 0xFFFE, 12, 6,
        -(-len(directory) // SECTOR), fats, directory_start, 0, CUTOFF, minifat_start, len(minifat) // SECTOR, _END, 0,
    )  # fmt: skip
    difat = [*range(first_fat, first_fat + fats), *([_FREE] * (_FATS - fats))]
    head = (header + struct.pack(f"<{_FATS}I", *difat)).ljust(SECTOR, b"\0")
    return b"".join([head, *writer.sectors, struct.pack(f"<{len(table)}I", *table)])
