"""A day as people write one: the reader of forms, of capture and of permit sheets.

What can be read in one way only is read: 2023-5-1, 2023.05.01, 2023。5。1, 2023/5/1, 20230501,
2023 05 01, 2023年5月1日, 二〇二三年五月一日, each with a time of day behind it. What can be read
in two ways or is not written out in full is a fault that says what to write.
"""

import re
import unicodedata
from datetime import date, datetime

from zezhou_portal.kernel.clock import beijing_day

_FIRST_YEAR = 1900
_LAST_YEAR = 2999
_LENGTH = 60  # characters, ours: no day takes more
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_POINTS = str.maketrans("。｡、,·•―‐‑‒–—−~\\", ".......-------/")
_DIGIT_WORDS = {
    word: digit
    for digit, words in enumerate(("〇○零", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒",
                                   "八捌", "九玖"))
    for word in words
}  # fmt: skip
_TENS = {"十": 1, "拾": 1, "廿": 2, "卅": 3}
_WORDS = "".join((*_DIGIT_WORDS, *_TENS))
_TIME = re.compile(
    r"(?P<day>.+?)(?:T|\s+|(?<=[日号]))"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)
_WEEKDAY = re.compile(r"\s*(?:星期|周)[一二三四五六日天]$")
_NAMED = re.compile(rf"([0-9O{_WORDS}]{{4}})年([0-9{_WORDS}]{{1,3}})月([0-9{_WORDS}]{{1,3}})[日号]")
_SEPARATED = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\.?")
_SPACED = re.compile(r"(\d{4})\s+(\d{1,2})\s+(\d{1,2})")
_SPACED_MARK = re.compile(r"\s*([-/.])\s*")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TWO_DIGITS = re.compile(
    rf"([0-9{_WORDS}]{{2}})[-/.年]([0-9{_WORDS}]{{1,3}})[-/.月]([0-9{_WORDS}]{{1,3}})[日号]?"
)
_NO_DAY = re.compile(rf"([0-9O{_WORDS}]{{4}})(?:年([0-9{_WORDS}]{{1,3}})月?|[-/.](\d{{1,2}}))")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_MONTH_NAMED = re.compile(r"\d{1,2}[- ]?(?:\d{1,2}月|[A-Za-z]{3,9})[-, ]*(?:\d{2}|\d{4})")
_SIX_DIGITS = re.compile(r"\d{6}")


