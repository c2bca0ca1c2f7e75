"""Archives: members by content, names only as words, nothing hidden beside the directory."""

import bz2
import gzip
import io
import lzma
import shutil
import struct
import tarfile
import zipfile
from importlib.util import find_spec

import pytest

from sluicegate.document import ProblemKind
from sluicegate.extract.driver import extract_bytes
from sluicegate.extract.formats.libarchive import is_locked
from sluicegate.extract.frame import Unreadable
from sluicegate.extract.zipsafe import SafeZip
from sluicegate.settings import Extraction, Limits, Settings


def _read(data, name="a.zip", **limits):
    return extract_bytes(data, name=name, settings=Settings(limits=Limits(**limits)))


def _zip(*members, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def _kinds(document):
    return {problem.kind for problem in document.problems}


def test_members_are_read_with_their_path():
    document = _read(_zip(("b/notes.txt", "words"), ("inner.zip", _zip(("deep.txt", "deep words")))))
    assert [(passage.place.path, passage.text) for passage in document.passages] == [
        (("a.zip", "b/notes.txt"), "words"),
        (("a.zip", "inner.zip", "deep.txt"), "deep words"),
    ]


def test_names_in_an_old_charset_are_decoded_and_unprintable_ones_escaped():
    data = _zip(("xxxxxxxx.txt", "words")).replace(b"xxxxxxxx", "正极材料".encode("gb18030"))
    assert _read(data).parts[1].path[1] == "正极材料.txt"
    assert "\u202e" not in _read(_zip(("a\u202etxt.exe", "words"))).parts[1].path[1]


def test_traditional_encryption_opens_with_a_password_from_the_settings():
    document = extract_bytes(_crypted("words behind a lock", b"sesame"), name="a.zip",
                             settings=Settings(extraction=Extraction(passwords=("no", "sesame"))))  # fmt: skip
    assert [passage.text for passage in document.passages] == ["words behind a lock"]


def test_an_encrypted_member_without_password_is_a_problem_at_its_name():
    (problem,) = _read(_crypted("words", b"sesame")).problems
    assert problem.kind is ProblemKind.ENCRYPTED
    assert problem.place.path == ("a.zip", "a.txt")


def test_aes_encryption_opens_with_a_password_from_the_settings():
    settings = Settings(extraction=Extraction(passwords=("no", "sesame")))
    document = extract_bytes(_aes_zip(b"words behind AES", b"sesame"), name="a.zip", settings=settings)
    assert [passage.text for passage in document.passages] == ["words behind AES"]
    assert _kinds(_read(_aes_zip(b"words", b"sesame"))) == {ProblemKind.ENCRYPTED}


def test_a_size_that_lies_does_not_hide_content():
    data = bytearray(_zip(("a.txt", "words " * 100)))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, at + 24, 5)
    assert "words " * 90 in _read(bytes(data)).passages[0].text


def test_a_bomb_is_stopped_by_its_ratio_and_its_neighbour_is_read():
    document = _read(_zip(("bomb.txt", b"\0" * 30_000_000), ("b.txt", "words")))
    assert _kinds(document) == {ProblemKind.TOO_LARGE}
    assert document.passages[0].text == "words"


def test_equal_layers_of_a_bomb_are_read_once():
    layer = _zip(("a.txt", "words"))
    for _ in range(5):
        layer = _zip(*[(f"{n}.zip", layer) for n in range(8)])
    document = _read(layer)
    assert [passage.text for passage in document.passages] == ["words"]
    assert len(document.parts) < 60


def test_the_reading_helper_names_what_is_wrong():
    archive = SafeZip(_zip(("a.txt", "words")), Limits())
    assert archive.names == ("a.txt",)
    assert archive.get("b.txt") is None
    with pytest.raises(Unreadable, match="missing"):
        archive.read("b.txt")
    with pytest.raises(Unreadable, match="damaged"):
        SafeZip(b"PK\x03\x04 nothing", Limits())


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_stream_is_one_child(pack):
    document = _read(pack(b"words"), name="a.txt.packed")
    assert document.passages[0].text == "words"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_cut_stream_gives_what_it_has_and_a_problem(pack):
    import random

    words = " ".join(str(random.Random(1).random()) for _ in range(1)) + "".join(
        f" word{n * 7919}" for n in range(90_000)
    )
    document = _read(pack(words.encode())[:-200], name="a.txt.gz")
    assert ProblemKind.DAMAGED in _kinds(document)
    assert document.passages or pack is bz2.compress


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_bomb_is_too_large(pack):
    assert ProblemKind.TOO_LARGE in _kinds(_read(pack(b"\0" * 40_000_000), name="a.gz"))


def test_tar_members_are_read_and_links_are_only_named():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo("../../etc/notes.txt")
        info.size = 5
        archive.addfile(info, io.BytesIO(b"words"))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    document = _read(stream.getvalue(), name="a.tar")
    assert [passage.text for passage in document.passages] == ["words"]
    assert "link to /etc/passwd" in document.notes[0]


def test_a_cut_tar_is_damaged():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo("notes.txt")
        info.size = 5000
        archive.addfile(info, io.BytesIO(b"w" * 5000))
    assert _kinds(_read(stream.getvalue()[:2000], name="a.tar")) == {ProblemKind.DAMAGED}


def _seven_zip(header):
    """The first header of a 7Z archive, some packed bytes, and its last header."""
    return b"7z\xbc\xaf\x27\x1c\x00\x03" + struct.pack("<LQQL", 0, 20, len(header), 0) + bytes(20) + header


