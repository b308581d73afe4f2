"""Who may act for whom today, and who could (M.20)."""

from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Mandate, MandateKind, known_as

# In whose place one may act, in the order of a page: enterprises first, then family.
_ORDER = (
    MandateKind.LEGAL_REPRESENTATIVE,
    MandateKind.AGENT,
    MandateKind.GUARDIAN,
    MandateKind.HELPER,
)
BY_RELATION = ("rank", "pk")
NEWEST_FIRST = ("-recorded_at", "-pk")


def live(on: date) -> "QuerySet[Mandate]":
    """Mandates that count on a day."""
    return Mandate.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on), ended_at__isnull=True, from_on__lte=on
    )


def mandates_held(holder_id: int, on: date) -> "QuerySet[Mandate]":
    """In whose place a person may act on a day: enterprises first, then family."""
    places = [When(kind=kind, then=Value(place)) for place, kind in enumerate(_ORDER)]
    return (
        live(on)
        .filter(agent_id=holder_id)
        .annotate(rank=Case(*places, default=Value(len(places)), output_field=IntegerField()))
        .select_related("principal")
        .order_by(*BY_RELATION)
    )


def mandates_of(actor: Actor) -> "QuerySet[Mandate]":
    """Mandates that concern a holder who acts: in which they are the agent, and those given by
    the one in whose place they act, where they may give them (M.20).
    """
    if actor.holder_id is None:
        return Mandate.objects.none()
    mine = Q(agent_id=actor.holder_id)
    if actor.has(Capability.GIVE_MANDATES.value):
        mine |= known_as("principal", actor.principal_id)
    return Mandate.objects.filter(mine).select_related("principal", "agent")


def mandates_given_now(actor: Actor) -> "QuerySet[Mandate]":
    """Who may act for the one in whose place a holder acts, newest first; nothing for somebody
    who may not give mandates.
    """
    rows = mandates_of(actor).filter(known_as("principal", actor.principal_id))
    if not actor.has(Capability.GIVE_MANDATES.value):
        return rows.none()
    related = ("principal", "agent", "given_by", "recording_department")
    return (rows & live(clock.today())).select_related(*related).order_by(*NEWEST_FIRST)


def mandates_over(actor: Actor, since: date) -> "QuerySet[Mandate]":
    """Mandates that concern a holder who acts and have ended since a day, newest first."""
    ended = Q(ended_at__date__gte=since)
    lapsed = Q(ended_at__isnull=True, until_on__gte=since, until_on__lt=clock.today())
    return mandates_of(actor).filter(ended | lapsed).order_by(*NEWEST_FIRST)


def mandates_recorded_by(actor: Actor) -> "QuerySet[Mandate]":
    """What the department that one acts for has recorded at its windows, newest first."""
    if not actor.has(Capability.RECORD_MANDATES.value):
        return Mandate.objects.none()
    rows = Mandate.objects.filter(recording_department_id=actor.department_id or 0)
    related = ("principal", "agent", "given_by", "recorded_by", "recording_department")
    return rows.select_related(*related).order_by(*NEWEST_FIRST)
