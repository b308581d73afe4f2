"""Days in the cells of a permit sheet: text, date cells, and the serials that spreadsheets keep.

Text is read as forms read it (`zezhou_portal.kernel.dates`); a serial is read in sheets only.
"""

import re
from datetime import date, datetime, timedelta

from licences.stock.sheets.cell_values import UndatedNumber
from zezhou_portal.kernel.dates import DateFault, read_day, say

__all__ = ["FAR_AWAY", "DateFault", "is_long_term", "read_date", "say"]

_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
_SERIAL_ZERO = date(1899, 12, 30)  # spreadsheets count a 29 February 1900 that never was
_FIRST_YEAR = 1900
_LAST_YEAR = 2999
_LONG_TERM = frozenset({"长期", "长期有效", "永久", "永久有效", "无固定期限", "无期限", "无限期"})
# How the public notice and other systems write "without end".
FAR_AWAY = frozenset({date(2099, 12, 31), date(2999, 12, 31), date(9999, 12, 31)})


def is_long_term(value: object) -> bool:
    """Whether the cell says that the licence has no end."""
    if isinstance(value, str):
        return "".join(value.split()) in _LONG_TERM
    return False


def read_date(value: object) -> date | None:
    """The day in a cell, None for an empty cell.

    Takes what people write, a five-digit serial (1900 system, as text or number) and date cells.
    A number of a workbook that counts from 1904 is a fault where its cell does not show a day:
    nobody has seen which day it is. Raises DateFault.
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return _within(value.date(), value)
    if isinstance(value, date):
        return _within(value, value)
    if isinstance(value, bool):
        raise _unreadable(value)
    if isinstance(value, UndatedNumber):
        raise _undated(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    if match := _SERIAL.fullmatch(text):
        return _within(_SERIAL_ZERO + timedelta(days=int(match[1])), text)
    return read_day(text) if text else None


def _within(day: date, value: object) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise _unreadable(value)
    return day


def _unreadable(value: object) -> DateFault:
    shown = str(value).strip()
    shown = shown if len(shown) <= 20 else shown[:20] + "…"
    return DateFault(
        "unreadable_date", f"“{shown}”读不出是哪一天。写成 2026-11-24 或 2026年11月24日"
    )


def _undated(value: object) -> DateFault:
    return DateFault(
        "unreadable_date",
        f"“{value}”是数字，这个工作簿从 1904 年起算日期，说不准是哪一天。"
        "把这一列设成日期格式核对一遍，或写成 2026-11-24",
    )
