"""Office readers: what a document shows, hides and forgets is read, with its place and its marks."""

import io
import struct
import time
import zipfile

import PIL.Image
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sluicegate.document import ProblemKind
from sluicegate.extract.driver import extract_bytes
from sluicegate.extract.evasion import binary_office, excel, opendocument, powerpoint, richtext, word
from sluicegate.extract.office.biff import drawn_parts
from sluicegate.extract.office.cfb import write_compound
from sluicegate.extract.office.pictures import pictures_in
from sluicegate.extract.office.prose import is_prose, strings_in
from sluicegate.settings import Extraction, Limits, Settings


def extracted(data, name="a.docx", **options):
    return extract_bytes(data, name=name, settings=Settings(**options))


def passage(document, words):
    return next(found for found in document.passages if words in found.text)


def cell(words, properties=""):
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{word.run(words)}</w:p></w:tc>"


class TestWord:
    def test_a_deletion_is_flagged_and_the_text_as_it_looks_now_is_whole(self):
        deleted = "<w:del w:id='1'><w:r><w:delText>0.45</w:delText></w:r></w:del>"
        inserted = f"<w:ins w:id='2'>{word.run('0.50')}</w:ins>"
        body = f"<w:p>{word.run('D50 of ')}{deleted}{inserted}{word.run(' um')}</w:p>"
        document = extracted(word.document(body))
        assert passage(document, "D50 of 0.50 um").flags == {"inserted"}
        assert passage(document, "D50 of 0.45 um").flags == {"deleted"}

    def test_hidden_text_is_flagged_and_does_not_tear_what_is_seen(self):
        body = f"<w:p>{word.run('sin')}{word.run('zzz', '<w:vanish/>')}{word.run('tering')}</w:p>"
        document = extracted(word.document(body))
        assert passage(document, "sintering").flags == frozenset()
        assert passage(document, "sinzzztering").flags == {"hidden"}

    def test_merged_cells_come_once_and_keep_their_columns(self):
        wide = "<w:gridSpan w:val='2'/>"
        head = f"<w:tr>{cell('Density', wide)}{cell('Unit')}</w:tr>"
        rows = f"<w:tr>{cell('2.62')}{cell('2.60')}{cell('g/cm3')}</w:tr>"
        found = passage(extracted(word.document(f"<w:tbl>{head}{rows}</w:tbl>")), "Density")
        assert found.text == "Density\t\tUnit\n2.62\t2.60\tg/cm3"
        assert [found.text[start:end] for start, end in found.grid.rows[1]] == ["2.62", "2.60", "g/cm3"]

    def test_powers_stay_powers_and_formulas_stay_formulas(self):
        raised = "<w:vertAlign w:val='superscript'/>"
        body = f"<w:p>{word.run('10')}{word.run('2', raised)}{word.run(' Pa, LiFePO')}{word.run('4')}</w:p>"
        assert passage(extracted(word.document(body)), "Pa").text == "10² Pa, LiFePO4"

    def test_letters_of_the_symbol_font_become_what_they_show(self):
        symbols = "<w:r><w:sym w:font='Symbol' w:char='F06D'/></w:r>"
        assert (
            passage(extracted(word.document(f"<w:p>{word.run('5 ')}{symbols}{word.run('m')}</w:p>")), "5").text
            == "5 μm"
        )

    def test_notes_name_their_channel(self):
        data = word._with_story("footnote", "in a note")
        assert passage(extracted(data), "in a note").place.channel == "footnote 1"

    def test_dde_is_reported_and_not_run(self):
        code = "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>DDEAUTO cmd</w:instrText></w:r>"
        document = extracted(word.document(f"<w:p>{code}<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>"))
        assert [problem.kind for problem in document.problems] == [ProblemKind.EXTERNAL]

    @pytest.mark.parametrize(
        ("target", "problems"),
        [("https://example.org/t.dotm", 1), (r"\\server\t.dotm", 1), ("file:///C:\\Users\\a\\Normal.dotm", 0)],
    )
    def test_only_a_template_from_elsewhere_is_a_problem(self, target, problems):
        data = word.document("<w:p/>", {}, [("rId4", "attachedTemplate", target, True)])
        assert len(extracted(data).problems) == problems

    def test_a_dangling_link_and_a_broken_part_keep_the_rest(self):
        broken = {"word/header1.xml": "<w:hdr xmlns:w='x'><w:p>"}
        data = word.document(f"<w:p>{word.run('the body')}</w:p>", broken, [("rId4", "header", "word/none.xml", False)])
        document = extracted(data)
        assert passage(document, "the body")
        assert ProblemKind.DAMAGED in {problem.kind for problem in document.problems}

    def test_numbered_paragraphs_carry_their_numbers(self):
        level = "<w:lvl w:ilvl='0'><w:start w:val='3'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>"
        numbering = (
            f"<w:numbering {word.NAMESPACES}><w:abstractNum w:abstractNumId='0'>{level}</w:abstractNum>"
            "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
        )
        properties = "<w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr>"
        body = "".join(f"<w:p>{properties}{word.run(words)}</w:p>" for words in ("mill", "sinter"))
        link = [("rId3", "numbering", "word/numbering.xml", False)]
        document = extracted(word.document(body, {"word/numbering.xml": numbering}, link))
        assert passage(document, "mill").text == "3. mill\n4. sinter"

    def test_a_bomb_is_refused(self):
        limits = Limits(part_bytes=1_000_000)
        document = extracted(word.document(f"<w:p>{word.run('a' * 2_000_000)}</w:p>"), limits=limits)
        assert ProblemKind.TOO_LARGE in {problem.kind for problem in document.problems}


