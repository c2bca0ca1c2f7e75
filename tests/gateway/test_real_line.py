"""The gate with the shipped model: licences by part, hostile mail, office mail. Nothing that hides is released."""

import base64
import importlib.util
import io
import quopri
import sys
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from sluicegate.document import Part
from sluicegate.screener import Screener
from sluicegate.settings import Settings
from sluicegate.workers import Task, WorkerPool
from sluicegate.workers.pool import ocr_installed

# ruff: noqa: E501 - messages are data, and read best as they stand

RECIPE = (
    "Preparation of lithium iron phosphate. 1. Weigh iron phosphate and lithium carbonate at a molar ratio of 1:0.515 and"
    " add 9 wt% glucose as carbon source. 2. Wet-mill the slurry in a sand mill until D50 is 0.35 um. 3. Spray-dry at an"
    " inlet temperature of 210 C. 4. Sinter the precursor in a roller kiln under nitrogen, heat at 3 C/min to 760 C and"
    " hold for 9 h. 5. Jet-mill the sintered powder and sieve it. The compaction density of the LFP reaches 2.62 g/cm3 at"
    " 220 MPa and the discharge capacity is 161 mAh/g at 0.1C with a first efficiency of 97.4 %.\r\n"
)
CHINESE = (
    "磷酸铁锂制备步骤:将磷酸铁与碳酸锂按摩尔比1:0.515称量,加入9%葡萄糖作碳源;砂磨至D50为0.35微米;喷雾干燥,进风温度210℃;"
    "氮气气氛下辊道窑烧结,以3℃/min升温至760℃保温9小时;气流粉碎过筛。粉体压实密度在220MPa下达到2.62g/cm3,0.1C放电容量161mAh/g。\r\n"
)
HEAD = "From: a@own.example\r\nTo: b@buyer.example\r\nSubject: notes\r\nMIME-Version: 1.0\r\n"


@pytest.fixture(scope="module")
def screener():
    return Screener.build(Settings())


def encoded(text=RECIPE):
    return base64.encodebytes(text.encode()).decode().replace("\n", "\r\n")


def multipart(*parts, boundary="b", kind="mixed", preamble="", epilogue=""):
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    head = f'{HEAD}Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'
    return f"{head}{preamble}\r\n{body}--{boundary}--\r\n{epilogue}"


def nested(depth):
    inner = f"Content-Type: text/plain\r\n\r\n{RECIPE}"
    for level in range(depth):
        name = f"b{level}"
        inner = f'Content-Type: multipart/mixed; boundary="{name}"\r\n\r\n--{name}\r\n{inner}\r\n--{name}--'
    return HEAD + inner


def zipped(name="recipe.txt", text=RECIPE):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return base64.encodebytes(out.getvalue()).decode().replace("\n", "\r\n")


def uuencoded(text=RECIPE):
    import binascii

    data = text.encode()
    rows = [binascii.b2a_uu(data[at : at + 45]).decode().rstrip("\n") for at in range(0, len(data), 45)]
    return "begin 644 notes.txt\r\n" + "\r\n".join(rows) + "\r\n`\r\nend\r\n"


