"""Due today, overdue, met and met late: one definition for desk, lists, timelines and figures.

A limit is kept as its `due_at`, the first instant after its last day (decision 0003), so what
comes at that instant is late. A limit without `due_at` runs already and gets its last day later:
that of an online application ends with the day of its conclusion, which nobody knows before
(M.9). No state says whether a limit is over: a sweep may not have come round yet.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Case, IntegerField, Q, Value, When

from zezhou_portal.kernel import clock
from zezhou_portal.regulation import workdays

OVERDUE, TODAY, LATER = 0, 1, 2
UNDATED_WORDS = "办结当日到期"


def end_of_today() -> datetime:
    """The first instant of tomorrow in Beijing."""
    return datetime.combine(clock.today() + timedelta(days=1), time.min, tzinfo=clock.BEIJING)


def is_over(due_at: datetime | None, at: datetime) -> bool:
    """Whether a limit is over at a moment; met at that moment, it is met late."""
    return due_at is not None and at >= due_at


def rank_of(due_at: datetime | None) -> int:
    """How a limit that still runs stands now: OVERDUE, TODAY or LATER."""
    if is_over(due_at, clock.now()):
        return OVERDUE
    return TODAY if due_at is not None and due_at <= end_of_today() else LATER


def overdue(column: str) -> Q:
    """Rows whose limit is over now, by the column that holds its `due_at`."""
    return Q(**{f"{column}__lte": clock.now()})


def due_today(column: str) -> Q:
    """Rows whose limit ends with today and is not over yet."""
    return Q(**{f"{column}__gt": clock.now(), f"{column}__lte": end_of_today()})


def ranked_by(column: str) -> Case:
    """`rank_of` as a column of the database."""
    return Case(
        When(overdue(column), then=Value(OVERDUE)),
        When(due_today(column), then=Value(TODAY)),
        default=Value(LATER),
        output_field=IntegerField(),
    )


def last_day_of(due_at: datetime) -> date:
    """The last day of a limit, in Beijing."""
    return clock.beijing_day(due_at - timedelta(microseconds=1))


def days_late(last_day: date, at: datetime) -> int:
    """How many working days lie between a limit's last day and the day of a moment."""
    return max(workdays.between(last_day, clock.beijing_day(at)), 0)


def words_while_open(due_at: datetime | None, last_day: date | None = None) -> str:
    """How a limit that still runs reads today."""
    if due_at is None:
        return UNDATED_WORDS
    last = last_day or last_day_of(due_at)
    rank = rank_of(due_at)
    if rank == OVERDUE:
        days = days_late(last, clock.now())
        return f"超期 {days} 个工作日" if days else "已超期"
    if rank == TODAY:
        return "今天到期"
    days = workdays.between(clock.today(), last)
    return f"还有 {days} 个工作日" if days else f"{last.month}月{last.day}日到期"


def words_when_met_late(days: int) -> str:
    """How a limit reads that was met so many working days too late."""
    return f"办结（超期 {days} 个工作日）" if days else "办结（超期不足 1 个工作日）"
