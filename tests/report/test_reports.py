from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.document import Place
from sluicegate.errors import StoreError
from sluicegate.report import FORMATS, renderer
from sluicegate.report.console import print_verdict
from sluicegate.report.csv import safe
from sluicegate.report.files import private_file
from sluicegate.report.jsonl import encode
from sluicegate.report.marks import stretches
from sluicegate.report.redact import redacted
from sluicegate.verdict import Decision, ScoredPassage, Tag, TagLabel, Verdict


def rendered(name: str, verdicts: Sequence[Verdict], *, redact: bool = False, language: str = "en") -> str:
    how = renderer(name)
    if how.binary:
        raw = io.BytesIO()
        how.render(verdicts, raw, redact=redact, language=language)
        return raw.getvalue().decode("latin-1")
    stream = io.StringIO()
    how.render(verdicts, stream, redact=redact, language=language)
    return stream.getvalue()


def readable(name: str) -> bool:
    if name == "parquet":
        pytest.importorskip("pyarrow")
    return name in ("jsonl", "html")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_shows_every_document_and_works_without_any(made: Any, name: str) -> None:
    readable(name)
    text = rendered(name, [made(document="first.eml"), made(document="second.eml", decision=Decision.RELEASE)])
    assert "first.eml" in text
    assert "second.eml" in text
    assert rendered(name, []) is not None


@pytest.mark.parametrize("name", FORMATS)
def test_redaction_leaves_no_word_of_the_document_in_any_format(made: Any, name: str) -> None:
    readable(name)
    text = rendered(name, [made(word="zirconia")], redact=True)
    for word in (made.secret, made.quote[:20], "LiFePO4", "zirconia"):
        assert word not in text
        assert json.dumps(word)[1:-1] not in text
    assert "2.62" in text or not readable(name)  # figures and margins stay: they are the evidence


@pytest.mark.parametrize("name", ["jsonl", "html"])
def test_without_redaction_the_evidence_is_there(made: Any, name: str) -> None:
    text = rendered(name, [made()])
    assert made.secret in text
    assert "sintering" in text


@pytest.mark.parametrize("redact", [False, True])
def test_a_json_line_reads_back_as_the_verdict(made: Any, redact: bool) -> None:
    verdict = made(quote="LiFePO4 one\u2028two\u2029three\x85four\nfive")
    line = encode(verdict, redact=redact)
    assert len(line.splitlines()) == 1
    assert Verdict.from_json(json.loads(line)) == (redacted(verdict) if redact else verdict)


@pytest.mark.parametrize(
    "value", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "'=1", "\n=1", "\x00=1"]
)
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(value: str) -> None:
    assert str(safe(value)).startswith("'")


def test_numbers_and_plain_text_stay_as_they_are() -> None:
    assert [safe(value) for value in (0.5, -3, "offer.pdf", "报价")] == [0.5, -3, "offer.pdf", "报价"]


def test_csv_reads_back_and_excel_sees_utf8(made: Any) -> None:
    text = rendered("csv", [made(document="=cmd|' /C calc'!A0"), made(document='with "quotes", commas\\nand 中文')])
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text[1:])))
    assert [row["document"] for row in rows] == ["'=cmd|' /C calc'!A0", 'with "quotes", commas\\nand 中文']
    assert rows[0]["decision"] == "hold"


def test_parquet_reads_back_with_types(made: Any) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    raw = io.BytesIO()
    renderer("parquet").render([made(), made(decision=Decision.RELEASE)], raw)
    table = parquet.read_table(io.BytesIO(raw.getvalue()))
    assert table.column("decision").to_pylist() == ["hold", "release"]
    assert table.column("know_how").to_pylist() == [0.98, 0.98]


