"""One HTTP/1.1 request read strictly, and one response written (RFC 9112); everything ambiguous is refused."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

_LONGEST_HEAD = 16 * 1024
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(r"/[!-~]*")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"})


class HttpError(Exception):
    """A request that is answered with a fault."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Request:
    """A request's head: header names are in lower case; `length` is that of the body."""

    method: str
    target: str
    headers: Mapping[str, str]
    length: int

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits before it sends the body."""
        return self.headers.get("expect", "").lower() == "100-continue"


async def read_request(reader: asyncio.StreamReader) -> Request:
    """The head of a request; raises `HttpError`, or `IncompleteReadError` when the client is gone."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise HttpError(431, "the request's head is too long") from None
    if len(head) > _LONGEST_HEAD:
        raise HttpError(431, "the request's head is too long")
    return parse_head(head)


def parse_head(head: bytes) -> Request:
    """A head with its final empty line; raises `HttpError`."""
    try:
        first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    except UnicodeDecodeError:  # latin-1 reads every byte; kept for the type's sake
        raise HttpError(400, "unreadable head") from None
    method, _, rest = first.partition(" ")
    target, _, version = rest.partition(" ")
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise HttpError(505 if version.startswith("HTTP/") else 400, "this is an HTTP/1.1 service")
    if method not in _METHODS or not _TARGET.fullmatch(target):
        raise HttpError(400, "bad request line")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not _TOKEN.fullmatch(name) or any(character in value for character in "\0\r\n"):
            raise HttpError(400, "bad header")
        if name.lower() in headers:
            raise HttpError(400, f"header {name} is given twice")
        headers[name.lower()] = value.strip(" \t")
    if version == "HTTP/1.1" and "host" not in headers:
        raise HttpError(400, "header Host is missing")
    return Request(method, target, headers, _length(method, headers))


def respond(status: int, body: bytes, media_type: str, headers: tuple[tuple[str, str], ...] = ()) -> bytes:
    """A whole response; the connection ends with it."""
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _length(method: str, headers: Mapping[str, str]) -> int:
    if "transfer-encoding" in headers:
        raise HttpError(411, "send Content-Length, not Transfer-Encoding")
    text = headers.get("content-length")
    if text is None:
        if method in ("POST", "PUT", "PATCH"):
            raise HttpError(411, "send Content-Length")
        return 0
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise HttpError(400, "bad Content-Length")
    return int(text)
