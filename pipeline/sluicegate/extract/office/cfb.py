"""Streams by path in, the bytes of an OLE compound file out ([MS-CFB], version 3).

Needed to hand an embedded object on: inside its host it is a storage, on its own it must be a file again.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass(slots=True)
class _Node:
    name: str
    kind: int
    data: bytes = b""
    children: dict[str, _Node] = field(default_factory=dict)
    left: int = _FREE
    right: int = _FREE
    child: int = _FREE
    start: int = _END
    size: int = 0


def write_compound(streams: Mapping[tuple[str, ...], bytes], *, class_id: bytes = bytes(16)) -> bytes:
    """A compound file with these streams; paths name the storages above each. `class_id` is the root's 16 bytes."""
    root = _Node("Root Entry", _ROOT)
    for path, data in streams.items():
        node = root
        for name in path[:-1]:
            node = node.children.setdefault(name, _Node(name, _STORAGE))
        node.children[path[-1]] = _Node(path[-1], _STREAM, data)
    nodes: list[_Node] = []
    _listed(root, nodes)
    sectors: list[bytes] = []
    fat: list[int] = []
    _place(nodes, root, sectors, fat)
    directory = b"".join(_entry(node, class_id if node is root else bytes(16)) for node in nodes)
    directory_start = _chain(directory, sectors, fat)
    return _file(sectors, fat, directory_start, root)


def _listed(node: _Node, nodes: list[_Node]) -> int:
    """Number the nodes, siblings as a balanced tree ordered by length and upper-case name."""
    index = len(nodes)
    nodes.append(node)
    ordered = sorted(node.children.values(), key=lambda child: (len(child.name), child.name.upper()))
    numbers = {id(child): _listed(child, nodes) for child in ordered}
    node.child = _tree(ordered, numbers)
    return index


def _tree(ordered: list[_Node], numbers: dict[int, int]) -> int:
    if not ordered:
        return _FREE
    middle = len(ordered) // 2
    top = ordered[middle]
    top.left = _tree(ordered[:middle], numbers)
    top.right = _tree(ordered[middle + 1 :], numbers)
    return numbers[id(top)]


def _chain(data: bytes, sectors: list[bytes], fat: list[int]) -> int:
    """Append data as a chain of sectors; its first sector, or the end mark when there is none."""
    if not data:
        return _END
    first = len(sectors)
    count = -(-len(data) // _SECTOR)
    for number in range(count):
        sectors.append(data[number * _SECTOR : (number + 1) * _SECTOR].ljust(_SECTOR, b"\0"))
        fat.append(first + number + 1)
    fat[-1] = _END
    return first


def _place(nodes: list[_Node], root: _Node, sectors: list[bytes], fat: list[int]) -> None:
    """Large streams into sectors; small ones together into the mini stream, whose table is stored at the root."""
    mini = bytearray()
    mini_fat: list[int] = []
    for node in nodes:
        node.size = len(node.data)
        if node.kind != _STREAM or not node.data:
            continue
        if node.size >= _CUTOFF:
            node.start = _chain(node.data, sectors, fat)
            continue
        node.start = len(mini_fat)
        count = -(-node.size // _MINI)
        mini += node.data.ljust(count * _MINI, b"\0")
        mini_fat += [*range(node.start + 1, node.start + count), _END]
    root.start, root.size = _chain(bytes(mini), sectors, fat), len(mini)
    table = struct.pack(f"<{len(mini_fat)}I", *mini_fat)
    root.left = _chain(table.ljust(-(-len(table) // _SECTOR) * _SECTOR, b"\xff"), sectors, fat)


def _entry(node: _Node, class_id: bytes) -> bytes:
    name = node.name.encode("utf-16-le")[:62]
    left = _FREE if node.kind == _ROOT else node.left
    return (
        name.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(name) + 2, node.kind, 1, left, node.right, node.child)
        + class_id
        + struct.pack("<IQQIQ", 0, 0, 0, node.start if node.kind != _STORAGE else 0, node.size)
    )


def _file(sectors: list[bytes], fat: list[int], directory: int, root: _Node) -> bytes:
    fat_sectors = 1
    while -(-(len(fat) + fat_sectors) * 4 // _SECTOR) > fat_sectors:
        fat_sectors += 1
    if fat_sectors > 109:
        raise ValueError("larger than a compound file without extra allocation tables can be (6.8 MB)")
    first_fat = len(sectors)
    table = [*fat, *([_FAT] * fat_sectors)]
    packed = struct.pack(f"<{len(table)}I", *table).ljust(fat_sectors * _SECTOR, b"\xff")
    mini_table = root.left
    mini_count = -(-(root.size // _MINI) * 4 // _SECTOR)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors, directory, 0, _CUTOFF,
                          mini_table, mini_count, _END, 0)  # fmt: skip
    places = [*range(first_fat, first_fat + fat_sectors), *([_FREE] * (109 - fat_sectors))]
    return header + struct.pack("<109I", *places) + b"".join(sectors) + packed
