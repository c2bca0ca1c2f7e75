from __future__ import annotations

import csv
import json
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from sluicegate.errors import SampleError
from sluicegate.learn.load import Loaded, form_modules, load_samples
from sluicegate.learn.sample import Mark
from sluicegate.settings import Settings
from tiny_texts import recipe, talk

TAUGHT, TALKED = recipe(1), talk(1)


def load(*paths: Path) -> Loaded:
    return load_samples(paths, settings=Settings(), jobs=1)


def lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def labels(loaded: Loaded) -> dict[str, bool]:
    return {sample.id: sample.controlled for sample in loaded.samples}


# Documents in real formats


def write_text(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def write_docx(path: Path, text: str) -> None:
    from docx import Document

    document = Document()
    document.add_paragraph(text)
    document.save(str(path))


def write_pdf(path: Path, text: str) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    for number in range(0, len(text), 90):
        canvas.drawString(40, 800 - number // 6, text[number : number + 90])
    canvas.save()


def write_xlsx(path: Path, text: str) -> None:
    from openpyxl import Workbook

    workbook = Workbook()
    for word in text.split(". "):
        workbook.active.append([word])
    workbook.save(path)


def write_eml(path: Path, text: str) -> None:
    message = EmailMessage()
    message["Subject"] = "run sheet"
    message.set_content(text)
    path.write_bytes(message.as_bytes())


def write_html(path: Path, text: str) -> None:
    path.write_text(f"<html><body><p>{text}</p></body></html>", "utf-8")


WRITERS: dict[str, Callable[[Path, str], None]] = {
    "txt": write_text, "docx": write_docx, "pdf": write_pdf, "xlsx": write_xlsx, "eml": write_eml, "html": write_html,
}  # fmt: skip


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_tree_takes_documents_of_each_format(tmp_path: Path, suffix: str) -> None:
    for label, text in (("controlled", TAUGHT), ("not", TALKED)):
        folder = tmp_path / label
        folder.mkdir()
        WRITERS[suffix](folder / f"a.{suffix}", text)
    loaded = load(tmp_path)
    assert labels(loaded) == {f"controlled/a.{suffix}": True, f"not/a.{suffix}": False}
    assert "LiMn0.6Fe0.4PO4" in loaded.samples[0].text
    assert loaded.skipped == ()


def test_a_folder_named_like_a_point_gives_it_to_its_documents(tmp_path: Path) -> None:
    for place in ("controlled/lmfp/a.txt", "controlled/b.txt", "not/lmfp/c.txt"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        write_text(tmp_path / place, TAUGHT)
    assert [sample.points for sample in load(tmp_path).samples] == [(), ("lmfp",), ()]


def test_versions_of_a_document_are_one_group(tmp_path: Path) -> None:
    (tmp_path / "controlled").mkdir()
    for name in ("spec.txt", "spec v2.txt", "spec_final.txt", "spec(1).txt", "规程第3版.txt", "规程.txt", "other.txt"):
        write_text(tmp_path / "controlled" / name, TAUGHT)
    assert {sample.group for sample in load(tmp_path).samples} == {
        "controlled/spec", "controlled/规程", "controlled/other",
    }  # fmt: skip


def test_what_cannot_be_read_is_left_out_and_named(tmp_path: Path) -> None:
    (tmp_path / "not").mkdir()
    write_text(tmp_path / "not" / "empty.txt", " \n")
    write_text(tmp_path / "not" / "b.txt", TALKED)
    loaded = load(tmp_path)
    assert labels(loaded) == {"not/b.txt": False}
    assert loaded.skipped == (("not/empty.txt", "it holds no text"),)


def test_json_lines_keep_what_they_say(tmp_path: Path) -> None:
    full = {
        "id": "a", "text": TAUGHT, "label": "controlled", "points": ["lmfp"], "language": "en", "kind": "manual",
        "register": "lab_notebook", "group": "g", "source": "plant 2", "passages": ["heat under nitrogen"],
    }  # fmt: skip
    write_docx(tmp_path / "b.docx", TALKED)
    loaded = load(lines(tmp_path / "x.jsonl", full, {"id": "b", "path": "b.docx", "label": "not", "teaches": False}))
    first, second = loaded.samples
    assert (first.points, first.language, first.kind, first.register) == (("lmfp",), "en", "manual", "lab_notebook")
    assert (first.group, first.origin, first.teaches) == ("g", "plant 2", True)
    start = TAUGHT.index("heat under nitrogen")
    assert first.marks == (Mark(0, start, start + len("heat under nitrogen")),)
    assert (second.controlled, second.teaches, second.language) == (False, False, "en")
    assert "analysts" in second.text


def test_marks_are_substrings_or_offsets(tmp_path: Path) -> None:
    file = lines(
        tmp_path / "x.jsonl",
        {"id": "a", "text": TAUGHT, "label": "controlled", "passages": [[3, 60]]},
        {"id": "b", "text": TAUGHT, "label": "controlled", "passages": ["not in it"]},
        {"id": "c", "text": TAUGHT, "label": "controlled", "passages": [[60, 3]]},
        {"id": "d", "text": TAUGHT, "label": "controlled", "passages": [[0, 10**6]]},
    )
    loaded = load(file)
    assert [sample.marks for sample in loaded.samples] == [(Mark(0, 3, 60),)]
    assert [reason for _, reason in loaded.skipped] == ["a marked passage does not stand in its text"] * 3


def test_lines_that_are_no_samples_are_left_out_with_their_number(tmp_path: Path) -> None:
    file = lines(
        tmp_path / "x.jsonl",
        {"text": TAUGHT, "label": "controlled"}, {"text": TAUGHT, "label": "unknown"}, {"label": "not"}, ["x"],
        {"text": TAUGHT, "label": "controlled", "points": ["uranium"]},
    )  # fmt: skip
    file.write_text(file.read_text("utf-8") + "{broken\n", "utf-8")
    loaded = load(file)
    assert labels(loaded) == {"x.jsonl:1": True}
    assert [place for place, _ in loaded.skipped] == [f"x.jsonl:{number}" for number in range(2, 7)]
    assert "uranium" in loaded.skipped[3][1]
    assert "known: lfp" in loaded.skipped[3][1]


@pytest.mark.parametrize("mark", ["\u2028", "\u0085", "\u2029", "\x0b", "\r"])
def test_strange_line_ends_inside_a_text_end_no_line(tmp_path: Path, mark: str) -> None:
    file = lines(tmp_path / "x.jsonl", {"id": "a", "text": f"{TAUGHT}{mark}more", "label": "controlled"})
    assert load(file).samples[0].text == f"{TAUGHT}{mark}more"


def test_a_byte_order_mark_is_no_part_of_the_first_row(tmp_path: Path) -> None:
    file = lines(tmp_path / "x.jsonl", {"id": "a", "text": TAUGHT, "label": "controlled"})
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert labels(load(file)) == {"a": True}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_names_documents_and_labels(tmp_path: Path, encoding: str, mark: str) -> None:
    write_text(tmp_path / "甲.txt", recipe(1, language="zh"))
    write_text(tmp_path / "b.txt", TALKED)
    with (tmp_path / "t.csv").open("w", encoding=encoding, newline="") as stream:
        rows = [["路径", "标签", "控制点", "分组"], ["甲.txt", "受控", "lmfp", "g1"], ["b.txt", "否", "", ""]]
        csv.writer(stream, delimiter=mark).writerows(rows)
    first, second = sorted(load(tmp_path / "t.csv").samples, key=lambda sample: sample.controlled)
    assert (second.id, second.points, second.group, second.language) == ("甲.txt", ("lmfp",), "g1", "zh")
    assert (first.id, first.controlled, first.group) == ("b.txt", False, "b.txt")


def test_a_table_may_hold_the_texts(tmp_path: Path) -> None:
    with (tmp_path / "t.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["text", "label", "teaches"], [TAUGHT + "\nsecond line", "1", ""],
                                      [recipe(1, other=True), "0", "yes"]])  # fmt: skip
    loaded = load(tmp_path / "t.csv")
    assert [(sample.controlled, sample.teaches) for sample in loaded.samples] == [(True, True), (False, True)]
    assert loaded.samples[0].text.endswith("\nsecond line")


def test_a_workbook_names_documents_and_labels(tmp_path: Path) -> None:
    from openpyxl import Workbook

    write_docx(tmp_path / "a.docx", TAUGHT)
    write_text(tmp_path / "b.txt", TALKED)
    workbook = Workbook()
    for row in (["file", "label", "points", "id"], ["a.docx", 1, "lmfp", 17], ["b.txt", 0, None, 18], [None, None]):
        workbook.active.append(row)
    workbook.save(tmp_path / "t.xlsx")
    assert labels(load(tmp_path / "t.xlsx")) == {"17": True, "18": False}


@pytest.mark.parametrize("header", ["a,b", "path,b", "label", ""])
def test_a_table_without_the_columns_is_refused(tmp_path: Path, header: str) -> None:
    (tmp_path / "t.csv").write_text(f"{header}\n1,2\n")
    with pytest.raises(SampleError, match="must name the columns label and path"):
        load(tmp_path / "t.csv")


def choice(*names: str, **more: Any) -> dict[str, Any]:
    return {"result": [{"type": "choices", "value": {"choices": list(names)}}], **more}


def test_label_studio_tasks(tmp_path: Path) -> None:
    marked = {"type": "labels", "value": {"start": 3, "end": 60, "text": "…", "labels": ["know-how"]}}
    both = {"result": [*choice("Controlled", "lmfp")["result"], marked]}
    tasks = [
        {"id": 1, "data": {"text": TAUGHT, "id": "a", "group": "g"}, "annotations": [both]},
        {"id": 2, "data": {"text": TALKED}, "annotations": [choice("controlled"), choice("not")]},
        {"id": 3, "data": {"text": TALKED}, "annotations": []},
        {"id": 4, "data": {"text": TALKED}, "annotations": [choice("not", was_cancelled=True)]},
        {"id": 5, "data": {"text": TALKED}, "annotations": [choice("controlled", "not")]},
        {"id": 6, "data": {"text": TAUGHT}, "annotations": [{"result": [marked]}]},
        "x",
    ]
    (tmp_path / "e.json").write_text(json.dumps(tasks))
    loaded = load(tmp_path / "e.json")
    assert labels(loaded) == {"a": True, "e.json:2": False, "e.json:6": True}
    assert (loaded.samples[0].marks, loaded.samples[0].points) == ((Mark(0, 3, 60),), ("lmfp",))
    assert loaded.samples[2].marks == (Mark(0, 3, 60),)
    assert [place for place, _ in loaded.skipped] == ["e.json:3", "e.json:4", "e.json:5", "e.json:7"]


@pytest.mark.parametrize("key", ["label", "labels", "cats"])
def test_doccano_lines(tmp_path: Path, key: str) -> None:
    file = lines(
        tmp_path / "e.jsonl",
        {"id": 1, "text": TAUGHT, key: ["controlled", "lmfp"]},
        {"id": 2, "text": TALKED, key: ["not"]},
        {"id": 3, "text": TAUGHT, key: [[3, 60, "know-how"]]},
        {"id": 4, "text": TALKED, key: []},
        {"id": 5, "text": TALKED, key: ["unknown"]},
    )
    loaded = load(file)
    assert labels(loaded) == {"1": True, "2": False, "3": True}
    assert loaded.samples[0].points == ("lmfp",)
    assert loaded.samples[2].marks == (Mark(0, 3, 60),)
    assert len(loaded.skipped) == 2


def test_prodigy_lines(tmp_path: Path) -> None:
    span = {"start": 3, "end": 60, "label": "lmfp"}
    file = lines(
        tmp_path / "e.jsonl",
        {"text": TAUGHT, "accept": ["controlled"], "answer": "accept", "meta": {"id": "a", "group": "g"}},
        {"text": TALKED, "accept": ["not"], "answer": "accept"},
        {"text": TALKED, "label": "controlled", "answer": "reject"},
        {"text": TAUGHT, "label": "controlled", "answer": "accept", "spans": [span]},
        {"text": TAUGHT, "answer": "accept", "spans": [span]},
        {"text": TALKED, "label": "controlled", "answer": "ignore"},
        {"text": TALKED, "accept": [], "answer": "accept"},
    )
    loaded = load(file)
    assert labels(loaded) == {
        "a": True, "e.jsonl:2": False, "e.jsonl:3": False, "e.jsonl:4": True, "e.jsonl:5": True,
    }  # fmt: skip
    assert [sample.marks for sample in loaded.samples[3:]] == [(Mark(0, 3, 60),)] * 2
    assert loaded.samples[3].points == ("lmfp",)
    assert len(loaded.skipped) == 2


def test_a_folder_of_sample_files_is_read_file_by_file(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl", {"id": "a", "text": TAUGHT, "label": "controlled"})
    lines(tmp_path / "b.jsonl", {"id": "a", "text": TALKED, "label": ["not"]})
    assert labels(load(tmp_path)) == {"a": True, "a#2": False}


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.jsonl", b"{", "cannot be read as JSON"),
        ("x.json", b"[{]", "cannot be read as JSON"),
        ("x.jsonl", b'{"a": 1}\n', "not a form of labelled samples"),
        ("x.jsonl", b"", "not a form of labelled samples"),
        ("x.jsonl", b'{"label": "not", "text": "x"}\n' + b"\xff\n", "not UTF-8"),
        ("x.pdf", b"%PDF", "not a form of labelled samples"),
        ("x.xlsx", b"PK", "cannot be read as a workbook"),
    ],
)
def test_other_files_are_refused_with_what_is_known(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SampleError, match=words):
        load(tmp_path / name)


def test_a_missing_path_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SampleError, match="is not there"):
        load(tmp_path / "gone")
    with pytest.raises(SampleError, match="neither controlled/ and not/ nor sample files"):
        load(tmp_path)


def test_each_form_is_one_module_that_is_found_by_itself() -> None:
    names = {module.__name__.rpartition(".")[2] for module in form_modules()}
    assert names == {"own", "table", "tree", "label_studio", "doccano", "prodigy"}
