"""What the bureau enters and a second official confirms: a year of holidays, a successor."""

from datetime import date
from typing import Any

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.calendars.services import propose_calendar
from zezhou_portal.parties.instruments.services import confirm_successor, load_successor
from zezhou_portal.parties.models import SuccessorInstrument, WorkingCalendar
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


def proposed_successor(actor: Actor, **changed: Any) -> SuccessorInstrument:
    """A text that takes the place of the Measures, which waits for a second official."""
    values = {
        "replaces": "M", "title": "泽州县电子证照管理和应用办法", "number": "泽政办发〔2026〕1号",
        "in_force_from": date(2026, 1, 1), "text": "第一条　为了规范电子证照……",
    }  # fmt: skip
    return load_successor(actor=actor, **{**values, **changed})


def confirmed_successor(cast: Any, **changed: Any) -> SuccessorInstrument:
    """The same, confirmed."""
    row = proposed_successor(cast.actor("bureau.administrator"), **changed)
    return confirm_successor(actor=cast.actor("bureau.supervisor"), instrument=row)
