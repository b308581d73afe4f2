"""Working-day sums over the published calendar.

The table `holidays.csv` holds each day that differs from Monday-to-Friday, by year, with the
number of the State Council notice. A year without rows is not announced yet: sums that reach
into it count Monday to Friday, without the holidays whose date never changes, and are marked
provisional, to be computed again once the notice is loaded. Ours: counting starts the day after
the event and ends with the last working day, Beijing time.
"""

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

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


@lru_cache(maxsize=1)
def _table() -> dict[date, bool]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {
            date.fromisoformat(row["day"]): row["kind"] == "work" for row in csv.DictReader(file)
        }


@lru_cache(maxsize=1)
def announced_years() -> frozenset[int]:
    """The years whose holidays have been announced and loaded."""
    return frozenset(day.year for day in _table())


def is_workday(day: date) -> bool:
    """Whether offices work on a day.

    Where the year is not announced: Monday to Friday, but for holidays of a fixed date.
    """
    special = _table().get(day)
    if special is not None:
        return special
    is_fixed = day.year not in announced_years() and (day.month, day.day) in _FIXED
    return day.weekday() < 5 and not is_fixed


def add(days: int, start: date) -> tuple[date, bool]:
    """The last of `days` working days after `start`, and whether an unannounced year was used."""
    day, left = start, days
    while left:
        day += timedelta(days=1)
        left -= is_workday(day)
    years = range(start.year, day.year + 1)
    return day, any(year not in announced_years() for year in years)


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