class Page(HTMLParser):
    """Collects elements, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marked: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open[-1:] == ["mark"]:
            self.marked[-1] += data


def page(verdicts: Sequence[Verdict], *, language: str = "en", redact: bool = False) -> Page:
    parser = Page()
    parser.feed(rendered("html", verdicts, language=language, redact=redact))
    parser.close()
    return parser


def test_html_loads_and_runs_nothing(made: Any) -> None:
    names = {tag for tag, _ in page([made()]).elements}
    assert not names & {"script", "img", "link", "iframe", "object", "form", "svg", "base"}
    for tag, attributes in page([made()]).elements:
        assert not any(name.startswith("on") or name in ("style", "src") for name in attributes), tag
        assert (attributes.get("href") or "#").startswith("#")


def test_html_policy_permits_only_its_own_style_sheet(made: Any) -> None:
    text = rendered("html", [made()])
    style = re.search(r"<style>(.*?)</style>", text, re.S)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_html_escapes_hostile_text_wherever_a_document_can_put_it(made: Any) -> None:
    verdict = made(document=made.hostile, quote=f"LiFePO4 {made.hostile}", word=made.hostile)
    plain, hostile = page([made()]), page([verdict])
    assert [tag for tag, _ in plain.elements].count("script") == 0
    assert "script" not in {tag for tag, _ in hostile.elements}
    assert hostile.text.count("<script>alert(1)</script>") >= 5
    assert "\x00" not in hostile.text


def test_html_shows_the_whole_quote_with_its_tags_and_the_stated_figure_marked(made: Any) -> None:
    shown = page([made()])
    assert made.quote in shown.text
    assert "LiFePO4" in shown.marked
    assert "2.62" in shown.marked


def test_html_says_its_languages(made: Any) -> None:
    english, chinese = page([made()]), page([made()], language="zh")
    assert dict(english.elements)["html"] == {"lang": "en"}
    assert dict(chinese.elements)["html"] == {"lang": "zh-Hans"}
    assert "压实密度" in chinese.text
    assert {"lang": "zh"} in [attributes for tag, attributes in english.elements if tag == "blockquote"]
    assert english.text.count("not legal advice") == 1
    assert chinese.text.count("不构成法律意见") == 1


def test_html_opens_what_needs_attention_and_can_be_filtered(made: Any) -> None:
    shown = page([made(), made(decision=Decision.RELEASE)])
    details = [attributes for tag, attributes in shown.elements if tag == "details"]
    assert ["open" in attributes for attributes in details] == [True, False]
    assert [attributes["class"] for attributes in details] == ["doc is hold", "doc is release"]
    assert [attributes["id"] for tag, attributes in shown.elements if tag == "input"] == [
        "pick-all", "pick-hold", "pick-review", "pick-release"
    ]  # fmt: skip


tags = st.builds(
    lambda start, length: Tag(TagLabel.PROCESS, "x", "", start, start + length), st.integers(-2, 30), st.integers(0, 12)
)


@given(st.text(max_size=30), st.lists(tags, max_size=8))
def test_marking_loses_and_repeats_nothing(quote: str, found: list[Tag]) -> None:
    passage = ScoredPassage(Place(("a.txt",)), 0.5, quote, tags=tuple(found))
    assert "".join(stretch.text for stretch in stretches(passage)) == quote


def printed(verdict: Verdict, *, explain: bool = False, redact: bool = False) -> str:
    stream = io.StringIO()
    print_verdict(verdict, explain=explain, redact=redact, stream=stream)
    return stream.getvalue()


def test_console_gives_reason_criterion_and_place_without_wrapping_or_colour(made: Any) -> None:
    name = "folder/" * 40 + "name.pdf"
    text = printed(made(document=name))
    assert text.splitlines()[0] == f"HOLD  {name}"
    assert (
        "met         compaction density >= 2.58 g/cm3 at 220 MPa: stated 2.62 g/cm3, pressure 220 MPa, example 3"
        in text
    )
    assert "\x1b" not in text
    assert made.secret not in text


def test_console_explains_with_marks_and_terms_unless_redacted(made: Any) -> None:
    text = printed(made(), explain=True)
    assert "[LiFePO4|chemistry*]" in text
    assert "sintering +1.90" in text
    assert "720" not in printed(made(), explain=True, redact=True)


def test_console_takes_a_document_name_that_looks_like_markup(made: Any) -> None:
    assert "[red]x[/red].pdf" in printed(made(document="[red]x[/red].pdf"))


@pytest.mark.parametrize("columns", [30, 80, 200])
def test_the_table_fits_its_terminal_with_wide_characters(
    made: Any, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rich.cells import cell_len

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    renderer("table").render([made(document="锂辉石工艺规程" * 6 + ".docx")], terminal)
    text = re.sub(r"\x1b\[[0-9;]*m", "", terminal.getvalue())
    assert max(cell_len(line) for line in text.splitlines()) <= columns
    assert "1 document: 1 hold" in text.replace("\n", " ")


def test_a_report_file_is_private_and_appears_only_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "out" / "report.html"
    with private_file(path, binary=False) as stream:
        stream.write("lone \ud800 surrogate")
        assert not path.exists()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == b"lone \\ud800 surrogate"
    with pytest.raises(ZeroDivisionError):
        break_off(path)
    assert path.read_bytes().startswith(b"lone")
    assert [file.name for file in path.parent.iterdir()] == ["report.html"]


def break_off(path: Path) -> None:
    with private_file(path, binary=False) as stream:
        stream.write(str(1 / 0))


def test_a_report_that_cannot_be_written_is_our_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot write"), private_file(tmp_path / "file" / "r.csv", binary=False):
        pass
