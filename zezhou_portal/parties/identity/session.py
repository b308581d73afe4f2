"""Building the actor of a holder who signed in by a real-name check (M.20).

A holder has no account: a session carries the key of the check and, where the person acts in
another's place, that of the mandate. Both are looked at again on every request, so that what has
ended gives nothing from the next click on.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor, ActorKind
from zezhou_portal.parties.capabilities import OWN, Capability
from zezhou_portal.parties.models import Holder, Mandate, Power, RealNameCheck

# Where a session keeps who signed in, and in whose place they act (keys of rows, no data).
CHECK = "real_name_check"
ACTING_FOR = "acting_for"

_GIVEN = {
    Power.SEE: Capability.SEE_OWN_LICENCES,
    Power.SHOW: Capability.PRESENT_OWN_LICENCES,
    Power.COPY: Capability.TAKE_OWN_COPIES,
    Power.APPOINT: Capability.GIVE_MANDATES,
}


@dataclass(frozen=True)
class HolderSession:
    """A signed-in holder: the check, in whose place they act, and the actor that this makes."""

    check: RealNameCheck
    person: Holder
    principal: Holder
    mandate: Mandate | None
    actor: Actor

    @property
    def is_self(self) -> bool:
        """Whether the person acts for themselves."""
        return self.mandate is None


def holder_session_of(
    check_key: str, mandate_key: str, *, request_id: str = ""
) -> HolderSession | None:
    """Who acts, by what a session carries; None where the check counts no more.

    A mandate that has ended leads back to the person themselves. Article: M.20.
    """
    now = clock.now()
    check = _check(check_key)
    if check is None or not counts(check, now):
        return None
    mandate = _mandate(mandate_key, check.holder_id, now) if mandate_key else None
    return holder_session(check, mandate, request_id=request_id)


def holder_session(
    check: RealNameCheck, mandate: Mandate | None, *, request_id: str = ""
) -> HolderSession:
    """The session that a check and a live mandate make."""
    person = check.holder
    # a child who has got a number since is the one whom two officials found them to be
    principal = (mandate.principal.same_as or mandate.principal) if mandate else person
    actor = Actor(
        kind=ActorKind.HOLDER,
        # opaque: the trail names no holder, and a lawful erasure leaves its proof whole
        key=str(person.uuid),
        name="持证人" if mandate is None else mandate.footing,
        holder_id=person.pk,
        principal_id=principal.pk,
        request_id=request_id,
        grants=grants_of(mandate),
    )
    return HolderSession(check, person, principal, mandate, actor)


def grants_of(mandate: Mandate | None) -> frozenset[str]:
    """What a person may do: everything with what is their own, else what the mandate gives."""
    if mandate is None:
        return frozenset(one.value for one in OWN)
    given = {Capability.SEE_OWN_LICENCES, *(_GIVEN[Power(one)] for one in mandate.powers)}
    return frozenset(one.value for one in given)


def counts(check: RealNameCheck, at: datetime) -> bool:
    """Whether a check opens a wallet now: not ended, not too old, sure enough. Article: M.20."""
    return check.counts(at) and check.level >= settings.PORTAL_ASSURANCE_LEVEL


def _check(key: str) -> RealNameCheck | None:
    if (uuid := _uuid(key)) is None:
        return None
    return RealNameCheck.objects.select_related("holder").filter(uuid=uuid).first()


def _mandate(key: str, agent_id: int, now: datetime) -> Mandate | None:
    if (uuid := _uuid(key)) is None:
        return None
    found = (
        Mandate.objects.filter(uuid=uuid, agent_id=agent_id)
        .select_related("principal__same_as")
        .first()
    )
    return found if found is not None and found.is_live(clock.beijing_day(now)) else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
