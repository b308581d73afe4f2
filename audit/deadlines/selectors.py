"""Reading clocks: open ones, those due soon, those of a subject; by department."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Min, Q, QuerySet

from audit.deadlines.models import Deadline
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.subjects import Subject

OPEN = ("RUNNING", "BREACHED")
SOONEST_FIRST = ("due_at", "pk")


def visible_to(actor: Actor) -> QuerySet[Deadline]:
    """The clocks of the department the actor acts for; nobody sees a neighbour's."""
    if actor.department_id is None:
        return Deadline.objects.none()
    return Deadline.objects.filter(department_id=actor.department_id)


def open_of(department_id: int) -> QuerySet[Deadline]:
    """A department's clocks that run or are breached and not met, the soonest first."""
    return Deadline.objects.filter(department_id=department_id, state__in=OPEN).order_by(
        *SOONEST_FIRST
    )


def due_soon(department_id: int, until: datetime) -> QuerySet[Deadline]:
    """A department's running clocks that end by a moment, the soonest first."""
    return open_of(department_id).filter(state="RUNNING", due_at__lte=until)


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


def ending_today(rows: "QuerySet[Deadline]") -> QuerySet[Deadline]:
    """Of the rows those that run and end with today at the latest."""
    midnight = datetime.combine(clock.today() + timedelta(days=1), time.min, clock.BEIJING)
    return rows.filter(state="RUNNING", due_at__lte=midnight)


def figures(rows: "QuerySet[Deadline]") -> dict[str, int]:
    """How many of the rows are breached, end today and run."""
    return {
        "breached": rows.filter(state="BREACHED").count(),
        "today": ending_today(rows).count(),
        "running": rows.filter(state="RUNNING").count(),
    }


@dataclass(frozen=True)
class Standing:
    """A department's clocks in numbers: what the bureau may see of them (M.27)."""

    department_name: str
    running: int
    breached: int
    soonest: datetime | None


def standings() -> list[Standing]:
    """Every department with open clocks, those with most breaches first (M.27)."""
    rows = (
        Deadline.objects.filter(state__in=OPEN)
        .values("department__name")
        .annotate(
            running=Count("pk", filter=Q(state="RUNNING")),
            breached=Count("pk", filter=Q(state="BREACHED")),
            soonest=Min("due_at", filter=Q(state="RUNNING")),
        )
        .order_by("-breached", "soonest", "department__name")
    )
    return [
        Standing(row["department__name"], row["running"], row["breached"], row["soonest"])
        for row in rows
    ]
