"""A controlled paragraph in, files that hide it in every channel of every format out; and whether extraction finds it.

A family of formats is one module in this package with one function::

    def channels() -> Iterator[Channel]: ...

`channels()` below finds the modules by itself. `sluicegate doctor --evasion` and the tests run them all.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from sluicegate.settings import Settings

PARAGRAPH = (
    "The dried precursor LiFePO4/C was sintered at 720 °C for 10 h under nitrogen; 经砂磨至 D50 为 0.45 μm "
    "后喷雾干燥，压实密度达到 2.62 g/cm3 at 220 MPa."
)
"""What the self-test hides: a preparation step with its result, in both languages on one line."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One place of one format where text can stand.

    `format` is the usual file extension ("docx"), `channel` what people call the place ("footnote"). `make` gives a
    complete file with the paragraph there and nowhere else. `settings` are those the channel needs (a password).
    `only_reported` marks what no reader can read (audio, a password not given): there a problem is the right answer.
    """

    format: str
    channel: str
    make: Callable[[str], bytes] = field(repr=False)
    settings: Settings = field(default=Settings(), repr=False)
    only_reported: bool = False

    @property
    def name(self) -> str:
        """A file name for the sample."""
        return f"sample.{self.format}"


class Outcome(StrEnum):
    """What became of a hidden paragraph."""

    REACHED = "reached"
    REPORTED = "reported"
    MISSED = "missed"


def channels() -> Iterator[Channel]:
    """All channels of all families, found by looking into this package."""
    for module in sorted(pkgutil.iter_modules(__path__, f"{__name__}."), key=lambda module: module.name):
        if not module.name.rpartition(".")[2].startswith("_"):
            yield from importlib.import_module(module.name).channels()


def reached(data: bytes, name: str, paragraph: str, *, settings: Settings | None = None) -> bool:
    """True when extraction finds the whole paragraph in one passage of the file; white space does not count."""
    from sluicegate.extract.driver import extract_bytes

    document = extract_bytes(data, name=name, settings=settings or Settings())
    sought = _plain(paragraph)
    return any(sought in _plain(passage.text) for passage in document.passages)


def outcome(channel: Channel, paragraph: str = PARAGRAPH) -> Outcome:
    """Hide the paragraph in this channel and look what extraction makes of it."""
    from sluicegate.extract.driver import extract_bytes

    data = channel.make(paragraph)
    if reached(data, channel.name, paragraph, settings=channel.settings):
        return Outcome.REACHED
    document = extract_bytes(data, name=channel.name, settings=channel.settings)
    return Outcome.REPORTED if document.problems else Outcome.MISSED


def caught(channel: Channel, paragraph: str = PARAGRAPH) -> bool:
    """True when the paragraph is found, or reported as unread where reporting is all that can be done."""
    found = outcome(channel, paragraph)
    return found is Outcome.REACHED or (channel.only_reported and found is Outcome.REPORTED)


def _plain(text: str) -> str:
    return "".join(text.split())
