"""The only row locks of the portal: lock() one row, claim() due rows; and work as rows.

A task queue only rings the bell. What waits for a worker is a row that carries the
`Claimable` columns; a worker claims it with a lease, works outside any lock and finishes it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import QuerySet
from django.db.models.functions import Least

from zezhou_portal.kernel import clock

Row = TypeVar("Row", bound=models.Model)

LEASE = timedelta(minutes=2)
# Beyond this nobody counts: the column is a small one, and a row must not stop its queue by it.
MOST_TRIES = 1000


def lock(rows: "QuerySet[Row]", **condition: Any) -> Row:
    """The one row that meets the condition, locked until the transaction ends.

    The lock lets others read and insert references to the row (FOR NO KEY UPDATE); raises
    DoesNotExist as a plain get() would.
    """
    return rows.select_for_update(of=("self",), no_key=True).get(**condition)


def lock_all(rows: "QuerySet[Row]") -> Sequence[Row]:
    """Every row of the set, locked until the transaction ends, in order of its key.

    One order for all callers, so that two batches that overlap wait and never deadlock.
    """
    return list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))


@contextmanager
def lock_available(rows: "QuerySet[Row]", *, most: int) -> Iterator[Sequence[Row]]:
    """Up to `most` rows of an ordered set, locked until the block's own transaction ends.

    Rows that another transaction holds are skipped: for work short enough to be done under
    the lock. What takes longer is claimed with a lease.
    """
    with transaction.atomic():
        yield list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True)[:most])


@contextmanager
def lock_in_order(rows: "QuerySet[Row]") -> Iterator[Sequence[Row]]:
    """Every row of the set, locked until the block's own transaction ends; waits for others."""
    with transaction.atomic():
        yield lock_all(rows)


class Claimable(models.Model):
    """A row that waits for a worker: when it is due, how often it was tried, who has it."""

    due_at = models.DateTimeField("到期处理", default=clock.now)
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    leased_until = models.DateTimeField("占用至", null=True, blank=True)
    last_error = models.CharField("最近错误", max_length=500, blank=True, default="")

    class Meta:
        abstract = True


Work = TypeVar("Work", bound=Claimable)


def claim(waiting: "QuerySet[Work]", *, most: int, lease: timedelta = LEASE) -> Sequence[Work]:
    """Up to `most` due rows of `waiting`, leased to the caller, in order of their due time.

    Rows another worker holds are skipped; a row whose lease ran out (its worker died) is due
    again. Must be called outside a transaction: the lease is committed before work begins.
    """
    now = clock.now()
    free = models.Q(leased_until__isnull=True) | models.Q(leased_until__lt=now)
    with transaction.atomic():
        rows = list(
            waiting.filter(free, due_at__lte=now)
            .order_by("due_at", "pk")
            .select_for_update(of=("self",), no_key=True, skip_locked=True)[:most]
        )
        until = now + lease
        for row in rows:
            row.leased_until = until
            row.tries = min(row.tries + 1, MOST_TRIES)
        if rows:
            type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).update(
                leased_until=until, tries=Least(models.F("tries") + 1, MOST_TRIES)
            )
    return rows


def again(row: Work, *, at: datetime, error: str) -> None:
    """Gives a claimed row back with the reason, to be tried again at a time."""
    row.due_at = at
    row.leased_until = None
    row.last_error = error[:500]
    row.save(update_fields=["due_at", "leased_until", "last_error"])
