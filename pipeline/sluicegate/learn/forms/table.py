"""CSV or XLSX, one document a row: a column `path` (relative to the file) or `text`, a column `label`, and any of ours.

The header names the columns, in English or Chinese (路径 文件 文本 标签 控制点 分组 语言).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sluicegate.errors import SampleError
from sluicegate.learn.forms.rows import Intake

_NAMES = {
    "file": "path", "filename": "path", "document": "path", "路径": "path", "文件": "path", "文件名": "path",
    "文本": "text", "内容": "text", "标签": "label", "class": "label", "类别": "label", "point": "points",
    "控制点": "points", "分组": "group", "语言": "language", "来源": "source",
}  # fmt: skip


def recognises(path: Path, head: Any) -> bool:
    """A .csv or .xlsx file."""
    return path.suffix.lower() in (".csv", ".xlsx") and path.is_file()


def read(path: Path, intake: Intake) -> None:
    """Take every row; raises `SampleError` when the header lacks a label or both path and text."""
    rows = _sheet(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    header = [_name(cell) for cell in next(rows, [])]
    if "label" not in header or not {"path", "text"} & set(header):
        raise SampleError(f"{path}: its first row must name the columns label and path (or text)")
    for number, cells in enumerate(rows, 2):
        row: dict[str, Any] = {
            name: _written(cell).strip() if name != "text" else str(cell)
            for name, cell in zip(header, cells, strict=False)
            if name and str(cell).strip()
        }
        if row:
            if "teaches" in row:
                row["teaches"] = row["teaches"].lower() in ("1", "yes", "true", "是")
            intake.add(
                row | {"id": row.get("id") or row.get("path") or f"{path.name}:{number}"},
                place=f"{path.name}:{number}",
                folder=path.parent,
            )


def _written(cell: object) -> str:
    """A cell as people see it: a workbook keeps the number 1 as 1.0."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _name(cell: object) -> str:
    word = str(cell).strip().lower()
    return _NAMES.get(word, word)


def _csv(path: Path) -> Iterator[list[Any]]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    first = text.split("\n", 1)[0]
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))


def _sheet(path: Path) -> Iterator[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_path(str(path))
        yield from workbook.get_sheet_by_index(0).to_python()
    except CalamineError as error:
        raise SampleError(f"{path} cannot be read as a workbook: {type(error).__name__}") from None
