"""The licence rule, row by row: only a licence in force that lists the bytes, for these recipients, releases."""

from dataclasses import replace
from datetime import date

import pytest

from sluicegate.decide import licence_ruling
from sluicegate.document import Part
from sluicegate.licence import Licence, LicenceKind, ListedDocument, Recipient, Transfer, same_title
from sluicegate.verdict import Decision

HOLD, REVIEW, RELEASE = Decision.HOLD, Decision.REVIEW, Decision.RELEASE
SPEC, OTHER, LETTER = "a" * 64, "b" * 64, "c" * 64
POINT = "cn-2025-28:252604X.1"
LICENCE = Licence(
    number="JX-2026-014", kind=LicenceKind.LICENCE, issuer="Jiangxi", points=frozenset({POINT}),
    recipients=frozenset({"eva@kathod.example", "plant.example"}), entities=frozenset({"Kathod GmbH"}), country="DE",
    end_use="cells", first=date(2026, 1, 1), last=date(2026, 12, 31),
    documents=(ListedDocument("LFP process manual", SPEC),),
)  # fmt: skip
EVA = Recipient("eva@kathod.example", "DE", "Kathod GmbH")
DAY = date(2026, 6, 1)
MAIL = (
    Part(("a.eml",), LETTER, "message/rfc822", "mail", "release"),
    Part(("a.eml", "spec.pdf"), SPEC, "application/pdf", "manual", "hold", (POINT,)),
)


def rule(parts=MAIL, *, licence=LICENCE, recipients=(EVA,), day=DAY, decision=HOLD):
    return licence_ruling(decision, parts, licences=(licence,), transfer=Transfer(tuple(recipients), day))


def test_a_listed_document_to_its_recipient_is_released_and_the_licence_named():
    ruling = rule()
    assert ruling.decision is RELEASE
    assert ruling.licences == ("JX-2026-014",)
    assert "JX-2026-014 (Jiangxi)" in ruling.reasons[0]


ROWS = [
    ("letter of intent", {"licence": replace(LICENCE, kind=LicenceKind.LETTER_OF_INTENT)}, "letter of intent"),
    ("not yet valid", {"day": date(2025, 12, 31)}, "not in force on 2025-12-31"),
    ("expired", {"day": date(2027, 1, 1)}, "not in force"),
    ("revoked", {"licence": replace(LICENCE, revoked=date(2026, 5, 1))}, "not in force"),
    ("other recipient", {"recipients": (Recipient("max@kathod.example", "DE", "Kathod GmbH"),)}, "max@kathod.example"),
    ("one of two not named", {"recipients": (EVA, Recipient("x@else.example", "DE", "Else"))}, "x@else.example"),
    ("recipient of unknown country", {"recipients": (Recipient("eva@kathod.example"),)}, "an unknown country"),
    ("recipient in another country", {"recipients": (Recipient("eva@kathod.example", "HU", "Kathod GmbH"),)}, "in HU"),
    (
        "recipient of another entity",
        {"recipients": (Recipient("eva@kathod.example", "DE", "Kathod Kft"),)},
        "recipient",
    ),
    ("nobody known", {"recipients": ()}, "none are known"),
    ("point not covered", {"licence": replace(LICENCE, points=frozenset({"cn-2025-28:252604X.2"}))}, POINT),
]


@pytest.mark.parametrize(("row", "changes", "said"), ROWS, ids=[row[0] for row in ROWS])
def test_anything_that_does_not_match_releases_nothing_and_says_why(row, changes, said):
    ruling = rule(**changes)
    assert ruling.decision is HOLD
    assert said in " ".join(ruling.reasons)
    assert not ruling.licences


def test_first_and_last_day_count():
    assert rule(day=date(2026, 1, 1)).decision is RELEASE
    assert rule(day=date(2026, 12, 31)).decision is RELEASE


def test_a_domain_of_the_licence_names_its_addresses():
    assert rule(recipients=(EVA, Recipient("li@plant.example", "DE", "Kathod GmbH"))).decision is RELEASE


def test_a_second_attachment_that_is_not_listed_is_not_released():
    parts = (*MAIL, Part(("a.eml", "more.pdf"), OTHER, "application/pdf", "manual", "review"))
    assert rule(parts).decision is HOLD


def test_know_how_in_the_letter_itself_is_not_released():
    assert rule((replace(MAIL[0], decision="hold", points=(POINT,)), MAIL[1])).decision is HOLD


def test_a_file_with_the_listed_files_name_does_not_ride_along():
    twin = replace(MAIL[1], sha256=OTHER)
    for parts in ((*MAIL, twin), (MAIL[0], twin, MAIL[1])):
        assert rule(parts).decision is HOLD


def test_a_listed_archive_covers_what_is_in_it():
    parts = (*MAIL[:1], replace(MAIL[1], decision="release", points=()),
             Part(("a.eml", "spec.pdf", "inner.docx"), OTHER, "application/x", "manual", "hold", (POINT,)))  # fmt: skip
    assert rule(parts).decision is RELEASE


def test_a_title_without_the_hash_brings_a_hint_and_a_review():
    parts = (Part(("LFP_Process-Manual.pdf",), OTHER, "application/pdf", "manual", "release"),)
    ruling = rule(parts, decision=RELEASE)
    assert ruling.decision is REVIEW
    assert "JX-2026-014" in ruling.reasons[0]


def test_a_title_never_lowers_a_hold():
    ruling = rule((Part(("LFP process manual.pdf",), OTHER, "application/pdf", "manual", "hold", (POINT,)),))
    assert ruling.decision is HOLD
    assert "bears the title" in ruling.reasons[0]


def test_a_verdict_without_parts_stays_as_it_is():
    assert rule(()).decision is HOLD


def test_without_a_register_nothing_changes():
    ruling = licence_ruling(HOLD, MAIL, licences=(), transfer=Transfer((EVA,), DAY))
    assert ruling.decision is HOLD
    assert ruling.reasons == ()


def test_titles_compare_without_case_extension_and_punctuation():
    assert same_title("磷酸铁锂 工艺手册.PDF", "磷酸铁锂工艺手册")
    assert same_title("/home/li/out/LFP process manual.pdf", "LFP process manual")
    assert same_title("C:\\out\\LFP process manual.pdf", "LFP process manual")
    assert same_title("LFP/LMFP manual.pdf", "LFP/LMFP manual")
    assert not same_title(".pdf", "")
    assert not same_title("other", "LFP process manual")
