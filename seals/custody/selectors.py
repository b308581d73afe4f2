"""Seals of departments, for sealing and for the pages."""

from datetime import datetime

from django.db.models import QuerySet

from seals.models import Seal, SealUse
from zezhou_portal.kernel.actors import Actor


def live_seal(department_id: int, kind: str, at: datetime) -> Seal | None:
    """The seal a department seals with at a moment: active, within its validity, or None."""
    return (
        Seal.objects.filter(
            department_id=department_id,
            kind=kind,
            state="ACTIVE",
            valid_from__lte=at,
            valid_until__gte=at,
        )
        .select_related("certificate", "department")
        .order_by("-valid_from")
        .first()
    )


def seals_visible_to(actor: Actor) -> "QuerySet[Seal]":
    """The seals of the department one acts for; nobody sees a neighbour's (S.14)."""
    return Seal.objects.filter(department_id=actor.department_id or 0)


def with_last_uses(seal: Seal, most: int = 5) -> list[SealUse]:
    """What a seal was used for last, newest first; approvals that are not used yet come first."""
    return list(seal.uses.order_by("-approved_at", "-pk")[:most])
