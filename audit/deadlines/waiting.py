"""The clocks that have run out or end today, and the departments whose clocks they are (M.9, M.27).

A clock is nobody's work by itself: it runs on a licence that waits for its file, which stands in
the list of whoever signed it off.
"""

from typing import Any

from django.db.models import Count, Min, OuterRef, Subquery
from django.urls import reverse

from audit.deadlines.models import Deadline
from audit.deadlines.selectors import due_today, overdue, visible_to
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.timing import OVERDUE
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Department
from zezhou_portal.parties.waiting.queues import (
    Figure,
    Headings,
    Queue,
    Room,
    Rows,
    WaitingItem,
    by_urgency,
    text_in,
)
from zezhou_portal.regulation.articles import article

_WATCH = (Capability.WATCH_CLOCKS,)
_SUPERVISE = (Capability.SUPERVISE,)
_HEADINGS = Headings("事项", "依据", "情况", "开始")


def _breached(actor: Actor) -> Rows:
    return by_urgency(visible_to(actor).filter(overdue()), since="armed_at", due="due_at")


def _ends_today(actor: Actor) -> Rows:
    return by_urgency(visible_to(actor).filter(due_today()), since="armed_at", due="due_at")


def _departments(actor: Actor) -> Rows:  # noqa: ARG001
    breached = (
        Deadline.objects.filter(overdue(), department=OuterRef("pk"))
        .order_by()
        .values("department")
        .annotate(count=Count("pk"), first=Min("due_at"))
    )
    rows = Department.objects.annotate(
        breached=Subquery(breached.values("count")), first=Subquery(breached.values("first"))
    )
    return by_urgency(rows.filter(breached__gt=0), since="first", due="first")


def _item(deadline: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    is_overdue = deadline.rank == OVERDUE
    route = f"{reverse('deadlines:clocks')}?state={'BREACHED' if is_overdue else 'TODAY'}"
    return WaitingItem(
        name=deadline.subject_label,
        url=route,
        kind=article(deadline.article).name,
        step="已超期" if is_overdue else "今天到期",
        voice="back" if is_overdue else "open",
        detail="去看时限",
        since=deadline.armed_at,
        due=deadline.due_at,
        is_overdue=is_overdue,
    )


def _department_item(department: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    return WaitingItem(
        name=department.name,
        url=reverse("deadlines:standings"),
        kind="时限",
        step="有超期的",
        voice="back",
        detail=f"{department.breached} 件超期没有办结",
        since=department.since,
        due=department.first,
        is_overdue=True,
    )


ROOM = Room(
    queues=(
        Queue(
            code="clocks-breached", words="时限已超期", rows=_breached, item=_item,
            capabilities=_WATCH, place="deadlines:clocks", voice="no", figure=Figure.NEVER,
            empty="没有超期的时限", headings=_HEADINGS, search=text_in("subject_label"),
        ),
        Queue(
            code="clocks-today", words="时限今天到期", rows=_ends_today, item=_item,
            capabilities=_WATCH, voice="heed", figure=Figure.NEVER,
            empty="没有今天到期的时限", headings=_HEADINGS, search=text_in("subject_label"),
        ),
        Queue(
            code="clocks-departments", words="单位有超期没办结", rows=_departments,
            item=_department_item, capabilities=_SUPERVISE, doers=_SUPERVISE, voice="no",
            figure=Figure.ALWAYS, contents="有超期的单位", empty="各单位都没有超期的",
            search=text_in("name"), headings=Headings("单位", "什么事", "情况", "最早一件"),
        ),
    ),
)  # fmt: skip
