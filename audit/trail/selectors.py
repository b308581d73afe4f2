"""Reading the trail: by subject, by period, by who did what to it."""

from datetime import datetime

from django.db.models import QuerySet

from audit.trail.models import Record
from zezhou_portal.kernel.subjects import Subject

__all__ = ["NEWEST_FIRST", "Record", "between", "of_subject", "record_at", "was_noted"]

NEWEST_FIRST = ("-at", "-seq")


def of_subject(kind: str, key: str) -> QuerySet[Record]:
    """The history of one row, newest first."""
    return Record.objects.filter(subject_kind=kind, subject_key=key).order_by(*NEWEST_FIRST)


def record_at(at: datetime, seq: int) -> Record | None:
    """The record of a moment and a number, which together are its key."""
    return Record.objects.filter(at=at, seq=seq).first()


def was_noted(subject: Subject, action: str, actor_key: str, since: datetime) -> bool:
    """Whether a person's act on a subject is on record as done after a moment."""
    told = of_subject(subject.kind, subject.key).filter(
        action=action, actor_key=actor_key, at__gt=since, outcome="done"
    )
    return bool(told.exists())


def between(start: datetime, end: datetime) -> QuerySet[Record]:
    """Everything in a period, newest first."""
    return Record.objects.filter(at__gte=start, at__lt=end).order_by(*NEWEST_FIRST)
