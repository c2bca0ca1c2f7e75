"""README.md in; its examples run, compared with what it shows, and on request written anew, out.

A ```console block holds commands, each on a line after `$ `, with their output; a line `…` stands for any lines. A
```python block holds what it prints in comments at its end. Pictures are not read here (`ocr = "off"`), so that the
output does not depend on what is installed.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
ANY = "…"
SKIPPED = ("scripts/test",)  # a test cannot run all tests
SHOWN = {  # by subcommand: the lines worth showing, in an update, are those that match
    "scan": r"/(audit|brine|cooperation|export-rule|lfp-manual-ja|lfp-pilot|nmc|wednesday|锂辉石)|documents:",
    "check": r"^REVIEW|^  · |2\.58|97 %",
}
_BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.M | re.S)
_MAIN = "from sluicegate.cli import main; main()"
_TROUBLE = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Example:
    """A command, or a piece of Python, with the output that README.md shows for it."""

    source: str
    shown: tuple[str, ...]
    python: bool = False

    def run(self, home: Path) -> list[str]:
        """What it prints today, in a home folder of its own; progress and remarks on standard error are left out."""
        settings = home / "sluicegate.toml"
        settings.write_text('[extraction]\nocr = "off"\n', "utf-8")
        environment = {
            **os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "SLUICEGATE_CONFIG": str(settings),
            "PYTHONPATH": os.pathsep.join([str(ROOT / "pipeline"), *sys.path]), "PYTHONUTF8": "1",
        }  # fmt: skip
        done = subprocess.run(
            self._command(), cwd=ROOT, env=environment, encoding="utf-8", timeout=300, check=False, capture_output=True
        )  # fmt: skip
        if done.returncode in _TROUBLE:
            raise RuntimeError(f"{self.source} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout.splitlines()

    def _command(self) -> list[str]:
        if self.python:
            return [sys.executable, "-c", self.source]
        words = shlex.split(self.source)
        if words[0] not in ("scripts/sluicegate", "sluicegate"):
            raise ValueError(f"only sluicegate can be run in README.md, not {self.source}")
        return [sys.executable, "-c", _MAIN, *words[1:]]


def examples(text: str) -> Iterator[Example]:
    """The examples that can be run, in order."""
    for language, body in _BLOCK.findall(text):
        if language == "python":
            printed = re.search(r"(?:^# .*\n)+\Z", body, re.M)
            yield Example(body, tuple(line[2:] for line in printed[0].splitlines()) if printed else (), python=True)
            continue
        for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            if command not in SKIPPED:
                yield Example(command, tuple(shown))


def agrees(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether the output is what is shown, `…` standing for any lines."""
    parts = [r"(?:.*\n)*" if line == ANY else re.escape(line.rstrip()) + r"[ ]*\n" for line in shown]
    return re.fullmatch("".join(parts), "".join(f"{line}\n" for line in printed)) is not None


def shortened(example: Example, printed: Sequence[str]) -> list[str]:
    """The output with every run of lines that are not worth showing as one `…`."""
    pattern = next((SHOWN[word] for word in example.source.split() if word in SHOWN), "")
    kept: list[str] = []
    for line in printed:
        if re.search(pattern, line):
            kept.append(line.rstrip())
        elif kept[-1:] != [ANY]:
            kept.append(ANY)
    return kept


def updated(text: str, home: Path) -> str:
    """README.md with today's output."""
    for number, example in enumerate(examples(text)):
        folder = home / str(number)
        folder.mkdir()
        printed = example.run(folder)
        if example.python:
            old = "".join(f"# {line}\n" for line in example.shown)
            new = "".join(f"# {line}\n" for line in printed)
            text = text.replace(example.source, example.source.removesuffix(old) + new)
        else:
            old = "\n".join((f"$ {example.source}", *example.shown))
            text = text.replace(old, "\n".join((f"$ {example.source}", *shortened(example, printed))))
    return text


def main(arguments: Sequence[str]) -> int:
    """Compare, or with `--update` write; the number of examples that differ is the exit status."""
    text = README.read_text("utf-8")
    with tempfile.TemporaryDirectory() as home:
        if "--update" in arguments:
            README.write_text(updated(text, Path(home)), "utf-8")
            return 0
        differing = 0
        for number, example in enumerate(examples(text)):
            folder = Path(home, str(number))
            folder.mkdir()
            printed = example.run(folder)
            if not agrees(example.shown, printed):
                differing += 1
                print(f"README.md shows other output for {example.source}; today:", *printed, sep="\n")
        return min(differing, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
