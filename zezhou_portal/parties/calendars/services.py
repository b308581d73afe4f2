"""A year's working-day calendar: entered by one official, confirmed by another (M.9, M.23).

Whatever is confirmed or withdrawn, the clocks that run into the year are counted again: the bell
is rung here, and the clocks' own timer comes round as well.
"""

from datetime import date

from django.db import IntegrityError

from audit.trail.recording import Act, acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.kernel.wake import wake
from zezhou_portal.parties.access import account_of, permit
from zezhou_portal.parties.calendars.rules import LinesFault, read_lines
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.lifecycle import CALENDAR
from zezhou_portal.parties.models import WorkingCalendar
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import FormFault, RuleBroken
from zezhou_portal.regulation.workdays import came_with_portal

_MOST_NUMBER, _MOST_TEXT, _MOST_REASON = 60, 4000, 200
_AHEAD = 1  # a notice is issued in the autumn before its year


def propose_calendar(
    *, actor: Actor, year: int, notice_number: str, notice_text: str, lines: str
) -> WorkingCalendar:
    """Enters a year as its notice announces it; it counts once another official confirms it.

    Raises FormFault with a sentence at its field, for the lines one for each that is wrong.
    Article: M.9.
    """
    with acting(actor, Action.CALENDAR_PROPOSED) as act:
        permit(actor, Capability.PROPOSE_CALENDARS)
        account = account_of(actor)
        notice_number = " ".join(notice_number.split())
        days = _checked(year, notice_number, notice_text.strip(), lines)
        try:
            row = WorkingCalendar.objects.create(
                year=year,
                notice_number=notice_number,
                notice_text=notice_text.strip(),
                days={day.isoformat(): is_work for day, is_work in days.items()},
                proposed_by_id=account,
                proposed_by_name=actor.name,
                proposed_at=clock.now(),
            )
        except IntegrityError as error:
            raise RuleBroken("M.9", f"{year}年的放假安排已经登记，正等确认。") from error
        act.set_subject(row.subject)
        _tell(act, row)
    return row


def confirm_calendar(*, actor: Actor, calendar: WorkingCalendar) -> WorkingCalendar:
    """Finds that a year is entered as its notice says: from now on every sum counts by it.

    By another person than who entered it. Article: M.9.
    """
    with acting(actor, Action.CALENDAR_CONFIRMED, calendar.subject) as act:
        permit(actor, Capability.CONFIRM_CALENDARS)
        row = _moved(calendar, "confirm")
        if row.proposed_by_id == actor.account_id:
            raise RuleBroken("M.9", "这是您自己登记的，要由另一个人确认。")
        if WorkingCalendar.objects.filter(year=row.year, state="CONFIRMED").exists():
            sentence = f"{row.year}年已有确认过的放假安排。先撤回那一份，再确认这一份。"
            raise RuleBroken("M.9", sentence)
        row.confirmed_by_id, row.confirmed_by_name = account_of(actor), actor.name
        row.confirmed_at = clock.now()
        row.save()
        _tell(act, row)
        wake("deadlines.recompute")
    return row


def withdraw_calendar(*, actor: Actor, calendar: WorkingCalendar, reason: str) -> WorkingCalendar:
    """Takes a mistaken calendar back, confirmed or not: its year is not announced any more.

    By whoever may enter or confirm one. Article: M.9.
    """
    with acting(actor, Action.CALENDAR_WITHDRAWN, calendar.subject) as act:
        confirms = actor.has(Capability.CONFIRM_CALENDARS.value)
        permit(actor, Capability.CONFIRM_CALENDARS if confirms else Capability.PROPOSE_CALENDARS)
        row = _moved(calendar, "withdraw")
        row.reason = " ".join(reason.split())[:_MOST_REASON]
        if not row.reason:
            sentence = "还没有写为什么撤回。"
            raise FormFault("M.9", sentence, fields={"reason": sentence})
        row.withdrawn_by_id, row.withdrawn_by_name = account_of(actor), actor.name
        row.withdrawn_at = clock.now()
        row.save()
        _tell(act, row)
        act.secret("reason", row.reason)
        wake("deadlines.recompute")
    return row


def _checked(year: int, number: str, text: str, lines: str) -> dict[date, bool]:
    fields: dict[str, str] = {}
    days: dict[date, bool] = {}
    if year in came_with_portal():
        fields["year"] = f"{year}年的放假安排系统里已经有了，不用登记。"
    elif not min(came_with_portal()) < year <= clock.today().year + _AHEAD:
        fields["year"] = f"{year}年的放假安排现在不会公布，请核对年份。"
    elif WorkingCalendar.objects.filter(year=year, state="CONFIRMED").exists():
        fields["year"] = f"{year}年的放假安排已经确认。有错的，先撤回，再重新登记。"
    if not number:
        fields["notice_number"] = "还没有填通知文号。"
    elif len(number) > _MOST_NUMBER:
        fields["notice_number"] = f"通知文号最多 {_MOST_NUMBER} 个字。"
    if not text:
        fields["notice_text"] = "还没有贴通知原文，确认的人要对照它核对。"
    elif len(text) > _MOST_TEXT:
        fields["notice_text"] = f"通知原文最多 {_MOST_TEXT} 个字，现在是 {len(text)} 个。"
    if "year" not in fields:
        try:
            days = read_lines(year, lines)
        except LinesFault as fault:
            fields["lines"] = "".join(fault.sentences)
    if fields:
        raise FormFault("M.9", "没有登记，请改好标出的地方。", fields=fields)
    return days


def _moved(calendar: WorkingCalendar, verb: str) -> WorkingCalendar:
    """The calendar, locked, in its new state; not saved yet."""
    row = lock(WorkingCalendar.objects.all(), pk=calendar.pk)
    row.state = CALENDAR.move(row.state, verb)
    return row


def _tell(act: Act, row: WorkingCalendar) -> None:
    days = row.special_days
    act.note("year", str(row.year))
    act.note("notice", row.notice_number)
    act.note("days_off", sum(not is_work for is_work in days.values()))
    act.note("days_at_work", sum(days.values()))
