"""The messages that somebody has not read; counted at the inbox, shown there."""

from django.urls import reverse

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Notification
from zezhou_portal.parties.notices.selectors import unread
from zezhou_portal.parties.waiting.queues import Figure, Queue, Room, Rows, WaitingItem, by_urgency


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


ROOM = Room(
    queues=(
        Queue(
            code="unread", words="未读的消息", rows=_unread, item=_item, place="parties:inbox",
            figure=Figure.NEVER, is_offered=False,
        ),
    ),
)  # fmt: skip
