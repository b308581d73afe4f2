"""Rows that a worker could not do: each waits by itself, says why, and in the end asks a person.

A row is put off with its reason and a growing wait. The people who can do something about it are
told once a reason, however many rows have it: a key that is missing stops a thousand licences.
Another reason is news and is told again. After so many tries in vain (`kernel.rows.CEILING`) a
person is asked, and the row is tried once a day from then on.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from audit.trail.recording import acting
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, machine
from zezhou_portal.kernel.locks import MOST_TRIES, lock
from zezhou_portal.kernel.queues import WorkQueue, queue_of
from zezhou_portal.kernel.rows import CEILING, wait_after
from zezhou_portal.kernel.subjects import Subject
from zezhou_portal.kernel.wake import wake
from zezhou_portal.parties.access import permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Department, StalledRow
from zezhou_portal.parties.notices.services import tell
from zezhou_portal.regulation.actions import Action

DESK = "/desk/?step=stalled"
_REASON = 300


@dataclass(frozen=True)
class About:
    """What people are told of a row: its name without personal data, whose it is, its page.

    `doers` is whom the department tells; nobody there where it is for the administrator alone.
    """

    subject: Subject
    department: Department | None = None
    link: str = ""
    doers: Capability | None = None


def put_off(
    queue: WorkQueue,
    key: object,
    about: About,
    reason: str,
    *,
    is_technical: bool = True,
    action: Action = Action.WORK_STALLED,
) -> datetime:
    """Puts a row off with its reason; gives when it is tried next.

    `is_technical` where the system administrator can do something about it. Article: M.25.
    """
    row, _ = StalledRow.objects.get_or_create(
        queue=queue.code, key=str(key), defaults={"next_try_at": clock.now()}
    )
    row.tries = min(row.tries + 1, MOST_TRIES)
    row.label, row.link = about.subject.label[:200], about.link[:200]
    row.department, row.reason = about.department, reason[:_REASON]
    row.next_try_at = clock.now() + wait_after(row.tries)
    is_asked = row.tries >= CEILING and row.asked_at is None
    if row.told_reason == row.reason and not is_asked:
        row.save()
        return row.next_try_at
    with acting(machine(queue.task), action, about.subject) as act:
        if row.told_reason != row.reason and not _was_told(row):
            _tell(queue, row, about, action, is_technical=is_technical)
        row.told_reason = row.reason
        if is_asked:
            _ask(queue, row, about, action)
            row.asked_at = clock.now()
        row.save()
        act.note("reason", row.reason)
        act.note("tries", row.tries)
    return row.next_try_at


def held_back(queue: WorkQueue) -> set[int]:
    """The keys of the rows that wait for their next try, for sweeps that keep no time of theirs."""
    rows = StalledRow.objects.filter(queue=queue.code, next_try_at__gt=clock.now())
    return {int(key) for key in rows.values_list("key", flat=True)}


def went_on(queue: WorkQueue, keys: Collection[object]) -> None:
    """Forgets what was said of rows that are done now."""
    waiting = StalledRow.objects.filter(queue=queue.code)
    if keys and waiting.exists():
        waiting.filter(key__in=[str(key) for key in keys]).delete()


def stalled_visible_to(actor: Actor) -> "QuerySet[StalledRow]":
    """The rows of the actor's department; of all of them for who keeps the portal running."""
    rows = StalledRow.objects.select_related("department")
    if actor.has(Capability.KEEP_RUNNING.value):
        return rows
    return rows.filter(department_id=actor.department_id or 0)


def retry(*, actor: Actor, row: StalledRow) -> None:
    """Lets a row be tried at once, after what kept it was mended. Article: M.25."""
    with acting(actor, Action.WORK_RETRIED, Subject("stalled", str(row.uuid), row.label)) as act:
        if not actor.has(Capability.KEEP_RUNNING.value):
            permit(actor, Capability.ISSUE_LICENCES, row.department_id)
        found = lock(stalled_visible_to(actor).select_related(None), pk=row.pk)
        queue = queue_of(found.queue)
        found.next_try_at = clock.now()
        found.save(update_fields=["next_try_at"])
        queue.hasten(found.key)
        act.note("tries", found.tries)
        wake(queue.task)


def _was_told(row: StalledRow) -> bool:
    """Whether another row of the department has met the same trouble already."""
    others = StalledRow.objects.filter(
        queue=row.queue, told_reason=row.reason, department=row.department
    )
    return others.exclude(pk=row.pk).exists()


def _tell(
    queue: WorkQueue, row: StalledRow, about: About, action: Action, *, is_technical: bool
) -> None:
    title = f"{queue.words}没有成功"
    body = f"{row.label}：{row.reason}系统会再试。"
    if about.doers is not None and about.department is not None:
        tell(
            action=action, title=title, body=body, link=row.link or DESK, urgent=True,
            news=row.reason, department=about.department, capability=about.doers,
            subject=about.subject,
        )  # fmt: skip
    if is_technical or about.doers is None:
        tell(
            action=action, title=title, body=body, link=DESK, urgent=True, news=row.reason,
            capability=Capability.KEEP_RUNNING,
        )  # fmt: skip


def _ask(queue: WorkQueue, row: StalledRow, about: About, action: Action) -> None:
    """Asks a person: the department's and the system administrator, once a reason."""
    title = f"{queue.words}试了 {row.tries} 次没有成功，请处理"
    body = f"{row.label}：{row.reason}以后每天只再试一次；处理好以后可以在工作台上马上重试。"
    if about.doers is not None and about.department is not None:
        tell(
            action=action, title=title, body=body, link=DESK, urgent=True, news=row.reason,
            department=about.department, capability=about.doers,
        )  # fmt: skip
    tell(
        action=action, title=title, body=body, link=DESK, urgent=True, news=row.reason,
        capability=Capability.KEEP_RUNNING,
    )  # fmt: skip
