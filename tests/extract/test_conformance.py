"""Every reader, found by itself, on empty, truncated and random input: it never raises and is never silently empty.

A new format is tested here without a word of change: its module is found through the registry, and valid files of it
come from the evasion samples, as soon as it has some.
"""

import importlib
import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sluicegate.document import Passage, Place, Problem
from sluicegate.extract.driver import extract_bytes, finds_of
from sluicegate.extract.evasion import PARAGRAPH, channels
from sluicegate.extract.frame import Child, Context, Note, Source
from sluicegate.extract.registry import modules
from sluicegate.settings import MIB, Extraction, Limits, Settings

LIMITS = Limits(bytes=8 * MIB, part_bytes=8 * MIB, total_bytes=32 * MIB, members=200, pages=20, seconds=20)
SETTINGS = Settings(limits=LIMITS, extraction=Extraction(ocr="off"))
CONTEXT = Context(("sample",), LIMITS, SETTINGS.extraction, bool)
MAGICS = (
    b"",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"{\\rtf1",
    b"<html>",
    b"<?xml ?>",
    b"\x89PNG\r\n\x1a\n",
)
MEDIA_TYPES = sorted(modules())
CHANNELS = list(channels())


def _checked(finds: Iterator[object]) -> list[object]:
    """The finds, each of a known kind and with its place inside the file."""
    found = list(finds)
    assert found
    for find in found:
        assert isinstance(find, (Passage, Problem, Child, Note))
        if isinstance(find, (Passage, Problem)):
            assert find.place.path[0] == "sample"
        if isinstance(find, Passage):
            assert find.text.strip(), "a passage without words"
        if isinstance(find, Passage) and find.grid:
            assert all(0 <= start <= end <= len(find.text) for row in find.grid.rows for start, end in row)
    return found


@pytest.mark.parametrize("name", sorted(set(modules().values())))
def test_a_format_module_says_what_it_is(name):
    module = importlib.import_module(name)
    assert module.__doc__
    assert module.read.__doc__
    assert module.MEDIA_TYPES


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_empty_input(media_type):
    _checked(finds_of(Source("sample", b"", media_type), CONTEXT))


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_random_input(media_type):
    random_bytes = random.Random(media_type)
    for magic in MAGICS:
        data = magic + random_bytes.randbytes(random_bytes.randrange(1, 3000))
        found = _checked(finds_of(Source("sample", data, media_type), CONTEXT))
        assert any(not (isinstance(find, Note) and find.silent) for find in found) or media_type.startswith("image/")


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@given(data=st.binary(max_size=300))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_input(media_type, data):
    _checked(finds_of(Source("sample", data, media_type), CONTEXT))


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: f"{channel.format}-{channel.channel}")
def test_truncated_input(channel):
    whole = channel.make(PARAGRAPH)
    for part in (0.1, 0.5, 0.9):
        document = extract_bytes(whole[: int(len(whole) * part)], name=channel.name, settings=SETTINGS)
        whole_still = document.media_type.startswith("image/")  # a picture that lost its end can still be all there
        assert document.passages or document.problems or document.notes or whole_still


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: f"{channel.format}-{channel.channel}")
def test_damaged_input(channel):
    damage = random.Random(channel.channel)
    data = bytearray(channel.make(PARAGRAPH))
    for _ in range(1 + len(data) // 200):
        data[damage.randrange(len(data))] = damage.randrange(256)
    document = extract_bytes(bytes(data), name=channel.name, settings=SETTINGS)
    assert document.passages or document.problems or document.notes


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: f"{channel.format}-{channel.channel}")
def test_places_and_parts_agree(channel):
    document = extract_bytes(channel.make(PARAGRAPH), name=channel.name, settings=channel.settings)
    paths = {part.path for part in document.parts}
    for passage in document.passages:
        assert passage.place.path in paths
        assert isinstance(passage.place, Place)
        assert Place.from_json(passage.place.to_json()) == passage.place
