"""The HTTP interface: a file or a message in, its verdict as JSON out; health, metrics and the OpenAPI document.

HTTP/1.1 with one request a connection, so that nothing can hide behind a request (RFC 9112 section 11.2). Bound to
loopback it needs no token, and then answers only to a loopback `Host`, so that no web page can reach it by a name of
its own; bound elsewhere it needs one.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import socket
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from sluicegate.errors import GatewayError, SluicegateError
from sluicegate.gateway.gate import Gate, OverloadedError
from sluicegate.gateway.http_wire import HttpError, Request, read_request, respond
from sluicegate.gateway.openapi import document
from sluicegate.gateway.sockets import is_loopback, open_socket, split_address
from sluicegate.review.records import redacted
from sluicegate.settings import Settings

_HEAD_SECONDS = 20.0
_BODY_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status, media type, body."""

    status: int
    body: bytes
    media_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = field(default=())


class HttpServer:
    """Answers requests; used from one event loop."""

    def __init__(self, gate: Gate, token: str | None, *, screens: bool = True) -> None:
        self._gate = gate
        self._token = token
        self._screens = screens
        self._open = 0

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection: one request."""
        self._open += 1
        try:
            reply = await self._answer(reader, writer)
            writer.write(respond(reply.status, reply.body, reply.media_type, reply.headers))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            pass
        finally:
            self._open -= 1
            writer.close()
            with contextlib.suppress(ConnectionError, TimeoutError):
                await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Reply:
        if self._open > self._gate.settings.gateway.http.clients:
            return _fault(503, "too many connections", retry=True)
        taken = 0
        try:
            request = await asyncio.wait_for(read_request(reader), _HEAD_SECONDS)
            self._admit(request)
            if request.method == "POST" and request.expects_continue:
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            if request.length > self._gate.settings.limits.bytes:
                raise HttpError(413, f"more than {self._gate.settings.limits.bytes} bytes")
            if not self._gate.budget.take(request.length):
                return _fault(503, "too much being screened", retry=True)
            taken = request.length
            body = await asyncio.wait_for(reader.readexactly(request.length), _BODY_SECONDS)
            return await self._route(request, body)
        except HttpError as error:
            return _fault(error.status, error.detail)
        except OverloadedError as error:
            return _fault(503, str(error), retry=True)
        except SluicegateError as error:
            return _fault(503, f"cannot screen now: {type(error).__name__}", retry=True)
        finally:
            self._gate.budget.give(taken)

    def _admit(self, request: Request) -> None:
        if urlsplit(request.target).path == "/healthz":
            return
        if self._token is None:
            host = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
            if not is_loopback(host):
                raise HttpError(403, "ask for this service by its loopback address")
            return
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), self._token.encode()):
            raise HttpError(401, "a bearer token is needed")

    async def _route(self, request: Request, body: bytes) -> Reply:
        target = urlsplit(request.target)
        routes = {"/v1/screen": "POST", "/healthz": "GET", "/metrics": "GET", "/openapi.json": "GET"}
        if target.path not in routes or (not self._screens and target.path not in ("/healthz", "/metrics")):
            raise HttpError(404, "no such path; see /openapi.json")
        if request.method != routes[target.path]:
            raise HttpError(405, f"use {routes[target.path]}")
        if target.path == "/healthz":
            return Reply(200, b'{"status": "ok"}\n')
        if target.path == "/metrics":
            return Reply(200, self._gate.metrics.text().encode(), "text/plain; version=0.0.4; charset=utf-8")
        if target.path == "/openapi.json":
            return Reply(200, json.dumps(document()).encode())
        return await self._screen(parse_qs(target.query, keep_blank_values=True), body, request)

    async def _screen(self, query: dict[str, list[str]], body: bytes, request: Request) -> Reply:
        unknown = sorted(query.keys() - {"name", "to"})
        if unknown:
            raise HttpError(400, f"unknown parameter {unknown[0]}")
        if not body:
            raise HttpError(400, "send the file or the message as the request's body")
        mail = request.headers.get("content-type", "").partition(";")[0].strip().lower() == "message/rfc822"
        name = unquote(query.get("name", ["message.eml" if mail else "document"])[-1])
        known = "message/rfc822" if mail else None
        verdict = await self._gate.screen(name, body, tuple(query.get("to", ())), media_type=known)
        if self._gate.settings.records.redact:
            verdict = redacted(verdict)
        return Reply(200, json.dumps(verdict.to_json(), ensure_ascii=False).encode() + b"\n")


async def start_metrics(gate: Gate, listen: str) -> asyncio.Server:
    """Serve `/metrics` and `/healthz` of a mail gateway, on loopback only; raises `GatewayError`."""
    if not is_loopback(split_address(listen)[0]):
        raise GatewayError(f"gateway.metrics = {listen!r} is not loopback")
    server = HttpServer(gate, None, screens=False)
    return await asyncio.start_server(server.connected, sock=open_socket(listen, passed=False))


def read_token(settings: Settings) -> str | None:
    """The bearer token; raises `GatewayError` when one is needed and there is none, or it is too short to be one."""
    http = settings.gateway.http
    if http.token_file is None:
        if not is_loopback(split_address(http.listen)[0]):
            raise GatewayError(f"http.listen = {http.listen!r} is not loopback: set http.token_file")
        return None
    try:
        token = Path(http.token_file).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise GatewayError(f"cannot read the token in {http.token_file}: {type(error).__name__}") from error
    if len(token) < 20:
        raise GatewayError(f"the token in {http.token_file} is shorter than 20 characters")
    return token


class HttpFront:
    """The HTTP interface as a service."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._gate: Gate | None = None
        self._token: str | None = None

    def open(self, settings: Settings) -> socket.socket:
        """The socket of `[gateway.http]`; the token is read before privileges drop."""
        self._token = read_token(settings)
        return open_socket(settings.gateway.http.listen)

    async def start(self, gate: Gate, opened: socket.socket) -> None:
        """Begin to serve."""
        self._gate = gate
        server = HttpServer(gate, self._token)
        self._server = await asyncio.start_server(server.connected, sock=opened, backlog=512)

    async def drain(self, seconds: float) -> None:
        """Take no new connection, answer the requests under way, end."""
        if self._server is not None:
            self._server.close()
        if self._gate is not None:
            await self._gate.idle(seconds)
            await asyncio.sleep(0.1)


def _fault(status: int, detail: str, *, retry: bool = False) -> Reply:
    headers = (("Retry-After", "10"),) if retry else ()
    if status == 401:
        headers = (("WWW-Authenticate", "Bearer"),)
    return Reply(status, json.dumps({"error": detail}).encode() + b"\n", headers=headers)
