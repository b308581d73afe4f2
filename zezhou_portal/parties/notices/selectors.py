"""One person's messages, or one holder's."""

from django.db.models import QuerySet

from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Notification, known_as


def inbox(actor: Actor) -> QuerySet[Notification]:
    """The messages of whoever acts, and nobody else's."""
    mine = Notification.objects.filter(account_id=actor.account_id or 0)
    return mine.select_related("department")


def unread(actor: Actor) -> QuerySet[Notification]:
    """Unread messages, urgent ones first, then the newest."""
    return inbox(actor).filter(read_at__isnull=True).order_by("-is_urgent", "-told_at", "-pk")


def holders_inbox(actor: Actor) -> QuerySet[Notification]:
    """The messages of a signed-in person and of the holder in whose place they act.

    An enterprise or a child reads through whoever may see its licences (ours, P.2.3.5).
    """
    own = known_as("holder", actor.holder_id) | known_as("holder", actor.principal_id)
    return Notification.objects.filter(own).select_related("holder")
