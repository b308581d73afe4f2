"""Which years were announced in the portal (M.9, M.23)."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import WorkingCalendar

MAY_LOOK = (Capability.PROPOSE_CALENDARS, Capability.CONFIRM_CALENDARS)


def announced_in_portal() -> dict[int, dict[date, bool]]:
    """The days of every confirmed year, in one query: what `regulation.workdays` reads."""
    rows = WorkingCalendar.objects.filter(state="CONFIRMED").only("year", "days")
    return {row.year: row.special_days for row in rows}


def calendars_visible_to(actor: Actor) -> "QuerySet[WorkingCalendar]":
    """Every calendar, for whoever may enter or confirm one; nothing for anybody else."""
    if not any(actor.has(one.value) for one in MAY_LOOK):
        return WorkingCalendar.objects.none()
    return WorkingCalendar.objects.all()


def calendar_by_key(actor: Actor, key: UUID) -> WorkingCalendar | None:
    """The calendar of a key, where the actor may see it."""
    return calendars_visible_to(actor).filter(uuid=key).first()
