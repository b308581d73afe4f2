"""The clock of M.9 of an application: one from its beginning until the city has the licence.

Online it begins with the reception and ends with the day of the conclusion, so it has no last day
before; offline it begins with the conclusion in the department's own system, and has its last day
from the first (decision 0034). Either limit is that of the day it counts from (decision 0036).
"""

from audit.deadlines.models import Deadline
from audit.deadlines.services import clocks
from audit.trail.recording import Act
from licences.models import Application, Licence
from licences.terms import is_offline
from zezhou_portal.kernel import clock
from zezhou_portal.regulation.numbers import limits_on

_ARTICLE = "M.9"


def start_clock(act: Act, row: Application) -> Deadline:
    """Starts the clock of an application that was just received."""
    concluded = row.concluded_elsewhere_at if is_offline(row) else None
    armed = clocks.arm(
        row.issuing_department,
        _ARTICLE,
        limits_on(clock.beijing_day(concluded)).generation_offline if concluded else None,
        row.subject,
        concluded or row.received_at,
    )
    if armed.last_day:
        act.note("last_day", armed.last_day.isoformat())
        act.note("is_provisional", armed.is_provisional)
    return armed


def conclude_clock(row: Application, licence: Licence) -> Deadline:
    """Lets the clock run on for the licence that was signed off; its last day is known now."""
    offline = is_offline(row)
    at = (row.concluded_elsewhere_at if offline else None) or clock.now()
    limits = limits_on(clock.beijing_day(at))
    limit = limits.generation_offline if offline else limits.generation_online
    by = clocks.Conclusion(before=row.subject, after=licence.subject, at=at, limit=limit)
    return clocks.conclude(row.issuing_department, _ARTICLE, by)


def drop_clock(row: Application) -> None:
    """Ends the clock of an application that becomes no licence."""
    clocks.drop(_ARTICLE, row.subject, clock.now())
