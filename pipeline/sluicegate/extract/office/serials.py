"""A stored number and its number format in, the text that a spreadsheet shows out (ECMA-376-1, 18.8.30 and 18.17.4)."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from sluicegate.extract.office.cells import cell_text, formatted

DATE_CODES = {
    **dict.fromkeys((14, 15, 16, 17, *range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56), "h:mm:ss"),
    22: "yyyy-mm-dd h:mm",
    46: "[h]:mm:ss",
}
"""Numbers of the built-in formats that show a date or a time, those of the Chinese and Japanese editions included."""
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')
_BRACKET = re.compile(r"\[[^\]]*\]")
_DURATION = re.compile(r"\[(?:h+|m+|s+)\]", re.I)
_DATE_LETTER = re.compile(r"[dmyhs]", re.I)
_LAST_SERIAL = 2_958_466  # the first day of the year 10000
_LEAP_BUG = 60  # serial 60 is 29 February 1900, a day that never was; the days before it are one off
_DAY = 86_400_000


@lru_cache(maxsize=256)
def shows_date(code: str) -> bool:
    """True for a number format that shows a date, a time or a duration."""
    bare = _LITERAL.sub("", code.partition(";")[0])
    return _DURATION.search(bare) is not None or (
        "general" not in bare.lower() and _DATE_LETTER.search(_BRACKET.sub("", bare)) is not None
    )


def shown_number(value: str, code: str, *, epoch_1904: bool = False) -> str:
    """A stored number as displayed: 15 digits, with the unit of its format, or as an ISO date; words stay as they are.

    `code` is empty for a format that adds nothing.
    """
    try:
        number = float(value)
    except ValueError:
        return value
    if code and shows_date(code):
        return _moment(number, code, epoch_1904) or f"{number:.15g}"
    return (formatted(number, code) if code else None) or f"{number:.15g}"


def _moment(number: float, code: str, epoch_1904: bool) -> str | None:
    if not 0 <= number < _LAST_SERIAL:
        return None
    start = dt.datetime(1904, 1, 1) if epoch_1904 else dt.datetime(1899, 12, 30 + (number < _LEAP_BUG))
    if number >= 1 and number.is_integer() and "[" not in code:
        return dt.date.fromordinal(start.toordinal() + int(number)).isoformat()
    since = dt.timedelta(milliseconds=round(number * _DAY))
    if _DURATION.search(_LITERAL.sub("", code)):
        return str(since)
    if since < dt.timedelta(days=1):
        return str((dt.datetime.min + since).time())
    return cell_text(start + since)
