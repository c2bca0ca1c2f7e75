"""Mail that the gateway sends itself: a notice to the sender of a stopped message, and a digest to the reviewers.

Both are in Chinese and English and hold nothing of the message but its subjectless identity: reference, time and
addresses. The envelope sender is empty and they are marked automatic (RFC 3834), so that nothing answers them; only
senders of the company's own domains get one.
"""

from __future__ import annotations

import asyncio
import logging
import smtplib
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from sluicegate.errors import StoreError
from sluicegate.gateway.message import Answer, Message
from sluicegate.gateway.metrics import Metrics
from sluicegate.gateway.recipients import normalise
from sluicegate.gateway.sockets import split_address
from sluicegate.review.records import Records, Stopped
from sluicegate.settings import Notices as Wanted

_QUEUED = 1000
_SECONDS = 30.0
_log = logging.getLogger(__name__)

_STOPPED_ZH = """您的邮件已被出口管制检查{what_zh}。

  编号:{reference}
  时间:{time}
  收件人:{recipients}

在审核人员作出决定之前,邮件不会发出。请勿用其他方式转发同一内容。
如有疑问,请联系{contact},并注明编号。
"""
_STOPPED_EN = """Your message was {what_en} by the export-control check.

  Reference:  {reference}
  Time:       {time}
  Recipients: {recipients}

It does not leave before a reviewer has decided. Please do not send the same content another way.
Questions: {contact}; please give the reference.
"""


class Notices:
    """Queues notices and sends them in the background, so that no message waits for them."""

    def __init__(self, wanted: Wanted, records: Records) -> None:
        self._wanted = wanted
        self._records = records
        self._queue: asyncio.Queue[EmailMessage] = asyncio.Queue(_QUEUED)
        self._digested = datetime.now(UTC)

    def renew(self, wanted: Wanted) -> None:
        """Go on with other settings."""
        self._wanted = wanted

    def stopped(self, message: Message, answer: Answer) -> None:
        """Queue a notice to the sender, where one is wanted."""
        if self._wanted.smtp is None or not is_ours(message.sender, self._wanted.domains):
            return
        if self._queue.full():
            _log.error("too many notices wait; none is sent for %s", message.reference)
            return
        self._queue.put_nowait(stopped_notice(message, answer, self._wanted))

    async def run(self, metrics: Metrics) -> None:
        """Send what is queued, and a digest each day, until cancelled."""
        while True:
            try:
                notice = await asyncio.wait_for(self._queue.get(), 60.0)
            except TimeoutError:
                digest = await asyncio.to_thread(self._digest)
                if digest is None:
                    continue
                notice = digest
            try:
                await asyncio.to_thread(send, notice, self._wanted)
            except (OSError, smtplib.SMTPException) as error:
                metrics.count("notices_failed")
                _log.error("a notice could not be sent: %s", type(error).__name__)

    def _digest(self) -> EmailMessage | None:
        now = datetime.now(UTC)
        if self._wanted.smtp is None or not self._wanted.reviewers or now - self._digested < timedelta(days=1):
            return None
        since, self._digested = self._digested, now
        try:
            rows = self._records.stopped_since(since.isoformat(timespec="seconds"))
        except StoreError as error:
            _log.error("no digest: %s", error)
            return None
        return digest_notice(rows, self._wanted) if rows else None


def is_ours(sender: str, domains: Iterable[str]) -> bool:
    """Whether a sender is of one of these domains; the empty sender of bounces never is."""
    plain = normalise(sender)
    return plain is not None and plain.rpartition("@")[2] in {domain.lower() for domain in domains}


def stopped_notice(message: Message, answer: Answer, wanted: Wanted) -> EmailMessage:
    """The notice to the sender of a stopped message."""
    held = answer.action == "hold"
    words = {
        "what_zh": "暂时扣留" if held else "退回",
        "what_en": "held" if held else "refused",
        "reference": message.reference or "–",
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "recipients": ", ".join(message.recipients[:20]) + (" …" if len(message.recipients) > 20 else ""),
        "contact": wanted.contact,
    }
    subject = f"邮件待审核 / Message held for review: {words['reference']}"
    return _notice(subject, f"{_STOPPED_ZH.format(**words)}\n{_STOPPED_EN.format(**words)}", [message.sender], wanted)


def digest_notice(rows: Iterable[Stopped], wanted: Wanted) -> EmailMessage:
    """The digest: how many messages were stopped, by cause, and each with its reference."""
    rows = list(rows)
    causes = Counter(row.cause for row in rows)
    lines = [f"待审核邮件 {len(rows)} 封 / {len(rows)} messages were stopped", ""]
    lines += [f"  {cause}: {count}" for cause, count in causes.most_common()]
    lines += ["", *(f"  {row.time}  {row.reference or '-':<16}  {row.cause:<10}  {row.sender}" for row in rows[:500])]
    lines += ["", "sluicegate held list · sluicegate review desk", ""]
    return _notice(f"出口管制待审核 / Stopped messages: {len(rows)}", "\n".join(lines), list(wanted.reviewers), wanted)


def send(notice: EmailMessage, wanted: Wanted) -> None:
    """Hand a notice to the mail system; raises `OSError` or `smtplib.SMTPException`."""
    assert wanted.smtp is not None
    host, port = split_address(wanted.smtp)
    with smtplib.SMTP(host, port, timeout=_SECONDS) as client:
        client.sendmail("", notice["To"].split(", "), notice.as_bytes(policy=SMTP))


def _notice(subject: str, text: str, to: list[str], wanted: Wanted) -> EmailMessage:
    notice = EmailMessage()
    notice["From"] = wanted.sender
    notice["To"] = ", ".join(to)
    notice["Subject"] = subject
    notice["Date"] = format_datetime(datetime.now(UTC))
    notice["Message-ID"] = make_msgid(domain="sluicegate.invalid")
    notice["Auto-Submitted"] = "auto-generated"
    notice.set_content(text)
    return notice
