"""What the settings make of a message at a real Postfix: actions, exemptions, licences, bypass, notices."""

import hashlib
import json
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from sluicegate.gateway.bypass import start_bypass
from sluicegate.review.audit import Audit, read_key
from sluicegate.review.records import Records
from sluicegate.settings import load_settings

pytestmark = pytest.mark.postfix
SECRET = "SECRET recipe\r\n"
OWN = "Own Materials Co."
TABLE = {
    "destinations": [
        {"match": "own.example", "country": "CN", "entity": OWN},
        {"match": "plant.example", "country": "HU", "entity": OWN},
        {"match": "kathod.example", "country": "DE", "entity": "Kathod GmbH"},
    ],
    "exemptions": [{"country": "CN", "entity": OWN, "reason": "inside the company and the country"}],
}


@pytest.fixture
def milter(postfix, start_gateway):
    def start(**gateway):
        listen = {"milter": {"listen": f"unix:{postfix.socket}", "mode": 0o666}}
        return start_gateway("milter", {"gateway": {"workers": 2, **listen, **gateway}})

    return start


def audit_of(gateway):
    return [json.loads(entry.line) for entry in Audit.open(load_settings(gateway.settings)).entries()]


def test_reject_with_an_own_text(postfix, milter, tools):
    milter(on_hold="reject", reject_text="Not without the export officer (100% sure), ref {reference}")
    said = tools.send(postfix.ports["milter"], tools.message("<a@x>", body=SECRET))
    assert said.startswith("550 5.7.1 Not without the export officer (100% sure), ref ")
    assert not postfix.queue()


def test_header_only(postfix, milter, tools):
    milter(on_review="header")
    tools.send(postfix.ports["milter"], tools.message("<a@x>", headers="X-Do: review\r\n"))
    postfix.settle({"<a@x>"})
    assert b"X-Sluicegate: review; cause=review; model=stand-in" in postfix.delivered()["<a@x>"]


def test_monitor_mode_holds_nothing_and_says_what_it_would_do(postfix, milter, tools):
    milter(monitor_only=True)
    for ident, body in (("<clean@x>", "Hello\r\n"), ("<secret@x>", SECRET)):
        tools.send(postfix.ports["milter"], tools.message(ident, body=body))
    postfix.settle({"<clean@x>", "<secret@x>"})
    delivered = postfix.delivered()
    assert b"X-Sluicegate: release; cause=clean" in delivered["<clean@x>"]
    assert b"X-Sluicegate: hold; cause=hold; points=cn-2025-28:252604X.1" in delivered["<secret@x>"]


def test_forged_headers_are_stripped(postfix, milter, tools):
    milter()
    forged = "X-Sluicegate: release; trust me\r\nSubject2: x\r\nx-sluicegate: release\r\n"
    tools.send(postfix.ports["milter"], tools.message("<a@x>", headers=forged))
    postfix.settle({"<a@x>"})
    assert b"sluicegate" not in postfix.delivered()["<a@x>"].lower()


def test_delivered_bytes_are_the_bytes_sent(postfix, milter, tools):
    milter()
    body = "caf\u00e9 \u7535\u6c60\r\n" + "x" * 900 + "\r\n.leading dot\r\n\ttab\r\n"
    tools.send(postfix.ports["milter"], tools.message("<a@x>", body=body, headers="X-Folded: a\r\n\tb\r\n"))
    postfix.settle({"<a@x>"})
    delivered = postfix.delivered()["<a@x>"].replace(b"\r\n", b"\n")
    assert body.replace("\r\n", "\n").encode() in delivered
    assert b"X-Folded: a\n\tb\n" in delivered


def test_exemption_by_country_and_entity(postfix, milter, tools):
    gateway = milter(**TABLE)
    sent = {
        "<home@x>": ("li@own.example",),
        "<plant@x>": ("li@plant.example",),
        "<both@x>": ("li@own.example", "eva@kathod.example"),
        "<tricky@x>": ("li%kathod.example@own.example",),
    }
    for ident, to in sent.items():
        tools.send(postfix.ports["milter"], tools.message(ident, body=SECRET), to=to)
    postfix.settle(sent)
    assert set(postfix.delivered()) == {"<home@x>"}
    assert set(postfix.held_ids()) == {"<plant@x>", "<both@x>", "<tricky@x>"}
    causes = [row["data"]["cause"] for row in audit_of(gateway) if row["event"] == "message"]
    assert causes == ["exempt", "hold", "hold", "hold"]


