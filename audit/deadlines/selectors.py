"""Reading clocks: how they stand now, those of a subject, and each department's in numbers.

What is overdue, due today and still in time is said here once, by `kernel.timing`: a state alone
does not tell, since the sweep may not have come round yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from audit.deadlines.models import Deadline
from zezhou_portal.kernel import timing
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.subjects import Subject

OPEN = ("RUNNING", "BREACHED")
_IS_OPEN = Q(state__in=OPEN)


def overdue() -> Q:
    """Clocks that are not met and whose limit is over."""
    return _IS_OPEN & timing.overdue("due_at")


def due_today() -> Q:
    """Clocks that are not met and whose limit ends with today."""
    return _IS_OPEN & timing.due_today("due_at")


def running() -> Q:
    """Clocks that are not met and not overdue; of some the last day is not known yet."""
    return _IS_OPEN & (Q(due_at__isnull=True) | ~timing.overdue("due_at"))


def visible_to(actor: Actor) -> QuerySet[Deadline]:
    """The clocks of the department the actor acts for; nobody sees a neighbour's."""
    if actor.department_id is None:
        return Deadline.objects.none()
    return Deadline.objects.filter(department_id=actor.department_id)


def of_subject(kind: str, key: str) -> QuerySet[Deadline]:
    """Every clock that ever ran on a subject, the newest first."""
    return Deadline.objects.filter(subject_kind=kind, subject_key=key).order_by("-armed_at", "-pk")


def open_on(article: str, subjects: Sequence[Subject]) -> QuerySet[Deadline]:
    """The open clocks of one article on any of the subjects."""
    keys_by_kind: dict[str, list[str]] = {}
    for subject in subjects:
        keys_by_kind.setdefault(subject.kind, []).append(subject.key)
    wanted = Q(pk__in=[])
    for kind, keys in keys_by_kind.items():
        wanted |= Q(subject_kind=kind, subject_key__in=keys)
    return Deadline.objects.filter(wanted, article=article, state__in=OPEN)


def of_application(application: Subject, licence: Subject | None) -> Deadline | None:
    """The clock of M.9 of an application: with the sign-off it became its licence's first one.

    An extension has a clock of its own, later and on the licence alone.
    """
    wanted = Q(subject_kind=application.kind, subject_key=application.key)
    if licence is not None:
        wanted |= Q(subject_kind=licence.kind, subject_key=licence.key)
    return Deadline.objects.filter(wanted, article="M.9").order_by("armed_at", "pk").first()


def figures(rows: "QuerySet[Deadline]") -> dict[str, int]:
    """How many of the rows are overdue, end today and are in time (those of today among them)."""
    return rows.aggregate(
        overdue=Count("pk", filter=overdue()),
        today=Count("pk", filter=due_today()),
        running=Count("pk", filter=running()),
    )


@dataclass(frozen=True)
class Standing:
    """A department's clocks in numbers: what the bureau may see of them (M.27)."""

    department_name: str
    running: int
    today: int
    overdue: int
    met: int
    met_late: int
    soonest: datetime | None


def standings() -> list[Standing]:
    """Every department with clocks, those with most overdue ones first (M.27)."""
    rows = (
        Deadline.objects.values("department__name")
        .annotate(
            running=Count("pk", filter=running()),
            today=Count("pk", filter=due_today()),
            overdue=Count("pk", filter=overdue()),
            met=Count("pk", filter=Q(state="MET")),
            met_late=Count("pk", filter=Q(state="MET_LATE")),
            soonest=Min("due_at", filter=running()),
        )
        .order_by("-overdue", "soonest", "department__name")
    )
    return [
        Standing(
            department_name=row["department__name"],
            **{name: row[name] for name in ("running", "today", "overdue", "met", "met_late")},
            soonest=row["soonest"],
        )
        for row in rows
    ]
