"""The milter: speaks to Postfix or Sendmail over a Unix socket or TCP, and asks the gate at the end of each message.

All sessions are concurrent. A session that breaks the protocol is closed, and the mail system applies its own
`default_action`, which has to be `tempfail`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterable

from sluicegate.errors import GatewayError
from sluicegate.gateway import milter_codec as codec
from sluicegate.gateway.budget import Budget
from sluicegate.gateway.gate import Gate
from sluicegate.gateway.message import Answer, Message
from sluicegate.gateway.milter_codec import Packet
from sluicegate.gateway.sockets import allowed, open_socket
from sluicegate.settings import Settings

_BACKLOG = 512
_READ = 256 * 1024
_MOST_RECIPIENTS = 50_000
_log = logging.getLogger(__name__)


class Transaction:
    """One message while it comes in: envelope, macros and content, within the gate's budget of memory."""

    def __init__(self, budget: Budget, *, largest: int) -> None:
        self.begun = False
        self.sender = ""
        self.recipients: list[str] = []
        self.forged = 0
        self.refused = False
        self._data = bytearray()
        self._size = 0
        self._budget = budget
        self._largest = largest

    def add(self, data: bytes) -> None:
        """Take a piece of the message; what is beyond the largest message or the budget is only counted."""
        self._size += len(data)
        if self.refused or self._size > self._largest:
            return
        if not self._budget.take(len(data)):
            self.refused = True
            self._forget()
            return
        self._data += data

    def message(self, *, client: str, user: str, reference: str) -> Message:
        """The message as the gate takes it."""
        oversize = self._size if self._size > self._largest else None
        return Message(
            bytes(self._data), self.sender, tuple(self.recipients), client, user, reference, oversize, "milter"
        )

    def close(self) -> None:
        """Give the memory back."""
        self._forget()

    def _forget(self) -> None:
        self._budget.give(len(self._data))
        self._data = bytearray()


