"""Searching the trail: by period, person, department, subject and action (M.25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from audit.supervision.naming import SUBJECT_KINDS, nobody_named, people_named, subjects_named
from audit.supervision.things import Thing
from audit.trail.selectors import between
from audit.trail.vocabulary.reading import codes_found_by
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import ActorKind
from zezhou_portal.kernel.subjects import Subject
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
    was done to their account. person: a part of a name as it is now, or an actor's key.
    department: a credit code. subject: its whole key, or what `naming.subjects_named` finds. The
    period bounds the months of the table that are read at all; names are resolved to keys first.
    """
    rows = between(_midnight(query.first), _midnight(query.last + timedelta(days=1)))
    if query.department:
        rows = rows.filter(department_code=query.department)
    if query.action:
        rows = rows.filter(action__in=codes_found_by(query.action))
    if query.outcome:
        rows = rows.filter(outcome=query.outcome)
    if query.person:
        rows = rows.filter(_by(query.person))
    if query.about:
        rows = rows.filter(_about(query.about))
    if query.subject:
        rows = rows.filter(_to(query.subject))
    return rows


def _by(person: str) -> Q:
    keys = people_named(person)
    kind = nobody_named(person)
    if kind is not None and not keys:
        return Q(actor_kind=kind.value)
    return _acts_of(keys or [person.strip()])


def _acts_of(keys: Sequence[str]) -> Q:
    # the index leaves the public out, who write most records
    return ~Q(actor_kind=ActorKind.PUBLIC.value) & Q(actor_key__in=keys)


def _to(text: str) -> Q:
    found = subjects_named(text)
    if found:
        return _acts_on(found)
    return Q(subject_kind__in=SUBJECT_KINDS, subject_key=text.strip())


def _acts_on(subjects: Sequence[Subject]) -> Q:
    return Q(
        subject_kind__in=sorted({one.kind for one in subjects}),
        subject_key__in=sorted({one.key for one in subjects}),
    )


def _about(thing: Thing) -> Q:
    done = _acts_on(thing.subjects)
    return done | _acts_of([thing.actor_key]) if thing.actor_key else done


def departments_by_code() -> dict[str, str]:
    """Credit code and name of every department that is or was, by name."""
    rows = Department.objects.order_by("name").values_list("credit_code", "name")
    return dict(rows)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.BEIJING)
