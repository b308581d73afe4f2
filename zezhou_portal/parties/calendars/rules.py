"""Reading a year's days as the bureau types them, and telling them in words (ours).

One date a line, then 休 (offices are closed) or 班 (they work): each day that differs from
Monday-to-Friday. Every line that is wrong is told, by its number.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from zezhou_portal.kernel.dates import DateFault, read_day
from zezhou_portal.regulation.workdays import fixed_holidays

EXAMPLE = "2027-01-01 休"
_MOST_TOLD = 8
_LINE = re.compile(r"(?P<day>.+?)[\s,，:：]*(?P<kind>[休班])")
_WITHIN_YEAR = re.compile(r"\d{1,2}\s*月\s*\d{1,2}\s*[日号]")
_WEEKDAYS = "一二三四五六日"


class LinesFault(Exception):
    """What is wrong with the lines: a sentence for each of them."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(sentences[0])
        self.sentences = sentences[:_MOST_TOLD]
        if len(sentences) > _MOST_TOLD:
            self.sentences.append(f"还有 {len(sentences) - _MOST_TOLD} 处不对。")


@dataclass(frozen=True)
class Span:
    """Days in a row on which the same holds."""

    is_work: bool
    first: date
    last: date

    @property
    def number(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def days_in_words(self) -> str:
        """The days, with the days of the week."""
        if self.first == self.last:
            return _with_weekday(self.first)
        return f"{_with_weekday(self.first)}至{_with_weekday(self.last)}"

    @property
    def words(self) -> str:
        """The days and what holds on them, as a clause."""
        what = "上班" if self.is_work else "放假"
        return f"{self.days_in_words}{what}，{self.number} 天"


def read_lines(year: int, text: str) -> dict[date, bool]:
    """The days of a year that differ from Monday-to-Friday: whether offices work on them.

    Raises LinesFault with a sentence for every line that is wrong.
    """
    found: dict[date, int] = {}
    days: dict[date, bool] = {}
    faults: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            day, is_work = _read_line(year, line.strip())
            if day in found:
                raise ValueError(f"{_with_weekday(day)}在第 {found[day]} 行已经写过。")
        except ValueError as fault:
            faults.append(f"第 {number} 行：{fault}")
            continue
        found[day], days[day] = number, is_work
    if not found and not faults:
        faults.append(f"还没有写哪些日子放假、上班。一行一个日期，例如：{EXAMPLE}")
    elif not faults:
        faults += [
            f"没有写{_with_weekday(day)}休：这一天每年都放假，请对照通知核对。"
            for day in fixed_holidays(year)
            if days.get(day, True)
        ]
    if faults:
        raise LinesFault(faults)
    return dict(sorted(days.items()))


def spans(days: Mapping[date, bool]) -> list[Span]:
    """The days as runs, first to last."""
    runs: list[Span] = []
    for day, is_work in sorted(days.items()):
        before = runs[-1] if runs else None
        if before and before.is_work == is_work and before.last + timedelta(days=1) == day:
            runs[-1] = Span(is_work, before.first, day)
        else:
            runs.append(Span(is_work, day, day))
    return runs


def working_days(year: int, days: Mapping[date, bool]) -> int:
    """How many working days a year has by its calendar."""
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    every = (first + timedelta(days=step) for step in range(length))
    return sum(days.get(day, day.weekday() < 5) for day in every)


def _read_line(year: int, line: str) -> tuple[date, bool]:
    """The day of a line and whether offices work on it. Raises ValueError with a sentence."""
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"“{line[:30]}”读不懂，请写成：{EXAMPLE}")
    text = match["day"].strip()
    if _WITHIN_YEAR.fullmatch(text):
        text = f"{year}年{text}"
    try:
        day = read_day(text)
    except DateFault as fault:
        raise ValueError(f"{fault}") from None
    is_work = match["kind"] == "班"
    if day.year != year:
        raise ValueError(f"{day.isoformat()}不是{year}年的日子。")
    if is_work and day.weekday() < 5:
        raise ValueError(f"{_with_weekday(day)}本来就上班，不用写。")
    return day, is_work


def _with_weekday(day: date) -> str:
    return f"{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"
