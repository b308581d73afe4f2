"""What a person at a window holds, as a clerk may see it (P.2.3.2)."""

from collections.abc import Sequence
from uuid import UUID

from licences.models import Licence, LicenceVersion
from licences.register.selectors import in_force
from licences.register.visibility import held_by
from usage.models import PurposeCopy
from usage.verifying.version_facts import VersionFacts, facts_of
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.models import Holder

# More than anybody holds; who holds more asks for the kind by name.
MOST = 50


def holder_found(key: UUID) -> Holder | None:
    """The holder whom a clerk found by their document; the key stands in the clerk's session."""
    return Holder.objects.filter(uuid=key).first()


def licences_in_force_of(holder_id: int) -> Sequence[Licence]:
    """The licences in force of a holder, newest first, with their issuers."""
    rows = in_force(held_by(holder_id), clock.today()).select_related("issuing_department")
    return list(rows.order_by("-entered_at", "-pk")[:MOST])


def licence_in_force_of(holder_id: int, key: UUID) -> Licence | None:
    """One of them."""
    rows = in_force(held_by(holder_id), clock.today()).select_related("issuing_department")
    return rows.filter(uuid=key).first()


def present_facts(licence: Licence) -> VersionFacts:
    """The version that stands today, with all that a verification needs."""
    present = LicenceVersion.objects.filter(licence=licence, no=licence.version_no)
    (facts,) = facts_of(present)
    return facts


def copy_made_by(actor: Actor, key: UUID) -> PurposeCopy | None:
    """A window print of this person for the department they act for."""
    return (
        PurposeCopy.objects.filter(
            uuid=key,
            made_by_account_id=actor.account_id,
            using_department_id=actor.department_id or 0,
        )
        .select_related("licence", "version__licence", "version__seal_use__seal")
        .first()
    )
