"""Arm, meet and drop clocks inside the caller's transaction; breach what fell due, once each.

A clock belongs to an act: the verb that arms or meets it opens the transaction and carries
`facts()` in its record. Only the sweep acts by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.urls import reverse

from audit.deadlines import selectors
from audit.deadlines.lifecycle import DEADLINE
from audit.deadlines.models import Deadline
from audit.deadlines.queues import BREACH
from audit.trail.recording import Act, acting
from zezhou_portal.kernel import clock, timing
from zezhou_portal.kernel.actors import machine
from zezhou_portal.kernel.locks import lock_all, lock_available
from zezhou_portal.kernel.queues import WorkQueue
from zezhou_portal.kernel.rows import Failed, reason_of, together
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Department
from zezhou_portal.parties.notices import services as notifications
from zezhou_portal.parties.notices import stalled
from zezhou_portal.regulation import workdays
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.articles import article as article_of
from zezhou_portal.regulation.limits import EndOfDay, WorkingDays

log = structlog.get_logger(__name__)

Limit = WorkingDays | EndOfDay
_BATCH = 200


def arm(
    department: Department,
    article: str,
    limit: Limit | None,
    subject: Subject,
    event_at: datetime,
) -> Deadline:
    """The open clock of an article on a subject, started now if there is none.

    Without a limit it runs from the event on, and gets its last day by `conclude`.
    Article: M.9.
    """
    return arm_many(department, article, limit, [subject], event_at)[0]


def arm_many(
    department: Department,
    article: str,
    limit: Limit | None,
    subjects: Sequence[Subject],
    event_at: datetime,
) -> list[Deadline]:
    """One open clock for each subject, in the order given; those that run already are kept.

    Article: M.9.
    """
    due = workdays.due(limit, event_at) if limit else None
    running = {(row.subject_kind, row.subject_key) for row in _open(article, subjects)}
    Deadline.objects.bulk_create(
        [
            Deadline(
                department=department,
                article=article,
                subject_kind=subject.kind,
                subject_key=subject.key,
                subject_label=subject.label[:200],
                armed_at=event_at,
                due_at=due.at if due else None,
                last_day=due.last_day if due else None,
                is_provisional=due.is_provisional if due else False,
                **_count_of(limit, event_at),
            )
            for subject in subjects
            if (subject.kind, subject.key) not in running
        ],
        ignore_conflicts=True,  # somebody else armed the same clock this instant
    )
    found = {(row.subject_kind, row.subject_key): row for row in _open(article, subjects)}
    return [found[subject.kind, subject.key] for subject in subjects]


@dataclass(frozen=True)
class Conclusion:
    """What a clock is concluded by: on what it ran, on what it runs on, when, by which limit."""

    before: Subject
    after: Subject
    at: datetime
    limit: Limit


def conclude(department: Department, article: str, by: Conclusion) -> Deadline:
    """Lets the open clock of a subject run on as that of another: one clock from first to last.

    A clock without a last day gets it now, counted from the conclusion; one that has its last
    day keeps it. Where none runs, one starts with the conclusion.
    Article: M.9.
    """
    row = next(iter(lock_all(selectors.open_on(article, [by.before]))), None)
    if row is None:
        return arm(department, article, by.limit, by.after, by.at)
    row.subject_kind, row.subject_key = by.after.kind, by.after.key
    row.subject_label = by.after.label[:200]
    if row.due_at is None:
        due = workdays.due(by.limit, by.at)
        row.due_at, row.last_day, row.is_provisional = due.at, due.last_day, due.is_provisional
        for name, value in _count_of(by.limit, by.at).items():
            setattr(row, name, value)
    row.save()
    return row


def meet(article: str, subject: Subject, at: datetime) -> Deadline | None:
    """Closes the open clock of an article on a subject; None where none is open.

    A clock met after its due time is met late, and says when it was breached (`breached_at`).
    Article: M.9.
    """
    return next(iter(meet_many(article, [subject], at)), None)


def meet_many(article: str, subjects: Sequence[Subject], at: datetime) -> list[Deadline]:
    """Closes the open clocks of an article on the subjects; gives those it closed.

    Article: M.9.
    """
    return _close(article, subjects, at, "meet")


def drop(article: str, subject: Subject, at: datetime) -> Deadline | None:
    """Ends the open clock of an article on a subject without judging it; None where none is open.

    Article: M.9.
    """
    return next(iter(_close(article, [subject], at, "drop")), None)


def facts(deadline: Deadline) -> dict[str, Any]:
    """What a record says of a clock: article, last day, and how it stands."""
    return {
        "clock_article": deadline.article,
        "last_day": deadline.last_day.isoformat() if deadline.last_day else None,
        "is_provisional": deadline.is_provisional,
        "clock_state": deadline.state,
        "was_late": deadline.breached_at is not None,
        **({"days_late": deadline.days_late} if deadline.state == "MET_LATE" else {}),
    }


def tell_met(act: Act, deadlines: Iterable[Deadline], at: datetime) -> None:
    """Adds to the caller's act what closing clocks means: met or met late, breached if new."""
    for row in deadlines:
        subject = subject_of(row)
        if row.breached_at == at:
            act.add_record(subject, facts(row), Action.CLOCK_BREACHED)
        is_late = row.state == "MET_LATE"
        act.add_record(subject, facts(row), Action.CLOCK_MET_LATE if is_late else Action.CLOCK_MET)


