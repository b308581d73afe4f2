"""The only reader of the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This instant, aware, in UTC as the database keeps it."""
    return datetime.now(UTC)


def today() -> date:
    """Today in Beijing, which is the day every article means."""
    return now().astimezone(BEIJING).date()


def beijing_day(moment: datetime) -> date:
    """The Beijing day of an aware moment."""
    return moment.astimezone(BEIJING).date()
