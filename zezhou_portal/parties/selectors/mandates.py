"""Who may act for whom today (M.20)."""

from datetime import date

from django.db.models import Q, QuerySet

from zezhou_portal.parties.models import Mandate


def live(on: date) -> "QuerySet[Mandate]":
    """Mandates that count on a day."""
    return Mandate.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on), ended_at__isnull=True, from_on__lte=on
    )


def mandates_held(holder_id: int, on: date) -> "QuerySet[Mandate]":
    """In whose place a person may act on a day: enterprises first, then family."""
    return live(on).filter(agent_id=holder_id).select_related("principal").order_by("kind", "pk")


def mandates_given(holder_id: int) -> "QuerySet[Mandate]":
    """Who may, and who could, act for a holder: those that count first, then the newest."""
    return (
        Mandate.objects.filter(principal_id=holder_id)
        .select_related("agent", "given_by")
        .order_by("ended_at", "-recorded_at", "-pk")
    )


def mandate_between(agent_id: int, principal_id: int, on: date) -> Mandate | None:
    """The mandate by which one person acts for another on a day; None for oneself."""
    if agent_id == principal_id:
        return None
    return live(on).filter(agent_id=agent_id, principal_id=principal_id).order_by("pk").first()
