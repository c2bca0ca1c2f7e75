"""PDF: what stands on pages and beside them, from files built object by object."""

import io

import pytest

from sluicegate.document import ProblemKind
from sluicegate.extract.driver import extract_bytes
from sluicegate.extract.evasion._pdf import PdfFile, assembled, encrypted, shown, text_string, updated
from sluicegate.settings import Extraction, Limits, Settings

SETTINGS = Settings(extraction=Extraction(ocr="off"))


def _read(data, *, settings=SETTINGS, interesting=lambda text: False):
    return extract_bytes(data, name="a.pdf", settings=settings, interesting=interesting)


def _at(text, x, y):
    return shown(text, x=x, y=y)


def test_each_page_is_one_passage_with_its_number():
    document = _read(PdfFile(shown("first page"), shown("second page")).build())
    assert [(passage.text, passage.place.page) for passage in document.passages] == [
        ("first page", 1),
        ("second page", 2),
    ]
    assert not document.problems


def test_a_blank_document_is_reported_as_without_text():
    (problem,) = _read(PdfFile(b"").build()).problems
    assert problem.kind is ProblemKind.NO_TEXT


def test_pages_beyond_the_limit_are_a_problem_and_the_others_stay():
    data = PdfFile(*[shown(f"page {n}") for n in range(5)]).build()
    document = _read(data, settings=Settings(limits=Limits(pages=3)))
    assert len(document.passages) == 3
    assert [problem.kind for problem in document.problems] == [ProblemKind.TOO_MANY]
    assert document.problems[0].place.page == 4


def test_a_password_from_the_settings_opens_the_file():
    settings = Settings(extraction=Extraction(passwords=("no", "sesame")))
    assert _read(encrypted(shown("secret words"), "sesame"), settings=settings).passages[0].text == "secret words"


def test_without_the_password_the_file_is_encrypted():
    (problem,) = _read(encrypted(shown("secret words"), "sesame")).problems
    assert problem.kind is ProblemKind.ENCRYPTED


@pytest.mark.parametrize("damage", [b"%PDF-1.7\nnothing else", b"%PDF-1.7\n" + bytes(range(256)) * 9])
def test_a_damaged_file_is_a_problem(damage):
    (problem,) = _read(damage).problems
    assert problem.kind is ProblemKind.DAMAGED


def test_a_file_without_cross_reference_table_is_still_read():
    data = PdfFile(shown("still here")).build()
    assert _read(data.replace(b"xref\n0", b"gone\n0")).passages[0].text == "still here"


def test_clause_numbers_glued_to_their_text_are_parted():
    assert _read(PdfFile(shown("1.1Unless otherwise agreed")).build()).passages[0].text == "1.1 Unless otherwise agreed"


def test_a_field_is_read_as_name_and_value():
    file = PdfFile(shown("form"))
    entries = b"<</Type/Annot/Subtype/Widget/FT/Tx/Rect[5 5 50 20]/T(density)/V%s>>" % text_string("2.6 g/cm3")
    field = file.add(entries)
    file.page = b"/Annots[%d 0 R]" % field
    file.catalog = b"/AcroForm<</Fields[%d 0 R]>>" % field
    passage = next(passage for passage in _read(file.build()).passages if passage.place.channel == "form fields")
    assert passage.text == "density: 2.6 g/cm3"
    assert passage.place.page == 1


def test_an_embedded_file_becomes_a_part():
    file = PdfFile(shown("cover"))
    inner = file.stream(PdfFile(shown("inner words")).build(), b"/Type/EmbeddedFile", packed=True)
    named = file.add(b"<</Type/Filespec/F(s)/UF(spec.pdf)/EF<</F %d 0 R>>>>" % inner)
    file.catalog = b"/Names<</EmbeddedFiles<</Names[(a) %d 0 R]>>>>" % named
    document = _read(file.build())
    assert document.passages[-1].text == "inner words"
    assert document.passages[-1].place.path == ("a.pdf", "spec.pdf")
    assert len(document.parts) == 2


@pytest.mark.parametrize("kind", [b"/Type/EmbeddedFile", b"/Params<</Size 11>>"])
def test_an_embedded_file_that_pdfium_cannot_take_out_is_still_read(kind):
    file = PdfFile(shown("cover"))
    inner = file.stream(b"inner words", kind, packed=True)
    named = file.add(b"<</Type/Filespec/UF(notes.txt)/EF<</F %d 0 R>>>>" % inner)
    file.catalog = b"/Names<</EmbeddedFiles<</Names[(a) %d 0 R]>>>>" % named
    document = _read(file.build())
    assert document.passages[-1].text == "inner words"
    assert not document.problems


