"""A `data:` address in, the file it carries out (RFC 2397)."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from sluicegate.document import ProblemKind
from sluicegate.extract.frame import Child, Context, Find

_HEAD = re.compile(r"\s*data:([\w.+-]+/[\w.+-]+)?((?:;[\w.+-]+=[^;,]*)*)(;base64)?,", re.I)


def carried(address: str, name: str, context: Context) -> Find | None:
    """The content as a child, a problem when it does not decode, None when the address is another one."""
    head = _HEAD.match(address)
    if head is None:
        return None
    try:
        content = unquote_to_bytes(address[head.end() :])
        content = base64.b64decode(content + b"==") if head[3] else content
    except (binascii.Error, ValueError):
        return context.problem(ProblemKind.DAMAGED, "a data: address does not decode", channel="data address")
    return Child(name, content, head[1], "data address")
