"""The law as data: control lists (one TOML file each) in, validated and dated control points out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from sluicegate.controls.model import Condition, ControlList, Criterion, LegalStatus, Point, Source, Title
from sluicegate.errors import ControlListError

__all__ = [
    "Condition",
    "ControlList",
    "Controls",
    "Criterion",
    "LegalStatus",
    "ListedPoint",
    "Point",
    "Source",
    "Title",
    "load_controls",
    "parse_list",
]


@dataclass(frozen=True, slots=True)
class ListedPoint:
    """A control point with its list and its legal status on the screening date."""

    list: str
    point: Point
    status: LegalStatus


@dataclass(frozen=True)
class Controls:
    """The control lists of one screening and the date whose law applies."""

    lists: tuple[ControlList, ...]
    as_of: date

    @cached_property
    def points(self) -> tuple[ListedPoint, ...]:
        """Every point of every list with its status on the date."""
        return tuple(
            ListedPoint(control_list.id, point, control_list.status(self.as_of))
            for control_list in self.lists
            for point in control_list.points
        )

    def touched(self, label: str) -> tuple[ListedPoint, ...]:
        """The points that carry this training label (`lfp` …), over all lists."""
        return tuple(listed for listed in self.points if listed.point.label == label)

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the lists."""
        return tuple(control_list.id for control_list in self.lists)


def load_controls(*, names: Sequence[str] = (), folder: Path | None = None, as_of: date | None = None) -> Controls:
    """The shipped lists and those of a folder, all or the named ones.

    A list in `folder` replaces a shipped one of the same id. Raises `ControlListError` for an invalid file or an
    unknown name.
    """
    found = {control_list.id: control_list for control_list in _load_all(folder)}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise ControlListError(f"no control list {', '.join(unknown)}; there are {', '.join(sorted(found))}")
    chosen = [found[name] for name in names] if names else [found[name] for name in sorted(found)]
    return Controls(tuple(chosen), as_of or date.today())


def _load_all(folder: Path | None) -> Iterator[ControlList]:
    for entry in sorted((resources.files("sluicegate.controls") / "lists").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            yield parse_list(entry.read_text("utf-8"), source=entry.name)
    if folder is None:
        return
    if not folder.is_dir():
        raise ControlListError(f"the folder for control lists does not exist: {folder}")
    for path in sorted(folder.glob("*.toml")):
        yield parse_list(path.read_text("utf-8"), source=str(path))


def parse_list(text: str, *, source: str) -> ControlList:
    """Validate one list file; raises `ControlListError` naming the file, the key and the fault."""
    try:
        return ControlList.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ControlListError(f"{source} is not valid TOML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise ControlListError(f"{source}: {faults}") from None
