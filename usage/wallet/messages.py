"""The holder's messages: reading them is no act for the trail (P.2.3.5)."""

from django.db.models import QuerySet

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Notification
from zezhou_portal.parties.notices.selectors import holders_inbox


def read_message(*, actor: Actor, notification: Notification) -> Notification:
    """Marks a message as read; a second reading changes nothing. Article: P.2.3.5."""
    _unread(actor).filter(pk=notification.pk).update(read_at=clock.now())
    notification.refresh_from_db(fields=["read_at"])
    return notification


def read_messages(*, actor: Actor) -> int:
    """Marks all of them as read; gives how many were unread. Article: P.2.3.5."""
    return _unread(actor).update(read_at=clock.now())


def _unread(actor: Actor) -> "QuerySet[Notification]":
    return holders_inbox(actor).filter(read_at__isnull=True)
