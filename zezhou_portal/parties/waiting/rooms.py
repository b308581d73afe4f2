"""The rooms that have waiting work: their queues, their counts, and in whose name work stands.

The parties lie under the rooms that do the work and may not import them: `PORTAL_WAITING_WORK`
names the modules, and each offers its `ROOM` (`queues.Room`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.conf import settings
from django.db.models import (
    Count,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Account, Department
from zezhou_portal.parties.waiting.queues import Queue, Room, Rows, UnderWay


def rooms() -> list[Room]:
    """The rooms with waiting work, in the order of the desk."""
    return [_room(name) for name in settings.PORTAL_WAITING_WORK]


def queues_of(actor: Actor) -> list[Queue]:
    """Every queue that the actor may look at."""
    return [queue for room in rooms() for queue in room.queues if queue.is_open_to(actor)]


def count_all(questions: Mapping[str, Rows]) -> dict[str, int]:
    """How many rows each of several questions finds: one statement for all of them."""
    parts = [
        rows.order_by()
        .values(question=Value(name))
        .annotate(answer=Count("pk"))
        .values_list("question", "answer")
        for name, rows in questions.items()
    ]
    if not parts:
        return {}
    found = dict(parts[0].union(*parts[1:], all=True))
    return {name: found.get(name, 0) for name in questions}


def counts_of(actor: Actor, queues: Iterable[Queue]) -> dict[str, int]:
    """How many rows wait in each queue, by its code."""
    return count_all({queue.code: queue.rows(actor) for queue in queues})


@dataclass(frozen=True)
class OpenWork:
    """So many pieces of one sort of work."""

    words: str
    count: int
    unit: str = "件"

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{self.words}"


def of_account(account_id: int, department_id: int | None = None) -> list[OpenWork]:
    """What stands in a person's name, in one department or in all; nothing where nothing does."""
    parts = {
        work.words: work.rows().filter(
            **{work.owner: account_id},
            **({} if department_id is None else {work.department: department_id}),
        )
        for work in _under_way()
        if work.owner
    }
    return _open_work(parts)


def of_department(department_id: int) -> list[OpenWork]:
    """What a department has under way."""
    parts = {
        work.words: work.rows().filter(**{work.department: department_id}) for work in _under_way()
    }
    return _open_work(parts)


def with_work(accounts: "QuerySet[Account]") -> "QuerySet[Account]":
    """Those of the accounts in whose names work stands, each with `work_count`."""
    total: Combinable = Value(0)
    for work in _under_way():
        if work.owner:
            named = work.rows().order_by().filter(**{work.owner: OuterRef("pk")})
            count = named.values(work.owner).annotate(count=Count("pk")).values("count")
            total = total + Coalesce(Subquery(count, output_field=IntegerField()), 0)
    counted = ExpressionWrapper(total, output_field=IntegerField())
    return accounts.annotate(work_count=counted).filter(work_count__gt=0)


def hand_on(*, actor: Actor, leaver: Account, successor: Account, department: Department) -> int:
    """Hands every sort of work on that a leaver has in a department; gives how many pieces."""
    here = {work.words for work in of_account(leaver.pk, department.pk)}
    return sum(
        work.hand_on(actor=actor, leaver=leaver, successor=successor, department=department)
        for work in _under_way()
        if work.hand_on is not None and work.words in here
    )


def _open_work(parts: Mapping[str, Rows]) -> list[OpenWork]:
    counts = count_all(parts)
    return [
        OpenWork(work.words, counts[work.words], work.unit)
        for work in _under_way()
        if counts.get(work.words)
    ]


def _under_way() -> list[UnderWay]:
    return [room.under_way for room in rooms() if room.under_way is not None]


@cache
def _room(name: str) -> Room:
    room: Room = import_module(name).ROOM
    return room
