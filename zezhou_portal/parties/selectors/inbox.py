"""One person's messages."""

from django.db.models import QuerySet

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Notification


def inbox(actor: Actor) -> QuerySet[Notification]:
    """The messages of whoever acts, and nobody else's."""
    mine = Notification.objects.filter(account_id=actor.account_id or 0)
    return mine.select_related("department")


def unread(actor: Actor) -> QuerySet[Notification]:
    """Unread messages, urgent ones first, then the newest."""
    return inbox(actor).filter(read_at__isnull=True).order_by("-is_urgent", "-told_at", "-pk")


def unread_count(actor: Actor) -> int:
    """How many messages wait."""
    return unread(actor).count()