def test_the_cover_of_a_protected_payload_is_encrypted():
    file = PdfFile(shown("open me elsewhere"))
    file.catalog = b"/AF[<</AFRelationship/EncryptedPayload>>]"
    assert ProblemKind.ENCRYPTED in {problem.kind for problem in _read(file.build()).problems}


def test_what_an_earlier_version_said_is_deleted_text():
    new = shown("new words")
    data = updated(PdfFile(shown("old words")).build(), 8, b"<</Length %d>>stream\n%s\nendstream" % (len(new), new))
    document = _read(data)
    assert [passage.text for passage in document.passages] == ["new words", "old words"]
    assert document.passages[1].flags == {"deleted"}


def test_text_outside_the_page_is_hidden_text_and_printers_marks_come_once():
    outside = [_at(f"Page {n} of a proof that nobody prints", 700, 900) for n in range(4)]
    document = _read(PdfFile(*[_at("body", 50, 700) + b"\n" + mark for mark in outside]).build())
    hidden = [passage for passage in document.passages if "hidden" in passage.flags]
    assert len(hidden) == 1
    assert hidden[0].place.channel == "outside the visible page"


LEFT = [
    f"the left column has its own sentence number {word}" for word in ("one", "two", "three", "four", "five", "six")
]
RIGHT = [
    f"and the right column tells another story in {word}" for word in ("red", "blue", "green", "white", "gold", "pink")
]


def _two_columns():
    """Each line of the stream runs across both columns."""
    rows = zip(LEFT, RIGHT, strict=True)
    lines = [
        f"BT /F 8 Tf 1 0 0 1 {x} {780 - 14 * n} Tm <{text.encode('utf-16-be').hex()}> Tj ET"
        for n, row in enumerate(rows)
        for x, text in zip((40, 320), row, strict=True)
    ]
    return PdfFile("\n".join(lines).encode()).build()


def test_two_columns_written_line_by_line_are_read_one_by_one_on_interesting_pages():
    text = _read(_two_columns(), interesting=lambda text: True).passages[0].text
    assert text.split("\n") == LEFT + RIGHT


def test_two_columns_of_other_pages_are_left_as_they_come():
    text = _read(_two_columns()).passages[0].text
    assert text.index(RIGHT[0]) < text.index(LEFT[5])


def _table(rows):
    """A ruled table: its rules as thin rectangles, its cells as text."""
    out = []
    wide, high, left, top = 120, 20, 60, 700
    for n in range(len(rows) + 1):
        out.append(f"{left} {top - n * high} {wide * len(rows[0])} 0.5 re f")
    for n in range(len(rows[0]) + 1):
        out.append(f"{left + n * wide} {top - len(rows) * high} 0.5 {high * len(rows)} re f")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            out.append(_at(cell, left + 5 + c * wide, top - 14 - r * high).decode())
    return PdfFile("\n".join(out).encode())


ROWS = [["Property", "Unit", "Value"], ["compaction density", "g/cm3", "2.62"], ["压实密度", "g/cm3", "2.58"]]


def test_a_ruled_table_of_an_interesting_page_is_a_grid():
    document = _read(_table(ROWS).build(), interesting=lambda text: "density" in text)
    table = next(passage for passage in document.passages if passage.grid)
    assert [[table.text[a:b] for a, b in row] for row in table.grid.rows] == ROWS
    assert (table.place.page, table.place.table) == (1, 1)
    assert table.place_at(table.text.index("2.58")).row == 3


def test_a_ruled_table_of_another_page_is_text_only():
    assert not any(passage.grid for passage in _read(_table(ROWS).build()).passages)


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_table_on_a_turned_page_keeps_its_cells(angle):
    file = _table(ROWS)
    file.page = b"/Rotate %d" % angle
    document = _read(file.build(), interesting=lambda text: True)
    cells = {
        passage.text[start:end]
        for passage in document.passages
        if passage.grid
        for row in passage.grid.rows
        for start, end in row
    }
    assert {"compaction density", "2.62", "压实密度"} <= cells