def test_a_trusted_sender_counts_only_from_its_relay(postfix, milter, tools):
    rule = {"sender": "prices@own.example", "relays": ["192.0.2.7"], "reason": "price list robot"}
    milter(trusted_senders=[rule])
    for ident, client in (("<named@x>", "192.0.2.7"), ("<other@x>", "192.0.2.8")):
        data = tools.message(ident, body=SECRET)
        tools.send(postfix.ports["milter"], data, sender="prices@own.example", client=client)
    postfix.settle({"<named@x>", "<other@x>"})
    assert set(postfix.delivered()) == {"<named@x>"}


def test_an_entry_names_who_what_and_with_which_versions_and_quotes_nothing(postfix, milter, tools):
    gateway = milter()
    data = tools.message("<a@x>", body=SECRET)
    tools.send(postfix.ports["milter"], data, to=("eva@kathod.example", "max@kathod.example"), client="192.0.2.7")
    entry = next(row["data"] for row in audit_of(gateway) if row["event"] == "message")
    assert entry["recipients"] == ["eva@kathod.example", "max@kathod.example"]
    assert entry["sender"] == "li.wei@own.example"
    assert entry["client"] == "192.0.2.7"
    assert entry["reference"] == next(iter(postfix.held_ids().values()))
    assert (entry["action"], entry["decision"]) == ("hold", "hold")
    assert entry["model"] == "stand-in"
    assert entry["points"] == ["cn-2025-28:252604X.1"]
    assert entry["parts"] == [entry["sha256"]]
    assert "SECRET" not in json.dumps(audit_of(gateway))
    assert "recipe" not in json.dumps(audit_of(gateway))


def test_every_delivered_message_is_on_record(postfix, milter, tools):
    gateway = milter()
    idents = {f"<m{number}@x>" for number in range(12)}
    for number, ident in enumerate(sorted(idents)):
        tools.send(postfix.ports["milter"], tools.message(ident, body=SECRET if number % 3 == 0 else "Hello\r\n"))
    postfix.settle(idents)
    actions = [row["data"]["action"] for row in audit_of(gateway) if row["event"] == "message"]
    assert (actions.count("accept"), actions.count("hold")) == (8, 4)
    assert Audit.open(load_settings(gateway.settings)).verify(heads=gateway.folder / "heads")[1] == []
    assert len(Records.open(load_settings(gateway.settings)).waiting()) == 4


def test_bypass_lets_plain_mail_through_and_holds_files(postfix, milter, tools):
    gateway = milter()
    folder = gateway.folder / "records"
    until = datetime.now(UTC) + timedelta(hours=1)
    start_bypass(folder, read_key(folder / "audit.key"), by="Chen", reason="outage", until=until)
    file = "Content-Disposition: attachment; filename=a.pdf\r\n"
    tools.send(postfix.ports["milter"], tools.message("<plain@x>", headers="X-Do: review\r\n"))
    tools.send(postfix.ports["milter"], tools.message("<file@x>", headers=file))
    postfix.settle({"<plain@x>", "<file@x>"})
    assert set(postfix.delivered()) == {"<plain@x>"}
    assert set(postfix.held_ids()) == {"<file@x>"}
    causes = [row["data"]["cause"] for row in audit_of(gateway) if row["event"] == "message"]
    assert causes == ["bypass", "bypass"]


def test_a_licence_in_force_releases_and_is_named(postfix, milter, tools):
    gateway = milter(**TABLE)
    # the stand-in's only part is the message, so the register lists the message as the milter sees it
    probe = tools.message("<licensed@x>", body=SECRET)
    licences = gateway.folder / "licences"
    licences.mkdir()
    tools.send(postfix.ports["milter"], probe, to=("eva@kathod.example",))
    sha256 = next(row["data"]["sha256"] for row in audit_of(gateway) if row["event"] == "message")
    (licences / "register.toml").write_text(
        f"""
[[licence]]
number = "JX-1"
kind = "licence"
issuer = "Jiangxi"
points = ["cn-2025-28:252604X.1"]
recipients = ["eva@kathod.example"]
entities = ["Kathod GmbH"]
country = "DE"
end_use = "cells"
first = 2020-01-01
documents = [{{ title = "manual", sha256 = "{sha256}" }}]
""",
        "utf-8",
    )
    postfix.clear()
    assert hashlib.sha256(probe).hexdigest() == sha256
    tools.send(postfix.ports["milter"], probe, to=("eva@kathod.example",))
    postfix.settle({"<licensed@x>"})
    assert set(postfix.delivered()) == {"<licensed@x>"}
    assert [row["data"] for row in audit_of(gateway) if row["event"] == "message"][-1]["licences"] == ["JX-1"]
    tools.send(postfix.ports["milter"], probe, to=("eva@kathod.example", "max@kathod.example"))
    assert set(postfix.held_ids()) == {"<licensed@x>"}
    (licences / "register.toml").write_text("broken [")
    tools.send(postfix.ports["milter"], probe, to=("eva@kathod.example",))
    assert len(postfix.queue("hold")) == 2


