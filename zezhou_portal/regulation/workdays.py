"""Working-day sums over the published calendar.

The table `holidays.csv` holds each day that differs from Monday-to-Friday, by year, with the
number of the State Council notice: the years that came with the portal. Later years are announced
in the portal; the room that keeps them registers who reads them (`YEARS`), and each sum asks at
most once. A year of neither is not announced yet: sums that reach into it count Monday to Friday,
without the holidays whose date never changes, and are marked provisional, to be computed again
once the year is announced. Ours: counting starts the day after the event and ends with the last
working day, Beijing time.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from zezhou_portal.regulation.announced import Announced, reading_once
from zezhou_portal.regulation.limits import EndOfDay, WorkingDays

BEIJING = ZoneInfo("Asia/Shanghai")
_TABLE = Path(__file__).with_name("holidays.csv")
# Month and day of the holidays that fall on the same days each year (全国年节及纪念日放假办法,
# as of 2025): New Year, Labour Day, National Day.
_FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True)
class Due:
    """When a limit ends: the first instant after its last day, and whether it may still move."""

    at: datetime
    last_day: date
    is_provisional: bool


# The days of a year that differ from Monday-to-Friday: whether offices work on them.
Days = Mapping[date, bool]
YEARS: Announced[Mapping[int, Days]] = Announced({})


@lru_cache(maxsize=1)
def came_with_portal() -> Mapping[int, Days]:
    """The years of `holidays.csv`."""
    years: dict[int, dict[date, bool]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["day"])
            years.setdefault(day.year, {})[day] = row["kind"] == "work"
    return years


@lru_cache(maxsize=1)
def notices_that_came() -> Mapping[int, str]:
    """The number of the State Council notice of each year of `holidays.csv`."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {int(row["day"][:4]): row["notice"] for row in csv.DictReader(file)}


def announced_years() -> frozenset[int]:
    """The years whose holidays are known: they came with the portal, or were announced in it."""
    return frozenset(came_with_portal()) | frozenset(YEARS.now())


def is_workday(day: date) -> bool:
    """Whether offices work on a day.

    Where the year is not announced: Monday to Friday, but for holidays of a fixed date.
    """
    days = _days_of(day.year)
    if days is None:
        return day.weekday() < 5 and not is_fixed_holiday(day)
    return days.get(day, day.weekday() < 5)


def is_fixed_holiday(day: date) -> bool:
    """Whether a day is a holiday in every year."""
    return (day.month, day.day) in _FIXED


def fixed_holidays(year: int) -> list[date]:
    """The days of a year that are holidays in every year."""
    return [date(year, month, day) for month, day in sorted(_FIXED)]


@reading_once()
def add(days: int, start: date) -> tuple[date, bool]:
    """The last of `days` working days after `start`, and whether an unannounced year was used."""
    day, left = start, days
    while left:
        day += timedelta(days=1)
        left -= is_workday(day)
    years = range(start.year, day.year + 1)
    return day, any(_days_of(year) is None for year in years)


@reading_once()
def between(start: date, end: date) -> int:
    """How many working days lie after `start` up to and including `end`; negative if past."""
    if end < start:
        return -between(end, start)
    return sum(
        is_workday(start + timedelta(days=step)) for step in range(1, (end - start).days + 1)
    )


def due(limit: WorkingDays | EndOfDay, event: datetime) -> Due:
    """When a limit that starts with an event ends (M.9, M.11, M.23)."""
    start = event.astimezone(BEIJING).date()
    if isinstance(limit, EndOfDay):
        last, provisional = start, False
    else:
        last, provisional = add(limit.days, start)
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=BEIJING)
    return Due(at=end.astimezone(UTC), last_day=last, is_provisional=provisional)


def _days_of(year: int) -> Days | None:
    """The days of a year; None where it is not announced. What came with the portal stands."""
    came = came_with_portal().get(year)
    return came if came is not None else YEARS.now().get(year)
