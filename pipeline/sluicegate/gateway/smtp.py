"""The SMTP proxy, for cloud mail and servers without milters: clean mail goes on to one port, mail to hold to another.

It never queues: the client gets its answer only when the mail system behind has taken the message. It is never an open
relay: only the networks of `smtp.clients` are served, and everything goes to the two ports of the settings. A loop
marker in each message refuses what comes round a second time.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import smtplib
import socket
import ssl
from dataclasses import dataclass
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from sluicegate import __version__
from sluicegate.errors import GatewayError
from sluicegate.gateway.gate import Gate
from sluicegate.gateway.headers import count_header, prepend_header, remove_header
from sluicegate.gateway.message import Answer, Message
from sluicegate.gateway.sockets import allowed, open_socket, split_address
from sluicegate.settings import Settings, Smtp

LOOP_HEADER = "X-Sluicegate-Loop"
_LONGEST_LINE = 1024 * 1024  # RFC 5321 says 1,000; real mail has longer ones, and Postfix breaks them itself
_QUEUED = re.compile(r"queued as (\S+)")
_UNREACHABLE = "451 4.4.1 The mail system behind does not answer, try again later"


class _Server(SMTP):
    """aiosmtpd with room for the long lines of real mail."""

    line_length_limit = _LONGEST_LINE


@dataclass(frozen=True, slots=True)
class Onward:
    """What the mail system behind said: its reply, and the queue id in it."""

    reply: str
    reference: str = ""

    @property
    def taken(self) -> bool:
        """Whether it has taken the message."""
        return self.reply.startswith("2")


class Handler:
    """What aiosmtpd calls at each step of a session. Replies never carry text of the message or of an exception."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self.name = gate.settings.gateway.smtp.hostname or socket.getfqdn()

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse strangers and overload before anything is sent."""
        smtp = self._gate.settings.gateway.smtp
        if not allowed(_client(session), smtp.clients):
            return "554 5.7.1 This host may not send through here"
        if self._gate.full:
            return "451 4.3.2 Too many messages being screened, try again later"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take every recipient; the mail system behind decides about them."""
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Judge the message and hand it on; the reply is the client's answer."""
        gate = self._gate
        data = envelope.original_content or b""
        if count_header(data, LOOP_HEADER, f"{self.name} "):
            return "554 5.4.6 This message has been here before"
        if not gate.budget.take(len(data)):
            return "451 4.3.2 Too much mail being screened, try again later"
        try:
            limit = gate.settings.limits.bytes
            message = Message(
                data, envelope.mail_from or "", tuple(envelope.rcpt_tos), _client(session), _user(session),
                f"smtp-{secrets.token_hex(8)}",
                oversize=len(data) if len(data) > limit else None, origin="smtp",
            )  # fmt: skip
            answer = await gate.judge(message)
            return await self._carry_out(answer, message, envelope)
        finally:
            gate.budget.give(len(data))

    async def _carry_out(self, answer: Answer, message: Message, envelope: Envelope) -> str:
        if answer.action in ("reject", "tempfail"):
            return answer.text
        settings = self._gate.settings.gateway
        data = remove_header(message.data, settings.header)
        data = prepend_header(data, LOOP_HEADER, f"{self.name} {__version__}")
        if answer.header is not None:
            data = prepend_header(data, settings.header, answer.header)
        target = settings.smtp.hold if answer.action == "hold" else settings.smtp.deliver
        onward = await asyncio.to_thread(hand_on, data, envelope, target, settings.smtp)
        if onward.taken and answer.action == "hold" and onward.reference:
            await self._gate.queued_as(message.reference, onward.reference)
        return onward.reply


def hand_on(data: bytes, envelope: Envelope, target: str, smtp: Smtp) -> Onward:
    """Give a message to a port of the mail system behind, for all recipients or none."""
    host, port = split_address(target)
    options = [option for option in envelope.mail_options if option.upper().startswith(("BODY=", "SMTPUTF8"))]
    try:
        with smtplib.SMTP(host, port, timeout=smtp.seconds) as client:
            client.ehlo()
            if "SMTPUTF8" in map(str.upper, options):
                client.command_encoding = "utf-8"
            replies = [client.mail(envelope.mail_from or "", options)]
            replies += [client.rcpt(address) for address in envelope.rcpt_tos]
            refused = [reply for reply in replies if reply[0] >= 400]
            if refused:
                return Onward(_worst(refused))
            code, text = client.data(data)
            said = _spell(code, text)
            queued = _QUEUED.search(said)
            return Onward(said, queued[1] if queued else "")
    except smtplib.SMTPDataError as error:
        return Onward(_spell(error.smtp_code, error.smtp_error))
    except (OSError, smtplib.SMTPException):
        return Onward(_UNREACHABLE)


def _worst(refused: list[tuple[int, bytes]]) -> str:
    """One answer for all recipients: later if any of them may work later."""
    return _spell(*min(refused, key=lambda reply: reply[0]))


def _spell(code: int, text: bytes | str) -> str:
    words = text.decode("ascii", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())[:400]}"


def _client(session: Session) -> str:
    peer = session.peer
    return str(peer[0]) if isinstance(peer, tuple) else ""


def _user(session: Session) -> str:
    return str(session.login_data) if getattr(session, "login_data", None) else ""


def tls_context(smtp: Smtp) -> ssl.SSLContext | None:
    """The TLS side of the settings; raises `GatewayError` when certificate or key cannot be used."""
    if smtp.certificate is None:
        if smtp.require_tls or smtp.client_ca is not None:
            raise GatewayError("smtp.require_tls and smtp.client_ca need smtp.certificate")
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(smtp.certificate, smtp.key)
        if smtp.client_ca is not None:
            context.load_verify_locations(smtp.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ssl.SSLError) as error:
        raise GatewayError(f"the TLS certificate {smtp.certificate} cannot be used: {error}") from error
    return context


class SmtpFront:
    """The proxy as a service."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._gate: Gate | None = None
        self._tls: ssl.SSLContext | None = None

    def open(self, settings: Settings) -> socket.socket:
        """The socket of `[gateway.smtp]`; the certificate is read before privileges drop."""
        smtp = settings.gateway.smtp
        self._tls = tls_context(smtp)
        for target in (smtp.deliver, smtp.hold):
            split_address(target)
        return open_socket(smtp.listen)

    async def start(self, gate: Gate, opened: socket.socket) -> None:
        """Begin to serve."""
        self._gate = gate
        handler = Handler(gate)
        smtp = gate.settings.gateway.smtp
        options: dict[str, Any] = {
            "hostname": handler.name, "ident": "Sluicegate", "enable_SMTPUTF8": True, "decode_data": False,
            "data_size_limit": gate.settings.limits.bytes, "timeout": 300, "tls_context": self._tls,
            "require_starttls": smtp.require_tls or smtp.client_ca is not None,
        }  # fmt: skip
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Server(handler, **options), sock=opened, backlog=512)

    async def drain(self, seconds: float) -> None:
        """Take no new connection, answer the messages under way, end."""
        if self._server is not None:
            self._server.close()
        if self._gate is not None:
            await self._gate.idle(seconds)
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0.5)  # the answers' last bytes, and the hand-over behind them
