"""What a verification is found by, and verifications that were made (M.19, M.25)."""

import hmac
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet

from licences.models import LicenceVersion
from usage.models import Presentation, PurposeCopy, UsageKind, UsageRecord, Verification
from usage.verifying.codes import letters_of
from usage.verifying.version_facts import VersionFacts, facts_of
from zezhou_portal.kernel.actors import Actor

NEWEST_FIRST = ("-at", "-id")
# Forty bits are given twice now and then; more than a few of one code are never meant.
_MOST_WITH_A_CODE = 8


def facts_by_code(serial: str, code: str) -> VersionFacts | None:
    """The version with this serial part and this check code, if its file is made.

    The code, which nobody can guess, does the finding; the serial is compared afterwards, in
    the same time whether it is right or wrong.
    """
    for facts in _with_check_code(code):
        own = facts.licence.stem.rsplit(".", 1)[1]
        if hmac.compare_digest(own.encode(), serial.encode()):
            return facts
    return None


def facts_by_number(number: str, code: str) -> Sequence[VersionFacts]:
    """The versions with this check code whose licence has this number or identifier.

    The code does the finding; `number` is compared afterwards, as above: letters and digits
    alone, since people type brackets and dashes in many ways.
    """
    wanted = letters_of(number)
    return [
        facts
        for facts in _with_check_code(code)
        if hmac.compare_digest(letters_of(facts.version.identifier), wanted)
        or hmac.compare_digest(letters_of(str(facts.version.frozen["number"])), wanted)
    ]


def copy_by_code(code: str) -> PurposeCopy | None:
    """The purpose-marked copy that carries a code."""
    return PurposeCopy.objects.filter(code=code).first()


def presentation_of(key: UUID) -> Presentation | None:
    """A presentation by its key."""
    return Presentation.objects.filter(uuid=key).first()


def verifications_of(actor: Actor) -> "QuerySet[Verification]":
    """What this person verified for the department they act for; nobody else's."""
    if actor.account_id is None or actor.department_id is None:
        return Verification.objects.none()
    return Verification.objects.filter(
        account_id=actor.account_id, department_id=actor.department_id
    )


def verification_of(actor: Actor, key: UUID) -> Verification | None:
    """One of them, with its licence."""
    return _whole(verifications_of(actor)).filter(uuid=key).first()


def verification_by_key(key: UUID) -> Verification | None:
    """Anybody's verification: for the browser that brought it about."""
    return _whole(Verification.objects.all()).filter(uuid=key).first()


def verified_together(verification: Verification) -> Sequence[Verification]:
    """The licences that one presentation brought, in the order shown; else the one verification."""
    if verification.presentation_id is None or verification.licence_id is None:
        return [verification]
    together = Verification.objects.filter(
        presentation_id=verification.presentation_id, licence__isnull=False
    )
    rows = _whole(together).order_by("pk")
    return [row for row in rows if row.account_id == verification.account_id]


def brought_by(actor: Actor, presentation: Presentation) -> Verification | None:
    """The first licence that this person's own reading of a presentation brought."""
    own = verifications_of(actor).filter(presentation=presentation, licence__isnull=False)
    return own.order_by("pk").first()


def facts_behind(verifications: Sequence[Verification]) -> Mapping[int, VersionFacts]:
    """How the version of each verification stands now, by the version's row."""
    keys = [row.version_id for row in verifications if row.version_id is not None]
    if not keys:
        return {}
    return {one.version.pk: one for one in facts_of(LicenceVersion.objects.filter(pk__in=keys))}


def relied_on(verifications: Sequence[Verification]) -> dict[int, UsageRecord]:
    """The reliance on each verification, by the verification's row."""
    rows = UsageRecord.objects.filter(
        verification__in=[row.pk for row in verifications], kind=UsageKind.RELIED
    ).select_related("account")
    return {row.verification_id: row for row in rows if row.verification_id is not None}


def _with_check_code(code: str) -> Sequence[VersionFacts]:
    versions = LicenceVersion.objects.filter(check_code=code, file__isnull=False).order_by("pk")
    return facts_of(versions[:_MOST_WITH_A_CODE]) if code else []


def _whole(rows: "QuerySet[Verification]") -> "QuerySet[Verification]":
    return rows.select_related("licence__issuing_department", "presentation")
