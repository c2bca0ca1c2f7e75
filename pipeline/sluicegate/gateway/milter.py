"""The milter: speaks to Postfix or Sendmail over a Unix socket or TCP, and asks the gate at the end of each message.

All sessions are concurrent. A session that breaks the protocol is closed, and the mail system applies its own
`default_action`, which has to be `tempfail`.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import deque
from collections.abc import Callable, Iterable

from sluicegate.errors import GatewayError
from sluicegate.gateway import milter_codec as codec
from sluicegate.gateway.connection import Connection, Listener
from sluicegate.gateway.gate import Gate
from sluicegate.gateway.message import Answer
from sluicegate.gateway.milter_codec import Packet
from sluicegate.gateway.sockets import allowed, open_socket
from sluicegate.gateway.transaction import Transaction
from sluicegate.settings import Settings

_NO_TERMS = codec.Terms(codec.VERSION, codec.Can(0), codec.Step(0))
_MOST_RECIPIENTS = 50_000
_log = logging.getLogger(__name__)


class Session:
    """One connection of the mail system, which may carry many messages; `done` once it is closed and judged."""

    def __init__(self, gate: Gate, sessions: set[Session], sock: socket.socket, buffer: memoryview) -> None:
        self._gate = gate
        self._settings = gate.settings.gateway
        self._sessions = sessions
        self._decoder = codec.Decoder()
        self._packets_left: deque[Packet] = deque()
        self._waiting = 0
        self._terms = _NO_TERMS
        self._macros: dict[bytes, bytes] = {}
        self._client = ""
        self._transaction = self._fresh()
        self._judging: asyncio.Task[None] | None = None
        self.draining = False
        self.done = asyncio.get_running_loop().create_future()
        sessions.add(self)
        self._connection = Connection(sock, buffer, self._received, self._lost)

    @property
    def busy(self) -> bool:
        """Whether a message is under way."""
        return self._transaction.begun

    def stop(self) -> None:
        """Close at once, in the middle of a judgement too."""
        if self._judging is not None:
            self._judging.cancel()
        self._connection.abort()

    def _received(self, data: memoryview) -> None:
        """Handle the packets that these bytes complete; what comes during a judgement waits for its end."""
        try:
            if self._judging is not None:
                self._waiting += len(data)
                if self._waiting > codec.LONGEST_PACKET:
                    raise GatewayError("more than a packet before the answer to a message")
            self._packets_left.extend(self._decoder.feed(data))
            self._go_on()
        except GatewayError as error:
            self._gate.metrics.count("protocol_errors")
            _log.warning("milter session closed: %s", error)
            self._connection.abort()

    def _lost(self) -> None:
        """The connection is over; a judgement under way goes on to the record."""
        self._packets_left.clear()
        if self._judging is None:
            self._end()

    def _end(self) -> None:
        self._transaction.close()
        self._sessions.discard(self)
        if not self.done.done():
            self.done.set_result(None)

    def _go_on(self) -> None:
        while self._packets_left and self._judging is None:
            if not self._serve(self._packets_left.popleft()):
                self._packets_left.clear()
                self._connection.close()

    def _judge(self) -> None:
        self._judging = asyncio.get_running_loop().create_task(self._end_of_message())
        self._judging.add_done_callback(self._judged)

    def _judged(self, task: asyncio.Task[None]) -> None:
        """The answer is out: serve what has come meanwhile."""
        self._judging, self._waiting = None, 0
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("milter session closed: %s", type(error).__name__)
            self._connection.abort()
        if task.cancelled() or self.draining:
            self._connection.close()
        if self._connection.closing:
            self._end()
        else:
            self._received(memoryview(b""))

    def _serve(self, packet: Packet) -> bool:
        """Handle one command; whether the session goes on."""
        match packet.command:
            case b"O":
                self._terms, answer = codec.negotiate(packet.data)
                self._send([answer])
            case b"D":
                self._macros[packet.data[:1]] = packet.data  # read when a message is complete
            case b"Q":
                return False
            case b"A":
                self._reset()
            case b"K":
                self._reset()
                self._macros.clear()
            case b"E":
                self._transaction.add(packet.data)
                self._judge()
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
            progress = _Repeated(self._settings.milter.progress_seconds, lambda: self._send([Packet(codec.PROGRESS)]))
            try:
                answer = await self._gate.judge(message)
            finally:
                progress.cancel()
            self._send(self._packets(answer, transaction.forged))
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

    def _macro(self, name: str) -> str:
        """A macro's value, from the latest step that gave it."""
        for step in (b"E", b"N", b"T", b"R", b"M", b"H", b"C"):
            packet = self._macros.get(step, b"")
            if name.encode() in packet and name in (macros := codec.parse_macros(packet)[1]):
                return macros[name]
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
        self._connection.send(b"".join(packet.encode() for packet in packets))


class _Repeated:
    """A call made again after every so many seconds until it is cancelled."""

    def __init__(self, seconds: float, call: Callable[[], None]) -> None:
        self._seconds = seconds
        self._call = call
        self._wait()

    def cancel(self) -> None:
        """Call no more."""
        self._handle.cancel()

    def _wait(self) -> None:
        self._handle = asyncio.get_running_loop().call_later(self._seconds, self._due)

    def _due(self) -> None:
        self._call()
        self._wait()


class MilterServer:
    """The sessions of a milter, so that they can be drained."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._sessions: set[Session] = set()

    def opened(self, sock: socket.socket, address: str, buffer: memoryview) -> None:
        """Serve a connection; a TCP client outside `milter.clients` is turned away."""
        if address and not allowed(address, self._gate.settings.gateway.milter.clients):
            _log.warning("milter connection from %s refused", address)
            sock.close()
            return
        Session(self._gate, self._sessions, sock, buffer)

    async def drain(self, seconds: float) -> None:
        """Let the messages under way be answered, for at most so long; then close every session."""
        busy = []
        for session in list(self._sessions):
            session.draining = True
            if session.busy:
                busy.append(session.done)
            else:
                session.stop()
        if busy:
            await asyncio.wait(busy, timeout=seconds)
        left = list(self._sessions)
        for session in left:
            session.stop()
        await asyncio.gather(*(session.done for session in left), return_exceptions=True)


class MilterFront:
    """The milter as a service: one socket, Unix or TCP."""

    def __init__(self) -> None:
        self._listener: Listener | None = None
        self._milter: MilterServer | None = None

    def open(self, settings: Settings) -> socket.socket:
        """The socket of `[gateway.milter]`."""
        milter = settings.gateway.milter
        return open_socket(milter.listen, mode=milter.mode, group=milter.group)

    async def start(self, gate: Gate, opened: socket.socket) -> None:
        """Begin to serve."""
        self._milter = MilterServer(gate)
        self._listener = Listener(opened, self._milter.opened)

    async def drain(self, seconds: float) -> None:
        """Take no new session, answer the messages under way, end."""
        if self._listener is not None:
            self._listener.close()
        if self._milter is not None:
            await self._milter.drain(seconds)
