"""The evasion self-test: a controlled paragraph in every channel of every format is found."""

import pytest

from sluicegate.extract.evasion import PARAGRAPH, Channel, caught, channels, reached
from sluicegate.settings import Settings


@pytest.mark.parametrize("channel", list(channels()), ids=lambda channel: f"{channel.format}-{channel.channel}")
def test_a_hidden_paragraph_is_found(channel: Channel):
    assert caught(channel)


@pytest.mark.parametrize("channel", list(channels()), ids=lambda channel: f"{channel.format}-{channel.channel}")
def test_the_sample_holds_nothing_but_the_given_paragraph(channel: Channel):
    assert not reached(channel.make("ordinary words"), channel.name, PARAGRAPH, settings=channel.settings)


def test_a_paragraph_that_is_not_there_is_not_found():
    assert not reached(b"plain text", "sample.txt", PARAGRAPH, settings=Settings())
