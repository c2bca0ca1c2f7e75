"""Pictures: words beside the pixels are read; a picture of text goes to OCR or is a problem; others are nothing."""

import io

import PIL.Image
import PIL.ImageDraw
import pytest

from sluicegate.document import ProblemKind
from sluicegate.extract.driver import extract_bytes, finds_of
from sluicegate.extract.evasion._pictures import painted
from sluicegate.extract.frame import Context, Source
from sluicegate.extract.pictures import look_at
from sluicegate.settings import Extraction, Limits, Settings

SETTINGS = Settings(extraction=Extraction(ocr="off"))
PRINT = "The dried precursor was sintered at 720 degrees for ten hours under nitrogen and milled. " * 3


def _file(image, kind="PNG", **options):
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def _read(data, name="a.png", settings=SETTINGS):
    return extract_bytes(data, name=name, settings=settings)


def _canvas(size=(400, 160), ground="white"):
    image = PIL.Image.new("RGB", size, ground)
    return image, PIL.ImageDraw.Draw(image)


def _logo():
    image, draw = _canvas()
    draw.ellipse((10, 30, 110, 130), fill="orange")
    draw.text((130, 40), "ACME Battery", fill="navy", font_size=34)
    draw.text((130, 90), "Materials for tomorrow", fill="grey", font_size=18)
    return image


def _signature():
    image, draw = _canvas()
    points = [(20 + 4 * n, 80 + (37 * n * n % 71) - 35) for n in range(85)]
    draw.line(points, fill="black", width=3, joint="curve")
    return image


def _photograph():
    """Smooth shades with some noise on them, like a landscape."""
    image = PIL.Image.effect_noise((640, 480), 60).convert("RGB")
    sky = PIL.Image.linear_gradient("L").resize((640, 480)).convert("RGB")
    return PIL.Image.blend(image, sky, 0.6)


@pytest.mark.parametrize("make", [_logo, _signature, _photograph], ids=["logo", "signature", "photograph"])
def test_pictures_without_words_are_no_unread_text(make):
    document = _read(_file(make()))
    assert not document.problems
    assert not document.passages


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_picture_of_text_is_unread_text_however_it_is_turned(angle):
    (problem,) = _read(_file(painted(PRINT).rotate(angle, expand=True))).problems
    assert problem.kind is ProblemKind.NO_TEXT


@pytest.mark.parametrize("change", [lambda i: i.point(lambda v: 255 - v), lambda i: i.point(lambda v: 90 + v // 3),
                                    lambda i: i.resize((i.width // 2, i.height // 2)), lambda i: i.convert("1")],
                         ids=["white on black", "faint", "small", "bilevel"])  # fmt: skip
def test_text_is_recognised_as_text_in_other_guises(change):
    assert look_at(change(painted(PRINT))).is_text


def test_a_few_words_are_worth_ocr_and_no_problem():
    look = look_at(painted("Only a short caption"))
    assert look.is_readable
    assert not look.is_text


def test_text_on_a_transparent_ground_is_seen():
    image = painted(PRINT)
    clear = PIL.Image.new("RGBA", image.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=image.point(lambda value: 255 - value))
    assert look_at(clear).is_text


def test_ocr_is_asked_where_there_is_one():
    context = Context(("a.png",), Limits(), Extraction(), bool, ocr=lambda picture: "read\nwords")
    (find,) = finds_of(Source("a.png", _file(painted(PRINT)), "image/png"), context)
    assert (find.text, find.flags) == ("read\nwords", {"ocr"})


def test_every_page_of_a_scan_counts():
    pages = [painted(PRINT), _logo().convert("L"), painted(PRINT)]
    data = _file(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    (problem,) = _read(data, name="a.tif").problems
    assert problem.detail.startswith("2 of 3 frames")


def test_words_in_exif_are_read():
    image = _logo()
    exif = image.getexif()
    exif[270] = "words in the description"
    assert "words in the description" in _read(_file(image, "JPEG", exif=exif), name="a.jpg").passages[0].text


def test_a_picture_with_too_many_pixels_is_not_decoded():
    data = _file(PIL.Image.new("1", (3000, 3000)))
    settings = Settings(limits=Limits(image_pixels=1_000_000))
    assert _read(data, settings=settings).problems[0].kind is ProblemKind.TOO_LARGE


def test_a_cut_picture_is_damaged():
    data = _file(painted(PRINT))
    assert ProblemKind.DAMAGED in {problem.kind for problem in _read(data[: len(data) // 2]).problems}


def test_a_file_behind_a_picture_is_noted_and_read():
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("notes.txt", "words behind a picture")
    document = _read(_file(_logo()) + stream.getvalue())
    assert document.passages[-1].text == "words behind a picture"
    assert "ZIP archive is appended" in document.notes[0]


def _strip(width, height, *, print_at):
    """A screenshot of a long chat: one message of print, and ground below and above."""
    image = PIL.Image.new("L", (width, height), 255)
    message = painted(PRINT, size=28, columns=50).resize((min(width, 1000), 600))
    image.paste(message, print_at)
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize(
    ("size", "print_at"),
    [((1080, 20_000), (20, 9_000)), ((1080, 20_000), (20, 19_000)), ((20_000, 1080), (13_000, 200))],
)
def test_print_in_a_long_strip_is_seen(size, print_at, kind):
    (problem,) = _read(_file(_strip(*size, print_at=print_at), kind)).problems
    assert problem.kind is ProblemKind.NO_TEXT


def test_a_long_strip_of_drawings_is_no_text():
    strip = PIL.Image.new("RGB", (400, 9_600), "white")
    for number in range(20):
        strip.paste(_signature(), (0, 480 * number))
    assert not _read(_file(strip)).problems
