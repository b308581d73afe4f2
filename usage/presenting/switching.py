"""Switching a licence off for presentation, and on again (P.2.3.3).

A holder's own switch: one of several who hold a licence together closes it for themselves only
(ours). Presentations that are open stay open and answer that it is switched off when they are read.
"""

from audit.trail.recording import acting
from licences.models import Licence
from licences.register.visibility import demand_held
from usage.models import PresentationOff
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import people_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Holder, known_as
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken


def switch_off(*, actor: Actor, licence: Licence) -> PresentationOff:
    """Closes a licence for presentation: no code can be opened for it, and open ones read no more.

    Article: P.2.3.3.
    """
    with acting(actor, Action.PRESENTATION_SWITCHED_OFF, licence.subject) as act:
        permit(actor, Capability.PRESENT_OWN_LICENCES)
        demand_held(actor, licence)
        _, principal = people_of(actor)
        lock(Holder.objects.all(), pk=principal)
        if _present(licence, principal) is not None:
            raise RuleBroken("P.2.3.3", "这份证照的亮证已经关着，不用再关。")
        row = PresentationOff.objects.create(
            licence=licence, holder_id=principal, since=clock.now()
        )
        act.fact("presentation", "on", "off")
    return row


def switch_on(*, actor: Actor, licence: Licence) -> PresentationOff:
    """Opens a licence for presentation again. Article: P.2.3.3."""
    with acting(actor, Action.PRESENTATION_SWITCHED_ON, licence.subject) as act:
        permit(actor, Capability.PRESENT_OWN_LICENCES)
        demand_held(actor, licence)
        _, principal = people_of(actor)
        lock(Holder.objects.all(), pk=principal)
        row = _present(licence, principal)
        if row is None:
            raise RuleBroken("P.2.3.3", "这份证照的亮证已经开着，不用再开。")
        row.until = clock.now()
        row.save(update_fields=["until"])
        act.fact("presentation", "off", "on")
    return row


def _present(licence: Licence, principal: int) -> PresentationOff | None:
    own = known_as("holder", principal)
    return PresentationOff.objects.filter(own, licence=licence, until__isnull=True).first()
