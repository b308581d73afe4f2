"""Reading messages: what to send, what to ask about, what is stuck; by department."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zezhou_portal.exchange.models import Outbound
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.parties.models import Department

# Where the city's word on a message is still missing: a later one of the same subject waits.
UNANSWERED = ("WAITING", "SENT", "GIVEN_UP")
# What is not done yet, one way or the other.
OPEN = (*UNANSWERED, "REFUSED")
# What a person has to look at.
STUCK = ("REFUSED", "GIVEN_UP")
# How many days of what the city accepted the departments' table counts: never all that ever was.
ACCEPTED_DAYS = 7
NEWEST_FIRST = ("-posted_at", "-id")


def visible_to(actor: Actor) -> QuerySet[Outbound]:
    """The messages of the department the actor acts for; nobody reads a neighbour's (M.26)."""
    if actor.department_id is None:
        return Outbound.objects.none()
    return Outbound.objects.filter(department_id=actor.department_id)


def to_send() -> QuerySet[Outbound]:
    """Waiting messages whose predecessors on the same subject are all answered."""
    before = Outbound.objects.filter(
        Q(version__lt=OuterRef("version")) | Q(version=OuterRef("version"), pk__lt=OuterRef("pk")),
        subject_kind=OuterRef("subject_kind"),
        subject_key=OuterRef("subject_key"),
        state__in=UNANSWERED,
    )
    return Outbound.objects.filter(~Exists(before), state="WAITING")


def to_ask_about() -> QuerySet[Outbound]:
    """Messages that were sent and not answered."""
    return Outbound.objects.filter(state="SENT")


def of_subject(subject: Subject) -> QuerySet[Outbound]:
    """Every message about a subject, the earliest first: a licence's collection state."""
    return Outbound.objects.filter(subject_kind=subject.kind, subject_key=subject.key).order_by(
        "version", "id"
    )


@dataclass(frozen=True)
class FileMessage:
    """The last message to the city that carried a file of a subject: its state, which file."""

    state: str
    digest: str
    posted_at: datetime


def last_files_of(subjects: Sequence[Subject]) -> dict[str, FileMessage]:
    """The last message of each subject that carried a file, by the subject's key.

    Subjects are of one kind; those of which no file was told are not in it.
    """
    rows = (
        Outbound.objects.filter(
            subject_kind__in={subject.kind for subject in subjects},
            subject_key__in=[subject.key for subject in subjects],
        )
        .exclude(file_digest="")
        .order_by("version", "pk")
        .values_list("subject_key", "state", "file_digest", "posted_at")
    )
    # later rows take the place of earlier ones
    return {key: FileMessage(state, digest, at) for key, state, digest, at in rows}


def next_version(subject: Subject) -> int:
    """The place of the next message of a subject; the caller holds the subject's row lock."""
    return next_versions([subject])[subject.key]


def next_versions(subjects: Sequence[Subject]) -> dict[str, int]:
    """The place of the next message of each subject, by its key; all are of one kind.

    The caller holds the subjects' row locks.
    """
    last = (
        Outbound.objects.filter(
            subject_kind__in={subject.kind for subject in subjects},
            subject_key__in=[subject.key for subject in subjects],
        )
        .order_by()
        .values("subject_key")
        .annotate(last=Max("version"))
    )
    found = {row["subject_key"]: row["last"] for row in last}
    return {subject.key: found.get(subject.key, 0) + 1 for subject in subjects}


@dataclass(frozen=True)
class Standing:
    """A department's exchange in numbers: what the bureau may see of it (M.27).

    `accepted` are those of the last `ACCEPTED_DAYS` days.
    """

    department_name: str
    waiting: int
    sent: int
    accepted: int
    refused: int
    given_up: int
    oldest: datetime | None


def standings() -> list[Standing]:
    """Every department that ever sent anything, those with stuck messages first (M.27)."""
    states: dict[int, dict[str, int]] = {}
    oldest: dict[int, datetime] = {}
    for row in open_by_department():
        key = row["department_id"]
        states.setdefault(key, {})[row["state"]] = row["number"]
        oldest[key] = min(row["oldest"], oldest.get(key, row["oldest"]))
    found = [
        Standing(
            department_name=one.name,
            accepted=one.accepted,
            oldest=oldest.get(one.pk),
            **{state.lower(): states.get(one.pk, {}).get(state, 0) for state in OPEN},
        )
        for one in departments_that_sent()
    ]
    return sorted(found, key=lambda one: (-one.refused, -one.given_up, one.department_name))


def open_by_department() -> "QuerySet[Any, Any]":
    """How many messages that are not done each department has in each state, and the oldest."""
    rows = Outbound.objects.filter(state__in=OPEN).order_by().values("department_id", "state")
    return rows.annotate(number=Count("pk"), oldest=Min("posted_at"))


def departments_that_sent() -> "QuerySet[Any]":
    """The departments that ever sent anything, each with what was accepted lately."""
    sent = Outbound.objects.filter(department=OuterRef("pk")).order_by()
    since = clock.now() - timedelta(days=ACCEPTED_DAYS)
    lately = sent.filter(state="ACCEPTED", posted_at__gte=since).values("department")
    count = Subquery(lately.annotate(number=Count("pk")).values("number"))
    return Department.objects.filter(Exists(sent)).annotate(accepted=Coalesce(count, 0))


def counts_by_state(rows: QuerySet[Outbound]) -> dict[str, int]:
    """How many of the rows are in each state in which they are not done."""
    found = rows.filter(state__in=OPEN).order_by().values("state").annotate(number=Count("pk"))
    return {row["state"]: row["number"] for row in found}


def oldest_unanswered(rows: QuerySet[Outbound]) -> datetime | None:
    """When the oldest of the rows that wait for the city was posted."""
    found: datetime | None = rows.filter(state__in=UNANSWERED).aggregate(at=Min("posted_at"))["at"]
    return found
