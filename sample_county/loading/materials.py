"""Materials of made-up applications: nobody brings any, so each says why it is not there."""

from licences.applications.materials import InPlace, note_materials, states_of
from licences.models import Application
from zezhou_portal.kernel.actors import Actor

REASON = "样例县的办件，没有真实材料"


def excuse_materials(*, actor: Actor, application: Application) -> Application:
    """Writes a reason for every material that is asked for and neither there nor replaced."""
    missing = {
        one.material.key: InPlace(reason=REASON)
        for one in states_of(application)
        if one.material.required and not one.is_met
    }
    if not missing:
        return application
    return note_materials(actor=actor, application=application, in_place=missing)
