"""How a view finds an application."""

from uuid import UUID

from licences.applications import selectors as applications
from licences.models import Application
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.pagekit.responses import not_found


def application_or_404(actor: Actor, key: UUID) -> Application:
    """The application; raises Http404 for one that is not there and for a neighbour's alike."""
    found = applications.application(actor, key)
    if found is None:
        raise not_found()
    return found
