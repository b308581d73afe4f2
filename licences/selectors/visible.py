"""visible_to(actor): the scope every list and every look-up starts from (M.25, M.26)."""

from django.db.models import QuerySet

from licences.models import Application, CatalogueEntry, Licence, StockBatch
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability


def applications_visible_to(actor: Actor) -> QuerySet[Application]:
    """Matters of the department one acts for."""
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
