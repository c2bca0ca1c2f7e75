"""A workbook's bytes in, grids of values out, through calamine; its failures, panics included, give None."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from sluicegate.extract.office.foreign import attempt


def open_workbook(data: bytes) -> Any | None:
    """calamine's workbook, or None when it cannot open this file."""
    from python_calamine import CalamineWorkbook

    return attempt(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))


def grid_of(workbook: Any, name: str) -> tuple[Iterator[list[Any]], tuple[int, int]] | None:
    """(rows of values, (row, column) of the first value, from 0) of one sheet; None when it cannot be read.

    Rows come one by one, so that a large sheet is never in memory as Python values as a whole.
    """
    sheet = attempt(lambda: workbook.get_sheet_by_name(name))
    if sheet is None:
        return None
    row, column = sheet.start or (0, 0)
    return islice(sheet.iter_rows(), row, None), (row, column)
