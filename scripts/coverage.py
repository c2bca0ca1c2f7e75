"""A folder of files and one of expected texts in; how much of each text was read out, by format.

An expected text is named after its file with anything behind the name (`a.docx.md`, `a.docx__text.txt`), as plain
text, as Markdown or, for mail, as the JSON of a parse (its `Text`, `Html` and header values). Words count as often as
they stand in the text. What a text has that is no word of its document is left out on both sides:

- marks of Markdown: pipes and rules of tables, `#`, `*`, `_`, backslashes before marks, entities, `<!-- image -->`,
  the kind of a chart written above its numbers, code fences and check boxes;
- what a table library writes for an empty cell: `nan`, `NaN`, `None`, `Unnamed: 3`;
- neighbouring equal cells of a Markdown table, which stand for one merged cell, count once: merged cells are read once;
- the words `author:` and `time:` that a converter writes before a comment;
- an address that several links lead to counts once;
- how a mail is packed for transport (Content-Transfer-Encoding, MIME-Version), and the tags of text/enriched;
- numbers are compared as numbers, 9.10 is 9.1 and 2.0 is 2, and the curved apostrophe is the straight one.

Prints missing words with `--missing`. Exit status 1 when the median or the 5th percentile of word recall, or the
recall of numbers with units, is below what is asked.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import statistics
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from sluicegate.extract.driver import extract_bytes
from sluicegate.settings import Extraction, Settings

MEDIAN, FIFTH, UNITS = 0.98, 0.90, 0.98
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_CHART = re.compile(r"(<!-- image -->\s+)(?:Bar|Line|Pie|Area|Scatter|Stacked|Doughnut)[\w ]* chart\s*$", re.M | re.I)
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_RULE = re.compile(r"^[|\s:=-]+$")
_COMMENTED = re.compile(r"^\[author: (.*?)(?:, time: (.*?))?\]:", re.M)
_TRANSPORT = frozenset({"content_transfer_encoding", "mime_version", "content_length", "lines"})
_ENRICHED = re.compile(r"</?(?:bold|italic|underline|fixed|smaller|bigger|excerpt|paragraph|center|nl|param)>", re.I)
_EMPTY = re.compile(r"^(?:nan|none|unnamed: \d+(?:_level_\d+)?)$", re.I)
_MARK = re.compile(r"^\s*(?:#{1,6}\s|[-*+]\s(?:\[[ xX]\]\s)?|>\s|```\w*$)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`+|~~")
_WORD = re.compile(r"[㐀-鿿぀-ヿ]|\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*")
_QUANTITY = re.compile(
    r"(?<![\w.])(\d+(?:[.,]\d+)*)\s?(%|‰|°\s?C|℃|(?:[kMGmµμn]?(?:Wh|Ah|Pa|Hz|eV|[gmlLsVAWNJK]|mol|bar)|wt|ppm|rpm|h|min|"
    r"days?|years?|months?|hours?|minutes?|percent|USD|EUR|km|cm|mm|kg|mg|ml|lbs?)(?![^\W\d_]))"
)


@dataclass(frozen=True, slots=True)
class Score:
    """One file: words and numbers with units expected, and how many of them were read."""

    name: str
    words: int
    read: int
    units: int
    units_read: int
    missing: Counter[str]

    @property
    def recall(self) -> float:
        """Share of the expected words that were read."""
        return self.read / self.words if self.words else 1.0


def words_of(text: str) -> Counter[str]:
    """Words, numbers and single Han and kana characters, folded; the same for both sides."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u00ad", "").replace("’", "'")
    return Counter(_number(word) for word in _WORD.findall(folded))


def quantities_of(text: str) -> Counter[tuple[str, str]]:
    """Numbers with the unit that follows them."""
    folded = unicodedata.normalize("NFKC", text)
    return Counter((_number(number), re.sub(r"\s", "", unit)) for number, unit in _QUANTITY.findall(folded))


def _number(word: str) -> str:
    return word.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.\d+", word) else word


def expected_text(path: Path) -> str:
    """The words of an expected text, without what is not of its document."""
    text = path.read_text("utf-8", "replace")
    if path.suffix == ".json":
        return "\n".join(_mail_texts(json.loads(text)))
    return markdown_text(text) if path.suffix == ".md" else text


