"""An Outlook message (.msg, [MS-OXMSG]) in, its header, bodies, properties and attachments out."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from typing import Any

from sluicegate.document import ProblemKind
from sluicegate.extract.cfb import Tree, write_cfb
from sluicegate.extract.frame import Child, Context, Find, Source, Unreadable
from sluicegate.extract.mapi import (
    ATTACHED_DATA,
    BINARY,
    OBJECT,
    STRING8,
    UNICODE,
    Properties,
    Property,
    attachment_child,
    message_finds,
    rich_text,
    without_data,
)
from sluicegate.extract.mime.finds import routed

MEDIA_TYPES = ("application/vnd.ms-outlook",)

_STREAM = re.compile(r"^__substg1\.0_([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})(?:-[0-9A-Fa-f]{8})?$")
_FIXED = "__properties_version1.0"
_IN_STREAMS = (STRING8, UNICODE, BINARY, OBJECT)
_OBJECT = f"__substg1.0_{ATTACHED_DATA:04X}000D"
_ROUTED = {"application/pkcs7-mime": "application/pkcs7-mime", "application/x-pkcs7-mime": "application/pkcs7-mime",
           "multipart/signed": "message/rfc822", "message/rfc822": "message/rfc822"}  # fmt: skip


def read(source: Source, context: Context) -> Iterator[Find]:
    """Everything that Outlook shows and every string property that it does not; messages inside are children."""
    root = _storage(source.data)
    properties = _properties(root, header=32)
    recipients = [_properties(inner, header=8) for inner in _inner(root, "__recip_version1.0_")]
    yield from message_finds(properties, context, recipients=recipients)
    for number, storage in enumerate(_inner(root, "__attach_version1.0_"), 1):
        yield from _attachment(storage, context, number, properties)
    yield from rich_text(properties, context)


def _storage(data: bytes) -> Any:
    """The tree of storages and streams; raises `Unreadable` when the file is no sound compound file."""
    from olefile import OleFileIO
    from oxmsg.storage import Storage

    try:
        with OleFileIO(io.BytesIO(data)) as opened:
            return Storage.from_ole(opened)
    except (OSError, ValueError, IndexError, struct.error, AttributeError, TypeError):
        raise Unreadable(ProblemKind.DAMAGED, "not a sound Outlook message") from None


def _inner(storage: Any, start: str) -> list[Any]:
    return [inner for inner in storage.storages if inner.name.lower().startswith(start)]


def _properties(storage: Any, *, header: int) -> Properties:
    """Streams hold strings and binaries; the fixed-size values stand in one stream of 16-byte entries."""
    items: list[Property] = []
    for stream in storage.streams:
        match = _STREAM.match(stream.name)
        if match:
            items.append(Property(int(match[1], 16), int(match[2], 16) & 0xFFF, stream.bytes_))
        elif stream.name == _FIXED:
            entries = stream.bytes_[header:]
            for offset in range(0, len(entries) - 15, 16):
                kind, number = struct.unpack_from("<HH", entries, offset)
                if kind & 0xFFF not in _IN_STREAMS:
                    items.append(Property(number, kind, entries[offset + 8 : offset + 16]))
    return Properties.of(items)


def _attachment(storage: Any, context: Context, number: int, message: Properties) -> Iterator[Find]:
    properties = _properties(storage, header=8)
    if not properties.code_pages:
        properties = Properties(properties.items, message.code_pages)
    found = False
    for data in properties.binaries(ATTACHED_DATA):
        found = True
        child = attachment_child(properties, data, number=number)
        kind = _ROUTED.get((child.media_type or "").partition(";")[0].strip().lower())
        yield from routed(child, kind, context) if kind else [child]
    for inner in storage.storages:
        if inner.name.upper() == _OBJECT.upper():
            found = True
            yield _embedded(inner, properties, number)
    if not found:
        yield without_data(properties, context, number=number)


def _embedded(storage: Any, properties: Properties, number: int) -> Child:
    """An embedded message or OLE object as a file of its own."""
    tree = dict(_tree(storage))
    fixed = tree.get(_FIXED)
    child = attachment_child(properties, b"", number=number)
    if isinstance(fixed, bytes):  # a message on its own has eight more bytes in its header ([MS-OXMSG] 2.4.1.1)
        tree[_FIXED] = fixed[:24] + bytes(8) + fixed[24:]
        return Child(f"{child.name}.msg", write_cfb(tree), "application/vnd.ms-outlook", metadata=child.metadata)
    return Child(child.name, write_cfb(tree), metadata=child.metadata)


def _tree(storage: Any) -> Tree:
    streams: dict[str, bytes | Tree] = {stream.name: stream.bytes_ for stream in storage.streams}
    return streams | {inner.name: _tree(inner) for inner in storage.storages}
