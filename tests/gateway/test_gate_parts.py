"""The gate's small parts: classes and actions, budget, headers, bypass, metrics, notices, header value."""

from datetime import UTC, datetime, timedelta

import pytest

from sluicegate.document import Place, Problem, ProblemKind
from sluicegate.errors import GatewayError
from sluicegate.gateway.actions import causes_of, strictest
from sluicegate.gateway.budget import Budget
from sluicegate.gateway.bypass import is_plain, read_bypass, start_bypass, stop_bypass
from sluicegate.gateway.headers import count_header, prepend_header, remove_header
from sluicegate.gateway.message import Answer, Cause, Message
from sluicegate.gateway.metrics import Metrics
from sluicegate.gateway.notices import digest_notice, is_ours, stopped_notice
from sluicegate.gateway.sockets import allowed, is_loopback, open_socket, split_address
from sluicegate.review.records import Stopped
from sluicegate.settings import Gateway, Notices
from sluicegate.verdict import Decision, Provenance, Verdict

HOLD, REVIEW, RELEASE = Decision.HOLD, Decision.REVIEW, Decision.RELEASE
PROVENANCE = Provenance("0", "m", (), "s", "2026-01-01T00:00:00+00:00", "2026-01-01")


def verdict(decision, *kinds, read=None):
    problems = tuple(Problem(ProblemKind(kind), Place(("a",))) for kind in kinds)
    return Verdict("a", "", "", "mail", (), (), decision, (), 0.0, (), (), problems, PROVENANCE, read_decision=read)


ROWS = [
    (verdict(RELEASE), ()),
    (verdict(HOLD, read=HOLD), (Cause.HOLD,)),
    (verdict(REVIEW, read=REVIEW), (Cause.REVIEW,)),
    (verdict(REVIEW, "encrypted", read=RELEASE), (Cause.UNREADABLE,)),
    (verdict(REVIEW, "encrypted", read=REVIEW), (Cause.REVIEW, Cause.UNREADABLE)),
    (verdict(HOLD, "encrypted", read=RELEASE), (Cause.UNREADABLE,)),
    (verdict(HOLD, "encrypted", read=HOLD), (Cause.HOLD, Cause.UNREADABLE)),
    (verdict(REVIEW, "too_large", read=RELEASE), (Cause.TOO_BIG,)),
    (verdict(REVIEW, "timed_out", read=RELEASE), (Cause.TIMEOUT,)),
    (verdict(REVIEW), (Cause.REVIEW,)),
    (verdict(REVIEW, read=RELEASE), (Cause.REVIEW,)),
]


@pytest.mark.parametrize(("found", "causes"), ROWS, ids=range(len(ROWS)))
def test_classes(found, causes):
    assert set(causes_of(found)) == set(causes)


@pytest.mark.parametrize("kind", list(ProblemKind))
def test_every_problem_stops_a_message_by_default(kind):
    cause, action = strictest(causes_of(verdict(REVIEW, kind, read=RELEASE)), Gateway())
    assert action == "hold"
    assert cause is not Cause.HOLD


def test_the_strictest_action_wins():
    settings = Gateway(on_unreadable="reject", on_review="header")
    assert strictest((Cause.REVIEW, Cause.UNREADABLE), settings) == (Cause.UNREADABLE, "reject")
    assert strictest((Cause.REVIEW,), settings) == (Cause.REVIEW, "header")
    assert strictest((Cause.HOLD, Cause.UNREADABLE), Gateway()) == (Cause.HOLD, "hold")


def test_the_defaults_fail_closed():
    settings = Gateway()
    names = ("on_hold", "on_review", "on_unreadable", "on_too_big", "on_timeout", "on_error")
    assert [getattr(settings, name) for name in names] == ["hold"] * 5 + ["tempfail"]


def test_the_budget_gives_back_what_it_took():
    budget = Budget(10)
    assert budget.take(6)
    assert not budget.take(5)
    budget.give(6)
    assert budget.take(10)


RAW = (
    b"Subject: a\r\nX-Sluicegate: release\r\n\tfolded\r\nx-sluicegate : b\r\nTo: b\r\n\r\nX-Sluicegate: in the body\r\n"
)


def test_headers_are_removed_whole_and_only_in_the_head():
    assert count_header(RAW, "X-Sluicegate") == 2
    assert remove_header(RAW, "X-Sluicegate") == b"Subject: a\r\nTo: b\r\n\r\nX-Sluicegate: in the body\r\n"
    assert remove_header(b"A: b", "C") == b"A: b"
    assert remove_header(b"\r\nA: b", "A") == b"\r\nA: b"
    assert prepend_header(RAW, "X-Loop", "a\r\nBcc: b").startswith(b"X-Loop: a  Bcc: b\r\nSubject")


