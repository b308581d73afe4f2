"""The messages that somebody has not read, shown at the inbox; and what workers could not do."""

from typing import Any

from django.urls import reverse

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.queues import queue_of
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Notification
from zezhou_portal.parties.notices.selectors import unread
from zezhou_portal.parties.notices.stalled import stalled_visible_to
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


def _unread(actor: Actor) -> Rows:
    return by_urgency(unread(actor), since="told_at")


def _item(notification: Notification, actor: Actor) -> WaitingItem:  # noqa: ARG001
    return WaitingItem(
        name=notification.title,
        url=reverse("parties:inbox"),
        kind="消息",
        step="需要处理" if notification.is_urgent else "未读",
        detail=notification.body,
        since=notification.told_at,
    )


def _stalled(actor: Actor) -> Rows:
    return by_urgency(stalled_visible_to(actor), since="first_at")


def _stalled_item(row: Any, actor: Actor) -> WaitingItem:  # noqa: ARG001
    return WaitingItem(
        name=row.label or queue_of(row.queue).words,
        url=reverse("parties:stalled", args=[row.uuid]),
        kind=f"{queue_of(row.queue).words}没有成功",
        step="请处理" if row.asked_at else "会自动再试",
        voice="back",
        detail=row.reason,
        since=row.first_at,
    )


_KEEPERS = (Capability.KEEP_RUNNING, Capability.ISSUE_LICENCES)
ROOM = Room(
    queues=(
        Queue(
            code="stalled", words="后台没有办成", rows=_stalled, item=_stalled_item,
            capabilities=_KEEPERS, doers=_KEEPERS, place="portal:desk", voice="no",
            contents="后台没有办成的", empty="后台都办成了",
            headings=Headings("证照、消息", "什么事", "原因", "从何时起"),
            search=text_in("label", "reason"),
        ),
        Queue(
            code="unread", words="未读的消息", rows=_unread, item=_item, place="parties:inbox",
            figure=Figure.NEVER, is_offered=False,
        ),
    ),
)  # fmt: skip
