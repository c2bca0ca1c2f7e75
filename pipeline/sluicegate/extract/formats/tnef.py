"""A winmail.dat (TNEF, [MS-OXTNEF]) in, the message's header, bodies, properties and attachments out."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from sluicegate.document import ProblemKind
from sluicegate.extract.frame import Child, Context, Find, Note, Source, Unreadable
from sluicegate.extract.mapi import (
    ATTACHED_DATA,
    BINARY,
    BODY,
    OBJECT,
    STRING8,
    SUBJECT,
    UNICODE,
    Properties,
    Property,
    attachment_child,
    message_finds,
    rich_text,
    without_data,
)
from sluicegate.extract.mime.finds import routed

MEDIA_TYPES = ("application/ms-tnef",)

_SIGNATURE = 0x223E9F78
_STRINGS = {0x8004: SUBJECT, 0x800C: BODY}
_OEM_CODE_PAGE, _MAPI = 0x9007, 0x9003
_RENDERING, _TITLE, _DATA, _ATTACHMENT, _TRANSPORT_NAME, _META_FILE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9001, 0x8011
_SIZES = {0: 0, 1: 0, 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = (STRING8, UNICODE, BINARY, OBJECT)
_MOST = 100_000
_MESSAGE_OBJECT = bytes.fromhex("0703020000000000c000000000000046")
"""IID_IMessage: the object is a message, as a TNEF stream."""
_EMPTY = 100
"""Bytes of a file that holds nothing but its version, code page and message class."""


@dataclass(slots=True)
class _Attached:
    """An attachment while it is being collected."""

    title: bytes = b""
    icon: bytes = b""
    data: list[bytes] = field(default_factory=list)
    items: list[Property] = field(default_factory=list)


@dataclass(slots=True)
class _Message:
    items: list[Property] = field(default_factory=list)
    attached: list[_Attached] = field(default_factory=list)
    code_page: int = 0
    damage: str = ""


def read(source: Source, context: Context) -> Iterator[Find]:
    """Attributes of the message first, then its attachments; what stands before a break in the file is kept."""
    message = _collect(source.data)
    properties = Properties.of(message.items, code_page=message.code_page)
    yield from message_finds(properties, context)
    for number, attached in enumerate(message.attached, 1):
        yield from _attachment(attached, properties, context, number)
    if message.damage:
        yield context.problem(ProblemKind.DAMAGED, message.damage)
    elif not message.items and not message.attached:
        yield Note("a TNEF file without content", blank=len(source.data) < _EMPTY)
    yield from rich_text(properties, context)


def _collect(data: bytes) -> _Message:
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        raise Unreadable(ProblemKind.DAMAGED, "no TNEF signature")
    message = _Message()
    position = 6
    while position + 9 <= len(data):
        level, attribute, length = struct.unpack_from("<BII", data, position)
        start, position = position + 9, position + 9 + length + 2
        if level not in (1, 2) or start + length > len(data):
            message.damage = "the file breaks off or is not sound"
            break
        _take(message, level, attribute & 0xFFFF, data[start : start + length])
    return message


def _take(message: _Message, level: int, attribute: int, value: bytes) -> None:
    """File one attribute."""
    if level == 1:
        if attribute == _MAPI:
            message.items += _properties(value, message)
        elif attribute in _STRINGS:
            message.items.append(Property(_STRINGS[attribute], STRING8, value))
        elif attribute == _OEM_CODE_PAGE:
            message.code_page = int.from_bytes(value[:4], "little")
        return
    if attribute == _RENDERING or not message.attached:
        message.attached.append(_Attached())
    current = message.attached[-1]
    if attribute == _DATA:
        current.data.append(value)
    elif attribute == _META_FILE:
        current.icon = value
    elif attribute in (_TITLE, _TRANSPORT_NAME):
        current.title = current.title or value.rstrip(b"\0")
    elif attribute == _ATTACHMENT:
        current.items += _properties(value, message)


def _properties(value: bytes, message: _Message) -> Iterator[Property]:
    """The properties of a MAPI block; a broken one ends the block and is noted as damage."""
    try:
        count = struct.unpack_from("<I", value)[0]
        position = 4
        for _ in range(min(count, _MOST)):
            kind, number = struct.unpack_from("<HH", value, position)
            name, position = _name(value, position + 4) if number >= 0x8000 else ("", position + 4)
            values, position = _values(value, position, kind)
            for one in values:
                yield Property(number, kind & 0xFFF, one, name)
    except (struct.error, KeyError, IndexError):
        message.damage = "a block of properties is not sound"


def _name(value: bytes, position: int) -> tuple[str, int]:
    """The name of a named property: a number (left out) or a string ([MS-OXTNEF] 2.1.3.4)."""
    kind, size = struct.unpack_from("<II", value, position + 16)
    position += 24
    if kind == 0:
        return "", position
    name = value[position : position + size].decode("utf-16-le", "replace").rstrip("\0")
    return name, position + size + (-size % 4)


def _values(value: bytes, position: int, kind: int) -> tuple[list[bytes], int]:
    """The value of a property, or its values where the type says that there are several."""
    base = kind & 0xFFF
    count = 1
    if kind & 0x1000 or base in _VARIABLE:
        count = struct.unpack_from("<I", value, position)[0]
        position += 4
    found: list[bytes] = []
    for _ in range(count):
        if base in _VARIABLE:
            size = struct.unpack_from("<I", value, position)[0]
            position += 4
        else:
            size = _SIZES[base]
        if position + size > len(value):
            raise IndexError(position)
        found.append(value[position : position + size])
        position += size + (-size % 4)
    return found, position


def _attachment(attached: _Attached, message: Properties, context: Context, number: int) -> Iterator[Find]:
    properties = Properties(attached.items, message.code_pages)
    title = properties.read(Property(0, STRING8, attached.title)) if attached.title else ""
    contents = list(dict.fromkeys([*attached.data, *properties.binaries(ATTACHED_DATA)]))
    objects = [item.data for item in attached.items if item.id == ATTACHED_DATA and item.type == OBJECT]
    if not contents and not objects:
        yield without_data(properties, context, number=number)
    if attached.icon:
        yield Child(f"icon of attachment {number}.wmf", attached.icon, "image/wmf")
    for data in contents:
        yield attachment_child(properties, data, number=number, title=title)
    for data in objects:
        child = attachment_child(properties, data[16:], number=number, title=title)
        if data[:16] == _MESSAGE_OBJECT:
            inner = Child(f"{child.name}.tnef", child.data, "application/ms-tnef", metadata=child.metadata)
            yield from routed(inner, "application/ms-tnef", context)
        else:
            yield child