@pytest.mark.parametrize(
    "data",
    [
        b"Subject: a\r\n\r\nHello",
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>Hello</p>",
        b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--',
    ],
)
def test_plain_messages(data):
    assert is_plain(data)


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Type: application/pdf\r\n\r\nx",
        b"content-type:application/pdf\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--",
        b"Content-Type: (c) application/pdf\r\n\r\nx",
        b"Content-Type: text/plain; name=a.pdf\r\n\r\nx",
        b"Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nx",
        b"Content-Transfer-Encoding: BASE64\r\n\r\nQUJD",
        b"Subject: a\r\n\r\nbegin 644 a.pdf\r\nM...\r\nend\r\n",
        b'Subject: a\r\n\r\n<img src="data:image/png;base64,AAAA">',
        b"Content-Type: message/rfc822\r\n\r\nSubject: b\r\n\r\nx",
        b"Subject: a\r\n\r\n" + b"x" * 300_000,
    ],
)
def test_everything_that_may_carry_a_file_is_not_plain(data):
    assert not is_plain(data)


KEY = b"k" * 64


def test_a_bypass_needs_reason_person_and_end(tmp_path):
    soon = datetime.now(UTC) + timedelta(hours=2)
    for by, reason, until in (("", "x", soon), ("x", " ", soon), ("x", "x", soon + timedelta(days=2))):
        with pytest.raises(GatewayError):
            start_bypass(tmp_path, KEY, by=by, reason=reason, until=until)
    start_bypass(tmp_path, KEY, by="Chen", reason="model server down", until=soon)
    assert read_bypass(tmp_path, KEY).by == "Chen"
    assert read_bypass(tmp_path, KEY, now=soon) is None
    assert read_bypass(tmp_path, b"other" * 20) is None
    text = (tmp_path / "bypass.json").read_text()
    (tmp_path / "bypass.json").write_text(text.replace("Chen", "Wang"))
    assert read_bypass(tmp_path, KEY) is None
    assert stop_bypass(tmp_path)
    assert not stop_bypass(tmp_path)
    assert read_bypass(tmp_path, KEY) is None


def test_metrics_are_prometheus_text():
    metrics = Metrics()
    metrics.count("messages", action="hold", cause="review")
    metrics.observe(0.02)
    metrics.gauge("workers_busy", "Workers.", lambda: 2)
    lines = metrics.text().splitlines()
    assert 'sluicegate_messages_total{action="hold",cause="review"} 1' in lines
    assert 'sluicegate_message_seconds_bucket{le="0.025"} 1' in lines
    assert 'sluicegate_message_seconds_bucket{le="+Inf"} 1' in lines
    assert "sluicegate_workers_busy 2" in lines
    assert metrics.total("messages", action="hold") == 1


def test_a_notice_holds_nothing_of_the_message():
    message = Message(b"Subject: TOP\r\n\r\nTOP", "li@own.example", ("a@b.example",), reference="Q1")
    notice = stopped_notice(message, Answer("hold", Cause.HOLD), Notices(contact="Chen"))
    text = notice.get_content()
    assert "Q1" in text
    assert "出口管制" in text
    assert "held" in text
    assert "TOP" not in notice.as_string()
    assert notice["Auto-Submitted"] == "auto-generated"


def test_the_digest_counts_by_cause():
    rows = [Stopped(f"Q{n}", "milter", "li@own.example", ("a@b",), "review", "hold", time="t") for n in range(3)]
    notice = digest_notice(rows, Notices(reviewers=("a@own.example", "b@own.example")))
    assert "review: 3" in notice.get_content()
    assert notice["To"] == "a@own.example, b@own.example"


def test_only_own_senders_get_a_notice():
    assert is_ours("li@Own.example", ("own.example",))
    assert not is_ours("", ("own.example",))
    assert not is_ours("li@evil.example", ("own.example",))


def test_networks_and_addresses():
    assert allowed("127.0.0.1", ("127.0.0.0/8",))
    assert allowed("::ffff:127.0.0.1", ("127.0.0.0/8",))
    assert not allowed("10.0.0.1", ("127.0.0.0/8",))
    assert not allowed("", ("0.0.0.0/0",))
    assert split_address("[::1]:25") == ("::1", 25)
    assert is_loopback("localhost")
    assert is_loopback("[::1]")
    assert not is_loopback("localhost.evil.example")
    with pytest.raises(GatewayError):
        split_address("nowhere")


def test_a_stale_socket_is_replaced_and_a_live_one_is_not(tmp_path):
    path = tmp_path / "m.sock"
    open_socket(f"unix:{path}", mode=0o600).close()
    live = open_socket(f"unix:{path}", mode=0o600)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(GatewayError, match="another process"):
        open_socket(f"unix:{path}")
    live.close()
    (tmp_path / "file").write_text("x")
    with pytest.raises(GatewayError, match="not a socket"):
        open_socket(f"unix:{tmp_path / 'file'}")
    with pytest.raises(GatewayError, match="no group"):
        open_socket(f"unix:{path}", group="no-such-group")
