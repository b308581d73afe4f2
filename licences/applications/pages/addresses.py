"""Where an application is worked on, by who asks; and how a view finds one."""

from uuid import UUID

from django.urls import reverse

from licences.applications import selectors as applications
from licences.models import Application
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.pagekit.responses import not_found
from zezhou_portal.parties.capabilities import Capability

_WORK = {
    "RECEIVED": (Capability.CAPTURE_VALUES, "licences:capture"),
    "CAPTURING": (Capability.CAPTURE_VALUES, "licences:capture"),
    "RETURNED": (Capability.CAPTURE_VALUES, "licences:capture"),
    "UNDER_REVIEW": (Capability.REVIEW_APPLICATIONS, "licences:review"),
    "APPROVED": (Capability.ISSUE_LICENCES, "licences:sign-off"),
}


def address_of(application: Application, actor: Actor) -> str:
    """The page on which this person goes on with an application, else its own page."""
    capability, name = _WORK.get(application.state, (None, ""))
    if capability is None or not actor.has(capability.value):
        name = "licences:application"
    return reverse(name, args=[application.uuid])


def application_or_404(actor: Actor, key: UUID) -> Application:
    """The application; raises Http404 for one that is not there and for a neighbour's alike."""
    found = applications.application(actor, key)
    if found is None:
        raise not_found()
    return found