class TestSheets:
    def test_hidden_rows_are_flagged_and_keep_header_and_number(self):
        rows = excel._row("Density (g/cm3)", 1) + excel._row("2.62", 2, "hidden='1'") + excel._row("2.20", 3)
        document = extracted(excel.workbook(rows), "a.xlsx")
        found = passage(document, "2.62")
        assert found.flags == {"hidden"}
        assert (found.place_at(0).row, found.grid.header) == (2, ("Density (g/cm3)",))
        assert "2.62" not in passage(document, "2.20").text

    def test_number_formats_give_their_unit(self):
        assert passage(extracted(excel._styled("g/cm3 pressed"), "a.xlsx"), "pressed").text == "2.5 g/cm3 pressed"

    def test_a_percentage_is_read_as_one(self):
        formats = "<cellXfs><xf numFmtId='0'/><xf numFmtId='10'/></cellXfs>"
        styles = f"<styleSheet xmlns='{excel._MAIN}'>{formats}</styleSheet>"
        rows = '<row r="1"><c r="A1" s="1"><v>0.995</v></c></row>'
        link = [("rId8", "styles", "xl/styles.xml", False)]
        data = excel.workbook(rows, parts={"xl/styles.xml": styles}, book=link)
        assert passage(extracted(data, "a.xlsx"), "99.5").text == "99.5%"

    def test_a_distant_cell_does_not_fill_memory(self):
        document = extracted(excel._scattered("far away"), "a.xlsx")
        assert passage(document, "far away").place_at(0).row == 1_048_576

    def test_a_broken_workbook_is_a_problem(self):
        assert extracted(excel.workbook()[:300], "a.xlsx").problems


class TestOthers:
    def test_a_hidden_slide_is_flagged(self):
        document = extracted(powerpoint.presentation(powerpoint._shape("behind"), show="0"), "a.pptx")
        assert (passage(document, "behind").flags, passage(document, "behind").place.slide) == ({"hidden"}, 2)

    def test_rtf_decodes_by_the_font(self):
        body = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset134 S;}}\f0 \'c1\'d7\'cb\'e1\par}"
        assert passage(extracted(body.encode(), "a.rtf"), "磷酸")

    def test_binary_word_tells_its_stories_apart(self):
        document = extracted(binary_office.word({"text": "the body\r", "footnote": "the note\r"}), "a.doc")
        assert [found.place.channel for found in document.passages] == [None, "footnote"]

    def test_repeated_cells_do_not_fill_memory(self):
        cells = "<table:table-cell table:number-columns-repeated='16384'/>"
        rows = f"<table:table-row table:number-rows-repeated='1048576'>{cells}</table:table-row>"
        body = f"<table:table>{rows}</table:table><text:p>seen</text:p>"
        assert extracted(opendocument.file("ods", body), "a.ods").problems == ()

    def test_a_wrong_password_is_reported_as_encrypted(self):
        data = excel._sealed("secret", "right")
        given = Extraction(passwords=("wrong",))
        assert [p.kind for p in extracted(data, "a.xlsx", extraction=given).problems] == [ProblemKind.ENCRYPTED]


SAMPLES = {
    "a.docx": word.document(word._BODIES["table cell"]("words in a cell")),
    "a.xlsx": excel.workbook(excel._row("words in a cell")),
    "a.pptx": powerpoint.presentation(powerpoint._shape("words in a shape")),
    "a.odt": opendocument.file("odt", "<text:p>words</text:p>"),
    "a.rtf": richtext._file(richtext._BODIES["table cell"], "words in a cell"),
    "a.doc": binary_office.word({"text": "words\r", "comment": "more words\r"}),
    "a.xls": binary_office.excel(cell="words", strings="more words"),
    "a.ppt": binary_office.powerpoint(b""),
}


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(sorted(SAMPLES)),
    cuts=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=6)), max_size=6),
    end=st.floats(0.2, 1),
)
def test_damage_never_escapes(name, cuts, end):
    data = bytearray(SAMPLES[name])
    for place, junk in cuts:
        start = int(place * len(data))
        data[start : start + len(junk)] = junk
    document = extracted(bytes(data[: int(end * len(data))]), name)
    assert document.passages or document.problems or document.notes