@pytest.mark.parametrize(("magic", "name"), [(b"7z\xbc\xaf\x27\x1c", "a.7z"), (b"Rar!\x1a\x07\x01\0", "a.rar")])
def test_archives_of_other_kinds_are_read_or_reported(magic, name):
    assert _kinds(_read(magic + b"\0" * 200, name=name)) <= {ProblemKind.UNSUPPORTED, ProblemKind.DAMAGED}
    assert _read(magic + b"\0" * 200, name=name).problems


@pytest.mark.parametrize(
    ("data", "locked"),
    [
        (_seven_zip(b"\x17\x06\x26\x01\x09\x70\x00\x07\x0b\x01\x00\x01\x24\x06\xf1\x07\x01"), True),
        (_seven_zip(b"\x17\x06\x26\x01\x09\x70\x00\x07\x0b\x01\x00\x01\x23\x03\x01\x01\x05"), False),
        (b"Rar!\x1a\x07\x00\xce\x99\x73\x80\x00\x0d\x00" + bytes(40), True),
        (b"Rar!\x1a\x07\x00\xcf\x90\x73\x00\x00\x0d\x00" + bytes(6) + b"\x1e\x54\x74\x24\x90" + bytes(40), True),
        (b"Rar!\x1a\x07\x00\xcf\x90\x73\x00\x00\x0d\x00" + bytes(6) + b"\x1e\x54\x74\x20\x90" + bytes(40), False),
        (b"Rar!\x1a\x07\x01\x00\x01\x02\x03\x04\x21\x04" + bytes(40), True),
        (b"Rar!\x1a\x07\x01\x00\x01\x02\x03\x04\x21\x01" + bytes(40), False),
        (b"7z\xbc\xaf\x27\x1c", False),
    ],
)
def test_a_locked_archive_is_known_without_its_reader(data, locked):
    assert is_locked(data) is locked


@pytest.mark.skipif(not (shutil.which("bsdtar") or find_spec("py7zr")), reason="neither bsdtar nor py7zr is installed")
def test_a_7z_archive_is_read(tmp_path):
    if find_spec("py7zr"):
        import py7zr

        stream = io.BytesIO()
        with py7zr.SevenZipFile(stream, "w") as archive:
            archive.writestr("words", "notes.txt")
        data = stream.getvalue()
    else:
        import subprocess

        (tmp_path / "notes.txt").write_text("words")
        subprocess.run(["bsdtar", "--format=7zip", "-cf", "a.7z", "notes.txt"], cwd=tmp_path, check=True)
        data = (tmp_path / "a.7z").read_bytes()
    assert _read(data, name="a.7z").passages[0].text == "words"


def _crypted(text, password):
    """PKWARE's traditional encryption (APPNOTE 6.1), which the standard library reads and does not write."""
    import zlib

    table = [_crc_step(n) for n in range(256)]
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte):
        keys[0] = table[(keys[0] ^ byte) & 255] ^ (keys[0] >> 8)
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = table[(keys[2] ^ (keys[1] >> 24)) & 255] ^ (keys[2] >> 8)

    for byte in password:
        update(byte)
    content = text.encode()
    check = zlib.crc32(content)
    sealed = bytearray()
    for byte in b"0123456789a" + bytes([check >> 24]) + content:
        mask = (keys[2] | 2) & 0xFFFF
        sealed.append(byte ^ ((mask * (mask ^ 1)) >> 8 & 255))
        update(byte)
    return _one_member(bytes(sealed), check, len(content), method=0)


def _crc_step(n):
    for _ in range(8):
        n = (n >> 1) ^ (0xEDB88320 if n & 1 else 0)
    return n


def _aes_zip(content, password):
    """WinZip's AE-2 with a 256-bit key, made by the same primitives in the other direction."""
    import hashlib
    import hmac

    from sluicegate.extract.zipcrypt import _counter_mode

    salt = b"0123456789abcdef"
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 66)
    sealed = _counter_mode(keys[:32], content)
    seal = hmac.new(keys[32:64], sealed, "sha1").digest()[:10]
    extra = struct.pack("<HHHHBH", 0x9901, 7, 2, 0x4541, 3, 0)
    return _one_member(salt + keys[64:] + sealed + seal, 0, len(content), method=99, extra=extra)


def _one_member(packed, check, size, *, method, extra=b""):
    common = struct.pack("<4H3L2H", 1, method, 0, 33, check, len(packed), size, 5, len(extra))
    local = b"PK\x03\x04" + struct.pack("<H", 20) + common + b"a.txt" + extra + packed
    entry = b"PK\x01\x02" + struct.pack("<2H", 20, 20) + common + struct.pack("<3H2L", 0, 0, 0, 0, 0) + b"a.txt" + extra
    return local + entry + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(local), 0)


@pytest.mark.parametrize(("name", "method"), [("a.zip", zipfile.ZIP_STORED), ("a.zip", zipfile.ZIP_DEFLATED)])
def test_content_that_is_not_what_its_check_sum_says_is_read_and_reported(name, method):
    data = bytearray(_zip(("a.txt", "words here"), ("b.txt", "more words"), method=method))
    struct.pack_into("<L", data, data.index(b"PK\x01\x02") + 16, 12345)
    document = _read(bytes(data), name=name)
    assert [passage.text for passage in document.passages] == ["words here", "more words"]
    assert _kinds(document) == {ProblemKind.DAMAGED}


def test_a_member_that_the_directory_does_not_name_is_reported_whatever_packs_it():
    data = _zip(("a.txt", "words"), method=zipfile.ZIP_LZMA)
    start = data.index(b"PK\x01\x02")
    other = _zip(("b.txt", "other words"))
    end = bytearray(other)
    struct.pack_into("<L", end, len(end) - 6, other.index(b"PK\x01\x02") + start)
    struct.pack_into("<L", end, other.index(b"PK\x01\x02") + 42, start)
    assert ProblemKind.DAMAGED in _kinds(_read(data[:start] + bytes(end)))
