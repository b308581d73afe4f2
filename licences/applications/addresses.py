"""Where an application is worked on, by who asks."""

from django.urls import reverse

from licences.models import Application
from zezhou_portal.kernel.actors import Actor
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
