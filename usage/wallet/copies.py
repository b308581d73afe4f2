"""Purpose-marked copies that holders make, take and end (P.2.3.4, S.10)."""

from datetime import date

from audit.trail.recording import acting
from licences.models import Licence
from licences.register.visibility import demand_held
from usage.models import PurposeCopy
from usage.verifying.purpose_copies import (
    demand_printable,
    draw,
    fresh_code,
    is_running,
    terms_of,
)
from usage.wallet.reading import demand_in_force
from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.kernel.locks import lock
from zezhou_portal.parties.access import people_of, permit
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.regulation.actions import Action
from zezhou_portal.regulation.errors import RuleBroken


def make(*, actor: Actor, licence: Licence, purpose: str, expires_on: date) -> PurposeCopy:
    """Makes a copy of a licence in force for one purpose, until a day.

    Raises RuleBroken with the sentence at its field. Article: P.2.3.4, S.10.
    """
    with acting(actor, Action.PURPOSE_COPY_MADE, licence.subject) as act:
        permit(actor, Capability.TAKE_OWN_COPIES)
        person, principal = people_of(actor)
        version = demand_in_force(actor, licence)
        purpose, last_day = terms_of(licence, purpose, expires_on)
        row = PurposeCopy(
            code=fresh_code(),
            licence=licence,
            version=version,
            holder_id=principal,
            made_by_holder_id=person,
            purpose=purpose,
            expires_on=last_day,
            made_at=clock.now(),
        )
        demand_printable(row, version)
        row.save()
        act.note("copy", str(row.uuid))
        act.note("version", version.no)
        act.note("purpose", row.purpose)
        act.note("until", row.expires_on.isoformat())
    return row


def take(*, actor: Actor, copy: PurposeCopy) -> bytes:
    """The copy as PDF, while its term runs and the licence stands as it was copied.

    Article: P.2.3.4, S.10.
    """
    with acting(actor, Action.PURPOSE_COPY_TAKEN, copy.licence.subject) as act:
        permit(actor, Capability.TAKE_OWN_COPIES)
        _demand_own(actor, copy)
        act.note("copy", str(copy.uuid))
        if not is_running(copy):
            raise RuleBroken("S.10", "这份加注件已经过了用期或者已经作废。需要的话重新制作一份。")
        version = demand_in_force(actor, copy.licence)
        if version.pk != copy.version_id:
            raise RuleBroken("S.10", "证照已经换了新版，这份加注件不能再用。请重新制作一份。")
        act.note("purpose", copy.purpose)
        return draw(copy, version)


def end(*, actor: Actor, copy: PurposeCopy) -> PurposeCopy:
    """Ends a copy before its last day: its code says so from now on.

    Article: P.2.3.4, S.10.
    """
    with acting(actor, Action.PURPOSE_COPY_ENDED, copy.licence.subject) as act:
        permit(actor, Capability.TAKE_OWN_COPIES)
        _demand_own(actor, copy)
        row = lock(PurposeCopy.objects.all(), pk=copy.pk)
        if not is_running(row):
            raise RuleBroken("S.10", "这份加注件已经过了用期或者已经作废，不用再办。")
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
        act.note("copy", str(row.uuid))
        act.note("purpose", row.purpose)
    return row


def _demand_own(actor: Actor, copy: PurposeCopy) -> None:
    demand_held(actor, copy.licence)
    if copy.holder_id != people_of(actor)[1]:
        raise RuleBroken("M.20", "没有找到这份加注件。请回到证照页面再选。")
