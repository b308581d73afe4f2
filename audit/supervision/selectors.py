"""Searching the trail: by period, person, department, subject and action (M.25)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from audit.supervision.things import Thing
from audit.trail.selectors import between
from audit.trail.vocabulary.reading import codes_found_by
from zezhou_portal.kernel import clock
from zezhou_portal.parties.models import Department


@dataclass(frozen=True, kw_only=True)
class TrailQuery:
    """What is asked of the trail; days are Beijing days, both of them included."""

    first: date
    last: date
    person: str = ""
    department: str = ""
    subject: str = ""
    action: str = ""
    outcome: str = ""
    about: Thing | None = None


def records_found(query: TrailQuery) -> "QuerySet[Any]":
    """The records, newest first.

    about: a licence, a holder with all that is theirs, or an official, whatever they did and what
    was done to their account. person: a part of a name, or an actor's key. department: a credit
    code. subject: its whole key, or a part of its label, such as a licence identifier. The period
    bounds the months of the table that are read at all.
    """
    rows = between(_midnight(query.first), _midnight(query.last + timedelta(days=1)))
    if query.department:
        rows = rows.filter(department_code=query.department)
    if query.action:
        rows = rows.filter(action__in=codes_found_by(query.action))
    if query.outcome:
        rows = rows.filter(outcome=query.outcome)
    if query.person:
        rows = rows.filter(Q(actor_name__icontains=query.person) | Q(actor_key=query.person))
    if query.about:
        rows = rows.filter(_about(query.about))
    if query.subject:
        rows = rows.filter(Q(subject_key=query.subject) | Q(subject_label__icontains=query.subject))
    return rows


def _about(thing: Thing) -> Q:
    keys: dict[str, list[str]] = {}
    for subject in thing.subjects:
        keys.setdefault(subject.kind, []).append(subject.key)
    found = Q(actor_key=thing.actor_key) if thing.actor_key else Q()
    for kind, named in keys.items():
        found |= Q(subject_kind=kind, subject_key__in=named)
    return found


def departments_by_code() -> dict[str, str]:
    """Credit code and name of every department that is or was, by name."""
    rows = Department.objects.order_by("name").values_list("credit_code", "name")
    return dict(rows)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.BEIJING)
