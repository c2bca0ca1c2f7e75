"""A mail with a company's logo, a scanned signature and a photograph in it is released; a scanned letter is not."""

from __future__ import annotations

import sys
from email.message import EmailMessage
from functools import cache
from pathlib import Path

import pytest

from sluicegate.document import ProblemKind
from sluicegate.screener import Screener
from sluicegate.settings import Extraction, Settings
from sluicegate.verdict import Decision

sys.path.append(str(Path(__file__).parent / "gateway"))  # for the pictures of office mail

from office_mail import picture


@cache
def screener() -> Screener:
    return Screener.build(Settings(extraction=Extraction(ocr="off")))


def mail(*pictures: tuple[str, str]) -> bytes:
    """A short message with these (picture, kind) attached."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@own.example", "b@customer.example", "Visit on Tuesday"
    message.set_content("Thank you for the visit on Tuesday. The signed minutes and a picture of the hall follow.")
    message.add_alternative('<p>Thank you for the visit on Tuesday.</p><img src="cid:logo" alt="logo">', subtype="html")
    for number, (name, kind) in enumerate(pictures):
        message.add_attachment(picture(name), "image", kind, filename=f"image{number}.{kind}")
    return message.as_bytes()


@pytest.mark.parametrize("number", range(4))
def test_logo_signature_and_photograph_do_not_stop_a_mail(number: int) -> None:
    data = mail((f"logo{number}", "png"), (f"signature{number}", "png"), (f"photo{number}", "jpeg"))
    verdict = screener().screen_bytes(data, name="visit.eml")
    assert (verdict.decision, verdict.problems) == (Decision.RELEASE, ())


def test_a_scanned_letter_does() -> None:
    verdict = screener().screen_bytes(mail(("logo0", "png"), ("letter0", "jpeg")), name="visit.eml")
    assert verdict.decision is Decision.REVIEW
    assert [problem.kind for problem in verdict.problems] == [ProblemKind.NO_TEXT]