class Session:
    """One connection of the mail system, which may carry many messages."""

    def __init__(self, gate: Gate, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._gate = gate
        self._settings = gate.settings.gateway
        self._reader = reader
        self._writer = writer
        self._terms = codec.Terms(codec.VERSION, codec.Can(0), codec.Step(0))
        self._macros: dict[bytes, dict[str, str]] = {}
        self._client = ""
        self._transaction = self._fresh()
        self.draining = False

    @property
    def busy(self) -> bool:
        """Whether a message is under way."""
        return self._transaction.begun

    async def run(self) -> None:
        """Serve the connection until it ends."""
        decoder = codec.Decoder()
        try:
            while data := await self._reader.read(_READ):
                for packet in decoder.feed(data):
                    if not await self._serve(packet):
                        return
                await self._writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except GatewayError as error:
            self._gate.metrics.count("protocol_errors")
            _log.warning("milter session closed: %s", error)
        finally:
            self._transaction.close()
            self._writer.close()
            with contextlib.suppress(ConnectionError, TimeoutError):
                await self._writer.wait_closed()

    async def _serve(self, packet: Packet) -> bool:
        """Handle one command; whether the session goes on."""
        match packet.command:
            case b"O":
                self._terms, answer = codec.negotiate(packet.data)
                self._send([answer])
            case b"D":
                step, macros = codec.parse_macros(packet.data)
                self._macros[step] = macros
            case b"Q":
                return False
            case b"A":
                self._reset()
            case b"K":
                self._reset()
                self._macros.clear()
            case b"E":
                self._transaction.add(packet.data)
                await self._end_of_message()
                return not self.draining
            case b"C" | b"H" | b"M" | b"R" | b"T" | b"L" | b"N" | b"B" | b"U":
                self._collect(packet)
            case _:
                raise GatewayError(f"unknown milter command {packet.command!r}")
        return True

    def _collect(self, packet: Packet) -> None:
        answer = Packet(codec.CONTINUE)
        match packet.command:
            case b"C":
                self._client = codec.parse_connect(packet.data)[1]
            case b"M":
                self._reset(keep=b"M")
                self._transaction.begun = True
                self._transaction.sender = codec.parse_address(packet.data)
                if self._gate.full:
                    answer = codec.reply("451 4.3.2 Too many messages being screened, try again later")
                    self._gate.metrics.count("messages", action="tempfail", cause="overload")
            case b"R":
                self._transaction.recipients.append(codec.parse_address(packet.data))
                if len(self._transaction.recipients) > _MOST_RECIPIENTS:
                    raise GatewayError("too many recipients")
            case b"L":
                name, line = codec.parse_header(packet.data, self._terms)
                self._transaction.forged += name.decode("latin-1").lower() == self._settings.header.lower()
                self._transaction.add(line)
            case b"N":
                self._transaction.add(b"\r\n")
            case b"B":
                self._transaction.add(packet.data)
        if self._terms.answered(packet.command):
            self._send([answer])

    async def _end_of_message(self) -> None:
        transaction = self._transaction
        if transaction.refused:
            self._send([codec.reply("451 4.3.2 Too much mail being screened, try again later")])
            self._gate.metrics.count("messages", action="tempfail", cause="overload")
        else:
            message = transaction.message(
                client=self._client, user=self._macro("auth_authen"), reference=self._macro("i")
            )
            progress = asyncio.create_task(self._progress())
            try:
                answer = await self._gate.judge(message)
            finally:
                progress.cancel()
            self._send(self._packets(answer, transaction.forged))
        await self._writer.drain()
        self._reset()

    def _packets(self, answer: Answer, forged: int) -> Iterable[Packet]:
        """The answer on the wire; what the mail system does not allow us to do becomes a temporary failure."""
        if answer.action in ("reject", "tempfail"):
            return [codec.reply(answer.text)]
        if answer.action == "hold" and not self._terms.actions & codec.Can.QUARANTINE:
            _log.error("the mail system allows no quarantine: a message to be held is refused for now")
            return [codec.reply("451 4.7.1 Held for review, but this mail system cannot hold")]
        packets = []
        if self._terms.actions & codec.Can.CHANGE_HEADERS:
            packets += [codec.delete_header(self._settings.header, number) for number in range(forged, 0, -1)]
        if answer.header is not None and self._terms.actions & codec.Can.ADD_HEADERS:
            packets.append(codec.add_header(self._settings.header, answer.header))
        if answer.action == "hold":
            packets.append(codec.quarantine(f"Sluicegate: {answer.cause.value}"))
        return [*packets, Packet(codec.ACCEPT)]

    async def _progress(self) -> None:
        while True:
            await asyncio.sleep(self._settings.milter.progress_seconds)
            with contextlib.suppress(ConnectionError):
                self._send([Packet(codec.PROGRESS)])
                await self._writer.drain()

    def _macro(self, name: str) -> str:
        """A macro's value, from the latest step that gave it."""
        for step in (b"E", b"N", b"T", b"R", b"M", b"H", b"C"):
            if name in self._macros.get(step, ()):
                return self._macros[step][name]
        return ""

    def _fresh(self) -> Transaction:
        return Transaction(self._gate.budget, largest=self._gate.settings.limits.bytes)

    def _reset(self, *, keep: bytes = b"") -> None:
        self._transaction.close()
        self._transaction = self._fresh()
        for step in (b"M", b"R", b"T", b"L", b"N", b"B", b"E"):
            if step != keep:
                self._macros.pop(step, None)

    def _send(self, packets: Iterable[Packet]) -> None:
        self._writer.write(b"".join(packet.encode() for packet in packets))


class MilterServer:
    """The sessions of a milter, so that they can be drained."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._sessions: dict[Session, asyncio.Task[None]] = {}

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection; a TCP client outside `milter.clients` is turned away."""
        peer = writer.get_extra_info("peername")
        if isinstance(peer, tuple) and not allowed(peer[0], self._gate.settings.gateway.milter.clients):
            _log.warning("milter connection from %s refused", peer[0])
            writer.close()
            return
        session = Session(self._gate, reader, writer)
        task = asyncio.current_task()
        assert task is not None
        self._sessions[session] = task
        try:
            await session.run()
        finally:
            del self._sessions[session]

    async def drain(self, seconds: float) -> None:
        """Let the messages under way be answered, for at most so long; then close every session."""
        busy = []
        for session, task in self._sessions.items():
            session.draining = True
            if session.busy:
                busy.append(task)
            else:
                task.cancel()
        if busy:
            await asyncio.wait(busy, timeout=seconds)
        tasks = list(self._sessions.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class MilterFront:
    """The milter as a service: one socket, Unix or TCP."""

    def __init__(self) -> None:
        self._servers: list[asyncio.Server] = []
        self._milter: MilterServer | None = None

    def open(self, settings: Settings) -> socket.socket:
        """The socket of `[gateway.milter]`."""
        milter = settings.gateway.milter
        return open_socket(milter.listen, mode=milter.mode, group=milter.group)

    async def start(self, gate: Gate, opened: socket.socket) -> None:
        """Begin to serve."""
        self._milter = MilterServer(gate)
        if opened.family == socket.AF_UNIX:
            server = await asyncio.start_unix_server(self._milter.connected, sock=opened, backlog=_BACKLOG)
        else:
            server = await asyncio.start_server(self._milter.connected, sock=opened, backlog=_BACKLOG)
        self._servers.append(server)

    async def drain(self, seconds: float) -> None:
        """Take no new session, answer the messages under way, end."""
        for server in self._servers:
            server.close()
        if self._milter is not None:
            await self._milter.drain(seconds)
