"""Count provisional clocks again once a year's holidays are announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from audit.deadlines.models import Deadline
from audit.deadlines.services.clocks import subject_of
from audit.trail.recording import acting
from zezhou_portal.kernel.actors import Channel, machine
from zezhou_portal.kernel.clock import beijing_day
from zezhou_portal.kernel.locks import lock_available
from zezhou_portal.regulation import limits, workdays
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.limits import WorkingDays
from zezhou_portal.regulation.workdays import Due

_BATCH = 200


@dataclass(frozen=True)
class Moved:
    """A clock whose last day is another one now, or is certain now."""

    label: str
    article: str
    before: date
    after: date


def provisional() -> list[tuple[Deadline, Due]]:
    """The running clocks that were counted into an unannounced year, and how they count now."""
    rows = Deadline.objects.filter(state="RUNNING", is_provisional=True).order_by("pk")
    return [(row, counted_again(row)) for row in rows]


def counted_again(deadline: Deadline) -> Due:
    """When the clock's limit ends by the calendar as it stands now."""
    return workdays.due(WorkingDays(_days(deadline), deadline.article), deadline.armed_at)


def last_day_of(deadline: Deadline) -> date:
    """The last day of a provisional clock: it was counted, so there is one."""
    if deadline.last_day is None:
        raise ValueError(f"{deadline}: a provisional clock without a last day")
    return deadline.last_day


def recompute_provisional() -> list[Moved]:
    """Sets provisional clocks by the announced calendar and records each difference.

    A clock that still reaches into an unannounced year stays provisional. Running it twice
    changes nothing.
    Article: M.9.
    """
    moved: list[Moved] = []
    last = 0
    while True:
        waiting = Deadline.objects.filter(state="RUNNING", is_provisional=True, pk__gt=last)
        with lock_available(waiting.order_by("pk"), most=_BATCH) as rows:
            if not rows:
                return moved
            last = rows[-1].pk
            moved += _recompute(rows)


def _recompute(rows: Sequence[Deadline]) -> list[Moved]:
    changed = [(row, due) for row in rows if _differs(row, due := counted_again(row))]
    if not changed:
        return []
    moved: list[Moved] = []
    actor = machine("deadlines.recompute_provisional", channel=Channel.COMMAND)
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
            row.due_at, row.last_day = due.at, due.last_day
            row.is_provisional = due.is_provisional
        Deadline.objects.bulk_update(rows, ["due_at", "last_day", "is_provisional"])
    return moved


def _differs(row: Deadline, due: Due) -> bool:
    return (row.last_day, row.is_provisional) != (due.last_day, due.is_provisional)


def _days(deadline: Deadline) -> int:
    """The limit of the clock in working days, found among those its article knows.

    A provisional clock was counted Monday to Friday in the unannounced year, so of two limits
    under one article (M.23: 1 and 5) it is the one nearest to the weekdays between.
    """
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