FIRST = base64.b64encode(b"Hello dear colleague").decode()
CUT = encoded()[: 4 * 40 + 1]
TEXT = "Content-Type: text/plain; charset=utf-8\r\n"
B64 = f"{TEXT}Content-Transfer-Encoding: base64\r\n"
HOSTILE = {
    "plain": f"{HEAD}{TEXT}\r\n{RECIPE}",
    "chinese": f"{HEAD}{TEXT}\r\n{CHINESE}",
    "base64 after padding": f"{HEAD}{B64}\r\n{FIRST}\r\n{encoded()}",
    "base64 of length 4n+1": f"{HEAD}{B64}\r\n{encoded().rstrip().rstrip('=')}A\r\n",
    "commented encoding": f"{HEAD}{TEXT}Content-Transfer-Encoding:  BASE64 (x)\r\n\r\n{encoded()}",
    "duplicate encoding": f"{HEAD}{TEXT}Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded()}",
    "duplicate type": f"{HEAD}Content-Type: image/png\r\n{TEXT}\r\n{RECIPE}",
    "preamble": multipart(f"{TEXT}\r\nHello", preamble=RECIPE),
    "epilogue": multipart(f"{TEXT}\r\nHello", epilogue=RECIPE),
    "encoded rfc822": (
        f"{HEAD}Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded(HEAD + TEXT + chr(13) + chr(10) + RECIPE)}"
    ),
    "encoded multipart": (
        f'{HEAD}Content-Type: multipart/mixed; boundary="c"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        f"{encoded(f'--c{chr(13)}{chr(10)}{TEXT}{chr(13)}{chr(10)}{RECIPE}{chr(13)}{chr(10)}--c--')}"
    ),
    "uuencode": f"{HEAD}{TEXT}\r\nHello\r\n{uuencoded()}",
    "quoted printable": (
        f"{HEAD}{TEXT}Content-Transfer-Encoding: quoted-printable\r\n\r\n{quopri.encodestring(RECIPE.encode()).decode()}"
    ),
    "raw 8-bit name": multipart(f'Content-Type: text/plain; name="\u7535\u6c60.txt"\r\n\r\n{RECIPE}'),
    "declared picture": multipart(f"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded()}"),
    "zip": multipart(f"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n{zipped()}"),
    "20 nested multiparts": nested(20),
    "1000 nested multiparts": nested(1000),
    "1000 nested messages": f"{HEAD}Content-Type: message/rfc822\r\n\r\n" * 1000 + f"{HEAD}{TEXT}\r\n{RECIPE}",
    "20k addresses": f"{HEAD}Cc: {', '.join(f'a{number}@b.example' for number in range(20_000))}\r\n{TEXT}\r\n{RECIPE}",
    "x-gbk": f"{HEAD}Content-Type: text/plain; charset=x-gbk\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.encodebytes(CHINESE.encode("gb18030")).decode(),
    "3000 parts": multipart(*[f"{TEXT}\r\nHello"] * 3000, f"{TEXT}\r\n{RECIPE}"),
    "unterminated": multipart(f"{TEXT}\r\n{RECIPE}").replace("--b--", ""),
    "message/partial": f'{HEAD}Content-Type: message/partial; id="x"; number=1; total=2\r\n\r\nhalf',
    "message/external-body": (
        f'{HEAD}Content-Type: message/external-body; access-type=URL; URL="http://x.example/a"\r\n\r\nContent-Type: text/plain\r\n\r\n'
    ),
    "S/MIME encrypted": (
        f"{HEAD}Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n"
        f"Content-Transfer-Encoding: base64\r\n\r\n{encoded('not really')}"
    ),
    "PGP encrypted": multipart(
        "Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1",
        "Content-Type: application/octet-stream\r\n\r\n-----BEGIN PGP MESSAGE-----\r\nabc\r\n-----END PGP MESSAGE-----",
        kind="encrypted",
    ),
    "inline PGP": f"{HEAD}{TEXT}\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n",
    "broken winmail.dat": multipart(
        f"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded('x')}"
    ),
    "odd addresses": f"Message-ID: <[[[[\r\nFrom: <@\r\nTo: {'(' * 5000}\r\n{TEXT}\r\n{RECIPE}",
    "20k parameters": f"{HEAD}Content-Type: text/plain{'; a=b' * 20_000}\r\n\r\n{RECIPE}",
    "in the subject": f"Subject: {RECIPE[:700]}\r\n {RECIPE[700:]}{TEXT}\r\nHello",
    "utf-16": f"{HEAD}Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.encodebytes(RECIPE.encode("utf-16")).decode(),
    "utf-7": f"{HEAD}Content-Type: text/plain; charset=utf-7\r\n\r\n" + RECIPE.encode("utf-7").decode(),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_mail_is_read_or_reported_never_released(screener, case):
    verdict = screener.screen_bytes(HOSTILE[case].encode(), name="a.eml")
    assert not verdict.released


def test_gbk_bytes_are_read_without_any_declaration(screener):
    verdict = screener.screen_bytes(f"{HEAD}\r\n{CHINESE}".encode("gb18030"), name="a.eml")
    assert not verdict.released


def letter(*attachments):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@own.example", "b@buyer.example", "documents"
    mail.set_content("Dear Eva, please find the documents attached. Best regards, Li Wei\n")
    for name, text in attachments:
        mail.add_attachment(text.encode(), maintype="text", subtype="plain", filename=name)
    return mail.as_bytes()


def parts_of(screener, mail) -> dict[str, Part]:
    return {part.path[-1]: part for part in screener.screen_bytes(mail, name="a.eml").parts}


def test_each_part_carries_its_own_decision_and_points(screener):
    parts = parts_of(screener, letter(("recipe.txt", RECIPE), ("agenda.txt", "Lunch is at noon in room 214.\r\n")))
    assert parts["recipe.txt"].decision == "hold"
    assert "cn-2025-28:252604X.1" in parts["recipe.txt"].points
    assert parts["agenda.txt"].decision == "release"
    assert parts["a.eml"].decision == "release"


def test_a_released_message_carries_no_part_decisions(screener):
    assert {part.decision for part in parts_of(screener, letter()).values()} == {""}


def sibling(name):
    """A module beside this one, by its name."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(name, module)
    spec.loader.exec_module(module)
    return module


def stopped(numbers) -> list[tuple[int, bool]]:
    """The office mails that are stopped, each with whether it carries a scanned letter."""
    made = sibling("office_mail")
    found = []
    with WorkerPool(Settings(), size=2, ocr=True) as pool:
        for number in numbers:
            data = made.make_mail(number)
            if not pool.screen(Task(f"{number}.eml", data=data)).released:
                found.append((number, b"scan0001.jpg" in data))
    return found


def test_office_mail_passes():
    assert [number for number, scanned in stopped(range(60)) if not scanned] == []


@pytest.fixture
def ocr(monkeypatch, tmp_path):
    """An OCR engine: the one that is installed, else a tesseract of this test's own."""
    if ocr_installed():
        return
    environment = sibling("ocr_apart").unpack_tesseract(tmp_path)
    if isinstance(environment, str):
        pytest.skip(environment)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


@pytest.mark.full
def test_at_most_5_in_1000_of_2000_office_mails_wait(ocr):
    found = stopped(range(2000))
    print({"mails": 2000, "stopped": len(found), "of them scanned letters": sum(scanned for _, scanned in found)})
    assert len(found) <= 10


@pytest.mark.full
@pytest.mark.skipif(ocr_installed(), reason="an OCR engine is installed")
def test_without_ocr_only_scanned_letters_wait():
    found = stopped(range(2000))
    print({"mails": 2000, "stopped": len(found)})
    assert all(scanned for _, scanned in found)
