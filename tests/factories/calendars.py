"""A year of holidays as the bureau enters it."""

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.calendars.services import propose_calendar
from zezhou_portal.parties.models import WorkingCalendar
from zezhou_portal.regulation.workdays import fixed_holidays

NOTICE = "国办发明电〔2026〕9号"


def lines_of(year: int, *more: str) -> str:
    """The days that are holidays each year, and more lines."""
    return "\n".join([*(f"{day.isoformat()} 休" for day in fixed_holidays(year)), *more])


def proposed_calendar(actor: Actor, *more: str) -> WorkingCalendar:
    """Next year's calendar, which waits for a second official."""
    year = clock.today().year + 1
    return propose_calendar(
        actor=actor, year=year, notice_number=NOTICE, notice_text="元旦：1月1日放假。",
        lines=lines_of(year, *more),
    )  # fmt: skip
