"""One labelled row in (a mapping with our field names), one sample out; what all the forms share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sluicegate.errors import SampleError
from sluicegate.learn.sample import OWN, POINTS, Sample, find_marks, language_of

POSITIVE = frozenset({"controlled", "1", "yes", "true", "positive", "受控", "是"})
NEGATIVE = frozenset({"not", "not_controlled", "not controlled", "0", "no", "false", "negative", "不受控", "否"})
UNKNOWN = frozenset({"unknown", "unsure", "?", "不确定"})
Reader = Callable[[Path], tuple[str, ...]]


@dataclass(slots=True)
class Intake:
    """What reading has yielded so far: samples, and what was left out with the reason (never with text)."""

    read_document: Reader
    origin: str = OWN
    samples: list[Sample] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    wanted: list[tuple[str, Path, dict[str, Any]]] = field(default_factory=list)

    def skip(self, place: str, reason: str) -> None:
        """Leave something out, with the reason."""
        self.skipped.append((place, reason))

    def add(self, row: Mapping[str, Any], *, place: str, folder: Path) -> None:
        """Take a row that has `text`, or `path` relative to `folder`; a document is read later, with the others."""
        label = label_of(row.get("label"))
        if label is None:
            self.skip(place, "its label is neither controlled nor not")
            return
        values = dict(row)
        values["label"] = label
        if isinstance(row.get("text"), str):
            self.finish(values, (row["text"],), place=place)
        elif isinstance(row.get("path"), str):
            self.wanted.append((place, folder / row["path"], values))
        else:
            self.skip(place, "it has neither text nor path")

    def finish(self, row: Mapping[str, Any], texts: tuple[str, ...], *, place: str) -> None:
        """Make the sample of a row whose text is known."""
        texts = tuple(text for text in texts if text.strip())
        if not texts:
            self.skip(place, "it holds no text")
            return
        unknown = [point for point in names_of(row.get("points")) if point not in POINTS]
        if unknown:
            self.skip(place, f"unknown control point {unknown[0]!r}; known: {', '.join(POINTS)}")
            return
        marks = find_marks(texts, row.get("passages") or ())
        if marks is None:
            self.skip(place, "a marked passage does not stand in its text")
            return
        controlled = row["label"] == "controlled"
        teaches = row.get("teaches")
        name = str(row.get("id") or place)
        self.samples.append(
            Sample(
                id=name,
                texts=texts,
                controlled=controlled,
                teaches=True if controlled else (teaches if isinstance(teaches, bool) else None),
                points=tuple(names_of(row.get("points"))) if controlled else (),
                language=str(row.get("language") or language_of("\n".join(texts))),
                kind=str(row.get("kind") or "other"),
                register=str(row.get("register") or "other"),
                group=str(row.get("group") or name),
                origin=str(row.get("source") or self.origin),
                marks=marks if controlled else (),
                place=place,
            )
        )


def json_rows(path: Path, intake: Intake) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, object) of each line of a JSON-lines file; other lines are left out with a reason.

    Lines end at a line feed alone: U+2028 and its like stand unescaped in the texts of many a PDF. Raises `SampleError`
    when the file is not UTF-8.
    """
    for number, line in enumerate(read_utf8(path).split("\n"), 1):
        if not line.strip():
            continue
        place = f"{path.name}:{number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            row = None
        if isinstance(row, dict):
            yield place, row
        else:
            intake.skip(place, "not a JSON object")


def read_utf8(path: Path) -> str:
    """The text of a file; raises `SampleError` when it is not UTF-8 (a byte-order mark is allowed)."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise SampleError(f"{path} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise SampleError(f"{path} cannot be read: {error.strerror}") from None


def label_of(value: object) -> str | None:
    """ "controlled" or "not" for the spellings that people use; `None` for anything else, `unknown` among it."""
    word = str(value).strip().lower()
    return "controlled" if word in POSITIVE else "not" if word in NEGATIVE else None


def names_of(value: object) -> list[str]:
    """Control points given as a list or as one string with commas, semicolons or blanks between them."""
    if value is None:
        return []
    if isinstance(value, str):
        return [name for name in value.replace(";", ",").replace(" ", ",").split(",") if name]
    return [str(name) for name in value] if isinstance(value, list | tuple) else []


def from_names(names: Sequence[str], row: dict[str, Any], *, marks: Sequence[str] = ()) -> dict[str, Any]:
    """Sort an annotation tool's label names into label, teaches and points of a row.

    `marks` are the names of marked stretches; a text that is marked and not labelled is controlled.
    """
    lowered = [name.strip().lower() for name in (*names, *marks)]
    labels = {label_of(name) for name in lowered} - {None}
    points = [name for name in lowered if name in POINTS]
    if (points or marks) and not labels:
        labels = {"controlled"}
    found = dict(row)
    found["label"] = labels.pop() if len(labels) == 1 else None
    found["points"] = [*names_of(row.get("points")), *points]
    if "teaches" in lowered:
        found["teaches"] = True
    return found
