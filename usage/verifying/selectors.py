"""One's own verifications, and what was read together (M.19, M.25)."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from licences.models import LicenceVersion
from usage.models import Presentation, UsageKind, UsageRecord, Verification
from usage.verifying.version_facts import Shown, shown_in, whole
from zezhou_portal.kernel.actors import Actor

NEWEST_FIRST = ("-at", "-id")


def verifications_of(actor: Actor) -> "QuerySet[Verification]":
    """What this person verified for the department they act for; nobody else's."""
    if actor.account_id is None or actor.department_id is None:
        return Verification.objects.none()
    return Verification.objects.filter(
        account_id=actor.account_id, department_id=actor.department_id
    )


def verification_of(actor: Actor, key: UUID) -> Verification | None:
    """One of them, with its licence."""
    rows = verifications_of(actor).select_related("licence__issuing_department", "presentation")
    return rows.filter(uuid=key).first()


def read_together(verification: Verification) -> Sequence[Verification]:
    """The licences that one presentation brought, in the order shown; else the one verification."""
    account = verification.account_id
    if account is None or verification.presentation_id is None or verification.licence_id is None:
        return [verification]
    return list(
        Verification.objects.filter(
            presentation_id=verification.presentation_id,
            account_id=account,
            licence__isnull=False,
        )
        .select_related("licence__issuing_department")
        .order_by("pk")
    )


def brought_by(actor: Actor, presentation: Presentation) -> Verification | None:
    """The first licence that this person's own reading of a presentation brought."""
    return (
        verifications_of(actor)
        .filter(presentation=presentation, licence__isnull=False)
        .order_by("pk")
        .first()
    )


def shown_by(verifications: Sequence[Verification]) -> dict[int, Shown]:
    """What each verification's licence holds, by the version's row, for a second look."""
    versions = [one.version_id for one in verifications if one.version_id is not None]
    if not versions:
        return {}
    first = verifications[0]
    if first.presentation is not None:
        return {one.version.pk: one for one in shown_in(first.presentation)}
    found = whole(LicenceVersion.objects.filter(pk__in=versions))
    return {version.pk: Shown(version, (), False) for version in found}  # noqa: FBT003


def relied_on(verifications: Sequence[Verification]) -> dict[int, UsageRecord]:
    """The reliance on each verification, by the verification's row."""
    rows = UsageRecord.objects.filter(
        verification__in=[one.pk for one in verifications], kind=UsageKind.RELIED
    ).select_related("account")
    return {row.verification_id: row for row in rows if row.verification_id is not None}


def version_of(verification: Verification) -> LicenceVersion | None:
    """The version that was verified, with all that a verification needs."""
    if verification.version_id is None:
        return None
    return whole(LicenceVersion.objects.filter(pk=verification.version_id)).first()
