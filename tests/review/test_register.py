"""The licence register, the dossier, the records and the desk."""

import json
import stat
from datetime import date

import pytest

from sluicegate.document import Part, Place
from sluicegate.errors import LicenceError
from sluicegate.licence import Recipient
from sluicegate.review.desk import Desk
from sluicegate.review.dossier import dossier_rows, dossier_text
from sluicegate.review.records import Records, Stopped, redacted
from sluicegate.review.register import Register, apply_licences, read_register
from sluicegate.settings import parse_settings
from sluicegate.verdict import Decision, PointFinding, Provenance, ScoredPassage, Verdict

SHA = "a" * 64
POINT = "cn-2025-28:252604X.1"
ENTRY = f"""
[[licence]]
number = "JX-1"
kind = "licence"
issuer = "江西省商务厅"
points = ["{POINT}"]
recipients = ["eva@kathod.example"]
entities = ["Kathod GmbH"]
country = "DE"
end_use = "cells"
first = 2026-01-01
last = 2026-12-31
documents = [{{ title = "LFP manual", sha256 = "{SHA}" }}]
"""
PROVENANCE = Provenance("0", "m", ("cn-2025-28",), "s", "2026-01-01T00:00:00+00:00", "2026-01-01")


def verdict(decision=Decision.HOLD, *, sha256=SHA, name="manual.pdf"):
    part = Part((name,), sha256, "application/pdf", "manual", decision.value, (POINT,) if decision.severity else ())
    point = PointFinding("cn-2025-28", "252604X.1", {"en": "LFP", "zh": "磷酸铁锂"}, "in_force", 0.9)
    passage = ScoredPassage(Place((name,), page=3), 0.9, "QUOTE", (("term", 1.0),), points=("lfp",))
    return Verdict(
        name, sha256, "application/pdf", "manual", ("en",), (part,), decision, ("because",), 0.9, (point,), (passage,),
        (), PROVENANCE, read_decision=decision,
    )  # fmt: skip


@pytest.fixture
def register(tmp_path):
    path = tmp_path / "register.toml"
    path.write_text(ENTRY, "utf-8")
    return Register(path)


EVA = (Recipient("eva@kathod.example", "DE", "Kathod GmbH"),)


def test_a_verdict_is_released_and_names_the_licence(register):
    found = apply_licences(verdict(), register=register, recipients=EVA, day=date(2026, 6, 1))
    assert found.released
    assert found.licences == ("JX-1",)
    assert found.reasons[0] == "Released under licence JX-1 (江西省商务厅)."
    assert found.reasons[1] == "Without the licence: because"
    assert Verdict.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_a_licence_that_ran_out_says_so(register):
    found = apply_licences(verdict(), register=register, recipients=EVA, day=date(2027, 6, 1))
    assert found.held
    assert "JX-1 is not in force on 2027-06-01." in found.reasons


def test_the_register_is_read_again_when_it_changes(register):
    assert len(register.licences()) == 1
    register.path.write_text(ENTRY + ENTRY.replace("JX-1", "JX-2"), "utf-8")
    assert len(register.licences()) == 2
    register.path.unlink()
    assert register.licences() == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("country", "contry"), "contry"),
        (('"DE"', '"Germany"'), "country"),
        ((SHA, "abc"), "sha256"),
        (('kind = "licence"', 'kind = "permit"'), "kind"),
        (("last = 2026-12-31", "last = 2025-12-31"), "before the first"),
        ((f'["{POINT}"]', "[]"), "points"),
        ((f'"{POINT}"', '"LFP"'), "points"),
        (('["Kathod GmbH"]', "[]"), "entities"),
        (("[[licence]]", "[[licence"), "not valid TOML"),
    ],
)
def test_a_wrong_register_is_refused_with_the_fault(tmp_path, change, said):
    path = tmp_path / "register.toml"
    path.write_text(ENTRY.replace(*change), "utf-8")
    with pytest.raises(LicenceError, match=said):
        read_register(path)


def test_a_number_used_twice_is_refused(tmp_path):
    path = tmp_path / "register.toml"
    path.write_text(ENTRY + ENTRY, "utf-8")
    with pytest.raises(LicenceError, match="used twice: JX-1"):
        read_register(path)


def test_the_dossier_lists_each_document_once_and_can_become_the_register(tmp_path):
    other = verdict(sha256="b" * 64, name="/home/li/out/附件|2.docx")
    rows = dossier_rows([verdict(), verdict(), other, verdict(Decision.RELEASE, sha256="c" * 64)])
    assert [(row.number, row.sha256[0]) for row in rows] == [(1, "a"), (2, "b")]
    text = dossier_text(rows, day=date(2026, 6, 1))
    assert text.startswith("# 技术资料出口清单")
    assert "| 附件\\|2.docx |" in text
    assert "page 3" in text
    assert f"{POINT} 磷酸铁锂 / LFP" in text
    documents = text.split("```toml\n")[1].split("```")[0]
    path = tmp_path / "register.toml"
    head = ENTRY.split("documents")[0]
    path.write_text(head + documents, "utf-8")
    assert [document.sha256[0] for document in read_register(path)[0].documents] == ["a", "b"]


def settings(folder, **records):
    return parse_settings({"paths": {"records": str(folder)}, "audit": {"syslog": False}, "records": records})


def test_records_are_for_the_owner_and_come_back_whole(tmp_path):
    records = Records.open(settings(tmp_path))
    number = records.add_stopped(Stopped("Q1", "milter", "li@own.example", ("a@b",), "hold", "hold", verdict()))
    found = records.find_stopped("Q1")
    assert (found.id, found.recipients, found.verdict) == (number, ("a@b",), verdict())
    assert stat.S_IMODE(records.path.stat().st_mode) == 0o600
    records.rename("Q1", "Q2")
    assert records.find_stopped("Q1") is None
    assert records.expire(days=1) == 0


def test_redacted_records_hold_no_text(tmp_path):
    records = Records.open(settings(tmp_path, redact=True))
    records.add_stopped(Stopped("Q1", "milter", "li@own.example", ("a@b",), "hold", "hold", verdict()))
    assert b"QUOTE" not in records.path.read_bytes()
    assert records.find_stopped("Q1").verdict == redacted(verdict())


def test_the_desk_shows_holds_first_and_takes_decisions(tmp_path):
    config = settings(tmp_path)
    Records.open(config).add_stopped(
        Stopped("Q1", "milter", "li@own.example", ("a@b",), "review", "hold", verdict(Decision.REVIEW, sha256="b" * 64))
    )
    desk = Desk.open(config, [verdict(), verdict(Decision.RELEASE, sha256="d" * 64)])
    assert [item.name for item in desk.waiting()] == ["a" * 12, "M1"]
    assert desk.find("aaaaaa")[0].name == "a" * 12
    assert desk.find("M1")[0].stopped == 1
    desk.decide(desk.find("M1")[0], Decision.RELEASE, by="Chen", reason="price list")
    desk.decide(desk.find("a" * 12)[0], Decision.HOLD, by="Chen", reason="recipe")
    assert desk.waiting() == []
    samples = desk.samples()
    assert [(row["label"], row["points"], row["text"]) for row in samples] == [
        ("not", [], "QUOTE"),
        ("controlled", ["lfp"], "QUOTE"),
    ]