def test_a_notice_goes_to_an_own_sender_and_to_no_other(postfix, milter, tools):
    notices = {
        "smtp": f"127.0.0.1:{postfix.ports['deliver']}",
        "domains": ["own.example"],
        "sender": "gate@own.example",
    }
    milter(notices=notices)
    tools.send(postfix.ports["milter"], tools.message("<own@x>", body=SECRET))
    tools.send(postfix.ports["milter"], tools.message("<else@x>", body=SECRET), sender="someone@else.example")
    tools.wait_until(postfix.delivered, what="the notice")
    tools.send(postfix.ports["milter"], tools.message("<last@x>"))
    postfix.settle({"<last@x>"})
    found = [data for ident, data in postfix.delivered().items() if "sluicegate.invalid" in ident]
    assert len(found) == 1
    assert b"RCPT TO:<li.wei@own.example>" in found[0] or b"X-Rcpt-Args: <li.wei@own.example>" in found[0]
    assert b"recipe" not in found[0]


def test_mail_of_local_programs_is_screened_through_non_smtpd_milters(postfix, milter, tools):
    milter()
    data = tools.message("<local@x>", body=SECRET).decode().replace("\r\n", "\n")
    postfix.run("sendmail", "-C", str(postfix.conf), "-f", "li@own.example", "b@buyer.example", text=data)
    postfix.settle({"<local@x>"})
    assert set(postfix.held_ids()) == {"<local@x>"}
    assert not postfix.delivered()


def test_swaks_with_an_attachment(postfix, milter, tools, tmp_path):
    milter()
    (tmp_path / "a.txt").write_text("SECRET")
    where = f"127.0.0.1:{postfix.ports['milter']}"
    file = str(tmp_path / "a.txt")
    swaks = ["swaks", "--server", where, "--from", "a@own.example", "--to", "b@buyer.example", "--hide-all"]
    for extra in ([], ["--body", "SECRET", "--attach", file]):
        assert subprocess.run([*swaks, *extra], check=False).returncode == 0
    tools.wait_until(lambda: postfix.delivered() and postfix.queue("hold"), what="both messages")
    assert len(postfix.delivered()) == len(postfix.queue("hold")) == 1


LUA = """
conn = mt.connect("unix:{socket}")
if conn == nil then error("no connection") end
if mt.conninfo(conn, "ws7.example", "192.0.2.7") ~= nil then error("conninfo") end
if mt.helo(conn, "ws7.example") ~= nil then error("helo") end
mt.macro(conn, SMFIC_MAIL, "i", "Q1", "{{auth_authen}}", "li")
if mt.mailfrom(conn, "li@own.example") ~= nil then error("mailfrom") end
if mt.rcptto(conn, "eva@kathod.example") ~= nil then error("rcptto") end
if mt.header(conn, "Subject", "minutes") ~= nil then error("header") end
if mt.header(conn, "X-Sluicegate", "release") ~= nil then error("header") end
if mt.eoh(conn) ~= nil then error("eoh") end
if mt.bodystring(conn, "{body}\\r\\n") ~= nil then error("body") end
if mt.eom(conn) ~= nil then error("eom") end
if mt.getreply(conn) ~= {reply} then error("reply " .. mt.getreply(conn)) end
{check}
mt.disconnect(conn)
"""
HELD = 'if not mt.eom_check(conn, MT_QUARANTINE) then error("not held") end'
CLEAN = 'if mt.eom_check(conn, MT_QUARANTINE) then error("held") end'
STRIPPED = 'if not mt.eom_check(conn, MT_HDRDELETE, "X-Sluicegate") then error("forged header stays") end'
TEXT = "Held back by export control; reference Q1"
REFUSED = f'if not mt.eom_check(conn, MT_SMTPREPLY, "550", "5.7.1", "{TEXT}") then error("other reply") end'


@pytest.mark.parametrize(
    ("body", "options", "reply", "check"),
    [
        ("Hello", {}, "SMFIR_ACCEPT", f"{CLEAN}\n{STRIPPED}"),
        ("SECRET", {}, "SMFIR_ACCEPT", f"{HELD}\n{STRIPPED}"),
        ("SECRET", {"on_hold": "reject"}, "SMFIR_REPLYCODE", REFUSED),
    ],
    ids=["clean", "held", "refused"],
)
def test_miltertest_as_a_mail_system_we_did_not_write(postfix, milter, tmp_path, body, options, reply, check):
    milter(**options)
    script = tmp_path / "test.lua"
    script.write_text(LUA.format(socket=postfix.socket, body=body, reply=reply, check=check))
    done = subprocess.run(["miltertest", "-s", str(script)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
