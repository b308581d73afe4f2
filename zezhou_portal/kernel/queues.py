"""The queues of the portal: what waits for a worker, who rings for it, since when it waits.

A room names its queues in a module `queues` with one tuple `QUEUES`; `PORTAL_WORK_QUEUES` lists
the modules. Watching asks them how long the oldest row has waited; whoever puts a row off names
the queue that it belongs to.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db.models import DateField, DateTimeField, Min, QuerySet

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.locks import Claimable


@dataclass(frozen=True, kw_only=True)
class WorkQueue:
    """Rows that wait for the same task.

    `rows` gives those that wait, `since` is the column that says from when on they do; a queue
    whose rows are looked at again and again has none, and nothing waits in it. `patience` is how
    many seconds the oldest may wait before somebody should look.
    """

    code: str
    words: str
    task: str
    rows: Callable[[], "QuerySet[Any]"]
    since: str = "due_at"
    patience: int = 900

    def due(self) -> "QuerySet[Any]":
        """The rows that could be taken up now."""
        if not self.since:
            return self.rows().none()
        return self.rows().filter(**{f"{self.since}__lte": self._now()})

    def hasten(self, key: str) -> None:
        """Makes a row that was put off due now, where it keeps its own time."""
        if self.since == "due_at" and issubclass(self.rows().model, Claimable):
            self.rows().filter(pk=key).update(due_at=clock.now(), leased_until=None)

    def oldest(self) -> datetime | None:
        """Since when the row that waits longest could be taken up; None where none waits."""
        if not self.since:
            return None
        found: datetime | date | None = self.due().order_by().aggregate(at=Min(self.since))["at"]
        if found is None or isinstance(found, datetime):
            return found
        return datetime.combine(found, time.min, clock.BEIJING)

    def _now(self) -> datetime | date:
        is_day = isinstance(self.rows().model._meta.get_field(self.since), DateField)
        is_moment = isinstance(self.rows().model._meta.get_field(self.since), DateTimeField)
        return clock.today() if is_day and not is_moment else clock.now()


def queues() -> Sequence[WorkQueue]:
    """Every queue of every room."""
    return _queues(tuple(settings.PORTAL_WORK_QUEUES))


def queue_of(code: str) -> WorkQueue:
    """The queue of a code. Raises KeyError."""
    return {one.code: one for one in queues()}[code]


@cache
def _queues(modules: tuple[str, ...]) -> tuple[WorkQueue, ...]:
    return tuple(one for name in modules for one in import_module(name).QUEUES)