@settings(max_examples=40, deadline=None)
@given(words=st.text(st.characters(exclude_categories=("Cs", "Cc", "Co")), min_size=1, max_size=80).map(str.strip))
def test_any_text_survives_word_and_rtf(words):
    rich = richtext._file(richtext._BODIES["body"], words)
    for data, name in ((word.document(f"<w:p>{word.run(words)}</w:p>"), "a.docx"), (rich, "a.rtf")):
        read = "".join("".join(found.text.split()) for found in extracted(data, name).passages)
        assert "".join(words.split()) in read


def test_members_outside_of_the_known_folders_are_read():
    out = io.BytesIO(word.document("<w:p/>"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("../../notes.txt", "beside the folders")
    assert passage(extracted(out.getvalue()), "beside the folders")


class TestPreviews:
    def test_the_picture_that_the_program_made_of_the_first_page_does_not_stop_a_file(self):
        stream = io.BytesIO()
        PIL.Image.new("L", (362, 512), "white").save(stream, "PNG")
        data = opendocument.file("odt", "<text:p>words</text:p>", {"Thumbnails/thumbnail.png": stream.getvalue()})
        document = extracted(data, "a.odt", extraction=Extraction(ocr="off"))
        assert not document.problems
        assert ["first page" in note for note in document.notes] == [True]


def test_a_threaded_comment_keeps_its_date():
    comment = "<threadedComment ref='A1' dT='2026-06-18T17:15:52'><text>words</text></threadedComment>"
    part = f"<ThreadedComments>{comment}</ThreadedComments>"
    data = excel.workbook(
        parts={"xl/threadedComments/threadedComment1.xml": part},
        sheet=[("rId3", "threadedComment", "xl/threadedComments/threadedComment1.xml", False)],
    )
    assert passage(extracted(data, "a.xlsx"), "2026-06-18T17:15:52").place.channel == "author"


def test_8_bit_text_is_not_taken_for_chinese():
    assert list(strings_in("湏猭牣敥桓睯".encode("utf-16-le") + bytes(20))) == []
    assert list(strings_in(bytes(20) + "磷酸铁锂的烧结温度".encode("utf-16-le") + bytes(20))) == ["磷酸铁锂的烧结温度"]


class TestOldBinaryParts:
    @pytest.mark.parametrize(
        ("body", "text"),
        [
            (b"\x03\x01\x01\x03\x00\x0a\x01\x12\x83\x47\x00\x02\x82\x28\x00\x02\x85\x94\x03\x00\x00", "G(Δ"),
            (
                b"\x04\x01\x00\x03\x05\x0a\x01\x0b\x12\x83\x54\x02\x86\x2b\x22\x84\x74\x06\x09\x00\x02\x84\x61\x00",
                "T+ta",
            ),
            (b"\x05\x01\x00\x05\x00DSMT5\x00\x01\x00\x02\x00\x83\x54\x00\x02\x04\x86\x2b\x00\x00", "T+"),
            (b"\x03\x01\x01\x03\x00\x0a\x00\x00", None),
        ],
    )
    def test_equations_of_every_version_are_read(self, body, text):
        native = struct.pack("<H26x", 28) + body
        document = extracted(write_compound({("Equation Native",): native}), "object.bin")
        assert [passage.text for passage in document.passages] == ([text] if text else [])
        assert not document.problems

    def test_a_picture_that_runs_over_many_records_of_a_workbook_is_whole(self):
        stream = io.BytesIO()
        PIL.Image.effect_noise((120, 120), 90).save(stream, "PNG")
        blip = struct.pack("<HHI16xB", 0x6E00, 0xF01E, 17 + len(stream.getvalue()), 0xFF) + stream.getvalue()
        pieces = [blip[at : at + 8224] for at in range(0, len(blip), 8224)]
        assert len(pieces) > 1
        kinds = [0x00EB, *[0x003C] * (len(pieces) - 1)]
        book = b"".join(struct.pack("<HH", kind, len(piece)) + piece for kind, piece in zip(kinds, pieces, strict=True))
        group, rest = drawn_parts(struct.pack("<HHH", 0x0809, 2, 0x0600) + book + struct.pack("<HH", 0x000A, 0))
        assert list(pictures_in(group)) == [stream.getvalue()]
        assert rest == struct.pack("<HHH", 0x0809, 2, 0x0600) + struct.pack("<HH", 0x000A, 0)


@pytest.mark.parametrize("text", ["a" * 300_000, "ab " * 100_000, "a:b" * 100_000, "a: b c " * 40_000, "锂a" * 100_000])
def test_telling_prose_takes_no_time(text):
    started = time.process_time()
    is_prose(text + "\0")
    is_prose(text, sentence=True)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "text",
    [
        "the precursor was then sintered at 720 degrees for ten hours and milled",
        "heat the powder slowly, cool it, then sieve it again",
    ],
)
def test_a_sentence_in_lower_case_is_prose_and_no_drawing(text):
    assert is_prose(text, sentence=True)


@pytest.mark.parametrize(
    "path", ["m 0,0 l 21600,0 21600,21600 0,21600 x e", "M10 10 C 20 20, 40 20, 50 10 Z", "at0,0,9,9 nf"]
)
def test_the_path_of_a_drawing_is_no_prose(path):
    assert not is_prose(path)