def test_a_logo_on_every_page_is_no_unread_text():
    import PIL.Image
    import PIL.ImageDraw

    logo = PIL.Image.new("RGB", (300, 120), "white")
    PIL.ImageDraw.Draw(logo).ellipse((20, 20, 100, 100), fill="red")
    PIL.ImageDraw.Draw(logo).text((120, 40), "ACME Materials", fill="navy", font_size=22)
    stream = io.BytesIO()
    logo.save(stream, "JPEG")
    page = shown("a letter with a logo") + b"\nq 150 0 0 60 40 600 cm /S Do Q"
    file = PdfFile(page, page)
    entries = (
        b"/Type/XObject/Subtype/Image/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Width 300/Height 120"
    )
    file.resources = b"/XObject<</S %d 0 R>>" % file.stream(stream.getvalue(), entries)
    assert not _read(file.build()).problems


def test_ocr_reads_a_scanned_page_where_an_engine_is_given():
    from sluicegate.extract.driver import finds_of
    from sluicegate.extract.evasion.pdf import _scan
    from sluicegate.extract.frame import Context, Source

    context = Context(("a.pdf",), Limits(), Extraction(), bool, ocr=lambda picture: "words that were read")
    (find,) = finds_of(Source("a.pdf", _scan("some words of print " * 8), "application/pdf"), context)
    assert find.text == "words that were read"
    assert find.flags == {"ocr"}


def test_pages_without_readable_characters_are_garbled_and_named_together():
    garbage = "".join(chr(0xE100 + n) for n in range(120))
    (problem,) = _read(PdfFile(shown(garbage), shown("fine"), shown(garbage)).build()).problems
    assert problem.kind is ProblemKind.GARBLED
    assert problem.detail.startswith("pages 1, 3:")


def _one_by_one(text, font, encoding, charset):
    """Every character a text object of its own, in a font of a predefined collection that is not embedded."""
    content = "\n".join(
        f"BT /F 12 Tf 1 0 0 1 {50 + 12 * (n % 30)} {700 - 16 * (n // 30)} Tm <{char.encode(charset).hex()}> Tj ET"
        for n, char in enumerate(text)
    ).encode()
    return assembled([
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        f"<</Type/Font/Subtype/Type0/BaseFont/{font}/Encoding/{encoding}/DescendantFonts[6 0 R]>>".encode(),
        f"<</Type/Font/Subtype/CIDFontType0/BaseFont/{font}/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        "/Supplement 4>>/DW 1000/FontDescriptor 7 0 R>>".encode(),
        f"<</Type/FontDescriptor/FontName/{font}/Flags 4/FontBBox[0 -200 1000 800]/ItalicAngle 0/Ascent 800"
        "/Descent -200/CapHeight 700/StemV 80>>".encode(),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("font", "encoding", "charset"), [("STSong-Light", "UniGB-UTF16-H", "utf-16-be"), ("SimSun", "GBK-EUC-H", "gbk")]
)
def test_chinese_set_one_character_at_a_time_is_read_with_or_without_its_font(font, encoding, charset):
    text = "将磷酸铁锂前驱体在氮气中烧结十小时"
    assert _read(_one_by_one(text, font, encoding, charset)).passages[0].text == text


def test_characters_without_a_glyph_are_read():
    """pdfium drops a lone character whose glyph is empty; a recipient can still copy it."""
    content = "\n".join(
        f"BT /F 12 Tf 1 0 0 1 {50 + 12 * n} 700 Tm <{char.encode('utf-16-be').hex()}> Tj ET"
        for n, char in enumerate("压实密度达到标准")
    )
    assert _read(PdfFile(content.encode()).build()).passages[0].text == "压实密度达到标准"


def _form(**packets):
    file = PdfFile(shown("a form"))
    numbers = [
        (name, file.stream(f"<{name}>{content}</{name}>".encode(), packed=True)) for name, content in packets.items()
    ]
    listed = "".join(f"({name}) {number} 0 R" for name, number in numbers)
    file.catalog = b"/AcroForm<</Fields[]/XFA[%s]>>" % listed.encode()
    return next(passage.text for passage in _read(file.build()).passages if passage.place.channel == "form data")


def test_of_the_settings_of_a_form_only_words_are_read():
    settings = (
        "<a>1</a><b>1.5</b><c>100</c><d>C:\\DOCUME~1\\EVA\\Temp\\</d><e>Calcine the filter cake slowly</e><f>碳酸锂</f>"
    )
    assert _form(config=settings) == "Calcine the filter cake slowly\n碳酸锂"


def test_the_numbers_filled_into_a_form_have_the_names_of_their_fields():
    kiln = "<Furnace><sinterTemperature>735</sinterTemperature><hold_time>9 h</hold_time></Furnace>"
    data = f"{kiln}<note>Kiln two only</note>"
    assert _form(datasets=data, template="<caption>Hold</caption>") == (
        "sinter Temperature: 735\nhold time: 9 h\nKiln two only\nHold"
    )
