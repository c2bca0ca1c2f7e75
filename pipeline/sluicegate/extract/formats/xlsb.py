"""XLSB in (a package of binary parts), tables of every sheet out; comments, drawings, charts and stores beside."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.document import Passage, ProblemKind
from sluicegate.extract.formats.xls import sheet_finds
from sluicegate.extract.frame import Context, Find, Source
from sluicegate.extract.office.calamine import open_workbook
from sluicegate.extract.office.leftovers import leftover_finds
from sluicegate.extract.office.ooxml import Package
from sluicegate.extract.office.prose import strings_in
from sluicegate.extract.office.workbook import Sheet, beside_finds

MEDIA_TYPES = ("application/vnd.ms-excel.sheet.binary.macroenabled.12",)
_STYLES = ("styles.bin", "theme.bin", "calcchain.bin")


def read(source: Source, context: Context) -> Iterator[Find]:
    """Cells through calamine; comments, headers and unused strings by the words in the binary parts."""
    package = Package(source, context)
    binary = [name for name in package.names if name.lower().startswith("xl/") and name.lower().endswith(".bin")]
    parts = {name: package.data(name) for name in binary if "/embeddings/" not in name.lower()}
    workbook = open_workbook(source.data) if not package.problems else None
    if workbook is None:
        yield context.problem(ProblemKind.DAMAGED, "the cells of the workbook cannot be read")
    package.handled.update(parts)  # none of them is XML, whatever a relationship calls it
    seen: set[str] = set()
    yield from sheet_finds(workbook, context, [], seen)
    for name, data in parts.items():
        lower = name.lower()
        if lower.endswith("vbaproject.bin") or data.startswith(b"\xd0\xcf\x11\xe0"):
            continue
        package.handled.add(name)
        if lower.endswith(_STYLES) or "printersettings" in lower:
            continue
        channel = "comment" if "comments" in lower else "binary part"
        for text in strings_in(data):
            if text not in seen:
                yield Passage(text, context.place(channel=channel))
        if "/worksheets/" in lower or "/chartsheets/" in lower:
            yield from beside_finds(package, Sheet(name.rpartition("/")[2].removesuffix(".bin"), name, False))
    yield from leftover_finds(package)
