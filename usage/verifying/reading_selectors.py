"""What a reading brought, for the browser that made it (P.2.3.3, M.19)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from licences.models import LicenceVersion
from usage.models import Presentation, Verification
from usage.verifying.version_facts import Shown, shown_in, whole


def presentation_of(key: UUID) -> Presentation | None:
    """A presentation by its key."""
    return Presentation.objects.filter(uuid=key).first()


def brought(key: UUID) -> Sequence[Verification]:
    """A verification, and what was verified with it in one presentation, in the order shown."""
    first = Verification.objects.filter(uuid=key).select_related("presentation").first()
    if first is None:
        return []
    if first.presentation_id is None or first.licence_id is None:
        return [first]
    together = Verification.objects.filter(
        presentation_id=first.presentation_id, licence__isnull=False
    )
    return list(together.select_related("presentation").order_by("pk"))


def shown_by(verifications: Sequence[Verification]) -> Mapping[int, Shown]:
    """The licence of each verification as it stands now, by the row of its version."""
    keys = [one.version_id for one in verifications if one.version_id is not None]
    if not keys:
        return {}
    presentation = verifications[0].presentation
    if presentation is not None:
        return {one.version.pk: one for one in shown_in(presentation)}
    versions = whole(LicenceVersion.objects.filter(pk__in=keys))
    return {one.pk: Shown(one, (), is_switched_off=False) for one in versions}