def subject_of(deadline: Deadline) -> Subject:
    """What the clock is about."""
    return Subject(deadline.subject_kind, deadline.subject_key, deadline.subject_label)


def sweep() -> int:
    """Breaches every running clock whose time is over, each exactly once; gives their number.

    Article: M.29.
    """
    total, held = 0, stalled.held_back(BREACH)
    while True:
        due = BREACH.due().exclude(pk__in=held).select_related("department")
        with lock_available(due.order_by("due_at", "pk"), most=_BATCH) as rows:
            failed = together(rows, _breach)
        if not rows:
            return total
        put_off(BREACH, failed)
        bad = {one.row.pk for one in failed}
        held |= bad
        done = {row.pk for row in rows} - bad
        stalled.went_on(BREACH, done)
        total += len(done)


def put_off(queue: WorkQueue, failed: Sequence[Failed[Deadline]]) -> None:
    """Each clock that a worker could not deal with waits by itself, with its own reason."""
    for one in failed:
        log.error("clock_stalled", clock=one.row.pk, queue=queue.code, exc_info=one.error)
        about = stalled.About(subject_of(one.row), one.row.department)
        stalled.put_off(queue, one.row.pk, about, reason_of(one.error))


def _breach(rows: Sequence[Deadline]) -> None:
    now = clock.now()
    with acting(machine("deadlines.sweep"), Action.CLOCK_BREACHED, subject_of(rows[0])) as act:
        for row in rows:
            row.state = DEADLINE.move("RUNNING", "breach")
            row.breached_at = now
        Deadline.objects.bulk_update(rows, ["state", "breached_at"])
        act.note_all(facts(rows[0]))
        for row in rows[1:]:
            act.add_record(subject_of(row), facts(row))
        _tell(rows)


def _tell(breached: Sequence[Deadline]) -> None:
    """Tells each department once a batch which of its clocks ran out."""
    groups: dict[int, list[Deadline]] = {}
    for row in breached:
        groups.setdefault(row.department_id, []).append(row)
    for rows in groups.values():
        first = rows[0]
        more = f"，连同这一件共 {len(rows)} 件" if len(rows) > 1 else ""
        duty = article_of(first.article)
        notifications.tell(
            action=Action.CLOCK_BREACHED,
            title="有时限已经超期",
            body=f"{first.subject_label}（{duty.name}：{duty.gist}）{more}。请尽快办理。",
            link=reverse("deadlines:clocks", query={"state": "BREACHED"}),
            urgent=True,
            department=first.department,
            capability=Capability.WATCH_CLOCKS,
        )


def _count_of(limit: Limit | None, since: datetime) -> dict[str, Any]:
    """The columns by which a last day can be counted again; none where it is not counted."""
    if not isinstance(limit, WorkingDays):
        return {}
    return {"limit_days": limit.days, "counted_from": since}


def _open(article: str, subjects: Sequence[Subject]) -> Iterable[Deadline]:
    return selectors.open_on(article, subjects)


def _close(article: str, subjects: Sequence[Subject], at: datetime, verb: str) -> list[Deadline]:
    rows = list(lock_all(selectors.open_on(article, subjects)))
    for row in rows:
        is_late = row.breached_at is not None or timing.is_over(row.due_at, at)
        if verb == "meet" and is_late:
            row.breached_at = row.breached_at or at  # the sweep had not come round yet
            row.state = DEADLINE.move(row.state, "meet_late")
        else:
            row.state = DEADLINE.move(row.state, verb)
        row.closed_at = at
    Deadline.objects.bulk_update(rows, ["state", "breached_at", "closed_at"])
    return rows
