"""Holders of the tests: signed in by a real-name check, for themselves or by a mandate."""

from datetime import date, timedelta

from django.test import Client

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.identity.session import ACTING_FOR, CHECK, holder_session
from zezhou_portal.parties.models import Basis, Holder, Mandate, MandateKind, Power, RealNameCheck


def checked(holder: Holder, *, level: int = 3) -> RealNameCheck:
    """A real-name check of now that counts for twelve hours."""
    now = clock.now()
    return RealNameCheck.objects.create(
        holder=holder,
        provider="test",
        level=level,
        checked_at=now,
        counts_until=now + timedelta(hours=12),
    )


def mandate_of(
    agent: Holder,
    principal: Holder,
    *,
    kind: MandateKind = MandateKind.AGENT,
    powers: tuple[Power, ...] = (Power.SEE, Power.SHOW, Power.COPY),
    until_on: date | None = None,
) -> Mandate:
    """A mandate from last year on, for a year more."""
    today = clock.today()
    is_open = kind is MandateKind.LEGAL_REPRESENTATIVE
    return Mandate.objects.create(
        kind=kind,
        principal=principal,
        agent=agent,
        powers=[power.value for power in powers],
        from_on=today - timedelta(days=365),
        until_on=None if is_open else until_on or today + timedelta(days=365),
        basis=Basis.APPOINTMENT,
    )


def holder_actor(holder: Holder, mandate: Mandate | None = None) -> Actor:
    """The actor of a holder who signed in, for themselves or by a mandate."""
    return holder_session(checked(holder), mandate, request_id="test").actor


def holder_client(holder: Holder, mandate: Mandate | None = None, *, level: int = 3) -> Client:
    """A client signed in as a holder."""
    client = Client()
    session = client.session
    session[CHECK] = str(checked(holder, level=level).uuid)
    if mandate is not None:
        session[ACTING_FOR] = str(mandate.uuid)
    session.save()
    return client
