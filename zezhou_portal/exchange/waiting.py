"""The messages that wait for a person: refused by the city, or given up (M.8, M.27)."""

from typing import Any

from django.db.models import Count, Min, OuterRef, Subquery
from django.urls import reverse

from zezhou_portal.exchange.models import Outbound
from zezhou_portal.exchange.selectors import STUCK, visible_to
from zezhou_portal.exchange.topics import topic_of
from zezhou_portal.kernel.actors import Actor
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


def _stuck(actor: Actor) -> Rows:
    rows = visible_to(actor).filter(state__in=STUCK).defer("content")
    return by_urgency(rows, since="posted_at")


def _departments(actor: Actor) -> Rows:  # noqa: ARG001
    stuck = (
        Outbound.objects.filter(department=OuterRef("pk"), state__in=STUCK)
        .order_by()
        .values("department")
        .annotate(count=Count("pk"), first=Min("posted_at"))
    )
    rows = Department.objects.annotate(
        stuck=Subquery(stuck.values("count")), first=Subquery(stuck.values("first"))
    )
    return by_urgency(rows.filter(stuck__gt=0), since="first")


def _item(message: Outbound, actor: Actor) -> WaitingItem:  # noqa: ARG001
    answer = f"市平台：“{message.city_reason}”" if message.city_reason else ""
    return WaitingItem(
        name=message.subject_label,
        url=reverse("exchange:message", args=[message.uuid]),
        number=message.city_number,
        kind=f"报送市平台：{topic_of(message.topic).words}",
        step=message.get_state_display(),
        voice="back",
        detail=answer or message.last_error or "看原因，再推送",
        since=message.posted_at,
    )


def _department_item(department: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    return WaitingItem(
        name=department.name,
        url=reverse("exchange:standings"),
        kind="与市平台往来",
        step="有没收下的",
        voice="back",
        detail=f"{department.stuck} 条没有收下",
        since=department.since,
    )


ROOM = Room(
    queues=(
        Queue(
            code="messages", words="市平台退回或没推成", rows=_stuck, item=_item,
            capabilities=(Capability.WATCH_EXCHANGE,), doers=(Capability.RESEND_MESSAGES,),
            place="exchange:messages", voice="no", contents="市平台退回的报送",
            empty="没有被市平台退回的", search=text_in("subject_label", "city_number"),
            headings=Headings("证照、受理号", "报送什么", "市平台怎么说", "生成"),
        ),
        Queue(
            code="messages-departments", words="单位有报送没被收下", rows=_departments,
            item=_department_item, capabilities=(Capability.SUPERVISE,),
            doers=(Capability.SUPERVISE,), voice="heed", figure=Figure.ALWAYS,
            contents="有报送没被收下的单位", empty="各单位的报送都收下了",
            search=text_in("name"), headings=Headings("单位", "什么事", "情况", "最早一条"),
        ),
    ),
)  # fmt: skip