def markdown_text(text: str) -> str:
    """A Markdown text without its marks."""
    bare = _COMMENT.sub(" ", _CHART.sub(r"\1", _COMMENTED.sub(r"\1 \2 ", text)))
    targets = dict.fromkeys(target for _, target in _LINK.findall(bare))
    blocks = groupby(bare.splitlines(), key=lambda line: line.lstrip().startswith("|"))
    lines = (line for table, block in blocks for line in (_table_lines(block) if table else block))
    return "\n".join((*map(_plain_line, lines), *targets))


def _table_lines(block: Iterable[str]) -> Iterator[str]:
    above: list[str] = []
    for line in block:
        if _RULE.match(line):
            continue
        row = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]
        row = ["" if _EMPTY.match(cell) else cell for cell in row]
        kept = [
            "" if (n and cell == row[n - 1]) or (n < len(above) and cell == above[n]) else cell
            for n, cell in enumerate(row)
        ]
        above = row
        yield " ; ".join(filter(None, kept))


def _plain_line(line: str) -> str:
    bare = _LINK.sub(r"\1", _MARK.sub(" ", line))
    return html.unescape(_ESCAPED.sub(r"\1", _EMPHASIS.sub("", bare)))


def _mail_texts(value: Any) -> Iterator[str]:
    """The texts of a parse of a message: bodies, subjects, names and addresses, names of attachments."""
    if isinstance(value, dict):
        if value.get("name") in _TRANSPORT:
            return
        for key, inner in value.items():
            if key == "Html" and isinstance(inner, str):
                yield re.sub(r"<[^>]*>", " ", html.unescape(re.sub(r"(?s)<(style|script).*?</\1>", " ", inner)))
            elif key == "Text" and isinstance(inner, str):
                yield _ENRICHED.sub(" ", inner)
            elif key not in ("name", "raw_message") or "address" in value:
                yield from _mail_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _mail_texts(inner)


def score(file: Path, expected: Iterable[Path]) -> Score:
    """One file against its expected texts."""
    settings = Settings(extraction=Extraction(ocr="off"))
    document = extract_bytes(file.read_bytes(), name=file.name, settings=settings, interesting=lambda text: True)
    found = "\n".join([passage.text for passage in document.passages])
    wanted = "\n".join(map(expected_text, expected))
    words, units = words_of(wanted), quantities_of(wanted)
    missing = words - words_of(found)
    lost = units - quantities_of(found)
    return Score(
        file.name, words.total(), words.total() - missing.total(), units.total(), units.total() - lost.total(), missing
    )


def pairs(folder: Path, expected: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Files with the expected texts that are named after them."""
    texts = sorted(path for path in expected.iterdir() if path.is_file())
    for file in sorted(path for path in folder.iterdir() if path.is_file()):
        own = [text for text in texts if text.name.startswith(file.name) and text.name != file.name]
        if own:
            yield file, own


def fifth(values: Iterable[float]) -> float:
    """The 5th percentile, by the nearest rank below."""
    ordered = sorted(values)
    return ordered[max(0, (len(ordered) * 5 + 99) // 100 - 1)]


def show(name: str, scores: list[Score]) -> bool:
    """Print one line of the table; whether it is as asked."""
    recalls = [one.recall for one in scores]
    units, read = sum(one.units for one in scores), sum(one.units_read for one in scores)
    median, low, share = statistics.median(recalls), fifth(recalls), read / units if units else 1.0
    print(f"{name:<8}{len(scores):>6}{median:>10.3f}{low:>10.3f}{min(recalls):>10.3f}{share:>10.3f} of {units}")
    return median >= MEDIAN and low >= FIFTH and share >= UNITS


def main() -> int:
    """Score every file that has an expected text, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("expected", type=Path)
    parser.add_argument(
        "--missing", action="store_true", help="print the words that were not read, most frequent first"
    )
    given = parser.parse_args()
    scores = [score(file, texts) for file, texts in pairs(given.folder, given.expected)]
    if not scores:
        print("no expected text is named after a file", file=sys.stderr)
        return 2
    for one in sorted(scores, key=lambda one: one.recall):
        if given.missing and one.missing:
            words = " ".join(f"{word}×{count}" for word, count in one.missing.most_common(30))
            print(f"{one.recall:.3f} {one.name}: {words}")
    print("format   files    median       5th   minimum     units")
    for suffix in sorted({Path(one.name).suffix.lower() for one in scores}):
        show(suffix, [one for one in scores if Path(one.name).suffix.lower() == suffix])
    return 0 if show("all", scores) else 1


if __name__ == "__main__":
    sys.exit(main())