class DateFault(Exception):
    """A text that is no day.

    `code` is `unreadable_date` or `impossible_date`; `sentence` names what was written, `advice`
    is the same without it, and empty where nothing is understood.
    """

    def __init__(self, code: str, sentence: str, advice: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.advice = advice


def say(day: date) -> str:
    """The day as it stands in a Chinese sentence."""
    return f"{day.year}年{day.month}月{day.day}日"


def plain_digits(text: str) -> str:
    """The text with its marks made alike: half-width, points and dashes of one sort each."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_POINTS)
    return plain.strip().lstrip("'`‘’")


def number_in_words(text: str) -> int | None:
    """The number in digits or in Chinese words up to 39, a year digit by digit; else None."""
    if text.isascii():
        return int(text) if text.isdigit() else None
    if not any(mark in text for mark in _TENS):
        digits = "".join(_digit(mark) for mark in text)
        return int(digits) if len(digits) == len(text) else None
    match = re.fullmatch(r"([^十拾廿卅]?)([十拾廿卅])([^十拾廿卅]?)", text)
    if match is None:
        return None
    before, ten, after = match.groups()
    if before and ten in "廿卅":
        return None
    tens = _DIGIT_WORDS.get(before, 0) if before else _TENS[ten]
    return tens * 10 + (_DIGIT_WORDS.get(after, 0) if after else 0)


def read_day(text: str) -> date:
    """The one day that the text can mean. Raises DateFault."""
    if len(text) > _LENGTH:
        raise _unreadable(text)
    plain = _WEEKDAY.sub("", plain_digits(text))
    if match := _TIME.fullmatch(plain):
        day = _read(_WEEKDAY.sub("", match["day"].strip()), text)
        return _at(day, match, text)
    return _read(plain, text)


def _at(day: date, time: re.Match[str], text: str) -> date:
    """The Beijing day of a moment; only one that names a zone may fall on another day."""
    hour, minute, second = time["hour"], time["minute"], time["second"] or "00"
    zone = (time["zone"] or "").replace("Z", "+0000")
    try:
        moment = datetime.fromisoformat(f"{day:%Y-%m-%d} {hour:0>2}:{minute}:{second}{zone}")
    except ValueError:
        raise _unreadable(text) from None
    return beijing_day(moment) if zone else day


def _read(plain: str, text: str) -> date:
    plain = "".join(plain.split()) if "年" in plain else _SPACED_MARK.sub(r"\1", plain)
    if match := _NAMED.fullmatch(plain):
        year, month, day = match.groups()
    elif match := _SEPARATED.fullmatch(plain):
        year, _, month, day = match.groups()
    elif match := _SPACED.fullmatch(plain) or _COMPACT.fullmatch(plain):
        year, month, day = match.groups()
    else:
        raise _not_in_full(plain, text) or _unreadable(text)
    numbers = [number_in_words(part.replace("O", "0")) for part in (year, month, day)]
    if None in numbers:
        raise _unreadable(text)
    return _day(*(number or 0 for number in numbers), text=text)


def _day(year: int, month: int, day: int, *, text: str) -> date:
    is_forever = (year, month, day) == (9999, 12, 31)  # what systems export for "without end"
    if not _FIRST_YEAR <= year <= _LAST_YEAR and not is_forever:
        raise _unreadable(text)
    try:
        return date(year, month, day)
    except ValueError:
        sentence = _impossible(year, month, day)
        raise DateFault("impossible_date", sentence, sentence) from None


def _impossible(year: int, month: int, day: int) -> str:
    if not 1 <= month <= 12:
        return f"日期不存在，没有{month}月"
    if not 1 <= day <= 31:
        return f"日期不存在，{month}月没有{day}日"
    return f"日期不存在，{year}年没有{month}月{day}日"


def _not_in_full(plain: str, text: str) -> DateFault | None:
    """The fault of a day that is not written out or can be read in two ways."""
    if match := _YEAR_LAST.fullmatch(plain):
        first, _, second, year = match.groups()
        days = f"{year}-{first:0>2}-{second:0>2}"
        if int(first) <= 12 and int(second) <= 12 and first != second:
            days += f" 或 {year}-{second:0>2}-{first:0>2}"
        elif int(first) > 12:
            days = f"{year}-{second:0>2}-{first:0>2}"
        return _in_part(text, f"分不清哪个是月、哪个是日。按年-月-日写，例如 {days}")
    if _MONTH_NAMED.fullmatch(plain):
        return _in_part(text, "要按年-月-日写，年份写四位，例如 2023-05-01")
    if _TWO_DIGITS.fullmatch(plain) or (
        _SIX_DIGITS.fullmatch(plain) and not _is_year_and_month(plain)
    ):
        return _in_part(text, "的年份只有两位。年份写四位，例如 2023-05-01")
    if _NO_DAY.fullmatch(plain) or _is_year_and_month(plain):
        return _in_part(text, "没有写是哪一日。写全年、月、日，例如 2023-05-01")
    return None


def _is_year_and_month(plain: str) -> bool:
    match = re.fullmatch(r"((?:19|20)\d{2})(\d{2})", plain)
    return match is not None and 1 <= int(match[2]) <= 12


def _in_part(text: str, advice: str) -> DateFault:
    return DateFault("unreadable_date", f"“{_shown(text)}”{advice}", f"日期{advice}")


def _unreadable(text: str) -> DateFault:
    return DateFault(
        "unreadable_date", f"“{_shown(text)}”读不出是哪一天。写成 2026-11-24 或 2026年11月24日"
    )


def _shown(text: str) -> str:
    shown = text.strip()
    return shown if len(shown) <= 20 else shown[:20] + "…"


def _digit(mark: str) -> str:
    return mark if mark.isascii() and mark.isdigit() else str(_DIGIT_WORDS.get(mark, ""))
