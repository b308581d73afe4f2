"""Dates as departments write them: five spellings, spreadsheet serials, real date cells."""

import re
import unicodedata
from datetime import date, datetime, timedelta

_SEPARATED = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|年([0-9]{1,2})月)([0-9]{1,2})(日?)"
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile(r"([0-9]{5})(?:\.0+)?")
_SERIAL_ZERO = date(1899, 12, 30)  # spreadsheets count a 29 February 1900 that never was
_MIDNIGHT = re.compile(r"[ T]0{1,2}:00(:00(\.0+)?)?$")
_FIRST_YEAR = 1900
_LAST_YEAR = 2999
_LONG_TERM = frozenset({"长期", "长期有效", "永久", "无固定期限"})
FAR_AWAY = date(2099, 12, 31)  # how the public notice writes "without end"


class DateFault(Exception):
    """A cell that is no day: a code (`unreadable_date`, `impossible_date`) and a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def say(day: date) -> str:
    """The day as it stands in a Chinese sentence."""
    return f"{day.year}年{day.month}月{day.day}日"


def is_long_term(value: object) -> bool:
    """Whether the cell says that the licence has no end."""
    if isinstance(value, str):
        return "".join(value.split()) in _LONG_TERM
    return False


def read_date(value: object) -> date | None:
    """The day in a cell, None for an empty cell.

    Takes 2023年11月4日, 2023-11-04, 2023/11/04, 2023/11/4, 20231104, a five-digit serial (1900
    system, as text or number) and date cells. Raises DateFault.
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return _within(value.date(), value)
    if isinstance(value, date):
        return _within(value, value)
    if isinstance(value, bool):
        raise _unreadable(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, str) and value.isascii():
        text = value.strip()
    else:
        text = "".join(unicodedata.normalize("NFKC", str(value)).split())
    return _read_text(text) if text else None


def _read_text(text: str) -> date:
    text = _MIDNIGHT.sub("", text)
    if match := _SEPARATED.fullmatch(text):
        year, dashed, slashed, named, day, ending = match.groups()
        if (named is not None) == bool(ending):
            return _day(text, int(year), int(dashed or slashed or named), int(day))
    elif match := _COMPACT.fullmatch(text):
        return _day(text, *map(int, match.groups()))
    elif match := _SERIAL.fullmatch(text):
        return _within(_SERIAL_ZERO + timedelta(days=int(match[1])), text)
    raise _unreadable(text)


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return _within(date(year, month, day), text)
    except ValueError:
        raise DateFault("impossible_date", _impossible(year, month, day)) from None


def _impossible(year: int, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return f"日期不存在，没有{month}月"
    if not 1 <= day <= 31:
        return f"日期不存在，{month}月没有{day}日"
    return f"日期不存在，{year}年没有{month}月{day}日"


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
