"""visible_to(actor): the scope every list and every look-up starts from (M.25, M.26)."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from licences.models import Application, CatalogueEntry, Licence, LicenceHolder, StockBatch
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Holder
from zezhou_portal.regulation.errors import RuleBroken


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """Applications of the department one acts for."""
    return Application.objects.filter(issuing_department_id=actor.department_id or 0)


def licences_visible_to(actor: Actor) -> QuerySet[Licence]:
    """Licences that the department one acts for has issued."""
    if not actor.has(Capability.CONSULT_REGISTER.value):
        return Licence.objects.none()
    return Licence.objects.filter(issuing_department_id=actor.department_id or 0)


def entries_visible_to(actor: Actor) -> QuerySet[CatalogueEntry]:
    """A department's own entries in every state; all of them for whoever publishes."""
    if actor.has(Capability.PUBLISH_ENTRIES.value):
        return CatalogueEntry.objects.all()
    return CatalogueEntry.objects.filter(issuing_department_id=actor.department_id or 0)


def batches_visible_to(actor: Actor) -> QuerySet[StockBatch]:
    """Permit sheets of the department one acts for."""
    return StockBatch.objects.filter(issuing_department_id=actor.department_id or 0)


def licences_held(actor: Actor) -> QuerySet[Licence]:
    """Licences of the holder in whose place one acts, also those held together with others.

    What somebody holds under an outside subject that a real-name check showed to be theirs
    belongs to them too. Nothing without the capability (M.20).
    """
    if not actor.has(Capability.SEE_OWN_LICENCES.value) or actor.principal_id is None:
        return Licence.objects.none()
    return held_by(actor.principal_id)


def held_by(holder_id: int) -> QuerySet[Licence]:
    """Licences that a holder holds, alone or together with others.

    Who the holder is comes first, by itself: asked in one OR with the links, no index is of use
    and every link of the county is read.
    """
    known_as = Holder.objects.filter(Q(pk=holder_id) | Q(same_as_id=holder_id)).values("pk")
    links = LicenceHolder.objects.filter(holder__in=known_as, licence=OuterRef("pk"))
    return Licence.objects.filter(Exists(links))


def demand_held(actor: Actor, licence: Licence) -> None:
    """Raises RuleBroken for a licence that is not the holder's in whose place one acts."""
    if not licences_held(actor).filter(pk=licence.pk).exists():
        raise RuleBroken("M.20", "没有找到这份证照。请回到“我的证照”再选。")
