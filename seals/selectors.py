"""Seals of departments, for sealing and for the pages."""

from datetime import datetime

from seals.models import Seal


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
