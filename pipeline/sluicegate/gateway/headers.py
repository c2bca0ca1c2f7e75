"""Headers of a message as bytes, without parsing the rest: count, remove and prepend, byte for byte otherwise."""

from __future__ import annotations

import re


def split_head(data: bytes) -> tuple[bytes, bytes]:
    """The header block, and what begins with the empty line after it."""
    found = re.search(rb"(?:\A|\n)(?=\r?\n)", data)
    end = found.end() if found else len(data)
    return data[:end], data[end:]


def fields(head: bytes) -> list[bytes]:
    """The header fields, each with its folded lines and line ends."""
    found: list[bytes] = []
    for line in head.splitlines(keepends=True):
        if found and line[:1] in (b" ", b"\t"):
            found[-1] += line
        else:
            found.append(line)
    return found


def count_header(data: bytes, name: str, begins: str = "") -> int:
    """How many headers of this name there are whose value begins so."""
    wanted = begins.encode("utf-8", "replace")
    values = [field.partition(b":")[2].strip() for field in fields(split_head(data)[0]) if _is(field, name)]
    return sum(value.startswith(wanted) for value in values)


def remove_header(data: bytes, name: str) -> bytes:
    """The message without the headers of this name."""
    head, rest = split_head(data)
    return b"".join(field for field in fields(head) if not _is(field, name)) + rest


def prepend_header(data: bytes, name: str, value: str) -> bytes:
    """The message with one more header on top."""
    line = f"{name}: {value}".replace("\r", " ").replace("\n", " ")
    return line.encode("utf-8", "backslashreplace") + b"\r\n" + data


def _is(field: bytes, name: str) -> bool:
    return field.partition(b":")[0].strip().lower() == name.lower().encode()
