"""Who may act for whom today, and who could (M.20)."""

from collections.abc import Collection
from datetime import date

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from zezhou_portal.kernel import clock
from zezhou_portal.kernel.actors import Actor
from zezhou_portal.parties.capabilities import Capability
from zezhou_portal.parties.models import Basis, Mandate, MandateKind, known_as

# In whose place one may act, in the order of a page: enterprises first, then family.
_ORDER = (
    MandateKind.LEGAL_REPRESENTATIVE,
    MandateKind.AGENT,
    MandateKind.GUARDIAN,
    MandateKind.HELPER,
)
_AT_A_WINDOW = (
    "principal", "agent", "given_by", "recorded_by", "decided_by", "recording_department",
)  # fmt: skip
BY_RELATION = ("rank", "pk")
NEWEST_FIRST = ("-recorded_at", "-pk")


def live(on: date) -> "QuerySet[Mandate]":
    """Mandates that count on a day."""
    return Mandate.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on),
        state="CONFIRMED",
        ended_at__isnull=True,
        from_on__lte=on,
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

    An agent is shown nothing of what a window has only proposed.
    """
    if actor.holder_id is None:
        return Mandate.objects.none()
    mine = Q(agent_id=actor.holder_id, state="CONFIRMED")
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


def mandates_proposed_to(actor: Actor) -> "QuerySet[Mandate]":
    """What windows proposed in the name of the one in whose place a holder acts, and what waits
    to be confirmed; nothing for somebody who may not give mandates.
    """
    rows = mandates_of(actor).filter(known_as("principal", actor.principal_id))
    if not actor.has(Capability.GIVE_MANDATES.value):
        return rows.none()
    waiting = rows.filter(state="PROPOSED", ended_at__isnull=True)
    return waiting.select_related("recording_department").order_by(*NEWEST_FIRST)


def mandates_over(actor: Actor, since: date) -> "QuerySet[Mandate]":
    """Mandates that concern a holder who acts and have ended since a day, newest first."""
    ended = Q(ended_at__date__gte=since)
    lapsed = Q(ended_at__isnull=True, until_on__gte=since, until_on__lt=clock.today())
    return mandates_of(actor).filter(ended | lapsed, state="CONFIRMED").order_by(*NEWEST_FIRST)


def mandates_recorded_by(actor: Actor) -> "QuerySet[Mandate]":
    """What the department that one acts for has recorded at its windows, newest first."""
    if not actor.has(Capability.RECORD_MANDATES.value):
        return Mandate.objects.none()
    rows = Mandate.objects.filter(recording_department_id=actor.department_id or 0)
    return rows.select_related(*_AT_A_WINDOW).order_by(*NEWEST_FIRST)


def mandates_to_confirm(actor: Actor) -> "QuerySet[Mandate]":
    """What one's department proposed at its windows and another than oneself has to confirm."""
    waiting = mandates_recorded_by(actor).filter(state="PROPOSED", ended_at__isnull=True)
    return waiting.filter(~Q(recorded_by_id=actor.account_id))


def mandates_of_all_windows(actor: Actor) -> "QuerySet[Mandate]":
    """What every department recorded at its windows, for supervision, newest first (M.27)."""
    if not actor.has(Capability.SUPERVISE.value):
        return Mandate.objects.none()
    rows = Mandate.objects.filter(basis=Basis.WINDOW)
    return rows.select_related(*_AT_A_WINDOW).order_by(*NEWEST_FIRST)


def recorded_on(
    account_ids: Collection[int], days: Collection[date]
) -> dict[tuple[int, date], int]:
    """How many mandates each of some clerks recorded at a window on each of some days."""
    if not account_ids or not days:
        return {}
    rows = Mandate.objects.filter(
        basis=Basis.WINDOW,
        recorded_by__in=account_ids,
        recorded_at__date__range=(min(days), max(days)),
    )
    counted = rows.values_list("recorded_by", "recorded_at__date").annotate(count=Count("pk"))
    return {(account, day): count for account, day, count in counted}
