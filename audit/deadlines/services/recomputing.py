"""Count running clocks again once a year's holidays are announced, or are withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from audit.deadlines.models import Deadline
from audit.deadlines.queues import RECOUNT
from audit.deadlines.services import clocks
from audit.deadlines.services.clocks import subject_of
from audit.trail.recording import acting
from zezhou_portal.kernel.actors import Channel, machine
from zezhou_portal.kernel.clock import beijing_day
from zezhou_portal.kernel.locks import lock_available
from zezhou_portal.kernel.rows import together
from zezhou_portal.parties.notices import stalled
from zezhou_portal.regulation import limits, workdays
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.announced import reading_once
from zezhou_portal.regulation.limits import WorkingDays
from zezhou_portal.regulation.workdays import Due

_BATCH = 200
_COLUMNS = ("due_at", "last_day", "is_provisional", "limit_days", "counted_from")


@dataclass(frozen=True)
class Moved:
    """A clock whose last day is another one now, or is certain or uncertain now."""

    label: str
    article: str
    before: date
    after: date


@reading_once()
def would_move() -> list[tuple[Deadline, Due]]:
    """The running clocks that count otherwise by the calendar as it stands now, and how."""
    rows = [(row, counted_again(row)) for row in _counted().order_by("pk")]
    return [(row, due) for row, due in rows if _differs(row, due)]


def counted_again(deadline: Deadline) -> Due:
    """When the clock's limit ends by the calendar as it stands now."""
    since = deadline.counted_from or deadline.armed_at
    return workdays.due(WorkingDays(_days(deadline), deadline.article), since)


def last_day_of(deadline: Deadline) -> date:
    """The last day of a clock that was counted, so that there is one."""
    if deadline.last_day is None:
        raise ValueError(f"{deadline}: a counted clock without a last day")
    return deadline.last_day


def recompute() -> list[Moved]:
    """Sets running clocks by the calendar as it stands now and records each difference.

    A clock that reaches into an unannounced year is provisional, also where the year's calendar
    was withdrawn. Running it twice changes nothing.
    Article: M.9.
    """
    moved: list[Moved] = []
    last, held = 0, stalled.held_back(RECOUNT)
    while True:
        waiting = _counted().filter(pk__gt=last).exclude(pk__in=held).select_related("department")
        with reading_once(), lock_available(waiting.order_by("pk"), most=_BATCH) as rows:
            failed = together(rows, lambda some: moved.extend(_recompute(_as_stored(some))))
        if not rows:
            return moved
        last = rows[-1].pk
        clocks.put_off(RECOUNT, failed)
        bad = {one.row.pk for one in failed}
        stalled.went_on(RECOUNT, {row.pk for row in rows} - bad)


def _counted() -> "QuerySet[Deadline]":
    """Running clocks counted in working days; of those of before, the provisional ones."""
    return RECOUNT.rows()


def _as_stored(rows: Sequence[Deadline]) -> Sequence[Deadline]:
    """Locked rows as they stand: a batch that failed has changed the ones in hand."""
    return list(Deadline.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))


def _recompute(rows: Sequence[Deadline]) -> list[Moved]:
    changed = [(row, due) for row in rows if _differs(row, due := counted_again(row))]
    if not changed:
        return []
    moved: list[Moved] = []
    actor = machine("deadlines.recompute", channel=Channel.COMMAND)
    with acting(actor, Action.CLOCK_MOVED, subject_of(changed[0][0])) as act:
        for row, due in changed:
            what = {
                "last_day": [last_day_of(row).isoformat(), due.last_day.isoformat()],
                "is_provisional": [row.is_provisional, due.is_provisional],
                "clock_article": row.article,
            }
            if moved:
                act.add_record(subject_of(row), what)
            else:
                act.note_all(what)
            moved.append(Moved(row.subject_label, row.article, last_day_of(row), due.last_day))
            row.limit_days, row.counted_from = _days(row), row.counted_from or row.armed_at
            row.due_at, row.last_day = due.at, due.last_day
            row.is_provisional = due.is_provisional
        Deadline.objects.bulk_update([row for row, _ in changed], _COLUMNS)
    return moved


def _differs(row: Deadline, due: Due) -> bool:
    return (row.last_day, row.is_provisional) != (due.last_day, due.is_provisional)


def _days(deadline: Deadline) -> int:
    """The limit of the clock in working days: the number it began with, whatever counts today.

    A clock of before has one of the Measures, since no successor's could be entered then. It was
    counted Monday to Friday in the unannounced year, so of two limits under one article (M.23: 1
    and 5) it is the one nearest to the weekdays between.
    """
    if deadline.limit_days is not None:
        return deadline.limit_days
    known = sorted(
        limit.days
        for limit in vars(limits).values()
        if isinstance(limit, WorkingDays) and limit.article == deadline.article
    )
    start = beijing_day(deadline.armed_at)
    weekdays = sum(
        (start + timedelta(days=step)).weekday() < 5
        for step in range(1, (last_day_of(deadline) - start).days + 1)
    )
    return min(known, key=lambda days: (abs(days - weekdays), days))
