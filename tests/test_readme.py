"""README.md says what happens: each of its examples is run and compared, each file and command that it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from readme_examples import ANY, README, ROOT, Example, agrees, examples, updated
from sluicegate import __version__
from sluicegate.cli import build_app

TEXT = README.read_text("utf-8")
EXAMPLES = list(examples(TEXT))


@pytest.mark.parametrize("example", [pytest.param(each, id=each.source.split("\n")[0]) for each in EXAMPLES])
def test_an_example_prints_what_is_shown(example: Example, tmp_path: Path) -> None:
    printed = example.run(tmp_path)
    assert example.shown
    assert agrees(example.shown, printed), "\n".join(("scripts/readme --update; today:", *printed))


def test_the_first_two_commands_are_those_of_a_newcomer() -> None:
    assert re.findall(r"^\$ (.+)$", TEXT, re.M)[:2] == ["scripts/sluicegate scan tests/samples", "scripts/test"]


def test_files_that_are_linked_exist() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_commands_that_are_named_exist() -> None:
    known = get_command(build_app()).commands  # type: ignore[attr-defined]
    named = {tuple(found.split()) for found in re.findall(r"`sluicegate ([a-z]+(?: [a-z]+)?)", TEXT)}
    assert named
    for first, *second in named:
        assert first in known
        group = getattr(known[first], "commands", None)
        assert group is None or not second or second[0] in group


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a", ANY], ["a", "b", "c"], True),
        (["a", ANY], ["a"], True),
        ([ANY, "c"], ["a", "b", "c"], True),
        (["a", ANY, "c"], ["a", "c", "d"], False),
        (["a.c"], ["abc"], False),
        ([], ["a"], False),
    ],
)
def test_a_line_of_three_dots_stands_for_any_lines(shown: list[str], printed: list[str], same: bool) -> None:
    assert agrees(shown, printed) is same


def test_an_update_writes_what_is_printed_and_keeps_the_rest(tmp_path: Path) -> None:
    console = "```console\n$ sluicegate --version\nold\n$ scripts/test\n…\n```\n"
    text = f"A\n\n{console}\n```python\nprint(6 * 7)\n# 41\n```\nZ\n"
    wanted = text.replace("old", f"sluicegate {__version__}").replace("# 41", "# 42")
    assert updated(text, tmp_path) == wanted
